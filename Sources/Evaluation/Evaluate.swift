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

/// What to measure beyond the metrics that are always there.
public struct EvaluationOptions: Sendable, Equatable {
  /// Lengths of top lists in rows, each at least 1.
  public var topK: [Int]
  /// Lengths of top lists in percent of the rows of a cutoff, above 0 and at most 100.
  public var topPercent: [Double]
  /// How many distinct buyers the test rows need before their numbers count as evidence.
  public var minimumPositives: Int

  /// Options with the given top lists; `minimumPositives` is the spec's `min_positives`.
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

  /// All top lists, those by count first.
  var lists: [TopListSize] { topK.map(TopListSize.count) + topPercent.map(TopListSize.percent) }
}

extension EvaluationOptions {
  /// All top lists, those by count first.
  public var topLists: [TopListSize] { lists }

  /// Whether a metric is about the order of the rows alone, and not about probabilities.
  public static func isOfRanking(_ metric: String) -> Bool {
    metric == "roc_auc" || metric == "pr_auc" || metric.contains("_at_")
  }
}

/// How long a list of the highest-ranked rows is: a number of rows or a percentage of them.
public enum TopListSize: Sendable, Hashable {
  case count(Int)
  case percent(Double)

  /// The length in rows: at least 1 and at most `rows`; a percentage is rounded up.
  public func length(rows: Int) -> Int {
    switch self {
    case .count(let count):
      return min(max(count, 1), rows)
    case .percent(let percent):
      let exact = Double(rows) * percent / 100
      // 1e-12 keeps a product such as 11.000000000000002 from being rounded up to 12.
      return min(max(Int((exact * (1 - 1e-12)).rounded(.up)), 1), rows)
    }
  }

  /// The end of a metric's name: `50`, `1_percent`, `0.5_percent`.
  public var suffix: String {
    switch self {
    case .count(let count): return "\(count)"
    case .percent(let percent):
      let text = "\(percent)"
      return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "_percent"
    }
  }
}

/// Whether the test rows hold enough different buyers for their numbers to mean something.
///
/// Buyers, not positive rows, are counted: one purchase makes its account positive at every cutoff
/// whose window it falls into, and counting it again adds no knowledge.
public struct Evidence: Sendable, Equatable {
  /// How many different entities have at least one positive row.
  public let distinctBuyers: Int
  /// How many are needed.
  public let minimumPositives: Int

  /// Weighs so many buyers against so many needed.
  public init(distinctBuyers: Int, minimumPositives: Int = 20) {
    self.distinctBuyers = distinctBuyers
    self.minimumPositives = minimumPositives
  }

  /// Whether there are enough.
  public var isSufficient: Bool { distinctBuyers >= minimumPositives }

  /// `distinct_buyers`, `min_positives` and `sufficient` (1 or 0).
  public var tree: MetricTree {
    MetricTree([
      "distinct_buyers": Double(distinctBuyers), "min_positives": Double(minimumPositives),
      "sufficient": isSufficient ? 1 : 0,
    ])
  }
}
