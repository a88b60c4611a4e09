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
