internal import Evaluation

/// The `folds` of metrics.json: of every fold what stands under the same names above, then the mean and
/// the spread of these over the folds.
struct FoldMetrics {
  let spread: MetricSpread
  private let folds: [(name: String, tree: MetricTree)]

  init(_ outcomes: [FoldOutcome]) {
    folds = outcomes.map { ($0.name, Self.tree($0)) }
    spread = MetricSpread(folds.map(\.tree))
  }

  var tree: MetricTree {
    var entries = Dictionary(
      folds.map { ($0.name, $0.tree) }, uniquingKeysWith: { first, _ in first })
    entries["mean"] = spread.mean
    entries["spread"] = spread.spread
    entries["min"] = spread.minimum
    entries["max"] = spread.maximum
    if spread.takenOver != .object([:]) { entries["taken_over"] = spread.takenOver }
    return .object(entries)
  }

  private static func tree(_ outcome: FoldOutcome) -> MetricTree {
    MetricTree.object([
      "test": .object([
        "pooled": outcome.metrics.pooled.tree,
        "mean": MetricTree(outcome.metrics.mean.values.filter { RunSummary.isPlainList($0.key) }),
      ])
    ]).adding(MetricsDocument.counts(outcome.counts, outcome.metrics.evidence))
      .adding(MetricsDocument.learning(outcome))
  }
}
