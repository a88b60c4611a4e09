import Diagnostics
import Foundation
import HoldoutTestSupport
import Panel
import Spec
import Warehouse

/// The demo data of a small size, and the panel that `experiments/solidworks.yaml` makes of them.
struct DemoWorld: Sendable {
  let folder: TemporaryFolder
  /// Some cutoffs with their rows.
  let days: [DemoDay]
  /// Rows and buyers of every cutoff; empty buyers where the label is not known yet.
  let counts: [CutoffCounts]
  let keys: [String]
  let findings: [Finding]

  /// Days whose rows are kept: before and behind the reorganisation, and each role's last.
  private static let kept: Set<String> = [
    "2021-11-30", "2023-05-31", "2023-07-31", "2024-06-30", "2024-12-31", "2025-01-31",
    "2025-02-28",
  ]

  init(accounts: Int, baseRate: Double = 0.0075) throws {
    folder = try TemporaryFolder()
    try folder.makeFolder("data/netsuite")
    let maker = try Engine(Engine.Settings(threads: 1))
    try Self.run(
      "01 02 03 04 05 06 07", accounts, baseRate, folder.path("data/netsuite"), in: maker)
    let loaded = SpecLoader.load(path: "\(Repository.folder)/experiments/solidworks.yaml")
    guard let spec = loaded.spec else { throw FindingsError(loaded.findings) }
    let project = try ProjectLoader.load(path: "\(Repository.folder)/holdout.yaml")
    let engine = try Engine(Engine.Settings(threads: 1))
    let builder = try PanelBuilder(
      spec, project: project, projectFolder: folder.path, engine: engine)
    let keys = try builder.keys()
    days = try builder.timeline.cutoffs.filter { Self.kept.contains($0.date.description) }
      .map { DemoDay($0, PanelRows(try builder.block($0), builder, keys), builder.spec) }
    counts = try builder.timeline.cutoffs.map { try builder.counts($0) }
    findings = loaded.findings + builder.findings
    self.keys = keys
  }

  /// How many accounts bought, when the generator is asked for a base rate; no files are written.
  static func buyers(accounts: Int, baseRate: Double) throws -> Int? {
    let maker = try Engine(Engine.Settings(threads: 1))
    try run("01 02 03", accounts, baseRate, "nowhere", in: maker)
    return try maker.connection.count("SELECT count(*) FROM purchases WHERE NOT is_legacy")
  }

  /// Runs the generator's scripts, statement by statement.
  private static func run(
    _ numbers: String, _ accounts: Int, _ baseRate: Double, _ out: String, in engine: Engine
  ) throws {
    let scripts = "\(Repository.folder)/experiments/data/netsuite"
    let variables = [
      "accounts = \(accounts)", "seed = 42", "base_rate = \(baseRate)", "out = \(SQL.literal(out))",
    ]
    for variable in variables { try engine.connection.execute("SET VARIABLE \(variable)") }
    for name in try FileManager.default.contentsOfDirectory(atPath: scripts).sorted()
    where name.hasSuffix(".sql") && numbers.contains(name.prefix(2)) {
      let text = try String(contentsOfFile: "\(scripts)/\(name)", encoding: .utf8)
      for statement in SQLScript(text).statements { try engine.connection.execute(statement.sql) }
    }
  }

  /// Asks the generated files themselves: `snapshot`, `newest` (one row per account), `history`,
  /// `activities` and `truth`, each with the account's `key` beside its columns.
  func query(_ sql: String) throws -> [[String?]] {
    let engine = try Engine(Engine.Settings(threads: 1))
    let files = [
      "snapshot": "dim_ns_customer", "history": "dim_ns_customer_history",
      "activities": "activities", "truth": "truth",
    ]
    for (view, file) in files {
      try engine.connection.execute(
        "CREATE VIEW \(view) AS SELECT regexp_replace(internalid, '\\.0$', '') AS key, * "
          + "FROM '\(folder.path)/data/netsuite/\(file).parquet'")
    }
    try engine.connection.execute(
      "CREATE VIEW newest AS SELECT * FROM snapshot "
        + "QUALIFY row_number() OVER (PARTITION BY key ORDER BY ns_last_modified DESC) = 1")
    try engine.connection.execute(
      "CREATE VIEW created AS SELECT key, min(valid_from) AS created_on FROM history GROUP BY key")
    let rows = try engine.connection.query("SELECT COLUMNS(*)::VARCHAR FROM (\(sql))").collect()
    return rows.flatMap { batch in
      (0..<batch.rowCount).map { row in batch.columns.map { $0.text(row) } }
    }
  }

  /// A number that the files themselves give.
  func number(_ sql: String) throws -> Double {
    try query(sql).first?.first?.flatMap { Double($0) } ?? .nan
  }

  /// A value of every account by its key.
  func values(_ sql: String) throws -> [String: String?] {
    Dictionary(
      try query(sql).map { ($0[0] ?? "", $0[1]) }, uniquingKeysWith: { first, _ in first })
  }

  /// The versions valid on a day, as SQL.
  static func asOf(_ day: CalendarDate) -> String {
    "(SELECT * FROM history WHERE valid_from <= DATE '\(day)' "
      + "AND (valid_to IS NULL OR valid_to > DATE '\(day)'))"
  }
}
