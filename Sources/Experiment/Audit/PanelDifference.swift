/// One way in which two panels of a cutoff differ.
struct PanelDifference {
  /// nil: the cohort.
  let feature: String?
  let rows: Int
  /// The first entity that it shows at.
  let key: String
  let before: String
  let after: String

  /// The difference in words.
  var line: String {
    (feature.map { "`\($0)`" } ?? "the cohort")
      + " differs in \(AuditWords.count(rows, "row")), for instance `\(key)`: \(before) became \(after)"
  }
}
