internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The call list: which rows are on it, and why or why not.
///
/// Rows are checked best first. The first of these rules that applies keeps a row off the list: an
/// exclusion file names it; its score is below `min_score`; it was selected less than `cool_down`
/// before the cutoff; its group is full; its group has its share of the list; the list is full. All
/// other rows are selected, unless they are held back at random. A row that is held back takes no
/// place, so the next row gets it.
///
/// ```swift
/// let allocation = Allocation(
///   AllocationRows(order: ranking.order, scores: scores), capacity: capacity, cutoff: cutoff)
/// allocation.selected[0]  // true
/// allocation.because(0)   // "place 3 of 25 in West"
/// ```
///
/// **No other selection of the rows that are not drawn has more expected wins** if scores never rise along the order, which holds
/// for every nondecreasing calibrator. The first three rules look at each row alone, so let R be
/// the rows that pass them. The others allow a subset S of R if |S ∩ G| <= c(G) for each group G
/// and |S| <= t; a group's two limits act as one, the smaller. Groups are disjoint subsets of R: a
/// laminar family.
///
/// Proof by exchange. Let A be the selected rows. Of the allowed subsets with the most expected
/// wins, let O be the one that agrees with A on the longest prefix of the order. Let r be the first
/// row on which they differ.
/// - r is in O: then A refused it because of a limit that better rows of A fill. O contains these
///   and r, so it exceeds the limit.
/// - r is in A: O + r has no fewer expected wins and agrees with A for longer, so it is not
///   allowed. If the limit of r's group is exceeded, O has a row of that group worse than r,
///   because the better ones are those of A, which left a place for r; without that row both limits
///   hold. If only the list's limit is exceeded, O has some row worse than r, for the same reason.
///   The removed row has a score of at most r's, so the result is allowed, has no fewer expected
///   wins, and agrees with A for longer.
///
/// Both are contradictions, so there is no such row, and O = A.
///
/// **A hold-back only adds rows to a selection**: the greedy choice from fewer rows keeps every
/// chosen row that is still there, because limits on a laminar family are a matroid. So a row that
/// would be selected without a hold-back is selected with it, unless it is held back itself.
///
/// Cost: constant time per row; a sentence is built only when it is requested.
public struct Allocation: Sendable {
  /// Whether each row is on the list.
  public let selected: [Bool]
  /// The outcome of each row.
  public let outcomes: [AllocationOutcome]
  /// The outcome of each group, by index.
  public let groups: [GroupAllocation]
  /// The groups that the capacity names but no row has, in the order of the spec; perhaps
  /// misspelled.
  public let unknownGroups: [String]

  private let rows: AllocationRows
  private let capacity: CapacitySpec
  private let cutoff: CalendarDate
  private let arithmetic: MonthArithmetic
  private let limits: [GroupLimit]
  /// Each selected row's position among those of its group, or of the list, from 1.
  private let places: [Int32]
  /// Whether each row would be selected without a hold-back; nil if there is none.
  private let isChosen: [Bool]?

  /// - Parameters:
  ///   - capacity: a `maxShare` without `per` or `total` limits nothing.
  ///   - cutoff: the list's cutoff. A list with the same cutoff is replaced and a later one does
  ///     not exist yet, so neither causes a cool-down.
  ///   - arithmetic: how a cool-down in months is counted at the end of a month.
  public init(
    _ rows: AllocationRows, capacity: CapacitySpec, cutoff: CalendarDate,
    arithmetic: MonthArithmetic = .endOfMonth
  ) {
    precondition(
      [
        rows.order.count, rows.groups.count, rows.lastSelected.count, rows.exclusions.count,
        rows.isDrawn?.count ?? rows.count,
      ].allSatisfy { $0 == rows.count }, "columns of unequal length")
    self.rows = rows
    self.capacity = capacity
    self.cutoff = cutoff
    self.arithmetic = arithmetic
    let names = rows.groupNames
    limits = names.map { GroupLimit(capacity, name: capacity.per == nil ? nil : $0) }
    let known = Set(names)
    unknownGroups = capacity.per == nil ? [] : capacity.groups.keys.filter { !known.contains($0) }

    var chosen: [Bool]?
    if rows.isDrawn != nil {
      var undrawn = rows
      undrawn.isDrawn = nil
      chosen = Self.allocated(undrawn, limits, chosen: nil, capacity, cutoff, arithmetic)
        .outcomes.map { $0 == .selected }
    }
    isChosen = chosen
    (outcomes, places) = Self.allocated(
      rows, limits, chosen: chosen, capacity, cutoff, arithmetic)
    var groups = zip(names, limits).map { GroupAllocation(name: $0, limit: $1.smallest) }
    for row in outcomes.indices { groups[Int(rows.groups[row])].count(outcomes[row]) }
    self.groups = groups
    selected = outcomes.map { $0 == .selected }
  }

