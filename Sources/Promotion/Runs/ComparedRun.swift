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
  /// nil where only metrics and importance are there: of a git revision, or in a fresh checkout.
  public let run: StoredRun?
  /// Where it is in production: the artifact, whose folder `run` then is.
  public let promoted: PromotedModel?
  /// What a reader has to know of this side.
  public let remarks: [String]

  public init(
    reference: String, name: String, metrics: MetricTree, importance: [FeatureImportance],
    run: StoredRun? = nil, promoted: PromotedModel? = nil, remarks: [String] = []
  ) {
    self.reference = reference
    self.name = name
    self.metrics = metrics
    self.importance = importance
    self.run = run
    self.promoted = promoted
    self.remarks = remarks
  }

  /// A run in its folder.
  public init(
    reference: String, run: StoredRun, promoted: PromotedModel? = nil, remarks: [String] = []
  ) {
    self.init(
      reference: reference, name: run.record.name, metrics: run.metrics,
      importance: run.importance, run: run, promoted: promoted, remarks: remarks)
  }

  /// Why its numbers should not be believed: what its spec allows itself, and too few buyers.
  public var doubts: [String] { RunDoubts(self).lines }
}
