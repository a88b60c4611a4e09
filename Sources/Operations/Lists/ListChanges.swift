/// The changes from the last list to this one.
///
/// ```swift
/// let changes = ListChanges(from: last, to: next)
/// changes.entered.map { next.keys[$0] }
/// ```
public struct ListChanges: Sendable {
  public let last: ListRows
  public let next: ListRows
  /// Rows of `next` that `last` does not have, by rank.
  public let entered: [Int]
  /// Rows of `last` that `next` does not have, by their rank there.
  public let left: [Int]
  /// For each row of `left`, whether its entity has left the cohort: bought, or was ruled out. nil
  /// if unknown.
  public let leftCohort: [Bool]?
  /// Rows in both lists with another rank or group, largest move first.
  public let moved: [ListMove]
  /// Every group of either list, by name. A row that changed its group counts as moved in its new
  /// one.
  public let groups: [GroupChanges]

  /// - Parameter isOfCohort: whether an entity, given its key, was eligible for this list; nil if
  ///   unknown.
  public init(
    from last: ListRows, to next: ListRows, isOfCohort: ((String) -> Bool)? = nil
  ) {
    self.last = last
    self.next = next
    let before = Dictionary(
      zip(last.keys, last.keys.indices), uniquingKeysWith: { first, _ in first })
    var entered: [Int] = []
    var moved: [ListMove] = []
    var stays = [Bool](repeating: false, count: last.count)
    var counts: [String: GroupChanges] = [:]
    func count(_ group: String, _ change: WritableKeyPath<GroupChanges, Int>) {
      counts[group, default: GroupChanges(name: group)][keyPath: change] += 1
    }
    for row in next.keys.indices {
      count(next.groups[row], \.rows)
      guard let old = before[next.keys[row]] else {
        entered.append(row)
        count(next.groups[row], \.entered)
        continue
      }
      stays[old] = true
      if last.ranks[old] != next.ranks[row] || last.groups[old] != next.groups[row] {
        moved.append(ListMove(last: old, next: row))
        count(next.groups[row], \.moved)
      }
    }
    let left = last.keys.indices.filter { !stays[$0] }
    for row in left { count(last.groups[row], \.left) }
    self.entered = Self.byRank(entered, of: next)
    let gone = Self.byRank(left, of: last)
    self.left = gone
    leftCohort = isOfCohort.map { isOfCohort in gone.map { !isOfCohort(last.keys[$0]) } }
    self.moved = Self.farthestFirst(moved, last, next)
    groups = counts.values.sorted { $0.name < $1.name }
  }

  /// Whether both lists have the same rows at the same ranks.
  public var isEmpty: Bool { entered.isEmpty && left.isEmpty && moved.isEmpty }

  /// Ranks within groups repeat; ties are ordered by key, as in every list.
  private static func byRank(_ rows: [Int], of list: ListRows) -> [Int] {
    rows.sorted { one, other in
      list.ranks[one] == list.ranks[other]
        ? list.keys[one] < list.keys[other] : list.ranks[one] < list.ranks[other]
    }
  }

  private static func farthestFirst(
    _ moves: [ListMove], _ last: ListRows, _ next: ListRows
  ) -> [ListMove] {
    func distance(_ move: ListMove) -> Int32 { abs(last.ranks[move.last] - next.ranks[move.next]) }
    return moves.sorted { one, other in
      if distance(one) != distance(other) { return distance(one) > distance(other) }
      let (rank, otherRank) = (next.ranks[one.next], next.ranks[other.next])
      return rank == otherRank ? next.keys[one.next] < next.keys[other.next] : rank < otherRank
    }
  }
}

/// A row in both lists, at different ranks or in different groups.
public struct ListMove: Sendable, Equatable {
  /// The row's index in the last list.
  public let last: Int
  /// The row's index in this list.
  public let next: Int
}

/// The number of rows in a group that changed between two lists.
public struct GroupChanges: Sendable, Equatable {
  public let name: String
  /// Rows of this list.
  public internal(set) var rows = 0
  /// Rows that the last list did not have.
  public internal(set) var entered = 0
  /// Rows of the last list that this one does not have.
  public internal(set) var left = 0
  /// Rows with another rank, or that came from another group.
  public internal(set) var moved = 0

  init(name: String) { self.name = name }

  /// The number of rows that changed.
  public var changes: Int { entered + left + moved }
}

/// The rows of a published list, stored in columns: one value per row.
public struct ListRows: Sendable {
  /// The entities' keys, all different.
  public var keys: [String]
  /// From 1, in the list or in the row's group.
  public var ranks: [Int32]
  /// The row's group, such as its territory; all equal if the list has no groups.
  public var groups: [String]

  /// By default, all rows are in one group.
  public init(keys: [String], ranks: [Int32], groups: [String]? = nil) {
    self.keys = keys
    self.ranks = ranks
    self.groups = groups ?? [String](repeating: "", count: keys.count)
    precondition(
      ranks.count == keys.count && self.groups.count == keys.count, "columns of unequal length")
  }

  /// A list without rows.
  public init() { self.init(keys: [], ranks: []) }

  /// The number of rows.
  public var count: Int { keys.count }
}
