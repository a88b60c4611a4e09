/// A source's rows as they arrive: something that can stand behind FROM, and its columns.
struct RawRelation {
  let sql: String
  /// Whether the rows can be read again at little cost, and after databases were detached.
  let isRereadable: Bool
  /// The engine's type by column name, in the table's order.
  let types: [(name: String, type: String)]
  /// SQL for the file that a row is of, where there are several.
  var fileColumn: String?
  /// Columns that the rows have beside these, which nothing reads.
  var others: [String] = []
  /// Columns of text that hold objects or lists of JSON.
  var nested: [String: NestedColumns.Kind] = [:]

  /// The type of a column; names compare without regard to case, as in the engine.
  func type(of column: String) -> String? {
    types.first { $0.name.lowercased() == column.lowercased() }?.type
  }
}
