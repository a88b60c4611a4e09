public import Diagnostics
public import OrderedCollections

/// One experiment as a user declared it: composed, decoded and checked without looking at data.
///
/// Every value that a later stage may find fault with keeps the place it was written at.
public struct ExperimentSpec: Sendable {
  public var name: Located<String>
  public var description: String?
  /// By name, in the order written.
  public var sources: OrderedDictionary<String, SourceSpec>
  /// The last day that may be treated as known, if the spec caps it below the sources' data_through.
  public var asOf: Located<CalendarDate>?
  /// The columns of today that it allows itself to read; nil: none.
  public var lookAhead: LookAheadSpec?
  public var cutoffs: CutoffsSpec
  public var cohort: CohortSpec
  public var label: LabelSpec
  /// The chosen features, windows expanded, in the order of the feature sets.
  public var features: [FeatureSpec]
  public var model: ModelSpec
  /// nil: the learner sees every train row.
  public var sample: SampleSpec?
  public var calibration: CalibrationSpec
  public var evaluation: EvaluationSpec
  public var score: ScoreSpec?
  /// nil: every row that is published may be worked on.
  public var capacity: CapacitySpec?
  public var retrain: RetrainSpec
  /// nil: as the project has it.
  public var gates: GatesSpec?
  public var accept = AcceptSpec()
}
