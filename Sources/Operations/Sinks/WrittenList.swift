/// What writing a list did.
public struct WrittenList: Sendable {
  /// The rows of the list.
  public let rows: Int
  /// The rows of the same model and cutoff that the table had before; 0 without a table.
  public let replaced: Int
  /// The table's name, where one was written.
  public let table: String?
  /// Whether the table was made.
  public let madeTable: Bool
  /// Columns that the table lacked, null in its older rows.
  public let addedColumns: [String]
  /// The file's path, relative to the project folder unless it was given whole; nil without a file.
  public let file: String?
}
