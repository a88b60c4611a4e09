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
