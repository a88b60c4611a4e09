/// One side of a comparison: its metrics, and those of its resamples.
struct MeasuredRows {
  let values: MetricValues
  let draws: [String: [Double?]]

  init(_ rows: ScoredRows, _ evaluation: EvaluationOptions, _ options: ComparisonOptions) {
    let metrics = evaluate(rows, options: evaluation)
    let draws = bootstrap(rows, options: evaluation, bootstrap: options.bootstrap)
    // Top lists are drawn up per cutoff, so theirs are means over cutoffs. No name stands in both.
    self.draws = draws.pooled.merging(draws.mean) { pooled, _ in pooled }
    values = metrics.mean.values.filter { draws.mean[$0.key] != nil }
      .merging(metrics.pooled.values.filter { draws.pooled[$0.key] != nil }) { $1 }
  }
}
