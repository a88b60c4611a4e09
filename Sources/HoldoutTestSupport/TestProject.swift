internal import Foundation
internal import Testing
internal import Warehouse

/// A project folder of one test: holdout.yaml, shop.yaml and data/, removed at the end.
package final class TestProject: FolderOwner, Sendable {
  private let temporary: TemporaryFolder
  package var folder: String { temporary.folder }

  /// Copies the shop's data, and its results where wanted; both are made once.
  package init(withResults: Bool = false) throws {
    temporary = try TemporaryFolder()
    try Self.generated.get()
    if withResults { try Self.results.get() }
    for part in withResults ? ["data", "results"] : ["data"] {
      try FileManager.default.copyItem(
        atPath: Self.shared.path(part), toPath: path(part))
    }
    try write("holdout.yaml", Shop.project)
    try write("shop.yaml", Shop.spec)
  }

  /// The data that every test starts from, made on first use and removed when the process ends.
  private static let generated = Result {
    try generate(in: shared, Shop.data + Shop.export)
  }

  private static let results = Result {
    for (name, text) in [("holdout.yaml", Shop.project), ("shop.yaml", Shop.spec)] {
      try shared.write(name, text)
    }
    let result = try Program.run(["run", "shop.yaml", "--threads", "1"], in: shared.folder)
    try #require(result.end == .exit(0), "\(result)")
  }

  private static let shared = SharedFolder("shop")

  private static func generate(in place: some FolderOwner, _ script: String) throws {
    try place.makeFolder("data")
    try place.write("data.sql", script)
    let result = try Program.run(["sql", "data.sql"], in: place.folder)
    try #require(result.end == .exit(0), "the data cannot be generated: \(result)")
    try place.remove("data.sql")
  }

  /// Generates the data again after changing the tables `customers`, `history` and `visits`.
  package func changeData(_ sql: String) throws {
    try Self.generate(in: self, Shop.data + sql + Shop.export)
  }

  // MARK: - Files

  /// Writes the spec with some of its words replaced.
  package func writeSpec(_ changes: [String: String], to name: String = "shop.yaml") throws {
    var text = Shop.spec
    for (old, new) in changes {
      try #require(text.contains(old), "the spec does not hold `\(old)`")
      text = text.replacing(old, with: new)
    }
    try write(name, text)
  }

  // MARK: - Running

  package func holdout(_ arguments: String..., environment: [String: String] = [:]) throws
    -> ProgramResult
  {
    try Program.run(arguments, in: folder, environment: environment)
  }

  /// Runs the spec, which must succeed, on one thread; under its own name, whatever values are given, unless
  /// another spec or name is.
  @discardableResult
  package func runs(_ arguments: String...) throws -> ProgramResult {
    let isNamed = arguments.contains { $0.hasPrefix("name=") || $0.hasSuffix(".yaml") }
    let name = isNamed || !arguments.contains { $0.contains("=") } ? [] : ["name=shop"]
    let result = try Program.run(
      ["run", "shop.yaml", "--threads", "1"] + arguments + name, in: folder)
    try #require(result.end == .exit(0), "\(result)")
    return result
  }

  package func start(_ arguments: String...) throws -> RunningProgram {
    try RunningProgram(#require(Program.path), arguments, in: folder)
  }

  package func shell(_ line: String) throws -> ProgramResult { try Program.shell(line, in: folder) }

  // MARK: - Results

  /// The only run's id.
  package func runId(of name: String = "shop") throws -> String {
    let runs = runIds(of: name)
    try #require(runs.count == 1, "\(runs)")
    return runs[0]
  }

  /// The ids of the runs that are kept; drafts of runs that were killed begin with a dot.
  package func runIds(of name: String = "shop") -> [String] {
    names(in: "results/\(name)/runs").filter { $0 != "latest" }
  }

  package func metrics(of name: String = "shop") throws -> MetricsFile {
    try MetricsFile(data("results/\(name)/metrics.json"))
  }

  /// The files that make up one run.
  package static let runFiles = [
    "calibrator.json", "category_levels.json", "curves.json", "feature_importance.csv",
    "metrics.json", "model.txt", "panel.sql", "predictions.parquet", "report.html", "report.md",
    "run.json", "spec.yaml",
  ]

  /// The rows of a query as texts, null as `-`; files are named relative to the project folder.
  package func rows(_ sql: String) throws -> [[String]] {
    let engine = try NativeTestLibrary.engine(threads: 1)
    try engine.connection.execute("SET file_search_path = \(SQL.literal(folder))")
    let texts = "SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '-') FROM (\(sql))"
    return try engine.connection.query(texts).collect().flatMap { batch in
      (0..<batch.rowCount).map { row in batch.columns.map { $0.text(row) ?? "" } }
    }
  }

  /// The first column of the first row of a query.
  package func scalar(_ sql: String) throws -> String? { try rows(sql).first?.first }
}
