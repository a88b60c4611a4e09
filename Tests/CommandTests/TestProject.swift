import Foundation
import Glibc
import Testing
import Warehouse

/// A project folder of one test: holdout.yaml, shop.yaml and data/, removed at the end.
final class TestProject {
  private let temporary: TemporaryFolder
  var folder: String { temporary.path }

  /// Copies the shop's data, and its results where wanted; both are made once.
  init(withResults: Bool = false) throws {
    temporary = try TemporaryFolder()
    try Self.generated.get()
    if withResults { try Self.results.get() }
    for part in withResults ? ["data", "results"] : ["data"] {
      try FileManager.default.copyItem(
        atPath: "\(Self.sharedFolder)/\(part)", toPath: "\(folder)/\(part)")
    }
    try write("holdout.yaml", Shop.project)
    try write("shop.yaml", Shop.spec)
  }

  /// The data that every test starts from, made on first use and removed when the process ends.
  private static let generated = Result {
    try generate(in: sharedFolder, Shop.data + Shop.export)
    atexit { try? FileManager.default.removeItem(atPath: TestProject.sharedFolder) }
  }

  private static let results = Result {
    for (name, text) in [("holdout.yaml", Shop.project), ("shop.yaml", Shop.spec)] {
      try Data(text.utf8).write(to: URL(filePath: "\(sharedFolder)/\(name)"))
    }
    let result = try Program.run(["run", "shop.yaml", "--threads", "1"], in: sharedFolder)
    try #require(result.end == .exit(0), "\(result)")
  }

  private static let sharedFolder = FileManager.default.temporaryDirectory
    .appending(path: "holdout-tests-\(ProcessInfo.processInfo.processIdentifier)-shop").path

  private static func generate(in folder: String, _ script: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder)/data", withIntermediateDirectories: true)
    try Data(script.utf8).write(to: URL(filePath: "\(folder)/data.sql"))
    let result = try Program.run(["sql", "data.sql"], in: folder)
    try #require(result.end == .exit(0), "the data cannot be generated: \(result)")
    try FileManager.default.removeItem(atPath: "\(folder)/data.sql")
  }

  /// Generates the data again after changing the tables `customers`, `history` and `visits`.
  func changeData(_ sql: String) throws {
    try Self.generate(in: folder, Shop.data + sql + Shop.export)
  }

  // MARK: - Files

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
  }

  /// Writes the spec with some of its words replaced.
  func writeSpec(_ changes: [String: String], to name: String = "shop.yaml") throws {
    var text = Shop.spec
    for (old, new) in changes {
      try #require(text.contains(old), "the spec does not hold `\(old)`")
      text = text.replacing(old, with: new)
    }
    try write(name, text)
  }

  func data(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
  }

  func text(_ name: String) throws -> String { String(decoding: try data(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(name)")
  }

  /// The names in a folder, sorted; empty where there is no such folder.
  func names(in name: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(name)")) ?? []).sorted()
  }

  /// Every file below a folder with its content.
  func contents(of name: String) -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: "\(folder)/\(name)")
    while let path = names?.nextObject() as? String {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(
        atPath: "\(folder)/\(name)/\(path)", isDirectory: &isFolder)
      if !isFolder.boolValue { files[path] = try? data("\(name)/\(path)") }
    }
    return files
  }

  /// Writes files below a folder, as `contents(of:)` has them.
  func add(_ files: [String: Data], to name: String) throws {
    for (path, data) in files {
      let url = URL(filePath: "\(folder)/\(name)/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }
  }

  // MARK: - Running

  func holdout(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramResult
  {
    try Program.run(arguments, in: folder, environment: environment)
  }

  /// Runs the spec, which must succeed, on one thread; under its own name, whatever values are given, unless
  /// another spec or name is.
  @discardableResult
  func runs(_ arguments: String...) throws -> ProgramResult {
    let isNamed = arguments.contains { $0.hasPrefix("name=") || $0.hasSuffix(".yaml") }
    let name = isNamed || !arguments.contains { $0.contains("=") } ? [] : ["name=shop"]
    let result = try Program.run(
      ["run", "shop.yaml", "--threads", "1"] + arguments + name, in: folder)
    try #require(result.end == .exit(0), "\(result)")
    return result
  }

  func start(_ arguments: String...) throws -> RunningProgram {
    try RunningProgram(#require(Program.path), arguments, in: folder)
  }

  func shell(_ line: String) throws -> ProgramResult { try Program.shell(line, in: folder) }

  // MARK: - Results

  /// The only run's id.
  func runId(of name: String = "shop") throws -> String {
    let runs = runIds(of: name)
    try #require(runs.count == 1, "\(runs)")
    return runs[0]
  }

  /// The ids of the runs that are kept; drafts of runs that were killed begin with a dot.
  func runIds(of name: String = "shop") -> [String] {
    names(in: "results/\(name)/runs").filter { $0 != "latest" }
  }

  func metrics(of name: String = "shop") throws -> MetricsFile {
    try MetricsFile(data("results/\(name)/metrics.json"))
  }

  /// The files that make up one run.
  static let runFiles = [
    "calibrator.json", "category_levels.json", "feature_importance.csv", "metrics.json",
    "model.txt", "panel.sql", "predictions.parquet", "report.md", "run.json", "spec.yaml",
  ]

  /// The rows of a query as texts, null as `-`; files are named relative to the project folder.
  func rows(_ sql: String) throws -> [[String]] {
    let engine = try Engine(Engine.Settings(threads: 1))
    try engine.connection.execute("SET file_search_path = \(SQL.literal(folder))")
    let texts = "SELECT coalesce(CAST(COLUMNS(*) AS VARCHAR), '-') FROM (\(sql))"
    return try engine.connection.query(texts).collect().flatMap { batch in
      (0..<batch.rowCount).map { row in batch.columns.map { $0.text(row) ?? "" } }
    }
  }

  /// The first column of the first row of a query.
  func scalar(_ sql: String) throws -> String? { try rows(sql).first?.first }
}
