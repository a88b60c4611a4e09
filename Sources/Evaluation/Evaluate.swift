/// Measures test rows: pooled, per cutoff, and the mean over cutoffs.
///
/// The order of the rows does not matter, bit by bit. One sort by margin, then passes over the rows.
public func evaluate(
  _ rows: ScoredRows, options: EvaluationOptions = EvaluationOptions()
) -> TestMetrics {
  let sorted = rows.sortedByFallingMargin()
  let evidence = Evidence(
    distinctBuyers: rows.distinctBuyers, minimumPositives: options.minimumPositives)
  return TestMetrics(
    pooled: MetricBlock(sorted: sorted, lists: []),
    cutoffs: sorted.positionsByCutoff().map {
      MetricBlock(sorted: sorted.selecting($0), lists: options.lists)
    },
    evidence: evidence)
}

/// Measures each level of a segment (a territory, a region) by itself.
///
/// `segment` gives each row's level as an index below `count`; rows with a negative index belong to
/// none. A level's `roc_auc`, `pr_auc`, `observed_over_expected`, `base_rate`, `rows`, `positives`,
/// `entities` and `distinct_buyers` are pooled over cutoffs; its top lists are drawn up within the
/// level at each cutoff, and their mean over the cutoffs is given.
public func evaluateSegments(
  _ rows: ScoredRows, segment: [Int32], count: Int,
  options: EvaluationOptions = EvaluationOptions()
) -> [MetricValues] {
  precondition(segment.count == rows.count, "one level is needed per row")
  var positions = [[Int]](repeating: [], count: count)
  for row in 0..<rows.count where segment[row] >= 0 { positions[Int(segment[row])].append(row) }
  let pooledNames = [
    "roc_auc", "pr_auc", "observed_over_expected", "base_rate", "rows", "positives", "entities",
    "distinct_buyers",
  ]
  return positions.map { level in
    let metrics = evaluate(rows.selecting(level), options: options)
    var values = metrics.mean.values.filter { $0.key.contains("_at_") }
    for name in pooledNames { values[name] = metrics.pooled.values[name] }
    return values
  }
}
