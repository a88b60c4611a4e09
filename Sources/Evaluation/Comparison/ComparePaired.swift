/// Compares candidates with a base on the same rows.
///
/// All sides hold the same rows: equal cutoffs, entities and labels, in the same order. Entities are
/// resampled with all their rows, the same draws for every side, so that what the sides share cancels
/// out of the differences. Several candidates are corrected for by Holm's method (1979): the k-th
/// smallest of m p-values is judged at (1 - level) / (m - k + 1), which is the level of its interval.
/// Metrics of top lists are means over cutoffs, all others pool them.
/// - Returns: one comparison per candidate, in their order; nil where the decisive metric is undefined
///   on either side, or fewer than two entities bought, or fewer than two did not.
public func comparePaired(
  base: ScoredRows, candidates: [ScoredRows], evaluation: EvaluationOptions = EvaluationOptions(),
  options: ComparisonOptions = ComparisonOptions()
) -> [PairedComparison?] {
  comparePaired(base, candidates, evaluation, options, only: nil)
}

/// As `comparePaired(base:candidates:evaluation:options:)`; of the costlier metrics only those that come
/// with the named one are measured, which simulations of thousands of comparisons need.
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

/// A model's intervals, and what it does better or worse than baselines on the same rows.
///
/// All sides are resampled together, so that the model's intervals are those of `bootstrap(_:)` and each
/// difference is of the same draws.
/// - Parameter baselines: of the same rows as the model, in the same order.
/// - Returns: the model's intervals; and per baseline, the model's metrics less the baseline's, of the
///   metrics that tell which of two models is better and that both sides have.
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
  /// The metrics that resamples have as well: the pooled ones, and means over cutoffs of top lists.
  func headline(lists: [TopListSize]) -> MetricValues {
    var values = pooled.values.filter { ResamplePlan.pooledNames.contains($0.key) }
    for name in ResamplePlan.meanNames(of: lists) { values[name] = mean.values[name] }
    return values
  }
}

extension ScoredRows {
  /// Whether these are the same entities at the same cutoffs with the same labels, in the same order.
  func hasSameRows(as other: ScoredRows) -> Bool {
    cutoff == other.cutoff && entity == other.entity && label == other.label
  }
}

/// The bootstrap distribution of a paired difference, and what it says at any level.
///
/// Intervals are expanded percentile intervals (Hesterberg, 2015, section 5.3). A bootstrap from n
/// independent units, like a standard deviation that divides by n, is narrow by the square root of
/// (n - 1) / n, and takes no account of not knowing the spread. Percentiles further out make up for both:
/// where a normal interval would reach z standard errors, the one of n units reaches those percentiles
/// that a normal distribution has at t √(n / (n - 1)), t being Student's with n - 1 degrees of freedom.
/// The units are the buyers, since a metric of rare events knows about as much as there are of them.
///
/// Where that lies beyond the last draw, the ends are those of a normal distribution, or the last draw
/// where it lies further out, so that any level is judged with any number of resamples.
package struct DifferenceDistribution {
  /// On the full rows.
  let estimate: Double
  /// The differences of the resamples in which both sides are defined, rising.
  let sorted: [Double]
  let standardError: Double
  /// How many independent units there are, at least 2.
  let units: Int

  /// nil where no resample is defined, or there are fewer than two units.
  package init?(estimate: Double, draws: [Double?], units: Int) {
    guard units > 1, let plain = Interval(draws, level: 0.5) else { return nil }
    self.estimate = estimate
    sorted = draws.compactMap(\.self).sorted()
    standardError = plain.standardError
    self.units = units
  }

  /// √(n / (n - 1)).
  private var expansion: Double { (Double(units) / Double(units - 1)).squareRoot() }

  private var student: StudentDistribution { StudentDistribution(degrees: Double(units - 1)) }

  /// How many bootstrap standard errors lie beyond the value that Student's distribution exceeds with
  /// the given probability.
  package func reach(_ probability: Double) -> Double {
    expansion * student.upperQuantile(probability)
  }

  /// The interval that misses the true difference with the probability `alpha`, half on either side.
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

  /// The least alpha whose interval leaves zero out; 1 where there is none.
  package var pValue: Double {
    let below = sorted.count { $0 <= 0 }
    let above = sorted.count { $0 >= 0 }
    var tail = Double(min(below, above) + 1) / Double(sorted.count + 1)
    if min(below, above) == 0, standardError > 0 {
      let distance = (below == 0 ? estimate : -estimate) / standardError
      tail = min(tail, NormalDistribution.upperTail(distance))
    }
    guard tail < 0.5 else { return 1 }
    return 2 * student.upperTail(NormalDistribution.upperQuantile(tail) / expansion)
  }

  /// The smallest true difference that is found to be better with a probability of 0.8: by then the
  /// estimate lies above both what chance allows and the smallest effect.
  package func smallestDetectable(alpha: Double, smallestEffect: Double) -> Double {
    max(reach(alpha / 2) * standardError, smallestEffect) + reach(0.2) * standardError
  }
}

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

