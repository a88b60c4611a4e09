public import Diagnostics
public import Experiment
internal import Foundation

/// The numbers behind the charts of a compared run, or why there are none.
public enum ComparedCurves: Sendable {
  case curves(RunCurves)
  /// Only metrics are available: of a git revision, or in a fresh checkout.
  case metricsOnly
  /// An earlier version, which wrote no curves, made the run.
  case earlierVersion
  /// A promoted model, which has only what scoring needs, and whose run is not on this machine.
  case runElsewhere(runId: String)

  /// nil if there are none.
  public var found: RunCurves? { if case .curves(let curves) = self { curves } else { nil } }
}

extension ComparedRun {
  /// Reads the curves that the run wrote: in its folder or, for a promoted model, in the folder of
  /// the run it came from.
  /// - Throws: `FindingsError` if a run's own curves are not what it wrote.
  public func curves(in project: Project) throws(FindingsError) -> ComparedCurves {
    guard let run else { return .metricsOnly }
    let file = RunCurves.file
    guard let hash = run.record.files?[file] else { return .earlierVersion }
    guard canBeScoredAfresh, !FileManager.default.fileExists(atPath: run.path(file)) else {
      return try run.curves().map(ComparedCurves.curves) ?? .earlierVersion
    }
    let id = run.record.runId
    let folder = "\(project.resultsFolder(of: run.record.name))/runs/\(id)"
    // A run with the same id that another machine made may differ in the last bits.
    guard Fingerprint.of(file: "\(folder)/\(file)") == hash else {
      return .runElsewhere(runId: id)
    }
    return try run.curves(in: folder).map(ComparedCurves.curves) ?? .earlierVersion
  }
}
