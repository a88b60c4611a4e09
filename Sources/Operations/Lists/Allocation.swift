internal import Diagnostics
internal import OrderedCollections
public import Spec

/// Who is on the call list, and why or why not.
///
/// Rows are asked best first. The first of these rules that holds keeps a row off the list: an exclusion
/// file names it; its score is below `minimum_score`; it was selected less than `cool_down` before the
/// cutoff; its group is full; its group has its share; the list is full. All other rows are selected.
///
/// ```swift
/// let allocation = Allocation(
///   AllocationRows(order: ranking.order, scores: scores), capacity: capacity, cutoff: cutoff)
/// allocation.selected[0]  // true
/// allocation.because(0)   // "place 3 of 25 in West"
/// ```
///
/// **No other choice has more expected wins**, where scores do not rise along the order, as those of a
/// rising calibrator do not. The first three rules look at a row by itself, so let R be the rows that
/// pass them. The others allow a subset S of R if |S ∩ G| <= c(G) for each group G and |S| <= t; a group's
/// two limits are one, the smaller. Groups do not overlap and all lie within R: a laminar family.
///
/// Proof by exchange. Let A be what was selected and O, of the allowed subsets with the most expected wins,
/// the one that agrees with A on the longest beginning of the order. Let r be the first row on which they
/// differ.
/// - r is of O: then A refused it for a limit that the better rows of A fill. O has these too, and r:
///   it breaks the limit.
/// - r is of A: O + r has no fewer expected wins and agrees with A for longer, so it is not allowed. If
///   the limit of r's group is broken, O has a row of that group worse than r, as the better ones are
///   those of A, which left a place for r; without that row both limits hold. If only the list's is
///   broken, O has any row worse than r, for the same reason. The row that goes has a score of at most
///   r's: what comes out is allowed, has no fewer expected wins, and agrees with A for longer.
///
/// Neither can be, so there is no such row, and O = A.
///
/// Cost: a few steps a row; sentences are made only of rows that are asked for.
public struct Allocation: Sendable {
  /// Whether each row is on the list.
  public let selected: [Bool]
  /// What became of each row.
  public let outcomes: [AllocationOutcome]
  /// What became of each group, by number.
  public let groups: [GroupAllocation]
  /// The groups that the capacity names and no row is of, in the order of the spec: perhaps misspelt.
  public let unknownGroups: [String]

  private let rows: AllocationRows
  private let capacity: CapacitySpec
  private let cutoff: CalendarDate
  private let arithmetic: MonthArithmetic
  private let limits: [GroupLimit]
  /// The number of each selected row among those of its group, or of the list, from 1.
  private let places: [Int32]

  /// - Parameters:
  ///   - capacity: a `maximumShare` without `per` or `total` limits nothing.
  ///   - cutoff: the list's. A list of the same cutoff is replaced and a later one is yet to come, so
  ///     no cool-down follows from them.
  ///   - arithmetic: what a cool-down of months means at the end of a month.
  public init(
    _ rows: AllocationRows, capacity: CapacitySpec, cutoff: CalendarDate,
    arithmetic: MonthArithmetic = .endOfMonth
  ) {
    precondition(
      [rows.order.count, rows.groups.count, rows.lastSelected.count, rows.exclusions.count]
        .allSatisfy { $0 == rows.count }, "columns of unequal length")
    self.rows = rows
    self.capacity = capacity
    self.cutoff = cutoff
    self.arithmetic = arithmetic
    let names = rows.groupNames
    limits = names.map { GroupLimit(capacity, name: capacity.per == nil ? nil : $0) }
    let known = Set(names)
    unknownGroups = capacity.per == nil ? [] : capacity.groups.keys.filter { !known.contains($0) }

    // What the loop over rows reads stands in plain columns, and of the capacity in plain numbers.
    let (own, share) = (limits.map { $0.own ?? .max }, limits.map { $0.share ?? .max })
    let minimum = capacity.minimumScore?.value ?? -.infinity
    let total = capacity.total?.value ?? .max
    let coolDown = capacity.coolDown
    var outcomes = [AllocationOutcome](repeating: .listFull, count: rows.count)
    var places = [Int32](repeating: 0, count: rows.count)
    var selectedOfGroup = [Int](repeating: 0, count: names.count)
    var selectedOfAll = 0
    for row in rows.order {
      let group = Int(rows.groups[row])
      let outcome: AllocationOutcome =
        if rows.exclusions[row] != AllocationRows.notExcluded {
          .excluded
        } else if rows.scores[row] < minimum {
          .belowMinimumScore
        } else if Self.end(of: coolDown, rows.lastSelected[row], cutoff, arithmetic) != nil {
          .coolingDown
        } else if selectedOfGroup[group] >= own[group] {
          .groupFull
        } else if selectedOfGroup[group] >= share[group] {
          .shareFull
        } else if selectedOfAll >= total {
          .listFull
        } else {
          .selected
        }
      outcomes[row] = outcome
      guard outcome == .selected else { continue }
      selectedOfGroup[group] += 1
      selectedOfAll += 1
      let isLimited = min(own[group], share[group]) < .max
      places[row] = Int32(isLimited ? selectedOfGroup[group] : selectedOfAll)
    }
    var groups = zip(names, limits).map { GroupAllocation(name: $0, limit: $1.smallest) }
    for row in outcomes.indices { groups[Int(rows.groups[row])].count(outcomes[row]) }
    self.groups = groups
    self.outcomes = outcomes
    selected = outcomes.map { $0 == .selected }
    self.places = places
  }

