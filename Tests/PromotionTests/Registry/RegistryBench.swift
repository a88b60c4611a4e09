import Diagnostics
import Foundation
import HoldoutTestSupport
import Promotion
import Runs
import Spec
import Testing

/// A project of its own with runs to promote, made of small files that only look like a model's.
final class RegistryBench: FolderOwner {
  private let temporary: TemporaryFolder
  var folder: String { temporary.folder }
  let project: Project
  var registry: Registry { Registry(project: project) }

  init(_ spec: RegistrySpec = RegistrySpec()) throws {
    temporary = try TemporaryFolder()
    project = Project(folder: temporary.folder, spec: ProjectSpec(registry: spec))
  }

  // MARK: - Files

  static let registryFile = "results/registry.jsonl"

  /// Every file of the registry and of the models, by path.
  var production: [String: Data] {
    get throws {
      var files = [Self.registryFile: try data(Self.registryFile)]
      for (name, bytes) in contents(of: "models") { files["models/\(name)"] = bytes }
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
    try write(Self.registryFile, "{\"record\":\(record),\"sha256\":\"\(hash)\"}\n")
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
    for (file, text) in texts { try write("\(run)/\(file)", text) }
    if let refit {
      for file in ["run.json", "calibrator.json", "category_levels.json", "spec.yaml"] {
        try write("\(run)/refit/\(file)", texts[file, default: ""])
      }
      try write("\(run)/refit/model.txt", refit)
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
      RegistryRecord.Gate.Check(
        name: "minimum.roc_auc", outcome: .pass, origin: .default,
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
