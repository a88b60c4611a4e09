/// How much the best of several runs owes to having been picked on the rows it is judged by.
public struct SelectionOptimism: Sendable, Equatable {
  public let metric: String
  /// The run with the best value on all rows, as an index; the first of equals.
  public let best: Int
  /// Its value there.
  public let value: Double
  /// By how much picking it flatters it, at least 0, in the metric's own unit.
  public let optimism: Double
  /// The share of resamples in which each run was the best.
  public let shares: [Double]

  /// The value less its optimism; more of it where less is better.
  public var corrected: Double {
    value - (MetricDirection(of: metric)?.sign ?? 1) * optimism
  }
}

/// How optimistic the value of the best of several runs on the same rows is.
///
/// Bootstrap bias correction (Tsamardinos, Greasidou and Borboudakis, 2018): in every resample of the
/// entities the best run is picked by the rows drawn, and measured on the entities left out, about 37 %
/// of them. What it leads the runs' mean by is there free of the picking. The optimism is what the best
/// run leads that mean by on all rows, less the mean of those leads. Leads, not values, since some metrics
/// (`pr_auc`, lists of a fixed length) come out differently on fewer rows.
///
/// The plain bootstrap (Efron and Tibshirani, 1993, section 17.6), which measures the pick on the full
/// rows, takes differences between equally good runs for real and finds a factor of √2 too little.
/// - Parameter metric: one of `ComparisonOptions.decisiveMetrics`.
/// - Returns: nil without runs, or where the metric is undefined in a run or in every resample.
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

/// By how much one run differs from the mean of all.
private struct Lead: Sendable {
  let best: Int
  let value: Double

  init(best: Int, of values: [Double]) {
    var sum = CompensatedSum()
    for value in values { sum.add(value) }
    self.best = best
    value = values[best] - sum.value / Double(values.count)
  }
}

extension MetricDirection {
  /// The position of the best value, the first of equals.
  fileprivate func best(of values: [Double]) -> Int {
    values.indices.max { (sign * values[$0], -$0) < (sign * values[$1], -$1) } ?? 0
  }
}