  /// The number of rows on the list.
  public var selectedCount: Int { groups.reduce(0) { $0 + $1.selected } }

  /// How many wins the list brings.
  public func expectedWins(level: Double = ExpectedWins.standardLevel) -> ExpectedWins {
    ExpectedWins(rows.scores.indices.filter { selected[$0] }.map { rows.scores[$0] }, level: level)
  }

  /// How many wins each group's part of the list brings, by number of the group.
  public func expectedWinsByGroup(level: Double = ExpectedWins.standardLevel) -> [ExpectedWins] {
    var scores = [[Double]](repeating: [], count: groups.count)
    for row in outcomes.indices where selected[row] {
      scores[Int(rows.groups[row])].append(rows.scores[row])
    }
    return scores.map { ExpectedWins($0, level: level) }
  }

  /// The first day on which a row can be selected again, if that is after the cutoff.
  private static func end(
    of coolDown: Period?, _ lastSelected: Int32, _ cutoff: CalendarDate,
    _ arithmetic: MonthArithmetic
  ) -> CalendarDate? {
    guard let coolDown, lastSelected != AllocationRows.never, lastSelected < cutoff.days else {
      return nil
    }
    let end = CalendarDate(days: Int(lastSelected)).adding(coolDown, arithmetic: arithmetic)
    return end > cutoff ? end : nil
  }
}

// MARK: - Sentences

extension Allocation {
  /// Why a row is on the list or why it is not, in a sentence without a full stop.
  public func because(_ row: Int) -> String {
    let group = groups[Int(rows.groups[row])]
    let limit = limits[Int(rows.groups[row])]
    switch outcomes[row] {
    case .selected: return place(row, in: group)
    case .excluded:
      return "excluded by \(capacity.exclude[Int(rows.exclusions[row])].value)"
    case .belowMinimumScore:
      let minimum = capacity.minimumScore?.value ?? 0
      let score = DecimalText.below(minimum, rows.scores[row])
      return "score \(score) is below \(DecimalText.exact(minimum))"
    case .coolingDown:
      let last = CalendarDate(days: Int(rows.lastSelected[row]))
      let end = Self.end(of: capacity.coolDown, rows.lastSelected[row], cutoff, arithmetic) ?? last
      return "on the list of \(last), and cools down until \(end)"
    case .groupFull:
      return full(capacity.per == nil ? "the list" : "its group", limit.own ?? 0)
    case .shareFull:
      let total = capacity.total?.value ?? 0
      guard let share = limit.share, share > 0 else { return "its group takes no rows" }
      return "its group has its share: \(share.grouped) of \(total.grouped)"
    case .listFull: return full("the list", capacity.total?.value ?? 0)
    }
  }

  private func place(_ row: Int, in group: GroupAllocation) -> String {
    let place = "place \(Int(places[row]).grouped)"
    if capacity.per != nil, let limit = group.limit {
      return "\(place) of \(limit.grouped) in \(group.name)"
    }
    let all = [group.limit, capacity.total?.value].compactMap(\.self).min()
    return all.map { "\(place) of \($0.grouped)" } ?? place
  }

  private func full(_ what: String, _ limit: Int) -> String {
    limit > 0
      ? "\(what) is full: \(limit.grouped) of \(limit.grouped)" : "\(what) takes no rows"
  }
}