  /// - Parameter chosen: whether each row would be selected without a hold-back.
  private static func allocated(
    _ rows: AllocationRows, _ limits: [GroupLimit], chosen: [Bool]?, _ capacity: CapacitySpec,
    _ cutoff: CalendarDate, _ arithmetic: MonthArithmetic
  ) -> (outcomes: [AllocationOutcome], places: [Int32]) {
    // The loop over rows reads only plain arrays and numbers.
    let (own, share) = (limits.map { $0.own ?? .max }, limits.map { $0.share ?? .max })
    let minimum = capacity.minScore?.value ?? -.infinity
    let total = capacity.total?.value ?? .max
    let coolDown = capacity.coolDown
    let isDrawn = rows.isDrawn ?? [Bool](repeating: false, count: rows.count)
    var outcomes = [AllocationOutcome](repeating: .listFull, count: rows.count)
    var places = [Int32](repeating: 0, count: rows.count)
    var selectedOfGroup = [Int](repeating: 0, count: limits.count)
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
        } else if isDrawn[row] {
          chosen?[row] == true ? .heldBack : .reserve
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
    return (outcomes, places)
  }

  /// A row's part in the comparison of the hold-back; nil for a row beyond the limits, and without a
  /// hold-back.
  public func mark(_ row: Int) -> HoldBackMark? {
    guard let isChosen else { return nil }
    return switch outcomes[row] {
    case .selected: isChosen[row] ? .compared : .replacement
    case .heldBack: .heldBack
    case .reserve: .reserve
    default: nil
    }
  }

  /// The share that is held back; nil without a hold-back.
  public var holdBack: Double? { isChosen == nil ? nil : capacity.holdBack?.value }

  /// The expected wins of the rows with a part in the comparison of the hold-back.
  public func expectedWins(
    of mark: HoldBackMark, level: Double = ExpectedWins.defaultLevel
  ) -> ExpectedWins {
    expectedWins(rows.scores.indices.filter { self.mark($0) == mark }, level: level)
  }

  /// The number of rows on the list.
  public var selectedCount: Int { groups.reduce(0) { $0 + $1.selected } }

  /// The expected number of wins on the list.
  public func expectedWins(level: Double = ExpectedWins.defaultLevel) -> ExpectedWins {
    expectedWins(rows.scores.indices.filter { selected[$0] }, level: level)
  }

  /// The expected number of wins in each group's part of the list, by group index.
  public func expectedWinsByGroup(level: Double = ExpectedWins.defaultLevel) -> [ExpectedWins] {
    var members = [[Int]](repeating: [], count: groups.count)
    for row in outcomes.indices where selected[row] { members[Int(rows.groups[row])].append(row) }
    return members.map { expectedWins($0, level: level) }
  }

  private func expectedWins(_ members: [Int], level: Double) -> ExpectedWins {
    ExpectedWins(
      members.map { rows.scores[$0] },
      clusters: rows.clusters.map { clusters in members.map { clusters[$0] } }, level: level)
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
  /// Why a row is on the list or not, as a sentence without a period.
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
    case .heldBack: return "held back\(drawn), to compare the others with"
    case .reserve: return "takes no place of a held-back row: drawn to be held back\(drawn)"
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

  private var drawn: String {
    capacity.holdBack.map { " with a random \(NumberText.level($0.value))" } ?? ""
  }

  private func full(_ what: String, _ limit: Int) -> String {
    limit > 0
      ? "\(what) is full: \(limit.grouped) of \(limit.grouped)" : "\(what) takes no rows"
  }
}

/// The outcome of the rows of one group, such as a territory.
public struct GroupAllocation: Sendable, Equatable {
  public let name: String
  /// The most rows to select from the group; nil if unlimited.
  public let limit: Int?
  /// Row counts by outcome, in the order of `AllocationOutcome.allCases`.
  private var counts = [Int](repeating: 0, count: AllocationOutcome.allCases.count)

