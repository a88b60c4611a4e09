import Warehouse

/// A small table with every value as it arrives.
struct RawTable: Sendable {
  var name: String
  /// Names and engine types, in order.
  var columns: [(name: String, type: String)]
  var rows: [[RawCell]] = []

  /// A query that yields the rows.
  var query: String {
    let casts = columns.map { "CAST(\($0.name) AS \($0.type)) AS \($0.name)" }
    let values = rows.map { row in
      "(" + row.map { $0.text.map(SQL.literal) ?? "NULL" }.joined(separator: ", ") + ")"
    }
    let names = columns.map(\.name).joined(separator: ", ")
    return "SELECT \(casts.joined(separator: ", ")) "
      + "FROM (VALUES \(values.joined(separator: ", "))) AS rows(\(names))"
  }

  func place(of column: String) -> Int? { columns.firstIndex { $0.name == column } }
}
