public import Diagnostics
internal import Foundation
public import Spec

extension StoredRun {
  /// The spec of the run, with every default filled in.
  /// - Throws: `FindingsError` when the run's spec.yaml is missing or is no longer a spec.
  public func spec() throws(FindingsError) -> ExperimentSpec { try resolved().spec }

  /// The same with the tree that it was decoded from.
  package func resolved() throws(FindingsError) -> (spec: ExperimentSpec, tree: LoadedSpec) {
    try files.resolvedSpec()
  }

  /// Whether the run's predictions are available.
  package var hasPredictions: Bool {
    FileManager.default.fileExists(atPath: path("predictions.parquet"))
  }

  /// The path of the run's predictions.
  /// - Throws: `FindingsError` when they are missing or are not what the run wrote.
  package func predictions() throws(FindingsError) -> String {
    try files.checkedPath("predictions.parquet", what: "predictions")
  }

  /// The days of the test cutoffs, oldest first.
  package var testCutoffs: [String] {
    record.cutoffs.filter { $0.role == "test" }.map(\.date).sorted()
  }
}

extension RunFiles {
  /// The spec in spec.yaml, and the tree that it was decoded from.
  /// - Throws: as `StoredRun.spec()`.
  func resolvedSpec() throws(FindingsError) -> (spec: ExperimentSpec, tree: LoadedSpec) {
    let path = try checkedPath("spec.yaml", what: "a run's spec")
    let file = SpecLoader.load(path: path)
    guard let spec = file.spec, let tree = file.members.first else {
      let reason = file.findings.first { $0.severity == .error }?.message ?? "it is a sweep"
      throw FindingsError(.unreadableRunFile(path, what: "a run's spec", reason))
    }
    return (spec, tree)
  }
}
