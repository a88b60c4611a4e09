public import Diagnostics
public import Evaluation
public import Experiment
public import Learning
public import Spec

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
  /// The spec by which it was named, as it stands now; its gates may have changed since the run.
  public let spec: ExperimentSpec?

  public init(
    reference: String, name: String, metrics: MetricTree, importance: [FeatureImportance],
    run: StoredRun? = nil, promoted: PromotedModel? = nil, remarks: [String] = [],
    spec: ExperimentSpec? = nil
  ) {
    self.reference = reference
    self.name = name
    self.metrics = metrics
    self.importance = importance
    self.run = run
    self.promoted = promoted
    self.remarks = remarks
    self.spec = spec
  }

  /// A run in its folder.
  public init(
    reference: String, run: StoredRun, promoted: PromotedModel? = nil, remarks: [String] = [],
    spec: ExperimentSpec? = nil
  ) {
    self.init(
      reference: reference, name: run.record.name, metrics: run.metrics,
      importance: run.importance, run: run, promoted: promoted, remarks: remarks, spec: spec)
  }

  /// Why its numbers should not be believed: what its spec allows itself, and too few buyers.
  public var doubts: [String] { RunDoubts(self).lines }

  /// The gates of its spec: as they stand now where it was named by its spec, else as its run has them.
  /// - Returns: nil where it has none, or metrics only.
  /// - Throws: `FindingsError` when the run's spec cannot be read.
  public func gates() throws(FindingsError) -> GatesSpec? {
    if let spec { return spec.gates }
    return try run?.spec().gates
  }
}
