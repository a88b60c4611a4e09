/// Compares candidates with a base on the same rows.
///
/// All sides have the same rows: equal cutoffs, entities, clusters and labels, in the same order.
/// Clusters are resampled with all their rows and with the same draws for every side, so the
/// variation that the sides share cancels out of the differences. Several candidates are corrected for by Holm's
/// method (1979): the k-th smallest of m p-values is tested at (1 - level) / (m - k + 1), and one
/// minus that is the level of its interval. Top-list metrics are means over cutoffs; all others
/// pool them.
/// - Returns: one comparison per candidate, in their order. It is nil if the decisive metric is
///   undefined on either side, if fewer than two clusters bought, or if fewer than two did not.
public func comparePaired(
  base: ScoredRows, candidates: [ScoredRows], evaluation: EvaluationOptions = EvaluationOptions(),
  options: ComparisonOptions = ComparisonOptions()
) -> [PairedComparison?] {
  comparePaired(base, candidates, evaluation, options, only: nil)
}

/// Does the same as `comparePaired(base:candidates:evaluation:options:)`, but computes only those
/// expensive metrics that the named metric needs. Simulations of thousands of comparisons use it.
package func comparePaired(
  _ base: ScoredRows, _ candidates: [ScoredRows], _ evaluation: EvaluationOptions,
  _ options: ComparisonOptions, only metric: String?
) -> [PairedComparison?] {
  precondition(
    candidates.allSatisfy { $0.hasSameRows(as: base) },
    "only the same rows can be compared in pairs")
  let sides = [base] + candidates
  let draws = bootstrap(
    sides, options: evaluation, bootstrap: options.bootstrap, only: metric)
  let values = sides.map { evaluate($0, options: evaluation).headline(lists: evaluation.lists) }
  let units = base.rarerClassEntities
  let distributions = sides.indices.dropFirst().map { side -> [String: DifferenceDistribution] in
    let differences = draws[side].subtracting(draws[0]).all
    return values[side].reduce(into: [String: DifferenceDistribution]()) { found, entry in
      guard let other = values[0][entry.key], let draws = differences[entry.key] else { return }
      found[entry.key] = DifferenceDistribution(
        estimate: entry.value - other, draws: draws, units: units)
    }
  }
  let levels = Holm(
    distributions.map { $0[options.metric]?.pValue }, alpha: 1 - options.bootstrap.level)
  return distributions.enumerated().map { number, distributions in
    PairedComparison(
      distributions, base: values[0], candidate: values[number + 1],
      alpha: levels.alphas[number], pValue: levels.adjusted[number], options)
  }
}

/// Returns a model's intervals and its differences from baselines on the same rows.
///
/// All sides are resampled together, so the model's intervals equal those of `bootstrap(_:)` and
/// each difference uses the same draws.
/// - Parameter baselines: the same rows as the model, in the same order.
/// - Returns: the model's intervals and, for each baseline, the model's metrics minus the
///   baseline's. The differences cover the metrics that both sides have and that can rank two
///   models.
public func compareWithBaselines(
  _ model: ScoredRows, _ baselines: [ScoredRows],
  evaluation: EvaluationOptions = EvaluationOptions(),
  bootstrap settings: BootstrapOptions = BootstrapOptions()
) -> (intervals: BootstrapIntervals, differences: [[String: PairedDifference]]) {
  precondition(
    baselines.allSatisfy { $0.hasSameRows(as: model) },
    "only the same rows can be compared in pairs")
  let sides = [model] + baselines
  let draws = bootstrap(sides, options: evaluation, bootstrap: settings, only: nil)
  let values = sides.map { evaluate($0, options: evaluation).headline(lists: evaluation.lists) }
  let units = model.rarerClassEntities
  let differences = sides.indices.dropFirst().map { side -> [String: PairedDifference] in
    let differences = draws[0].subtracting(draws[side]).all
    return values[0].reduce(into: [:]) { found, entry in
      guard MetricDirection(of: entry.key) != nil, let other = values[side][entry.key],
        let distribution = differences[entry.key].flatMap({
          DifferenceDistribution(estimate: entry.value - other, draws: $0, units: units)
        })
      else { return }
      found[entry.key] = PairedDifference(
        metric: entry.key, base: other, candidate: entry.value,
        interval: distribution.interval(alpha: 1 - settings.level), level: settings.level)
    }
  }
  return (draws[0].intervals(level: settings.level), differences)
}

