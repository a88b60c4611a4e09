public import Diagnostics
public import Experiment
internal import Foundation

/// The files of a run that go into production with it.
public struct ModelArtifact: Sendable {
  /// By name; everything that scoring needs, and what shows how it came about.
  let files: [String: Data]

  /// The files that every artifact has.
  public static let names = [
    "calibrator.json", "category_levels.json", "feature_importance.csv", "metrics.json",
    "model.txt", "panel.sql", "report.md", "run.json", "spec.yaml",
  ]

  /// The files that an artifact has beside them where its run was fitted a second time, on everything
  /// mature.
  public static let refitNames = [
    "calibrator.json", "category_levels.json", "model.txt", "run.json", "spec.yaml",
  ].map { "\(StoredRun.refitFolder)/\($0)" }

  /// The files that say what the models have learned from.
  static let recordNames: Set<String> = ["run.json", "\(StoredRun.refitFolder)/run.json"]

  /// Reads a run's files.
  /// - Throws: `FindingsError` where one is missing or is not what the run wrote.
  public init(_ run: StoredRun) throws(FindingsError) {
    var files = try Self.content(Self.names, of: run.files, in: run)
    if let refit = try run.refit() {
      let names = Self.refitNames.map { ($0 as NSString).lastPathComponent }
      for (name, bytes) in try Self.content(names, of: refit.files, in: run) {
        files["\(StoredRun.refitFolder)/\(name)"] = bytes
      }
    }
    self.files = files
  }

  private static func content(
    _ names: [String], of files: RunFiles, in run: StoredRun
  ) throws(FindingsError) -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in names {
      switch FileState.read(name, in: files.folder) {
      case .content(let bytes):
        if name == "run.json" {
          try files.checkRecord(bytes)
        } else {
          try files.check(name, Fingerprint.of(bytes))
        }
        contents[name] = bytes
      case .absent: throw FindingsError(.brokenRun(run, name, "it is not there"))
      case .other(let reason): throw FindingsError(.brokenRun(run, name, reason))
      }
    }
    return contents
  }

  /// SHA-256 by name.
  var fingerprints: [String: String] { files.mapValues { Fingerprint.of($0) } }
}
