import Diagnostics
import Spec

/// Specs that exist only in memory.
enum Specs {
  /// A small spec without fault, under `base.yaml`.
  static let base = """
    version: 1
    name: renewals
    data_through: 2025-09-18
    sources:
      customers:
        table: customers
        key: id
        created: created
        columns:
          created: {type: date, class: event}
          first_order: {type: date, class: event}
          segment: {type: text, class: static}
          employees: {type: integer, class: static}
          status: {type: text, class: current}
          touched: {type: date, class: current}
      history:
        parquet: history.parquet
        key: id
        valid_from: valid_from
        valid_to: valid_to
        columns: {region: text, email: text, inactive: flag, moved: date}
      calls:
        parquet: calls.parquet
        key: id
        time: day
        columns: {kind: text, minutes: integer, note: {type: text, class: current}}
    feature_sets:
      account:
        - age: {days_since: customers.created}
        - has_email: {present: history.email}
        - region: {category: history.region, missing: none, min_frequency: 10}
      engagement:
        - calls: {count: calls, within: [30 days, all]}
    cutoffs: {every: month_end, train: 12, calibrate: 2, test: 2}
    cohort: {entity: customers, where: [{not: {happened: customers.first_order}}]}
    label: {event: customers.first_order, horizon: 3 months}
    features: [account, engagement]

    """

  /// Loads a spec from texts by path, beside `base.yaml`.
  static func load(
    _ path: String, _ files: [String: String], overrides: [String] = []
  ) -> LoadedSpecFile {
    let files = files.merging(["base.yaml": base]) { given, _ in given }
    return SpecLoader.load(
      path: path, overrides: overrides.enumerated().map { Override($1, number: $0 + 2) }
    ) { path in
      guard let text = files[path] else {
        return .failure(FindingsError(Finding(101, "there is no file `\(path)`")))
      }
      return .success(SourceFile(name: path, text: text))
    }
  }

  /// Loads a text that extends `base.yaml`.
  static func extending(_ text: String, overrides: [String] = []) -> LoadedSpecFile {
    load("spec.yaml", ["spec.yaml": "extends: base.yaml\n" + text], overrides: overrides)
  }

  /// The findings as a person sees them.
  static func rendered(_ loaded: LoadedSpecFile) -> String {
    TextRenderer().render(loaded.findings)
  }
}

extension LoadedSpecFile {
  var ids: [Int] { findings.map(\.id.number) }

  /// The expression of a chosen feature.
  func feature(_ name: String) -> FeatureSpec? { spec?.features.first { $0.name.value == name } }
}
