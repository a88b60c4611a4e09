/// What decides a comparison, and how sure it has to be.
public struct ComparisonOptions: Sendable, Equatable {
  /// The metric that the verdict is about, one of `decisiveMetrics`.
  public let metric: String
  /// The smallest difference worth having, in the metric's own unit; above 0.
  public let smallestEffect: Double
  /// How intervals are made; the level is that of one comparison, before correction for several.
  public var bootstrap: BootstrapOptions

  /// Options; a metric without a usual effect needs one.
  ///
  /// It is a programmer's error, and stops the program, when the metric cannot decide, or there is no
  /// smallest effect above 0.
  public init(
    metric: String = "roc_auc", smallestEffect: Double? = nil,
    bootstrap: BootstrapOptions = BootstrapOptions(resamples: 2000)
  ) {
    precondition(MetricDirection(of: metric) != nil, "the metric cannot decide")
    let effect = smallestEffect ?? Self.usualEffects[metric] ?? .nan
    precondition(effect > 0, "the smallest effect worth having is above 0")
    self.metric = metric
    self.smallestEffect = effect
    self.bootstrap = bootstrap
  }

  /// The smallest effects worth having where none is stated.
  ///
  /// Only of metrics whose unit means the same on any data: what is a small `brier` or `lift_at_100`
  /// depends on the base rate, so theirs has to be stated.
  public static let usualEffects = ["roc_auc": 0.005]

  /// The names that `metric` may have where these top lists are drawn up.
  public static func decisiveMetrics(_ evaluation: EvaluationOptions) -> [String] {
    (ResamplePlan.pooledNames + ResamplePlan.meanNames(of: evaluation.lists))
      .filter { MetricDirection(of: $0) != nil }
  }
}
