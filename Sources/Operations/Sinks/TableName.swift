internal import Warehouse

/// A table's name, which may say in which schema it lies: `scores`, `sales.scores`.
struct TableName {
  let schema: String?
  let name: String

  /// - Parameter text: the name, after a schema and a dot if there is one.
  init(_ text: String) {
    let dot = text.firstIndex(of: ".")
    schema = dot.map { String(text[..<$0]) }
    name = dot.map { String(text[text.index(after: $0)...]) } ?? text
  }

  /// The name in a statement.
  /// - Parameter database: the database that the table lies in, where an engine has several.
  func sql(in database: String? = nil) -> String {
    [database, schema, name].compactMap(\.self).map(SQL.identifier).joined(separator: ".")
  }
}
