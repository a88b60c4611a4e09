/// What an expression's value is for.
enum ValuePurpose {
  /// A feature of `type: number`.
  case number
  /// A feature of `type: flag`.
  case flag
  /// A category feature.
  case category
  /// A rule of the cohort, or a condition on events.
  case condition

  /// The SQL type that the value is cast to.
  var type: String {
    switch self {
    case .number: "DOUBLE"
    case .flag, .condition: "BOOLEAN"
    case .category: "VARCHAR"
    }
  }
}
