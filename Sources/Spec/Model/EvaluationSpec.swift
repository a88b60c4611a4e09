public import Diagnostics
public import OrderedCollections

/// What is measured on the test cutoffs.
public struct EvaluationSpec: Sendable {
  /// Lengths of the lists whose precision and recall are reported, per cutoff.
  public var topK: [Int]
  /// Shares of the cohort, in percent, whose lift is reported, per cutoff.
  public var topPercent: [Double]
  /// Category features whose levels are reported one by one.
  public var segments: [Located<String>]
  /// Bootstrap resamples; 0: no intervals.
  public var resamples: Int
  /// The intervals' coverage, in (0, 1).
  public var level: Double
  /// Seeds the bootstrap.
  public var seed: Int
  /// Distinct buyers in test below which the evidence is insufficient.
  public var minimumPositives: Int
}

extension EvaluationSpec {
  /// The metrics that have intervals in metrics.json, top lists apart.
  public static let metrics =
    [
      "roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece",
    ] + undirected

  /// Those of which neither more nor less is better.
  public static let undirected = [
    "calibration_intercept", "calibration_slope", "observed_over_expected", "base_rate",
  ]

  /// What is measured of a top list.
  static let listMetrics = ["precision", "recall", "lift"]

  /// The metrics that runs of this spec have, by their names in metrics.json.
  public var metrics: [String] {
    let sizes =
      topK.map(String.init)
      + topPercent.map { percent in
        // A malformed spec may hold any number, an infinite one too.
        (Int(exactly: percent).map(String.init) ?? "\(percent)") + "_percent"
      }
    return Self.metrics
      + Self.listMetrics.flatMap { metric in sizes.map { "\(metric)_at_\($0)" } }
  }
}

/// What a run has to meet before it may be promoted, as written in a spec or in holdout.yaml; what is
/// not written there is nil or empty.
public struct GatesSpec: Sendable {
  /// How a run is compared with the champion; the three go together, being of one unit.
  public struct Comparison: Sendable {
    public var metric: Located<String>
    /// The smallest difference worth having, in the metric's unit; above 0.
    public var smallestEffect: Located<Double>
    /// How much worse a run may be; nil: as `smallestEffect`.
    public var margin: Located<Double>?
  }

  /// A model beside each run that any model has to beat, by its name in metrics.json.
  public enum Baseline: String, CaseIterable, Sendable {
    case prior
    case oneFeature = "one_feature"
  }

  /// The key `gates`.
  public var span: SourceSpan
  public var comparison: Comparison?
  /// By metric, in the order written.
  public var minimum: OrderedDictionary<String, Located<Double>>
  public var maximum: OrderedDictionary<String, Located<Double>>
  /// The baselines that a run has to be better than; empty: none.
  public var betterThan: [Baseline]?
  /// Whether the evidence must suffice.
  public var needsEvidence: Bool?
  /// Whether caveats are refused.
  public var refusesCaveats: Bool?
  /// Whether the audit must pass.
  public var needsAudit: Bool?
  /// Whether what the data do not tell stops a run.
  public var blocksInconclusive: Bool?
}
