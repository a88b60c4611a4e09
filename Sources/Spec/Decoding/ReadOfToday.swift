import Diagnostics

/// A place that reads a column which knows only today.
struct ReadOfToday {
  let column: Located<ColumnReference>
  /// The features that are made of what stands there; nil in cohort and label.
  var features: [String]?

  /// Whether one of the chosen features, the cohort or the label reads there.
  func isUsed(by chosen: Set<String>) -> Bool {
    features.map { !chosen.isDisjoint(with: $0) } ?? true
  }
}
