internal import Diagnostics
internal import OrderedCollections
public import Spec

/// Who is on the call list, and why or why not.
///
/// Rows are asked best first. The first of these rules that holds keeps a row off the list: an exclusion
/// file names it; its score is below `min_score`; it was selected less than `cool_down` before the
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
  ///   - capacity: a `maxShare` without `per` or `total` limits nothing.
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
    let minimum = capacity.minScore?.value ?? -.infinity
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
      let minimum = capacity.minScore?.value ?? 0
      let score = NumberText.below(minimum, rows.scores[row])
      return "score \(score) is below \(NumberText.exact(minimum))"
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

/// What became of the rows of one group, such as a territory.
public struct GroupAllocation: Sendable, Equatable {
  public let name: String
  /// How many rows the group takes; nil: as many as there are.
  public let limit: Int?
  /// Rows by what became of them, in the order of `AllocationOutcome.allCases`.
  private var counts = [Int](repeating: 0, count: AllocationOutcome.allCases.count)

  init(name: String, limit: Int?) {
    self.name = name
    self.limit = limit
  }

  /// Rows of the group.
  public var rows: Int { counts.reduce(0, +) }
  /// Rows of the group that are on the list.
  public var selected: Int { count(of: .selected) }

  /// Rows of the group of which this became.
  public func count(of outcome: AllocationOutcome) -> Int { counts[Int(outcome.rawValue)] }

  mutating func count(_ outcome: AllocationOutcome) { counts[Int(outcome.rawValue)] += 1 }
}

/// How many rows of a group are taken.
struct GroupLimit {
  /// The group's own number of rows.
  let own: Int?
  /// The group's share of the whole list.
  let share: Int?

  /// - Parameter name: the group's; nil where the capacity has no groups.
  init(_ capacity: CapacitySpec, name: String?) {
    own = name.flatMap { capacity.groups[$0]?.value } ?? capacity.rows?.value
    if name != nil, let share = capacity.maxShare?.value, let total = capacity.total?.value {
      self.share = Self.places(ofShare: share, total: total)
    } else {
      share = nil
    }
  }

  /// The smaller one.
  var smallest: Int? { [own, share].compactMap(\.self).min() }

  /// The whole places within a share of a list: at least 1 of a share above 0, as a group that can
  /// never have a place is left out by name (`groups: {NAME: 0}`), not by rounding.
  ///
  /// 0.29 x 100 is 28.999999999999996 in binary, and 29 is meant. The share is within half a unit of
  /// the last place of what was written, and their product is rounded once more: together less than
  /// two units. A product that close to a whole number is that number, as no one writes shares with
  /// 15 digits.
  static func places(ofShare share: Double, total: Int) -> Int {
    guard share > 0, total > 0 else { return 0 }
    let product = share * Double(total)
    let nearest = product.rounded()
    let isWhole = abs(product - nearest) <= 2 * product.ulp
    return max(1, Int(isWhole ? nearest : product.rounded(.down)))
  }
}

/// What became of a row: selected, or the first rule that kept it off the list.
///
/// The cases stand in the order in which the rules are asked.
public enum AllocationOutcome: UInt8, CaseIterable, Sendable {
  case selected
  /// An exclusion file names it.
  case excluded
  /// Its score is below `min_score`.
  case belowMinimumScore
  /// It was selected too short a while ago.
  case coolingDown
  /// Better rows have all the places of its group.
  case groupFull
  /// Its group has as much of the whole list as one group may have.
  case shareFull
  /// Better rows have all the places.
  case listFull
}

/// What decides who is on a call list: one value per row of a score list, column by column.
public struct AllocationRows: Sendable {
  /// The date of a row that was on no earlier list.
  public static let never = Int32.min
  /// The exclusion of a row that no file names.
  public static let notExcluded: Int16 = -1

  /// The rows, best first, each once: `Ranking.order`.
  public var order: [Int]
  /// Calibrated probabilities.
  public var scores: [Double]
  /// The number of each row's group; all 0 where the capacity has no groups.
  public var groups: [Int32]
  /// By number of the group, all different.
  public var groupNames: [String]
  /// When the row's entity was last selected, at the latest on the day before the cutoff, in days since
  /// 1970-01-01; `never` where it was not.
  public var lastSelected: [Int32]
  /// The place in `CapacitySpec.exclude` of the first file that names the row's entity, or `notExcluded`.
  public var exclusions: [Int16]

  /// Rows of one group, none of which was on an earlier list or is excluded, unless told otherwise.
  public init(
    order: [Int], scores: [Double], groups: [Int32]? = nil, groupNames: [String] = [""],
    lastSelected: [Int32]? = nil, exclusions: [Int16]? = nil
  ) {
    self.order = order
    self.scores = scores
    self.groups = groups ?? [Int32](repeating: 0, count: scores.count)
    self.groupNames = groupNames
    self.lastSelected = lastSelected ?? [Int32](repeating: Self.never, count: scores.count)
    self.exclusions = exclusions ?? [Int16](repeating: Self.notExcluded, count: scores.count)
  }

  /// The number of rows.
  public var count: Int { scores.count }
}
