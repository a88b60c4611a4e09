internal import Diagnostics
internal import Spec
internal import Warehouse

extension Finding {
  /// Returns the finding for an expression whose value does not suit its purpose: H302 for several
  /// values, H308 for a value of another type; nil if the value is suitable.
  static func sqlValue(_ use: ExpressionUse, kind: ValueKind) -> Finding? {
    if kind == .several {
      return .sqlNotAnExpression(
        at: use.sql.content, label: "several values",
        hint: "choose one value: an element or a field")
    }
    guard kind != .number, use.purpose != .feature(.category) else { return nil }
    return Finding(
      308, "this SQL gives \(noun(kind)), but \(expectation(use.purpose))", at: use.sql.content,
      hints: [hint(kind, use)])
  }

  private static func noun(_ kind: ValueKind) -> String {
    switch kind {
    case .text: "text"
    case .date: "a date"
    case .interval: "a length of time"
    case .number, .several, .other: "a value of another type"
    }
  }

  private static func expectation(_ purpose: ValuePurpose) -> String {
    switch purpose {
    case .feature(.flag): "the feature is a flag"
    case .feature: "the feature is a number"
    case .condition: "a condition is true or false"
    }
  }

  private static func hint(_ kind: ValueKind, _ use: ExpressionUse) -> String {
    let isConcatenated = SQLTokens(use.sql.text).first("||") != nil
    switch (kind, use.purpose) {
    case (.text, .condition) where isConcatenated, (.text, .feature(.flag)) where isConcatenated:
      return SyntaxDiagnosis.connectives
    case (.text, .condition): return "compare it with text, as in `... = 'text'`"
    case (.text, .feature(.flag)):
      return "the feature's `type` is `flag`; for text write `type: category`"
    case (.text, _): return "the feature's `type` is `number`; for text write `type: category`"
    case (.date, .condition), (.date, .feature(.flag)):
      return "compare it with a day, as in `... <= cutoff`"
    case (.date, _): return "for the number of days up to the cutoff, use `days_since`"
    case (.interval, _): return "`date_diff('day', a, b)` counts the days between two dates"
    default: return "convert it, as in `CAST(... AS \(use.purpose.type))`"
    }
  }
}

/// The kind of value that an expression has, derived from the engine's type.
enum ValueKind {
  /// A number, a flag, or always null.
  case number
  case text
  case date
  /// A length of time.
  case interval
  /// Several values: a list, a struct, a tuple, a map.
  case several
  case other

  /// Creates the kind of a type.
  /// - Parameter type: the type as written by `DESCRIBE`, such as `DECIMAL(2,1)` or `INTEGER[]`.
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
