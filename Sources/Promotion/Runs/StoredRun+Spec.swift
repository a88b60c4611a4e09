public import Diagnostics
public import Experiment
internal import Foundation
public import Spec

extension StoredRun {
  /// The spec that the run was made of, every default filled in.
  /// - Throws: `FindingsError` when the run's spec.yaml is missing or no longer a spec.
  public func spec() throws(FindingsError) -> ExperimentSpec { try resolved().spec }

  /// The same with the tree that it was decoded from.
  func resolved() throws(FindingsError) -> (spec: ExperimentSpec, tree: LoadedSpec) {
    try Self.resolved(in: folder)
  }

  /// The same of the spec.yaml in a folder.
  static func resolved(
    in folder: String
  ) throws(FindingsError) -> (spec: ExperimentSpec, tree: LoadedSpec) {
    let path = "\(folder)/spec.yaml"
    let file = SpecLoader.load(path: path)
    guard let spec = file.spec, let tree = file.members.first else {
      let reason = file.findings.first { $0.severity == .error }?.message ?? "it is a sweep"
      throw FindingsError(.unreadableRunFile(path, what: "a run's spec", reason))
    }
    return (spec, tree)
  }

  /// Whether the run's predictions are there.
  var hasPredictions: Bool {
    FileManager.default.fileExists(atPath: path("predictions.parquet"))
  }

  /// The days of the test cutoffs, oldest first.
  var testCutoffs: [String] {
    record.cutoffs.filter { $0.role == "test" }.map(\.date).sorted()
  }
}
