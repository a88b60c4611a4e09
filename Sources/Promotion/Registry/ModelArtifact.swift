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

  /// Reads a run's files.
  /// - Throws: `FindingsError` where one is missing.
  public init(_ run: StoredRun) throws(FindingsError) {
    var files: [String: Data] = [:]
    for name in Self.names + (run.hasRefit ? Self.refitNames : []) {
      switch FileState.read(name, in: run.folder) {
      case .content(let bytes): files[name] = bytes
      case .absent: throw FindingsError(.brokenRun(run, name, "it is not there"))
      case .other(let reason): throw FindingsError(.brokenRun(run, name, reason))
      }
    }
    self.files = files
  }

  /// SHA-256 by name.
  var fingerprints: [String: String] { files.mapValues { Fingerprint.of($0) } }
}
