import Columns
import Diagnostics
import Experiment
import Foundation
import HoldoutTestSupport
import Learning
import Panel
import Runs
import Spec
import Testing
import Warehouse

/// Accounts of which some buy, the versions of their region, and visits to them, in a folder of one test. The spec is
/// only in memory.
struct AccountsBench: FolderOwner {
  let bench: Bench
  var folder: String { bench.folder }
  var project: Project { Project(folder: folder, spec: ProjectSpec()) }

  /// - Parameter changes: SQL that changes the tables `accounts`, `regions` and `visits`.
  init(_ changes: String...) throws { try self.init(changes) }

  init(_ changes: [String]) throws {
    bench = try Bench(threads: 1)
    for statement in Self.tables + changes { try bench.engine.connection.execute(statement) }
    for table in ["accounts", "regions", "visits"] {
      try bench.parquet(table, "FROM \(table) ORDER BY ALL")
    }
  }

  /// Every draw is a hash of the account and a purpose. The larger an account, the sooner it buys.
  private static let tables = [
    "CREATE MACRO draw(i, purpose) AS (hash(i * 1000 + purpose) % 1000003) / 1000003.0",
    """
    CREATE TABLE accounts AS
    SELECT id, created, size, segment,
      CASE WHEN created + wait <= DATE '2024-12-31' THEN created + wait END AS bought,
      CASE WHEN created + wait <= DATE '2024-12-31' THEN 'customer' ELSE 'prospect' END AS status
    FROM (
      SELECT *, CAST(floor(-ln(1 - draw(i, 3)) * 700 / exp(size / 50.0 - 1)) AS INTEGER) AS wait
      FROM (
        SELECT i, 'A' || lpad(CAST(i AS VARCHAR), 4, '0') AS id,
          DATE '2022-06-01' + CAST(floor(draw(i, 1) * 700) AS INTEGER) AS created,
          CAST(floor(draw(i, 2) * 100) AS INTEGER) AS size, ['a', 'b', 'c'][1 + CAST(i % 3 AS INTEGER)] AS segment
        FROM range(900) AS numbers(i)))
    """,
    """
    CREATE TABLE regions AS
    SELECT id, created AS valid_from, CAST(NULL AS DATE) AS valid_to,
      CASE WHEN hash(id) % 2 = 0 THEN 'north' ELSE 'south' END AS region
    FROM accounts
    """,
    """
    CREATE TABLE visits AS
    SELECT id, day, day + CAST(floor(draw(number, 5) * 20) AS INTEGER) AS noted
    FROM (
      SELECT id, CAST(substr(id, 2) AS BIGINT) * 20 + visit AS number,
        created + CAST(floor(draw(CAST(substr(id, 2) AS BIGINT) * 20 + visit, 4) * 700) AS INTEGER)
          AS day
      FROM accounts, range(8) AS visits(visit))
    WHERE day <= DATE '2024-12-31'
    """,
  ]

  static let spec = """
    version: 1
    name: accounts
    data_through: 2024-12-31
    sources:
      accounts:
        parquet: accounts.parquet
        key: id
        created: created
        columns:
          created: {type: date, class: event}
          bought: {type: date, class: event}
          size: {type: integer, class: static}
          segment: {type: text, class: static}
      regions:
        parquet: regions.parquet
        key: id
        valid_from: valid_from
        valid_to: valid_to
        columns: {region: text}
      visits: {parquet: visits.parquet, key: id, time: day, known_at: noted, columns: {}}
    feature_sets:
      all:
        - age: {days_since: accounts.created}
        - size: {value: accounts.size}
        - segment: {category: accounts.segment, missing: none}
        - region: {category: regions.region}
        - visits: {count: visits, within: 180 days}
      more: []
    cutoffs: {every: month_end, train: 6, calibrate: 2, test: 2}
    cohort: {entity: accounts, where: [{not: {happened: accounts.bought}}]}
    label: {event: accounts.bought, horizon: 1 month}
    features: [all, more]
    model: {params: {num_iterations: 8, num_leaves: 4, learning_rate: 0.3}}
    calibration: {method: sigmoid}
    evaluation: {min_positives: 20, top_k: [10], intervals: {resamples: 20}}

    """

  /// The spec with YAML laid over it.
  static func experiment(_ overlay: String = "") throws -> ResolvedExperiment {
    let loaded = Bench.load("extends: base.yaml\n" + overlay, beside: ["base.yaml": spec])
    return try #require(
      loaded.members.compactMap(\.experiment).first,
      "\(TextRenderer().render(loaded.findings))")
  }

  static func spec(_ overlay: String = "") throws -> ExperimentSpec {
    try experiment(overlay).spec
  }

  func builder(_ overlay: String = "") throws -> PanelBuilder {
    try bench.builder(Self.spec(overlay))
  }

  func runner(version: String = "test") -> ExperimentRunner {
    ExperimentRunner(
      project: project, version: version,
      pages: RunPages(
        markdown: { summary, _, _ in "run \(summary.runId)\n" },
        html: { summary, _, _ in "run \(summary.runId)\n" }))
  }

  @discardableResult
  func run(_ overlay: String = "", version: String = "test") throws -> RunSummary {
    try runner(version: version).run(
      Self.experiment(overlay), settings: RunSettings(threads: 1))
  }

  func panel(_ experiment: ResolvedExperiment) throws -> ExperimentPanel {
    try runner().panel(experiment, RunSettings(threads: 1), refitting: false)
  }

  /// The only run of the experiment.
  func onlyRun(of name: String = "accounts") throws -> String {
    let runs = names(in: "results/\(name)/runs").filter { $0 != "latest" }
    try #require(runs.count == 1, "\(runs)")
    return "results/\(name)/runs/\(runs[0])"
  }
}

/// The findings of work that is refused; none where it succeeds.
func findings(_ work: () throws -> Void) throws -> [Int] {
  do {
    try work()
    return []
  } catch let error as FindingsError {
    return error.findings.map(\.id.number)
  }
}

extension PanelBlock {
  /// The entities of the positive rows.
  var buyers: [Int32] { zip(entities, labels).filter { $0.1 == 1 }.map(\.0) }

  /// Rows of one number each, with their labels.
  static func test(
    _ date: String, role: Role = .train, entities: [Int32], labels: [UInt8],
    values: [Double]? = nil
  ) throws -> PanelBlock {
    let day = try #require(CalendarDate(date))
    return PanelBlock(
      cutoff: Cutoff(date: day, role: role, windowEnd: CalendarDate(days: day.days + 30)),
      entities: entities, labels: labels,
      features: FeatureBlock(
        rowCount: entities.count, columns: [.double(values ?? entities.map(Double.init))]))
  }
}

extension Located {
  /// A value as if it were written in a spec.
  static func test(_ value: Value) -> Located {
    Located(value, at: SourceFile(name: "spec.yaml", text: "x").start)
  }
}