extension PairedComparison {
  fileprivate init?(
    _ distributions: [String: DifferenceDistribution], base: MetricValues,
    candidate: MetricValues, alpha: Double, pValue: Double, _ options: ComparisonOptions
  ) {
    func difference(_ metric: String, alpha: Double) -> PairedDifference? {
      guard let distribution = distributions[metric], let base = base[metric],
        let candidate = candidate[metric]
      else { return nil }
      return PairedDifference(
        metric: metric, base: base, candidate: candidate,
        interval: distribution.interval(alpha: alpha), level: 1 - alpha)
    }
    guard let decisive = difference(options.metric, alpha: alpha),
      let distribution = distributions[options.metric]
    else { return nil }
    differences = distributions.keys.reduce(into: [:]) {
      $0[$1] = difference($1, alpha: 1 - options.bootstrap.level)
    }
    self.decisive = decisive
    self.pValue = pValue
    let gain = decisive.gain
    verdict = Verdict(
      difference: gain.estimate, lower: gain.lower, upper: gain.upper,
      smallestEffect: options.smallestEffect)
    smallestDetectable = distribution.smallestDetectable(
      alpha: alpha, smallestEffect: options.smallestEffect)
  }
}

extension TestMetrics {
  /// Returns the metrics that resamples have as well: the pooled ones, and the means over cutoffs
  /// of top-list metrics.
  func headline(lists: [TopListSize]) -> MetricValues {
    var values = pooled.values.filter { ResamplePlan.pooledNames.contains($0.key) }
    for name in ResamplePlan.meanNames(of: lists) { values[name] = mean.values[name] }
    return values
  }
}

extension ScoredRows {
  /// Returns whether both have the same entities, clusters, cutoffs and labels in the same order.
  func hasSameRows(as other: ScoredRows) -> Bool {
    cutoff == other.cutoff && entity == other.entity && label == other.label
      && cluster == other.cluster
  }
}

