/// How many rows of a source, as they arrived, belong to an entity.
public struct KeyCoverage: Sendable {
  public let source: String
  /// Rows that have a key.
  public let rows: Int
  /// Those whose key is no entity's.
  public let unmatched: Int
  /// The first of these keys, in their order.
  public let examples: [String]
}
