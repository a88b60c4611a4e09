/// Some rows of a result: columns of equal length with their names.
public struct RecordBatch: Sendable {
  public let rowCount: Int
  public let names: [String]
  public let columns: [Column]

  /// The column under a name, or nil.
  public subscript(name: String) -> Column? {
    names.firstIndex(of: name).map { columns[$0] }
  }
}