/// The bootstrap distribution of a paired difference, for intervals and p-values at any level.
///
/// Intervals are expanded percentile intervals (Hesterberg, 2015, section 5.3). A bootstrap of n
/// independent units is too narrow in two ways. Like a standard deviation that divides by n, it is
/// narrow by the square root of (n - 1) / n, and it ignores the uncertainty about the spread.
/// Moving the percentiles outward corrects both: a normal interval that reaches z standard errors
/// becomes the interval between the percentiles that a normal distribution has at t √(n / (n - 1)),
/// where t is the quantile of Student's distribution with n - 1 degrees of freedom. The units are
/// the clusters of the rarer class, usually the buyers, because a metric of rare events carries
/// about as much information as there are of them.
///
/// If a percentile lies beyond the last draw, the interval ends at the normal distribution's value
/// or at the last draw, whichever is further out. Any level therefore works with any number of
/// resamples.
package struct DifferenceDistribution {
  /// The difference on the full rows.
  let estimate: Double
  /// The differences of the resamples in which both sides are defined, ascending.
  let sorted: [Double]
  let standardError: Double
  /// The number of independent units, at least 2.
  let units: Int

  /// Creates the distribution; nil if no resample is defined or there are fewer than two units.
  package init?(estimate: Double, draws: [Double?], units: Int) {
    guard units > 1, let plain = Interval(draws, level: 0.5) else { return nil }
    self.estimate = estimate
    sorted = draws.compactMap(\.self).sorted()
    standardError = plain.standardError
    self.units = units
  }

  private var student: StudentDistribution { StudentDistribution(degrees: Double(units - 1)) }

  /// Returns the distance, in bootstrap standard errors, that corresponds to the value which
  /// Student's distribution exceeds with the given probability.
  package func reach(_ probability: Double) -> Double {
    student.reach(probability)
  }

  /// Returns the interval that misses the true difference with probability `alpha`, half on either
  /// side.
  package func interval(alpha: Double) -> Interval {
    let reach = reach(alpha / 2)
    let count = sorted.count
    let position = Int(NormalDistribution.upperTail(reach) * Double(count + 1))
    guard position > 0 else {
      return Interval(
        lower: min(sorted[0], estimate - reach * standardError),
        upper: max(sorted[count - 1], estimate + reach * standardError),
        standardError: standardError, defined: count)
    }
    return Interval(
      lower: sorted[position - 1], upper: sorted[count - position],
      standardError: standardError, defined: count)
  }

  /// The smallest alpha whose interval excludes zero; 1 if there is none.
  package var pValue: Double {
    let below = sorted.count { $0 <= 0 }
    let above = sorted.count { $0 >= 0 }
    var tail = Double(min(below, above) + 1) / Double(sorted.count + 1)
    if min(below, above) == 0, standardError > 0 {
      let distance = (below == 0 ? estimate : -estimate) / standardError
      tail = min(tail, NormalDistribution.upperTail(distance))
    }
    guard tail < 0.5 else { return 1 }
    return 2 * student.upperTail(NormalDistribution.upperQuantile(tail) / student.expansion)
  }

  /// Returns the smallest true difference that is detected as better with a probability of 0.8. At
  /// that difference the estimate exceeds both chance and the smallest effect with that
  /// probability.
  package func smallestDetectable(alpha: Double, smallestEffect: Double) -> Double {
    max(reach(alpha / 2) * standardError, smallestEffect) + reach(0.2) * standardError
  }
}

/// The metric that decides a comparison, its smallest relevant effect, and the bootstrap options.
public struct ComparisonOptions: Sendable, Equatable {
  /// The decisive metric, one of `decisiveMetrics`.
  public let metric: String
  /// The smallest difference that matters, in the metric's own unit; greater than 0.
  public let smallestEffect: Double
  /// Options of the bootstrap; its level is that of one comparison, before correction for several.
  public var bootstrap: BootstrapOptions

  /// Creates options; a metric that has no usual effect needs one.
  ///
  /// It is a programmer error, and traps, if the metric cannot be decisive or if there is no
  /// smallest effect greater than 0.
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

  /// The smallest relevant effects used by default.
  ///
  /// Only metrics whose unit means the same on any data have one. A small difference in `brier` or
  /// `lift_at_100` depends on the base rate, so for those it must be specified.
  public static let usualEffects = ["roc_auc": 0.005]

  /// Returns the names that `metric` may have with these top lists.
  public static func decisiveMetrics(_ evaluation: EvaluationOptions) -> [String] {
    (ResamplePlan.pooledNames + ResamplePlan.meanNames(of: evaluation.lists))
      .filter { MetricDirection(of: $0) != nil }
  }
}

/// One metric of a candidate minus that of its base, on the same rows.
public struct PairedDifference: Sendable, Equatable {
  /// The metric's name.
  public let metric: String
  /// The metric of the base.
  public let base: Double
  /// The metric of the candidate.
  public let candidate: Double
  /// The interval of candidate minus base, over the same resamples for both.
  public let interval: Interval
  /// The interval's confidence level, corrected if there are several candidates.
  public let level: Double

  /// Creates a difference from its parts.
  public init(
    metric: String, base: Double, candidate: Double, interval: Interval, level: Double
  ) {
    self.metric = metric
    self.base = base
    self.candidate = candidate
    self.interval = interval
    self.level = level
  }

