/// The engine's type of an expression's value, as far as it matters what the value can stand for.
enum ValueKind {
  /// A number, a flag, or null whatever the row.
  case number
  case text
  case date
  /// A length of time.
  case interval
  /// Several values: a list, a struct, a tuple, a map.
  case several
  case other

  /// - Parameter type: the type as `DESCRIBE` writes it, such as `DECIMAL(2,1)` or `INTEGER[]`.
  init(_ type: String) {
    let name = type.prefix { $0 != "(" }
    self =
      if type.hasSuffix("]") || Self.nested.contains(String(name)) {
        .several
      } else if Self.numbers.contains(String(name)) {
        .number
      } else if ["VARCHAR", "ENUM", "JSON", "UUID"].contains(name) {
        .text
      } else if name == "DATE" || name.hasPrefix("TIME") {
        .date
      } else if name == "INTERVAL" {
        .interval
      } else {
        .other
      }
  }

  private static let nested: Set<String> = ["STRUCT", "TUPLE", "MAP", "UNION"]
  private static let numbers: Set<String> = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
    "UBIGINT", "UHUGEINT", "BIGNUM", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "\"NULL\"", "NULL",
  ]
}
