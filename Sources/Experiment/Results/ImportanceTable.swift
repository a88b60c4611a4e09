internal import Learning

/// A run's feature_importance.csv: every feature, by falling gain, then name.
struct ImportanceTable {
  let rows: [FeatureImportance]

  init(_ importance: [FeatureImportance]) {
    rows = importance.sorted { left, right in
      left.gain == right.gain ? left.feature < right.feature : left.gain > right.gain
    }
  }

  /// Columns feature, gain (the sum of loss reductions) and split (the number of splits).
  var csv: String {
    "feature,gain,split\n"
      + rows.map { "\(Self.quoted($0.feature)),\($0.gain),\($0.split)\n" }.joined()
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
