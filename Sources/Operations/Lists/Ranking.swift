/// The order of a score list: by falling margin, then by entity.
///
/// Margins decide, not scores: isotonic calibration gives many rows the same score, and such a plateau
/// is no order. Entities are numbered in the order of their keys, so that equal margins go by key.
public struct Ranking: Sendable {
  /// The rows' places, best first.
  public let order: [Int]

  /// - Parameters:
  ///   - margins: one per row.
  ///   - entities: one per row, all different.
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

  /// Each row's rank among the rows of its group, from 1.
  /// - Parameter groups: a number from 0 on per row.
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

/// The rows of a published list: one value per row, column by column.
public struct ListRows: Sendable {
  /// The entities' keys, all different.
  public var keys: [String]
  /// From 1; of the list, or within the row's group.
  public var ranks: [Int32]
  /// The row's group, such as its territory; all alike where the list has no groups.
  public var groups: [String]

  /// Rows of one group, unless told otherwise.
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
