/// The order of a score list: by decreasing margin, then by entity.
///
/// Margins decide, not scores: isotonic calibration gives many rows the same score, which leaves
/// them unordered. Entities are numbered in the order of their keys, so equal margins are ordered
/// by key.
public struct Ranking: Sendable {
  /// The row indices, best first.
  public let order: [Int]

  /// - Parameters:
  ///   - margins: one per row.
  ///   - entities: one per row, all distinct.
  public init(margins: [Double], entities: [Int32]) {
    precondition(margins.count == entities.count, "one margin is needed per entity")
    order = margins.indices.sorted { left, right in
      margins[left] == margins[right]
        ? entities[left] < entities[right] : margins[left] > margins[right]
    }
  }

  /// Each row's rank over all rows, from 1.
  public var overall: [Int32] {
    var ranks = [Int32](repeating: 0, count: order.count)
    for (rank, row) in order.enumerated() { ranks[row] = Int32(rank + 1) }
    return ranks
  }

  /// Each row's rank within its group, from 1.
  /// - Parameter groups: a number per row, counted from 0.
  public func within(_ groups: [Int32]) -> [Int32] {
    precondition(groups.count == order.count, "one group is needed per row")
    var counts = [Int32](repeating: 0, count: Int(groups.max() ?? -1) + 1)
    var ranks = [Int32](repeating: 0, count: order.count)
    for row in order {
      counts[Int(groups[row])] += 1
      ranks[row] = counts[Int(groups[row])]
    }
    return ranks
  }
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
