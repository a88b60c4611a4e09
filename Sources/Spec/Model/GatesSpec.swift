public import Diagnostics
public import OrderedCollections

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
