/// Columns on their way into a table: names and values of equal length.
public struct ExportBatch: Sendable {
  public enum Values: Sendable {
    case int8([Int8])
    case int32([Int32])
    case int64([Int64])
    case float([Float])
    case double([Double])
    /// Days since 1970-01-01.
    case date([Int32])
    case text([String])
    /// The places of each row's text among some; far less to hand over than the texts themselves.
    case category([Int32], texts: [String])

    /// The number of rows.
    public var count: Int {
      switch self {
      case .int8(let values): values.count
      case .int32(let values), .date(let values): values.count
      case .int64(let values): values.count
      case .float(let values): values.count
      case .double(let values): values.count
      case .text(let values): values.count
      case .category(let places, _): places.count
      }
    }
  }

  public let rowCount: Int
  let columns: [(name: String, values: Values)]

  /// - Precondition: all columns have `rowCount` values.
  public init(rowCount: Int, columns: [(name: String, values: Values)]) {
    precondition(columns.allSatisfy { $0.values.count == rowCount }, "columns of unequal length")
    self.rowCount = rowCount
    self.columns = columns
  }
}
