internal import Foundation
package import Learning

/// A run's feature_importance.csv: every feature, by descending gain, then name.
package struct ImportanceTable {
  package let rows: [FeatureImportance]

  package init(_ importance: [FeatureImportance]) {
    rows = importance.sorted { left, right in
      left.gain == right.gain ? left.feature < right.feature : left.gain > right.gain
    }
  }

  /// Columns feature, gain (the sum of loss reductions) and split (the number of splits).
  package var csv: String {
    "feature,gain,split\n"
      + rows.map { "\(Self.quoted($0.feature)),\($0.gain),\($0.split)\n" }.joined()
  }

  /// Reads the rows of a table that `csv` wrote, in its order.
  /// - Throws: `CocoaError` for any other content.
  static func rows(_ data: Data) throws -> [FeatureImportance] {
    var lines = String(decoding: data, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", lines.first == "feature,gain,split" else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return try lines.dropFirst().map { line in
      // The numbers follow the last two commas. A feature's name may contain commas too.
      let parts = line.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count >= 3, let gain = Double(parts[parts.count - 2]),
        let split = Int(parts[parts.count - 1])
      else { throw CocoaError(.fileReadCorruptFile) }
      let name = parts.dropLast(2).joined(separator: ",")
      let isQuoted = name.count >= 2 && name.hasPrefix("\"") && name.hasSuffix("\"")
      return FeatureImportance(
        feature: isQuoted
          ? String(name.dropFirst().dropLast()).replacing("\"\"", with: "\"") : name,
        gain: gain, split: split)
    }
  }

  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
    return "\"\(text.replacing("\"", with: "\"\""))\""
  }
}
