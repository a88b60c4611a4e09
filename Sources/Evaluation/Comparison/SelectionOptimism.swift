/// The selection bias of the best of several runs that is judged by the same rows that selected it.
public struct SelectionOptimism: Sendable, Equatable {
  /// The metric that selects the best run.
  public let metric: String
  /// The index of the run with the best value on all rows; the first if there are ties.
  public let best: Int
  /// The best run's value on all rows.
  public let value: Double
  /// The selection bias of that value, at least 0, in the metric's own unit.
  public let optimism: Double
  /// The share of resamples in which each run was the best.
  public let shares: [Double]

  /// The value with the selection bias removed, which makes it worse: lower, or higher if lower is
  /// better.
  public var corrected: Double {
    value - (MetricDirection(of: metric)?.sign ?? 1) * optimism
  }
}

/// Estimates the selection bias of the best of several runs on the same rows.
///
/// Bootstrap bias correction (Tsamardinos, Greasidou and Borboudakis, 2018): in every resample of
/// the clusters, the best run is selected on the drawn rows and measured on the clusters left out,
/// about 37 % of them. There, its lead over the mean of all runs is free of selection bias. The
/// optimism is the best run's lead over that mean on all rows, minus the average of those leads.
/// The method uses leads rather than values because some metrics (`pr_auc`, lists of a fixed
/// length) change with the number of rows.
///
/// The plain bootstrap (Efron and Tibshirani, 1993, section 17.6) measures the selected run on the
/// full rows. It mistakes chance differences between equally good runs for real ones and
/// underestimates the bias by a factor of √2.
/// - Parameter metric: one of `ComparisonOptions.decisiveMetrics`.
/// - Returns: nil without runs, or if the metric is undefined in a run or in every resample.
public func selectionOptimism(
  _ runs: [ScoredRows], metric: String, evaluation: EvaluationOptions = EvaluationOptions(),
  bootstrap settings: BootstrapOptions = BootstrapOptions()
) -> SelectionOptimism? {
  guard let direction = MetricDirection(of: metric), let first = runs.first else { return nil }
  precondition(
    runs.allSatisfy { $0.hasSameRows(as: first) }, "only the same rows can be compared in pairs")
  let values = runs.compactMap {
    evaluate($0, options: evaluation).headline(lists: evaluation.lists)[metric]
  }
  let plans = runs.map { ResamplePlan($0, lists: evaluation.lists, only: metric) }
  guard values.count == runs.count, let column = plans[0].names.firstIndex(of: metric) else {
    return nil
  }
  let leads = resample(plans, settings) { measures, weights -> Lead? in
    let drawn = measures.indices.map { measures[$0].values(weights)[column] }
    let left = weights.map { UInt16($0 == 0 ? 1 : 0) }
    let others = measures.indices.map { measures[$0].values(left)[column] }
    let own = drawn.compactMap(\.self)
    let out = others.compactMap(\.self)
    guard own.count == runs.count, out.count == runs.count else { return nil }
    return Lead(best: direction.best(of: own), of: out)
  }.compactMap(\.self)
  guard !leads.isEmpty else { return nil }
  let apparent = Lead(best: direction.best(of: values), of: values)
  var sum = CompensatedSum()
  for lead in leads { sum.add(lead.value) }
  let expected = sum.value / Double(leads.count)
  return SelectionOptimism(
    metric: metric, best: apparent.best, value: values[apparent.best],
    optimism: max(0, direction.sign * (apparent.value - expected)),
    shares: runs.indices.map { run in
      Double(leads.count { $0.best == run }) / Double(leads.count)
    })
}

/// The lead of one run over the mean of all.
private struct Lead: Sendable {
  let best: Int
  let value: Double

  init(best: Int, of values: [Double]) {
    self.best = best
    value = values[best] - CompensatedSum(values).value / Double(values.count)
  }
}

extension MetricDirection {
  /// Returns the index of the best value, the first if there are ties.
  fileprivate func best(of values: [Double]) -> Int {
    values.indices.max { (sign * values[$0], -$0) < (sign * values[$1], -$1) } ?? 0
  }
}
