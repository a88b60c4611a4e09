/// Computes the metrics of test rows: pooled, per cutoff, and the mean over cutoffs.
///
/// The order of the rows does not change the result by a single bit. Cost: one sort by margin and a
/// few passes over the rows.
public func evaluate(
  _ rows: ScoredRows, options: EvaluationOptions = EvaluationOptions()
) -> TestMetrics {
  let sorted = rows.sortedByFallingMargin()
  let evidence = Evidence(
    positiveEntities: rows.positiveEntities, minimumPositives: options.minimumPositives)
  return TestMetrics(
    pooled: MetricBlock(sorted: sorted, lists: []),
    cutoffs: sorted.positionsByCutoff().map {
      MetricBlock(sorted: sorted.selecting($0), lists: options.lists)
    },
    evidence: evidence)
}

/// Computes the metrics of each level of a segment, such as a territory or a region.
///
/// `segment` gives each row's level as an index below `count`; rows with a negative index belong to
/// no level. A level's `roc_auc`, `pr_auc`, `observed_over_expected`, `base_rate`, `rows`,
/// `positives`, `entities`, `positive_entities` and, where rows have them, `clusters` are pooled over
/// cutoffs. Its top lists are drawn up within the level at each cutoff and averaged over the cutoffs.
public func evaluateSegments(
  _ rows: ScoredRows, segment: [Int32], count: Int,
  options: EvaluationOptions = EvaluationOptions()
) -> [MetricValues] {
  precondition(segment.count == rows.count, "one level is needed per row")
  var positions = [[Int]](repeating: [], count: count)
  for row in 0..<rows.count where segment[row] >= 0 { positions[Int(segment[row])].append(row) }
  let pooledNames = [
    "roc_auc", "pr_auc", "observed_over_expected", "base_rate", "rows", "positives", "entities",
    "positive_entities", "clusters",
  ]
  return positions.map { level in
    let metrics = evaluate(rows.selecting(level), options: options)
    var values = metrics.mean.values.filter { $0.key.contains("_at_") }
    for name in pooledNames { values[name] = metrics.pooled.values[name] }
    return values
  }
}

/// The metrics to compute beyond those that are always included.
public struct EvaluationOptions: Sendable, Equatable {
  /// Lengths of top lists in rows, each at least 1.
  public var topK: [Int]
  /// Lengths of top lists in percent of the rows of a cutoff, above 0 and at most 100.
  public var topPercent: [Double]
  /// The number of distinct positive entities that the test rows need before their metrics count as
  /// evidence.
  public var minimumPositives: Int

  /// Creates options with the given top lists; `minimumPositives` is the spec's `min_positives`.
  public init(
    topK: [Int] = [100], topPercent: [Double] = [1, 5, 10], minimumPositives: Int = 20
  ) {
    precondition(topK.allSatisfy { $0 >= 1 }, "a top list needs at least one row")
    precondition(
      topPercent.allSatisfy { $0 > 0 && $0 <= 100 }, "a percentage lies outside 0...100")
    self.topK = topK
    self.topPercent = topPercent
    self.minimumPositives = minimumPositives
  }

  /// All top lists, with those by count first.
  var lists: [TopListSize] { topK.map(TopListSize.count) + topPercent.map(TopListSize.percent) }
}

extension EvaluationOptions {
  /// All top lists, with those by count first.
  public var topLists: [TopListSize] { lists }

  /// Returns whether a metric depends only on the order of the rows, not on probabilities.
  public static func isOfRanking(_ metric: String) -> Bool {
    metric == "roc_auc" || metric == "pr_auc" || metric.contains("_at_")
  }
}

/// The length of a list of the highest-ranked rows, as a number or a percentage of rows.
public enum TopListSize: Sendable, Hashable {
  case count(Int)
  case percent(Double)

  /// Returns the length in rows: at least 1 and at most `rows`; a percentage is rounded up.
  public func length(rows: Int) -> Int {
    switch self {
    case .count(let count):
      return min(max(count, 1), rows)
    case .percent(let percent):
      let exact = Double(rows) * percent / 100
      // The factor 1 - 1e-12 prevents a product such as 11.000000000000002 from being rounded up to
      // 12.
      return min(max(Int((exact * (1 - 1e-12)).rounded(.up)), 1), rows)
    }
  }

  /// The end of a metric's name, such as `50`, `1_percent`, `0.5_percent`.
  public var suffix: String {
    switch self {
    case .count(let count): return "\(count)"
    case .percent(let percent):
      let text = "\(percent)"
      return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "_percent"
    }
  }
}

/// Whether the test rows have enough distinct positive entities for their metrics to be meaningful.
///
/// Buyers are counted rather than positive rows. One purchase makes its account positive at every
/// cutoff whose window contains it, and counting it again adds no information. A buyer is a cluster
/// of rows, which is an entity unless the rows have other clusters.
public struct Evidence: Sendable, Equatable {
  /// The number of distinct clusters with at least one positive row.
  public let positiveEntities: Int
  /// The number of distinct positive entities required.
  public let minimumPositives: Int

  /// Creates evidence from the number of buyers and the number required.
  public init(positiveEntities: Int, minimumPositives: Int = 20) {
    self.positiveEntities = positiveEntities
    self.minimumPositives = minimumPositives
  }

  /// Whether there are enough buyers.
  public var isSufficient: Bool { positiveEntities >= minimumPositives }

  /// The evidence as an object with `positive_entities`, `min_positives` and `sufficient` (1 or 0).
  public var tree: MetricTree {
    MetricTree([
      "positive_entities": Double(positiveEntities), "min_positives": Double(minimumPositives),
      "sufficient": isSufficient ? 1 : 0,
    ])
  }
}
