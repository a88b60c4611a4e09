import Diagnostics
import Panel
import Spec

/// The demo panel's rows of one cutoff, by feature name.
struct DemoDay: Sendable {
  let cutoff: Cutoff
  let keys: [String]
  let isBuyer: [Bool]
  private let columns: [String: [SlowValue]]

  init(_ cutoff: Cutoff, _ rows: PanelRows, _ spec: ExperimentSpec) {
    self.cutoff = cutoff
    keys = rows.keys
    isBuyer = rows.labels.map { $0 == 1 }
    columns = Dictionary(
      uniqueKeysWithValues: zip(spec.features.map(\.name.value), rows.features))
  }

  var date: CalendarDate { cutoff.date }

  /// The keys of the rows whose label is 1.
  var buyers: [String] { zip(keys, isBuyer).filter(\.1).map(\.0) }

  subscript(feature: String) -> [SlowValue] { columns[feature] ?? [] }

  /// The accounts whose value differs from the one expected of them.
  func differing(
    _ feature: String, from expected: [String: String?], _ read: (String?) -> SlowValue
  ) -> [String] {
    let values = self[feature]
    guard values.count == keys.count else { return ["there is no feature \(feature)"] }
    return zip(keys, values).compactMap { key, value in
      let wanted = read(expected[key] ?? nil)
      return value == wanted ? nil : "\(key) on \(date): \(value), not \(wanted)"
    }
  }
}
