/// All metrics of the test rows: pooled, per cutoff, and the mean over cutoffs.
public struct TestMetrics: Sendable, Equatable {
  /// The metrics of all rows pooled, without top lists, because a list is drawn up at one cutoff.
  public let pooled: MetricBlock
  /// The metrics of each cutoff, including its top lists.
  public let cutoffs: [MetricBlock]
  /// The mean of each metric over the cutoffs in which it is defined.
  public let mean: MetricBlock
  /// The number of cutoffs over which a headline metric's mean was taken, if fewer than all.
  public let meanTakenOver: [String: Int]
  /// Whether there are enough buyers for the metrics to be meaningful.
  public let evidence: Evidence

  /// Creates the metrics; `mean` is computed from the cutoffs.
  init(pooled: MetricBlock, cutoffs: [MetricBlock], evidence: Evidence) {
    self.pooled = pooled
    self.cutoffs = cutoffs
    self.evidence = evidence
    let headline = cutoffs.map(\.values)
    mean = MetricBlock(
      values: Self.mean(of: headline), raw: Self.mean(of: cutoffs.map(\.raw)),
      calibrated: Self.mean(of: cutoffs.map(\.calibrated)))
    meanTakenOver = mean.values.keys.reduce(into: [:]) { counts, name in
      let defined = Self.defined(name, in: headline).count
      if defined < cutoffs.count { counts[name] = defined }
    }
  }

  /// Returns `pooled`, `mean`, `cutoffs` and `evidence` as nested objects, with each cutoff under
  /// its name (a date).
  public func tree(cutoffNames: [String]) -> MetricTree {
    precondition(cutoffNames.count == cutoffs.count, "one name is needed per cutoff")
    let taken = meanTakenOver.mapValues(Double.init)
    return .object([
      "pooled": pooled.tree,
      "mean": taken.isEmpty ? mean.tree : mean.tree.adding(["taken_over": MetricTree(taken)]),
      "cutoffs": .object(
        Dictionary(zip(cutoffNames, cutoffs.map(\.tree))) { _, last in last }),
      "evidence": evidence.tree,
    ])
  }

  private static func mean(of blocks: [MetricValues]) -> MetricValues {
    let names = Set(blocks.flatMap(\.keys))
    return names.reduce(into: [:]) { means, name in
      let values = defined(name, in: blocks)
      means[name] = CompensatedSum(values).value / Double(values.count)
    }
  }

  /// Returns the metric's values from the blocks that define it. A list whose end splits no ties
  /// has no `_best` and `_worst`, so its only value is used for both.
  private static func defined(_ name: String, in blocks: [MetricValues]) -> [Double] {
    var plain = name
    if name.contains("_at_") {
      for ending in ["_best", "_worst"] where name.hasSuffix(ending) {
        plain = String(name.dropLast(ending.count))
      }
    }
    return blocks.compactMap { $0[name] ?? $0[plain] }
  }
}

/// Nested numbers by name: the shape of `metrics.json`.
///
/// It is encoded as nested objects of numbers. With sorted keys the text is always the same.
public enum MetricTree: Sendable, Equatable, Codable {
  case number(Double)
  case object([String: MetricTree])

  /// Creates an object of numbers.
  public init(_ values: MetricValues) { self = .object(values.mapValues(MetricTree.number)) }

  /// Returns this object with more entries, which replace those of the same name; a number is
  /// returned unchanged.
  public func adding(_ entries: [String: MetricTree]) -> MetricTree {
    guard case .object(let own) = self else { return self }
    return .object(own.merging(entries) { _, new in new })
  }

  /// Decodes nested objects of numbers.
  /// - Throws: `DecodingError` if they contain anything else.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .object(try container.decode([String: MetricTree].self))
    }
  }

  /// The tree with the names of today: earlier versions wrote `buyers` and `distinct_buyers`.
  public var withCurrentNames: MetricTree {
    guard case .object(let entries) = self else { return self }
    let former: Set = ["buyers", "distinct_buyers"]
    return .object(
      entries.reduce(into: [:]) { renamed, entry in
        let name = former.contains(entry.key) ? "positive_entities" : entry.key
        renamed[name] = entry.value.withCurrentNames
      })
  }

  /// The entry under a name; nil for a number or an unknown name.
  public subscript(name: String) -> MetricTree? { entries[name] }

  /// The number at a path of names.
  public subscript(names: [String]) -> Double? {
    names.reduce(self) { $0?[$1] }?.number
  }

  /// The entries by name; empty for a number.
  public var entries: [String: MetricTree] {
    if case .object(let entries) = self { entries } else { [:] }
  }

  /// The number itself; nil for an object.
  public var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  /// Encodes nested objects of numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .object(let entries): try container.encode(entries)
    }
  }
}

/// The spread of each number over several trees, with the same nesting as the trees.
///
/// A number that some trees lack is computed over the others; `takenOver` then has their count.
public struct MetricSpread: Sendable, Equatable {
  /// The arithmetic means.
  public let mean: MetricTree
  /// The sample standard deviations, sqrt(sum (x - mean)^2 / (n - 1)); absent for a single number.
  public let spread: MetricTree
  /// The minimums.
  public let minimum: MetricTree
  /// The maximums.
  public let maximum: MetricTree
  /// The number of trees that have a number, if not all do.
  public let takenOver: MetricTree

