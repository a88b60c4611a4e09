import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Spec
import Testing

/// A spec and tables without fault, to be spoiled in one place by each test.
struct FindingBench {
  static let base = """
    version: 1
    name: renewals
    data_through: 2024-12-31
    sources:
      customers:
        parquet: customers.parquet
        key: id
        created: created
        columns:
          created: {type: date, class: event}
          bought: {type: date, class: event}
          size: {type: integer, class: static}
          score: {type: number, class: static}
          named: {type: flag, class: static}
          segment: {type: text, class: static}
      history:
        parquet: history.parquet
        key: id
        valid_from: valid_from
        valid_to: valid_to
        columns: {region: text}
      calls:
        parquet: calls.parquet
        key: id
        time: day
        known_at: logged
        columns: {kind: text, minutes: integer}
    feature_sets:
      account:
        - age: {days_since: customers.created}
        - size: {value: customers.size}
        - score: {value: customers.score}
        - named: {flag: customers.named}
        - segment: {category: customers.segment}
        - region: {category: history.region}
        - calls: {count: calls, within: 90 days}
        - minutes: {sum: calls.minutes}
      more: []
    cutoffs: {every: month_end, train: 2, calibrate: 0, test: 1}
    cohort: {entity: customers}
    label: {event: customers.bought, horizon: 3 months}
    calibration: {method: none}
    features: [account, more]

    """

  private static let columns = [
    "customers": "id, created, bought, size, score, named, segment",
    "history": "id, valid_from, valid_to, region", "calls": "id, day, logged, kind, minutes",
  ]

  private static let rows = [
    "customers": """
    ('1', '2020-01-01', '2024-11-05', '5', '1.5', 'T', 'retail'),
      ('2', '2020-02-01', NULL, '6', NULL, '0', '')
    """,
    "history": """
    ('1', DATE '2020-01-01', DATE '2024-01-01', '7'),
      ('1', DATE '2024-01-01', NULL, 'North'), ('2', DATE '2020-02-01', NULL, '8')
    """,
    "calls": "('1', '2020-05-01', '2020-05-02', 'call', '5')",
  ]

  /// Builds a panel of the spec laid over the base.
  /// - Parameters:
  ///   - overlay: YAML that extends the base; `FOLDER` in it is the folder of the tables.
  ///   - rows: the rows of a table, in place of the sound ones; "" for a table without rows.
  ///   - change: what is done to the spec after it was read.
  static func builder(
    _ overlay: String, rows: [String: String] = [:], project: ProjectSpec = ProjectSpec(),
    alteration: DataAlteration = .none, purpose: PanelBuilder.Purpose = .experiment,
    in folder: Bench? = nil, change: (inout ExperimentSpec) -> Void = { _ in }
  ) throws -> PanelBuilder {
    let bench = try folder ?? Bench()
    for (name, columns) in columns {
      let values = rows[name] ?? Self.rows[name] ?? ""
      let width = columns.split(separator: ",").map { _ in "NULL" }.joined(separator: ", ")
      try bench.parquet(
        name,
        values.isEmpty
          ? "SELECT * FROM (VALUES (\(width))) AS rows(\(columns)) WHERE false"
          : "SELECT * FROM (VALUES \(values)) AS rows(\(columns))")
    }
    let text = overlay.replacing("FOLDER", with: bench.folder)
    let loaded = Bench.load("extends: base.yaml\n" + text, beside: ["base.yaml": base])
    guard var spec = loaded.spec else { throw FindingsError(loaded.findings) }
    change(&spec)
    return try bench.builder(
      spec, project: project, alteration: alteration, purpose: purpose)
  }
}
