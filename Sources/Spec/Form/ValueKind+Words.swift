import Diagnostics

extension ValueKind {
  /// How a value of this kind is written, in everyday words.
  var expectation: String {
    switch self {
    case .text: "text"
    case .identifier: "a name"
    case .integer: "a whole number"
    case .number: "a number"
    case .share: "a share such as `5 %` or `0.05`"
    case .boolean: "`true` or `false`"
    case .words, .either: alternatives.inWords("or")
    case .date: "a date such as `2025-09-30`"
    case .period: "a length of time such as `90 days` or `6 months`"
    case .perPositive: "a count such as `20 per positive`"
    case .column: "a column written as `source.column`"
    case .sql: "an SQL expression"
    case .scalar, .verbatim: "a single value"
    case .list(let kind, _): "a list of \(kind.pluralExpectation)"
    case .map, .names: "a map"
    case .entry: "one name with its value"
    }
  }

  private var alternatives: [String] {
    switch self {
    case .words(let words): words.map { "`\($0.name)`" }
    case .either(let kinds): kinds.flatMap(\.alternatives)
    default: [expectation]
    }
  }

  private var pluralExpectation: String {
    switch self {
    case .text: "names"
    case .scalar, .verbatim: "values"
    case .identifier: "names"
    case .integer, .number: "numbers"
    case .column: "columns"
    case .map, .names, .entry: "maps"
    case .either(let kinds):
      kinds.first.map(\.pluralExpectation) ?? "values"
    default: "values"
    }
  }

  /// Whether the value is a scalar, a list or a map.
  var shape: Shape? {
    switch self {
    case .list: .list
    case .map, .names, .entry: .map
    case .either: nil
    default: .scalar
    }
  }

  enum Shape { case scalar, list, map }
}

extension [String] {
  /// The names in backticks, separated by commas; at most 30 of them.
  package var listed: String {
    let shown = prefix(30).map { "`\($0.shortened)`" }.joined(separator: ", ")
    return count > 30 ? shown + " and \(count - 30) more" : shown
  }
}
