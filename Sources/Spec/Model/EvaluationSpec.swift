public import Diagnostics
public import OrderedCollections

/// The metrics to compute on the test cutoffs.
public struct EvaluationSpec: Sendable {
  /// A simpler model that is evaluated on the same test rows, by its name in metrics.json.
  public enum Baseline: String, CaseIterable, Sendable {
    case prior
    case oneFeature = "one_feature"
    case logistic
  }

  /// Lengths of the lists whose precision and recall are reported, per cutoff.
  public var topK: [Int]
  /// Shares of the cohort, in percent, whose lift is reported, per cutoff.
  public var topPercent: [Double]
  /// The divisions of the test rows whose levels are evaluated one by one.
  public var segments: [SegmentSpec]
  /// The number of bootstrap resamples; 0 means no intervals.
  public var resamples: Int
  /// The intervals' coverage, in (0, 1).
  public var level: Double
  /// The seed of the bootstrap.
  public var seed: Int
  /// The number of distinct positive entities in the test rows below which the evidence is
  /// insufficient.
  public var minimumPositives: Int
  /// The column whose values are the clusters of entities: rows of one cluster are not independent.
  /// nil if every entity is a cluster of its own.
  public var cluster: Located<ColumnReference>?
  /// The baselines that are evaluated, each once, in the order of their cases.
  public var baselines: [Baseline]
}

extension EvaluationSpec {
  /// The metrics that have intervals in metrics.json, except those of top lists.
  public static let metrics =
    [
      "roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece",
    ] + undirected

  /// The metrics for which neither more nor less is better.
  public static let undirected = [
    "calibration_intercept", "calibration_slope", "observed_over_expected", "base_rate",
  ]

  /// The metrics of a top list.
  static let listMetrics = ["precision", "recall", "lift"]

  /// The metrics of runs of this spec, by their names in metrics.json.
  public var metrics: [String] {
    let sizes =
      topK.map(String.init)
      + topPercent.map { percent in
        // A malformed spec may contain any number, even an infinite one.
        (Int(exactly: percent).map(String.init) ?? "\(percent)") + "_percent"
      }
    return Self.metrics
      + Self.listMetrics.flatMap { metric in sizes.map { "\(metric)_at_\($0)" } }
  }
}

/// The conditions that a run must meet to be promoted, as written in a spec or in holdout.yaml.
/// Settings that are not written are nil or empty.
public struct GatesSpec: Sendable {
  /// How a run is compared with the champion. The three settings belong together because they share
  /// one unit.
  public struct Comparison: Sendable {
    /// The metric that is compared.
    public var metric: Located<String>
    /// The smallest difference that matters, in the metric's unit; greater than 0.
    public var smallestEffect: Located<Double>
    /// How much worse a run may be; nil means `smallestEffect`.
    public var margin: Located<Double>?
  }

  /// A baseline that the model must beat.
  public typealias Baseline = EvaluationSpec.Baseline

  /// The segments whose levels must be alike, and how alike.
  public struct Segments: Sendable {
    /// Which segments of a spec.
    public enum Names: Sendable {
      case none, all
      /// Those with these names, at least one.
      case named([Located<String>])
    }

    /// Which segments of a spec.
    public var alike: Names
    /// The p-value below which levels differ.
    public var smallestP: Located<Double>?
    /// The factor by which a level's ratio may be above or below that of all levels; at least 1.
    public var largestRatio: Located<Double>?
  }

  /// The position of the key `gates`.
  public var span: SourceSpan
  /// How a run is compared with the champion.
  public var comparison: Comparison?
  /// The lower bounds by metric, in the order written.
  public var minimum: OrderedDictionary<String, Located<Double>>
  /// The upper bounds by metric, in the order written.
  public var maximum: OrderedDictionary<String, Located<Double>>
  /// The baselines that a run must beat; empty for none.
  public var betterThan: [Baseline]?
  /// Whether the evidence must be sufficient.
  public var needsEvidence: Bool?
  /// Whether caveats are refused.
  public var refusesCaveats: Bool?
  /// Whether the audit must pass.
  public var needsAudit: Bool?
  /// Which segments must have levels that are alike.
  public var segments: Segments?
  /// Whether an inconclusive result blocks promotion.
  public var blocksInconclusive: Bool?
}
