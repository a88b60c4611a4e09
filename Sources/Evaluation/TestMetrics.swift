/// Everything measured on the test rows: pooled, per cutoff, and the mean over cutoffs.
public struct TestMetrics: Sendable, Equatable {
  /// All rows together, without top lists: a list is drawn up at one cutoff.
  public let pooled: MetricBlock
  /// Each cutoff by itself, with its top lists.
  public let cutoffs: [MetricBlock]
  /// The mean of each metric over the cutoffs in which it is defined.
  public let mean: MetricBlock
  /// Over how many cutoffs a headline metric's mean was taken, where not over all of them.
  public let meanTakenOver: [String: Int]
  /// Whether there are enough buyers to believe any of it.
  public let evidence: Evidence

  /// Takes the parts; `mean` follows from the cutoffs.
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

  /// `pooled`, `mean`, `cutoffs` and `evidence`, nested; `cutoffNames` (dates) name the cutoffs.
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
      var sum = CompensatedSum()
      for value in values { sum.add(value) }
      means[name] = sum.value / Double(values.count)
    }
  }

  /// The metric's values where it is defined. A list without ties at its end has no best and worst
  /// of its own: its only value stands for both.
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

/// Numbers under names, nested: the shape of `metrics.json`.
///
/// It encodes as nested objects of numbers; with sorted keys the text is the same every time.
public enum MetricTree: Sendable, Equatable, Codable {
  case number(Double)
  case object([String: MetricTree])

  /// One object of numbers.
  public init(_ values: MetricValues) { self = .object(values.mapValues(MetricTree.number)) }

  /// This object with further entries; an entry of the same name is replaced, a number stays alone.
  public func adding(_ entries: [String: MetricTree]) -> MetricTree {
    guard case .object(let own) = self else { return self }
    return .object(own.merging(entries) { _, new in new })
  }

  /// Reads nested objects of numbers.
  /// - Throws: `DecodingError`, when anything else stands among them.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else {
      self = .object(try container.decode([String: MetricTree].self))
    }
  }

  /// What stands under a name; nil in a number, and where there is none.
  public subscript(name: String) -> MetricTree? { entries[name] }

  /// The number under names that lead into each other.
  public subscript(names: [String]) -> Double? {
    names.reduce(self) { $0?[$1] }?.number
  }

  /// The names with what stands under them; empty for a number.
  public var entries: [String: MetricTree] {
    if case .object(let entries) = self { entries } else { [:] }
  }

  /// The number itself; nil for an object.
  public var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value): try container.encode(value)
    case .object(let entries): try container.encode(entries)
    }
  }
}

/// How numbers of the same name differ from one tree to another, name by name, nested as the trees are.
///
/// A number that some trees lack is taken over the others; `takenOver` then says over how many.
public struct MetricSpread: Sendable, Equatable {
  /// The arithmetic mean.
  public let mean: MetricTree
  /// The sample standard deviation, sqrt(sum (x - mean)^2 / (n - 1)); absent for a single number.
  public let spread: MetricTree
  /// The lowest.
  public let minimum: MetricTree
  /// The highest.
  public let maximum: MetricTree
  /// How many trees have a number, where not all of them do.
  public let takenOver: MetricTree

  /// Compares trees, in any order.
  public init(_ trees: [MetricTree]) {
    mean = Self.combined(trees, Self.mean) ?? .object([:])
    spread = Self.combined(trees, Self.deviation) ?? .object([:])
    minimum = Self.combined(trees) { $0.min() } ?? .object([:])
    maximum = Self.combined(trees) { $0.max() } ?? .object([:])
    takenOver =
      Self.combined(trees) { $0.count < trees.count ? Double($0.count) : nil } ?? .object([:])
  }

  /// A tree of what a function makes of the numbers of each name; nil where it makes nothing of any.
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
    // Sorted first, so that the order of the trees does not show in the last bit.
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

/// Metrics by the name they have in `metrics.json`; an undefined metric is absent.
public typealias MetricValues = [String: Double]

/// The metrics of one set of rows.
public struct MetricBlock: Sendable, Equatable {
  /// The headline: ranking metrics by margin, probability metrics by calibrated score.
  public var values: MetricValues
  /// The same of the probability before calibration.
  public var raw: MetricValues
  /// `roc_auc` and `pr_auc` when the calibrated score itself ranks, its plateaus being ties.
  public var calibrated: MetricValues

  /// A block of the given values.
  public init(
    values: MetricValues = [:], raw: MetricValues = [:], calibrated: MetricValues = [:]
  ) {
    self.values = values
    self.raw = raw
    self.calibrated = calibrated
  }

  /// The headline's numbers with `raw` and `calibrated` nested beside them.
  public var tree: MetricTree {
    MetricTree(values).adding(["raw": MetricTree(raw), "calibrated": MetricTree(calibrated)])
  }
}

extension MetricBlock {
  /// Measures rows that are sorted by falling margin, with the given top lists.
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
    values["distinct_buyers"] = Double(rows.distinctBuyers)
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