  init(name: String, limit: Int?) {
    self.name = name
    self.limit = limit
  }

  /// The number of rows in the group.
  public var rows: Int { counts.reduce(0, +) }
  /// The number of the group's rows on the list.
  public var selected: Int { count(of: .selected) }

  /// The number of the group's rows with an outcome.
  public func count(of outcome: AllocationOutcome) -> Int { counts[Int(outcome.rawValue)] }

  mutating func count(_ outcome: AllocationOutcome) { counts[Int(outcome.rawValue)] += 1 }
}

/// The most rows to select from a group.
struct GroupLimit {
  /// The limit on the group's own rows.
  let own: Int?
  /// The limit from the group's share of the list.
  let share: Int?

  /// - Parameter name: the group's; nil if the capacity has no groups.
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

  /// The number of places in a share of a list, rounded down, but at least 1 for a share above 0. A
  /// group that must get no place is excluded by name (`groups: {NAME: 0}`), not by rounding.
  ///
  /// 0.29 x 100 is 28.999999999999996 in binary, but 29 is meant. The share is within half a unit
  /// in the last place of the written number, and the product is rounded once more: less than two
  /// units in total. A product that close to an integer is treated as that integer, because no one
  /// writes shares with 15 digits.
  static func places(ofShare share: Double, total: Int) -> Int {
    guard share > 0, total > 0 else { return 0 }
    let product = share * Double(total)
    let nearest = product.rounded()
    let isWhole = abs(product - nearest) <= 2 * product.ulp
    return max(1, Int(isWhole ? nearest : product.rounded(.down)))
  }
}

/// The outcome of a row: selected, or the first rule that kept it off the list.
///
/// The cases are in the order in which the rules are checked.
public enum AllocationOutcome: UInt8, CaseIterable, Sendable {
  case selected
  /// An exclusion file names it.
  case excluded
  /// Its score is below `min_score`.
  case belowMinimumScore
  /// It was selected too recently.
  case coolingDown
  /// Better rows fill the places of its group.
  case groupFull
  /// Its group already has the largest share of the list that a group may have.
  case shareFull
  /// Better rows fill the list.
  case listFull
  /// It is within all limits, and is left alone at random.
  case heldBack
  /// It is within the limits only because others are held back, and was drawn, too.
  case reserve
}

/// The input that decides who is on a call list: one value per row of a score list, column by
/// column.
public struct AllocationRows: Sendable {
  /// The date for a row that was on no earlier list.
  public static let never = Int32.min
  /// The exclusion index for a row that no file names.
  public static let notExcluded: Int16 = -1

  /// The rows, best first, each once: `Ranking.order`.
  public var order: [Int]
  /// Calibrated probabilities.
  public var scores: [Double]
  /// The group index of each row; all 0 if the capacity has no groups.
  public var groups: [Int32]
  /// Distinct, by group index.
  public var groupNames: [String]
  /// The day each row's entity was last selected, in days since 1970-01-01; before the cutoff, or
  /// `never`.
  public var lastSelected: [Int32]
  /// The index in `CapacitySpec.exclude` of the first file that names the row's entity, or
  /// `notExcluded`.
  public var exclusions: [Int16]
  /// The cluster of each row's entity: wins of one cluster are not independent. nil if every entity
  /// is a cluster of its own.
  public var clusters: [Int32]?
  /// Whether each row's entity was drawn to be held back; nil without a hold-back.
  public var isDrawn: [Bool]?

  /// By default, all rows are in one group, none is excluded or was on an earlier list, and every
  /// entity is a cluster of its own.
  public init(
    order: [Int], scores: [Double], groups: [Int32]? = nil, groupNames: [String] = [""],
    lastSelected: [Int32]? = nil, exclusions: [Int16]? = nil, clusters: [Int32]? = nil,
    isDrawn: [Bool]? = nil
  ) {
    self.order = order
    self.scores = scores
    self.groups = groups ?? [Int32](repeating: 0, count: scores.count)
    self.groupNames = groupNames
    self.lastSelected = lastSelected ?? [Int32](repeating: Self.never, count: scores.count)
    self.exclusions = exclusions ?? [Int16](repeating: Self.notExcluded, count: scores.count)
    self.clusters = clusters
    self.isDrawn = isDrawn
  }

  /// The number of rows.
  public var count: Int { scores.count }
}
