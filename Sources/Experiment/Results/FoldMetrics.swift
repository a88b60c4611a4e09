internal import Evaluation
internal import Panel

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
    let counts = outcome.counts
    func byRole(_ value: (Role) -> Int) -> MetricTree {
      MetricTree(
        Dictionary(
          uniqueKeysWithValues: RunSummary.roles.map { ($0.rawValue, Double(value($0))) }))
    }
    return .object([
      "rows": byRole { counts.rows[$0] ?? 0 },
      "positives": byRole { counts.positives[$0] ?? 0 },
      "buyers": byRole(counts.buyerCount),
      "evidence": MetricTree([
        "sufficient": outcome.metrics.evidence.isSufficient ? 1 : 0,
        "min_positives": Double(outcome.metrics.evidence.minimumPositives),
      ]),
      "test": .object([
        "pooled": outcome.metrics.pooled.tree,
        "mean": MetricTree(outcome.metrics.mean.values.filter { RunSummary.isPlainList($0.key) }),
      ]),
    ])
  }
}