  /// The candidate's metric minus the base's.
  public var difference: Double { candidate - base }

  /// The difference and the ends of its interval, with the sign that makes a higher value better.
  var gain: (estimate: Double, lower: Double, upper: Double) {
    MetricDirection(of: metric) == .lessIsBetter
      ? (-difference, -interval.upper, -interval.lower)
      : (difference, interval.lower, interval.upper)
  }
}

/// A comparison of a candidate with its base on the same rows.
public struct PairedComparison: Sendable, Equatable {
  /// Every metric that both have, by name, with intervals at the requested level.
  public let differences: [String: PairedDifference]
  /// The decisive metric, with its interval at the corrected level.
  public let decisive: PairedDifference
  /// The two-sided p-value of no difference in the decisive metric. It is corrected for several
  /// candidates (Holm), so compare it with 1 minus the requested level.
  public let pValue: Double
  /// The verdict on the candidate.
  public let verdict: Verdict
  /// The smallest true difference that this comparison would detect as `better` with a probability
  /// of 0.8.
  public let smallestDetectable: Double

  /// Creates a comparison from its parts.
  public init(
    differences: [String: PairedDifference], decisive: PairedDifference, pValue: Double,
    verdict: Verdict, smallestDetectable: Double
  ) {
    self.differences = differences
    self.decisive = decisive
    self.pValue = pValue
    self.verdict = verdict
    self.smallestDetectable = smallestDetectable
  }
}

/// Holm's step-down correction of several p-values (1979).
///
/// The k-th smallest of m p-values is tested at alpha / (m - k + 1). After the first that exceeds
/// its level, all later ones are tested at that same level. However the p-values depend on each
/// other, the probability of rejecting any true hypothesis is at most alpha.
package struct Holm {
  /// The level at which each p-value is tested; absent p-values are not counted.
  package private(set) var alphas: [Double]
  /// The corrected p-values: at most alpha exactly if the p-value is at most its level.
  package private(set) var adjusted: [Double]

  /// Corrects the p-values for an overall error probability of `alpha`.
  package init(_ pValues: [Double?], alpha: Double) {
    alphas = pValues.map { _ in alpha }
    adjusted = pValues.map { $0 ?? 1 }
    let order = pValues.indices.filter { pValues[$0] != nil }
      .sorted { (adjusted[$0], $0) < (adjusted[$1], $1) }
    var level = 0.0
    var highest = 0.0
    for (rank, index) in order.enumerated() {
      let remaining = Double(order.count - rank)
      // Once a corrected p-value exceeds alpha, all later ones are tested at its level.
      if highest <= alpha { level = alpha / remaining }
      alphas[index] = level
      highest = max(highest, min(1, remaining * adjusted[index]))
      adjusted[index] = highest
    }
  }
}

/// The direction in which a metric improves.
public enum MetricDirection: Sendable, Hashable {
  case moreIsBetter
  case lessIsBetter

  /// Returns the direction of a metric; nil for a metric that cannot rank two models.
  ///
  /// The base rate is a property of the rows, not of a model. `calibration_intercept`,
  /// `calibration_slope` and `observed_over_expected` are best at one value, and a model far from
  /// it on one side is no better than one equally far on the other. `log_loss` and `brier` judge
  /// calibration in one direction. The names are those of pooled metrics and of top lists; whether
  /// a list is configured is not checked.
  public init?(of metric: String) {
    switch metric {
    case "roc_auc", "pr_auc", "brier_skill": self = .moreIsBetter
    case "log_loss", "brier", "ece": self = .lessIsBetter
    default:
      let isOfTopList = ["precision_at_", "recall_at_", "lift_at_"].contains(
        where: metric.hasPrefix)
      guard isOfTopList else { return nil }
      self = .moreIsBetter
    }
  }

  /// 1 if higher is better, -1 if lower is better.
  var sign: Double { self == .moreIsBetter ? 1 : -1 }
}
