import Diagnostics
import Foundation
import HoldoutTestSupport
import Operations
import Runs
import Spec
import Testing
import Warehouse

/// A project folder with one database, and lists that go there.
struct SinkCase: FolderOwner {
  /// The kinds of database that these tests write to, where they are at hand.
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case duckdb
    case sqlite
    case postgresql

    var testDescription: String { rawValue }

    /// Those that can be written to here: a server that was not started is left out.
    static let present = allCases.filter { $0 != .postgresql || PostgreSQLServer.uri != nil }
  }

  static let first = CalendarDate(days: 20_000)
  static let second = CalendarDate(days: 20_030)

  let kind: Kind
  let temporary: TemporaryFolder
  var folder: String { temporary.folder }
  let engine: Engine
  /// The list's table; one of its own for each case, as a server's tables outlive it.
  let table: String

  /// Runs a body with a folder that is removed afterwards.
  static func run(_ kind: Kind = .duckdb, _ body: (SinkCase) throws -> Void) throws {
    if kind == .sqlite { _ = try NativeTestLibrary.sqlite.path() }
    let temporary = try TemporaryFolder()
    try body(
      SinkCase(
        kind: kind, temporary: temporary, engine: NativeTestLibrary.engine(),
        table: "holdout_sinks_\(UUID().uuidString.prefix(8).lowercased())"))
  }

  var file: String { "\(folder)/lists/scores.parquet" }
  var database: String { "\(folder)/curated.\(kind.rawValue)" }

  var project: Project {
    Project(folder: folder, spec: ProjectSpec(environment: ["SECRET": "geheim"]))
  }

  var connection: ConnectionSpec {
    let address = Self.located(
      kind == .postgresql ? PostgreSQLServer.uri ?? "" : "curated.\(kind.rawValue)")
    let target: ConnectionSpec.Target =
      switch kind {
      case .duckdb: .duckdb(EnvironmentText(address))
      case .sqlite: .driver(Self.located("sqlite"), uri: EnvironmentText(Self.located(database)))
      case .postgresql: .driver(Self.located("postgresql"), uri: EnvironmentText(address))
      }
    return ConnectionSpec(name: Self.located("curated"), target: target)
  }

  func sinks(parquet: String? = "lists/scores.parquet", lockTimeout: Double = 20) -> ScoreSinks {
    ScoreSinks(
      project: project, engine: engine, table: (connection, Self.located(table)),
      parquet: parquet.map(Self.located), lockTimeout: lockTimeout)
  }

  static func located(_ text: String) -> Located<String> {
    let file = SourceFile(name: "spec.yaml", text: text)
    return Located(text, at: SourceSpan(file: file, range: 0..<text.utf8.count))
  }

  /// Stages and writes a list.
  /// - Parameter extra: further columns, as SQL.
  @discardableResult
  func write(
    _ rows: Int, model: String = "solidworks", cutoff: CalendarDate = first, extra: String = "",
    score: String = "i / 7.0", rank: String = "i + 1", to sinks: ScoreSinks? = nil
  ) throws -> WrittenList {
    try engine.connection.execute(
      """
      CREATE OR REPLACE TABLE list AS
      SELECT 'C' || i AS customer_id, DATE '\(cutoff)' AS cutoff_date,
        CAST(\(score) AS DOUBLE) AS score, CAST(\(rank) AS INTEGER) AS rank_global,
        CASE WHEN i > 1500 THEN 'no contact in ' || i || ' days' END AS reason_1,
        TIMESTAMP '2025-09-18 06:00:00.25' AS scored_at, i % 2 = 0 AS selected,
        '\(model)' AS model\(extra.isEmpty ? "" : ", \(extra)")
      FROM range(\(rows)) AS numbers(i)
      """)
    return try (sinks ?? self.sinks()).write(
      staged: "list", order: "rank_global", model: model, cutoff: cutoff)
  }

  /// A query over the table, whose rows come as text: the same words for every kind of database.
  func rows(_ sql: String) throws -> [String] {
    let stage = "earlier \(UUID().uuidString)"
    let columns = [
      "customer_id", "cutoff_date", "score", "rank_global", "reason_1", "scored_at", "selected",
      "model", "territory",
    ]
    var found: [String] = []
    for model in ["solidworks", "cpe"] {
      let exists = try sinks().fetchEarlier(
        columns: columns, model: model, through: CalendarDate(days: 30_000), into: stage)
      guard exists else { return ["no table"] }
      try engine.connection.execute(
        found.isEmpty && model == "solidworks"
          ? "CREATE OR REPLACE TABLE every AS SELECT * FROM \"\(stage)\""
          : "INSERT INTO every SELECT * FROM \"\(stage)\"")
    }
    let result = try engine.connection.query(sql).collect()
    for batch in result {
      for row in 0..<batch.rowCount { found.append(batch.columns[0].text(row) ?? "null") }
    }
    return found
  }

  static let summary = """
    SELECT concat_ws(' ', model, cutoff_date, count(*), count(DISTINCT customer_id)) FROM every
    GROUP BY model, cutoff_date ORDER BY model, cutoff_date
    """

  /// A query over the file.
  func inFile(_ sql: String) throws -> String? {
    guard exists("lists/scores.parquet") else { return "no file" }
    return try engine.connection.scalar(
      sql.replacing("FILE", with: "read_parquet('\(file)')"))
  }

  /// The names in the file's folder.
  var names: [String] { names(in: "lists") }

  /// What a call is refused with.
  static func findings(_ body: () throws -> Void) throws -> [Finding] {
    do {
      try body()
      return []
    } catch let error as FindingsError {
      return error.findings
    }
  }
}