/// One metric of a candidate less that of its base, on the same rows.
public struct PairedDifference: Sendable, Equatable {
  public let metric: String
  public let base: Double
  public let candidate: Double
  /// Of candidate less base, over the same resamples for both.
  public let interval: Interval
  /// How sure the interval is to hold the true difference, corrected where there are several candidates.
  public let level: Double

  public init(
    metric: String, base: Double, candidate: Double, interval: Interval, level: Double
  ) {
    self.metric = metric
    self.base = base
    self.candidate = candidate
    self.interval = interval
    self.level = level
  }

  /// candidate - base.
  public var difference: Double { candidate - base }

  /// The difference and the ends of its interval, turned so that more is better.
  var gain: (estimate: Double, lower: Double, upper: Double) {
    MetricDirection(of: metric) == .lessIsBetter
      ? (-difference, -interval.upper, -interval.lower)
      : (difference, interval.lower, interval.upper)
  }
}

/// A candidate beside its base, on the same rows.
public struct PairedComparison: Sendable, Equatable {
  /// Every metric that both have, by name; intervals at the level that was asked for.
  public let differences: [String: PairedDifference]
  /// The metric that decides, with its interval at the corrected level.
  public let decisive: PairedDifference
  /// Of no difference in the decisive metric: two-sided, corrected for several candidates (Holm), so that
  /// it is held against 1 - the level that was asked for.
  public let pValue: Double
  public let verdict: Verdict
  /// The smallest true difference that this comparison would find to be `better` with a probability of
  /// 0.8.
  public let smallestDetectable: Double

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
/// The k-th smallest of m p-values is judged at alpha / (m - k + 1); after the first that stays above its
/// level the level falls no further. Whatever the dependence between them, the chance that any true
/// hypothesis is rejected is at most alpha.
package struct Holm {
  /// The level that each p-value is judged at; an absent p-value takes no part.
  package private(set) var alphas: [Double]
  /// The p-values corrected: at most alpha exactly where the p-value is at most its level.
  package private(set) var adjusted: [Double]

  package init(_ pValues: [Double?], alpha: Double) {
    alphas = pValues.map { _ in alpha }
    adjusted = pValues.map { $0 ?? 1 }
    let order = pValues.indices.filter { pValues[$0] != nil }
      .sorted { (adjusted[$0], $0) < (adjusted[$1], $1) }
    var level = 0.0
    var highest = 0.0
    for (rank, index) in order.enumerated() {
      let remaining = Double(order.count - rank)
      // Once one p-value stays above alpha, corrected, all later ones are judged at its level.
      if highest <= alpha { level = alpha / remaining }
      alphas[index] = level
      highest = max(highest, min(1, remaining * adjusted[index]))
      adjusted[index] = highest
    }
  }
}

/// Which way a metric gets better.
public enum MetricDirection: Sendable, Hashable {
  case moreIsBetter
  case lessIsBetter

  /// nil for a metric that cannot decide which of two models is better.
  ///
  /// The base rate belongs to the rows, not to a model. `calibration_intercept`, `calibration_slope` and
  /// `observed_over_expected` are right at one value, and a model far from it on one side is no better
  /// than one as far on the other; `log_loss` and `brier` judge calibration in one direction. The names
  /// are those of pooled metrics and of top lists; whether a list is drawn up is not looked at.
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

  /// 1 where more is better, -1 where less is.
  var sign: Double { self == .moreIsBetter ? 1 : -1 }
}
