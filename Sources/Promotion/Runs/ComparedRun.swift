public import Evaluation
public import Experiment
public import Learning

/// One side of a comparison: a run in its folder, or what another git revision says of one.
public struct ComparedRun: Sendable {
  /// As the user named it: `solidworks`, a run id, a folder, `champion`, `git:main:solidworks`.
  public let reference: String
  /// The experiment's name.
  public let name: String
  public let metrics: MetricTree
  public let importance: [FeatureImportance]
  /// nil for a git revision, which keeps metrics and importance only.
  public let run: StoredRun?
}
