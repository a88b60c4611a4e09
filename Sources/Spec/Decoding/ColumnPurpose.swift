/// What a part of a spec does with a column.
enum ColumnPurpose: String {
  case value, flag, present, happened, category
  case daysSince = "days_since"
  case membership = "in"
  case label = "event"
  case published = "columns"

  /// The types of column that it can read; empty: any.
  var types: [ColumnSpec.ColumnType] {
    switch self {
    case .value: [.integer, .number]
    case .flag: [.flag]
    case .present, .published: []
    case .happened, .daysSince, .label: [.date]
    case .category: [.text, .integer, .flag]
    case .membership: [.text, .integer]
    }
  }

  /// The expression that reads a type of column, for a hint.
  static func reading(_ type: ColumnSpec.ColumnType) -> String {
    switch type {
    case .text: "category"
    case .integer, .number: "value"
    case .date: "days_since"
    case .flag: "flag"
    }
  }
}
