import Diagnostics
import Experiment
import Foundation
import Promotion
import Spec
import Testing

/// A project of its own with runs to promote, made of small files that only look like a model's.
final class RegistryBench {
  let folder: String
  let project: Project
  var registry: Registry { Registry(project: project) }

  init(_ spec: RegistrySpec = RegistrySpec()) throws {
    folder =
      FileManager.default.temporaryDirectory
      .appending(path: "holdout-registry-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    project = Project(folder: folder, spec: ProjectSpec(registry: spec))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  // MARK: - Files

  static let registryFile = "results/registry.jsonl"

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  func data(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: path(name))) }

  func write(_ bytes: Data, _ name: String) throws {
    let url = URL(filePath: path(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try bytes.write(to: url)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path(name))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  /// Every file of the registry and of the models, by path.
  var production: [String: Data] {
    get throws {
      var files = [Self.registryFile: try data(Self.registryFile)]
      let names = FileManager.default.enumerator(atPath: path("models"))
      while let name = names?.nextObject() as? String {
        var isFolder: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: path("models/\(name)"), isDirectory: &isFolder)
        if !isFolder.boolValue { files["models/\(name)"] = try data("models/\(name)") }
      }
      return files
    }
  }

  /// The registry's lines.
  var lines: [String] {
    get throws {
      String(decoding: try data(Self.registryFile), as: UTF8.self).split(separator: "\n")
        .map(String.init)
    }
  }

  /// Gives the only record another date, and the hash that goes with it.
  func redate(_ date: String) throws {
    let line = try #require(try lines.first)
    let match = try #require(line.firstMatch(of: #/^\{"record":(.*),"sha256":/#))
    let record = match.1.replacing(#/"at":"[^"]*"/#, with: "\"at\":\"\(date)\"")
    let hash = Fingerprint.of(Data(record.utf8))
    try write(Data("{\"record\":\(record),\"sha256\":\"\(hash)\"}\n".utf8), Self.registryFile)
  }

  // MARK: - Runs

  /// A run's folder below results/.
  func run(
    _ id: String, of name: String = "shop", model: String? = nil, refit: String? = nil
  ) throws -> StoredRun {
    let run = "results/\(name)/runs/\(id)"
    let record = """
      {"run_id": "\(id)", "name": "\(name)", "spec_sha256": "00", "data_through": "2024-12-31",
       "data": [{"source": "visits", "path": "data/visits.parquet", "bytes": 3, "sha256": "ab"}],
       "versions": {"holdout": "0.1.0"}, "cutoffs": [], "calibration": "sigmoid", "caveats": [],
       "evidence": "sufficient", "findings": [], "threads": 1, "timings": []}
      """
    let texts = [
      "run.json": record, "metrics.json": #"{"test": {"pooled": {"roc_auc": 0.75}}}"#,
      "feature_importance.csv": "feature,gain,split\n",
      "model.txt": model ?? "the trees of \(id)\n", "calibrator.json": "{}\n",
      "category_levels.json": "{}\n", "panel.sql": "SELECT 1\n", "report.md": "# \(name)\n",
      "spec.yaml": "name: \(name)\n", "predictions.parquet": "scores of \(id)",
    ]
    for (file, text) in texts { try write(Data(text.utf8), "\(run)/\(file)") }
    if let refit {
      for file in ["run.json", "calibrator.json", "category_levels.json", "spec.yaml"] {
        try write(Data(texts[file, default: ""].utf8), "\(run)/refit/\(file)")
      }
      try write(Data(refit.utf8), "\(run)/refit/model.txt")
    }
    return try StoredRun(folder: path(run))
  }

  /// A moment, some seconds after the first.
  static func entry(
    _ seconds: Int = 0, reason: String? = nil, key: SigningKey? = nil
  ) -> RegistryEntry {
    RegistryEntry(
      by: "ada@example.org", reason: reason,
      clock: { Date(timeIntervalSince1970: 1_790_000_000 + Double(seconds)) },
      git: GitState(revision: String(repeating: "a", count: 40), dirty: false), key: key)
  }

  static let passed = RegistryRecord.Gate(
    outcome: .pass,
    checks: [
      GateCheck(
        name: "minimum.roc_auc", outcome: .pass, origin: .standard,
        sentence: "roc_auc is 0.75, at least 0.7",
        figures: ["roc_auc": 0.75, "minimum": 0.7])
    ])

  /// Promotes a run, which has to succeed.
  @discardableResult
  func promote(
    _ id: String, as name: String = "shop", key: SigningKey? = nil, model: String? = nil,
    refit: String? = nil, at seconds: Int = 0
  ) throws -> RegistryOutcome {
    let run = try run(id, of: name, model: model, refit: refit)
    let request = PromotionRequest(
      run: run, artifact: try ModelArtifact(run), name: name, gate: Self.passed,
      champion: try registry.champion(of: name)?.runId, override: nil)
    return try registry.promote(request, Self.entry(seconds, key: key))
  }
}

/// The findings of work that does not succeed.
func findings(_ work: () throws -> Void) -> [Finding] {
  do {
    try work()
    return []
  } catch let error as FindingsError {
    return error.findings
  } catch {
    Issue.record("\(error)")
    return []
  }
}
