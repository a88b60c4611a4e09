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
    order = margins.indices.sorted { Self.precedes($0, $1, margins, entities) }
  }

  /// Returns the indices of the first rows of the order, without sorting the others.
  public static func first(_ count: Int, margins: [Double], entities: [Int32]) -> [Int] {
    precondition(margins.count == entities.count, "one margin is needed per entity")
    var first: [Int] = []
    for row in margins.indices {
      var index = first.count
      while index > 0, precedes(row, first[index - 1], margins, entities) { index -= 1 }
      guard index < count else { continue }
      first.insert(row, at: index)
      if first.count > count { first.removeLast() }
    }
    return first
  }

  private static func precedes(
    _ left: Int, _ right: Int, _ margins: [Double], _ entities: [Int32]
  ) -> Bool {
    margins[left] == margins[right]
      ? entities[left] < entities[right] : margins[left] > margins[right]
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