  /// Summarizes trees, in any order.
  public init(_ trees: [MetricTree]) {
    mean = Self.combined(trees, Self.mean) ?? .object([:])
    spread = Self.combined(trees, Self.deviation) ?? .object([:])
    minimum = Self.combined(trees) { $0.min() } ?? .object([:])
    maximum = Self.combined(trees) { $0.max() } ?? .object([:])
    takenOver =
      Self.combined(trees) { $0.count < trees.count ? Double($0.count) : nil } ?? .object([:])
  }

  /// Returns a tree with a function of the numbers under each name; nil if the function returns nil
  /// for all of them.
  private static func combined(
    _ trees: [MetricTree], _ function: ([Double]) -> Double?
  ) -> MetricTree? {
    let numbers = trees.compactMap { if case .number(let number) = $0 { number } else { nil } }
    guard numbers.isEmpty else { return function(numbers).map(MetricTree.number) }
    let objects = trees.compactMap { if case .object(let entries) = $0 { entries } else { nil } }
    let names = Set(objects.flatMap(\.keys))
    let entries = names.reduce(into: [String: MetricTree]()) { entries, name in
      entries[name] = combined(objects.compactMap { $0[name] }, function)
    }
    return entries.isEmpty ? nil : .object(entries)
  }

  private static func mean(_ numbers: [Double]) -> Double? {
    // Sort first, so that the order of the trees does not change the last bit.
    var sum = CompensatedSum()
    for number in numbers.sorted() { sum.add(number) }
    return sum.value / Double(numbers.count)
  }

  private static func deviation(_ numbers: [Double]) -> Double? {
    guard numbers.count > 1, let mean = mean(numbers) else { return nil }
    var sum = CompensatedSum()
    for number in numbers.sorted() { sum.add((number - mean) * (number - mean)) }
    return (sum.value / Double(numbers.count - 1)).squareRoot()
  }
}

/// Metrics by their name in `metrics.json`; an undefined metric is absent.
public typealias MetricValues = [String: Double]

/// The metrics of one set of rows.
public struct MetricBlock: Sendable, Equatable {
  /// The headline metrics: ranking metrics by margin, probability metrics by calibrated score.
  public var values: MetricValues
  /// The same metrics for the probability before calibration.
  public var raw: MetricValues
  /// `roc_auc` and `pr_auc` if rows are ranked by the calibrated score, whose plateaus are ties.
  public var calibrated: MetricValues

  /// Creates a block of the given values.
  public init(
    values: MetricValues = [:], raw: MetricValues = [:], calibrated: MetricValues = [:]
  ) {
    self.values = values
    self.raw = raw
    self.calibrated = calibrated
  }

  /// The headline metrics with `raw` and `calibrated` as nested objects.
  public var tree: MetricTree {
    MetricTree(values).adding(["raw": MetricTree(raw), "calibrated": MetricTree(calibrated)])
  }
}

extension MetricBlock {
  /// Computes the metrics of rows sorted by descending margin, with the given top lists.
  init(sorted rows: ScoredRows, lists: [TopListSize]) {
    let byMargin = ScoreGroups(labels: rows.label, scores: rows.margin)
    let byScore = ScoreGroups(labels: rows.label, scores: rows.score)
    let byUncalibrated = ScoreGroups(labels: rows.label, scores: rows.uncalibrated)

    values = Self.probabilityMetrics(byScore)
    values.merge(Self.rankingMetrics(byMargin)) { _, new in new }
    values["observed_over_expected"] = byScore.observedOverExpected
    values["base_rate"] = byMargin.baseRate
    values["rows"] = Double(rows.count)
    values["positives"] = byMargin.totalPositives
    values["entities"] = Double(rows.distinctEntities)
    values["positive_entities"] = Double(rows.positiveEntities)
    if rows.isClustered { values["clusters"] = Double(rows.distinctClusters) }
    for size in lists {
      guard let list = byMargin.topList(size) else { continue }
      values.merge(list.values(suffix: size.suffix)) { _, new in new }
    }
    raw = Self.probabilityMetrics(byUncalibrated)
    raw.merge(Self.rankingMetrics(byUncalibrated)) { _, new in new }
    calibrated = Self.rankingMetrics(byScore)
  }

  private static func rankingMetrics(_ groups: ScoreGroups) -> MetricValues {
    var values: MetricValues = [:]
    values["roc_auc"] = groups.areaUnderROC
    values["pr_auc"] = groups.averagePrecision
    return values
  }

  private static func probabilityMetrics(_ groups: ScoreGroups) -> MetricValues {
    var values: MetricValues = [:]
    values["log_loss"] = groups.logLoss
    values["brier"] = groups.brierScore
    values["brier_skill"] = groups.brierSkill
    values["ece"] = groups.expectedCalibrationError()
    values["calibration_intercept"] = groups.calibrationIntercept
    values["calibration_slope"] = groups.calibrationSlope
    return values
  }
}
