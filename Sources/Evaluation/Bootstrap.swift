internal import Dispatch
internal import Foundation
internal import Randomness
internal import Synchronization

/// Resamples the entities of the rows with replacement and measures every resample.
///
/// An entity carries all its rows, in all cutoffs, so that rows of one account, which resemble each
/// other, never pass for independent evidence (cluster bootstrap: Davison and Hinkley, 1997, section
/// 3.8; Field and Welsh, 2007). The bins of the calibration error stay those of the full rows.
///
/// The same rows in any order, on any number of threads, give the same draws bit by bit. After a few
/// sorts each resample is a handful of passes over integers.
public func bootstrap(
  _ rows: ScoredRows, options: EvaluationOptions = EvaluationOptions(),
  bootstrap settings: BootstrapOptions = BootstrapOptions()
) -> BootstrapDraws {
  bootstrap([rows], options: options, bootstrap: settings, only: nil)[0]
}

/// As `bootstrap(_:)`, for several models' scores of the same rows: every resample is drawn once and
/// measured on each side. With `only`, the costlier metrics come out undefined unless they are needed for
/// the one that is named.
func bootstrap(
  _ sides: [ScoredRows], options: EvaluationOptions, bootstrap settings: BootstrapOptions,
  only metric: String?
) -> [BootstrapDraws] {
  let plans = sides.map { ResamplePlan($0, lists: options.lists, only: metric) }
  let draws = resample(plans, settings) { measures, weights in
    measures.indices.map { measures[$0].values(weights) }
  }
  return plans.enumerated().map { side, plan in
    func columns(_ names: [String], from first: Int) -> [String: [Double?]] {
      var columns: [String: [Double?]] = [:]
      for (offset, name) in names.enumerated() {
        columns[name] = draws.map { $0[side][first + offset] }
      }
      return columns
    }
    return BootstrapDraws(
      pooled: columns(ResamplePlan.pooledNames, from: 0),
      mean: columns(
        ResamplePlan.meanNames(of: plan.lists), from: ResamplePlan.pooledNames.count))
  }
}

/// Draws the entities of plans of the same rows again and again, and gives every draw's weights to
/// `measure`, with working storage per plan that is its thread's own; the answers are in the order of
/// the resamples.
func resample<Answer: Sendable>(
  _ plans: [ResamplePlan], _ settings: BootstrapOptions,
  _ measure: @Sendable (inout [ResampleMeasure], [UInt16]) -> Answer
) -> [Answer] {
  let resampling = EntityResampling(
    entityCount: plans.first?.entityCount ?? 0, seed: settings.seed)
  precondition(
    plans.allSatisfy { $0.entityCount == resampling.entityCount }, "the entities differ")
  let finished = Mutex([Answer?](repeating: nil, count: settings.resamples))
  let workers = min(settings.threads, settings.resamples)
  DispatchQueue.concurrentPerform(iterations: workers) { worker in
    var measures = plans.map(ResampleMeasure.init)
    var weights: [UInt16] = []
    for index in stride(from: worker, to: settings.resamples, by: workers) {
      resampling.draw(index, into: &weights)
      let answer = measure(&measures, weights)
      finished.withLock { $0[index] = answer }
    }
  }
  return finished.withLock { $0.compactMap(\.self) }
}

/// The metrics of every bootstrap resample, in the order of the resamples; nil where undefined.
public struct BootstrapDraws: Sendable, Equatable {
  /// Metrics of all rows together.
  public let pooled: [String: [Double?]]
  /// Means over the cutoffs of metrics of top lists.
  public let mean: [String: [Double?]]

  /// Both under one roof; no name stands in both.
  var all: [String: [Double?]] { pooled.merging(mean) { pooled, _ in pooled } }

  /// The interval of each metric that is defined in at least one resample.
  public func intervals(level: Double = 0.95) -> BootstrapIntervals {
    BootstrapIntervals(
      pooled: pooled.compactMapValues { Interval($0, level: level) },
      mean: mean.compactMapValues { Interval($0, level: level) })
  }

  /// These metrics less those of another run, resample by resample, for every metric both have.
  ///
  /// Meaningful when both come from the same rows (the same entities and cutoffs), seed and number
  /// of resamples: the draws are then paired and what both runs share cancels.
  public func subtracting(_ other: BootstrapDraws) -> BootstrapDraws {
    func difference(
      _ left: [String: [Double?]], _ right: [String: [Double?]]
    ) -> [String: [Double?]] {
      left.reduce(into: [:]) { result, entry in
        guard let others = right[entry.key] else { return }
        precondition(others.count == entry.value.count, "numbers of resamples differ")
        result[entry.key] = zip(entry.value, others).map { own, other in
          guard let own, let other else { return nil }
          return own - other
        }
      }
    }
    return BootstrapDraws(
      pooled: difference(pooled, other.pooled), mean: difference(mean, other.mean))
  }
}

/// Measures resamples one after the other on one thread, reusing its working storage.
struct ResampleMeasure {
  private let plan: ResamplePlan
  private var cells: LogisticCells

  init(_ plan: ResamplePlan) {
    self.plan = plan
    cells = plan.calibration.cells
  }

  /// The pooled metrics, then the means over cutoffs, in the order of the plan's names.
  mutating func values(_ weights: [UInt16]) -> [Double?] {
    pooled(weights) + means(weights)
  }

  private mutating func pooled(_ weights: [UInt16]) -> [Double?] {
    let sums = entitySums(weights)
    let rows = sums[0]
    var positives = 0
    for entity in plan.positiveEntities { positives += Int(weights[Int(entity)]) }
    let areas: (rocAUC: Double?, averagePrecision: Double?) =
      plan.hasAreas
      ? plan.ranking.areas(weights, positives: positives, rows: Int(rows)) : (nil, nil)
    var error: Double?
    var recalibration: (intercept: Double?, slope: Double?) = (nil, nil)
    if plan.hasCalibration {
      error = plan.calibration.weigh(weights, into: &cells) / rows
      recalibration = plan.calibration.recalibration(cells)
    }
    guard rows > 0 else { return ResamplePlan.pooledNames.map { _ in nil } }
    let baseRate = Double(positives) / rows
    let brier = sums[2] / rows
    let reference = baseRate * (1 - baseRate)
    return [
      areas.rocAUC, areas.averagePrecision, sums[1] / rows, brier,
      reference > 0 ? 1 - brier / reference : nil,
      error, recalibration.intercept, recalibration.slope,
      sums[3] > 0 ? Double(positives) / sums[3] : nil, baseRate,
    ]
  }

  /// The weighted sum over entities, in blocks, so that rounding does not grow with their number.
  private func entitySums(_ weights: [UInt16]) -> SIMD4<Double> {
    let block = 512
    var total = SIMD4<Double>.zero
    for start in stride(from: 0, to: weights.count, by: block) {
      var part = SIMD4<Double>.zero
      for entity in start..<min(start + block, weights.count) {
        part += plan.entitySums[entity] * Double(weights[entity])
      }
      total += part
    }
    return total
  }

  private func means(_ weights: [UInt16]) -> [Double?] {
    let count = plan.lists.count
    var sums = [Double](repeating: 0, count: 3 * count)
    var precisions = 0
    var ratios = 0
    for cutoff in plan.cutoffs {
      guard let found = cutoff.topLists(weights, lists: plan.lists) else { continue }
      precisions += 1
      if found.positives > 0 { ratios += 1 }
      for list in 0..<count {
        let precision = found.hits[list] / Double(found.lengths[list])
        sums[3 * list] += precision
        guard found.positives > 0 else { continue }
        sums[3 * list + 1] += found.hits[list] / Double(found.positives)
        sums[3 * list + 2] += precision / (Double(found.positives) / Double(found.rows))
      }
    }
    return sums.indices.map { index in
      let cutoffs = index % 3 == 0 ? precisions : ratios
      return cutoffs > 0 ? sums[index] / Double(cutoffs) : nil
    }
  }
}

/// How intervals are made.
public struct BootstrapOptions: Sendable, Equatable {
  /// How many resamples are drawn.
  public var resamples: Int
  /// The share of resamples an interval spans.
  public var level: Double
  /// Where the randomness comes from.
  public var seed: UInt64
  /// On how many threads; the answer does not depend on it.
  public var threads: Int

  /// Options; the defaults are 500 resamples and intervals of 95 %.
  public init(resamples: Int = 500, level: Double = 0.95, seed: UInt64 = 1, threads: Int = 1) {
    precondition(resamples > 0, "at least one resample is needed")
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    precondition(threads > 0, "at least one thread is needed")
    self.resamples = resamples
    self.level = level
    self.seed = seed
    self.threads = threads
  }
}

/// Intervals by the name of their metric.
public struct BootstrapIntervals: Sendable, Equatable {
  /// For metrics of all rows together.
  public let pooled: [String: Interval]
  /// For means over the cutoffs of metrics of top lists.
  public let mean: [String: Interval]

  /// `pooled` and `mean`, nested.
  public var tree: MetricTree {
    .object([
      "pooled": .object(pooled.mapValues(\.tree)), "mean": .object(mean.mapValues(\.tree)),
    ])
  }
}

/// A percentile interval of a metric over bootstrap resamples.
public struct Interval: Codable, Sendable, Equatable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// The standard deviation of the metric over the resamples.
  public let standardError: Double
  /// In how many resamples the metric was defined; the others are left out.
  public let defined: Int

  package init(lower: Double, upper: Double, standardError: Double, defined: Int) {
    self.lower = lower
    self.upper = upper
    self.standardError = standardError
    self.defined = defined
  }

  /// The interval that spans the middle `level` of the values; nil when none is defined.
  ///
  /// The ends are the order statistics number (R + 1)(1 ∓ level) / 2 of the R defined values
  /// (Davison and Hinkley, 1997, section 5.3), interpolated linearly and kept within the values.
  public init?(_ values: [Double?], level: Double) {
    let sorted = values.compactMap(\.self).sorted()
    guard !sorted.isEmpty else { return nil }
    lower = Self.orderStatistic(sorted, share: (1 - level) / 2)
    upper = Self.orderStatistic(sorted, share: (1 + level) / 2)
    defined = sorted.count
    var sum = CompensatedSum()
    for value in sorted { sum.add(value) }
    let mean = sum.value / Double(sorted.count)
    var squares = CompensatedSum()
    for value in sorted { squares.add((value - mean) * (value - mean)) }
    standardError = (squares.value / Double(max(sorted.count - 1, 1))).squareRoot()
  }

  private static func orderStatistic(_ sorted: [Double], share: Double) -> Double {
    let position = share * Double(sorted.count + 1) - 1
    guard position > 0 else { return sorted[0] }
    guard position < Double(sorted.count - 1) else { return sorted[sorted.count - 1] }
    let below = Int(position)
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
  }

  /// `lower`, `upper`, `standard_error` and `defined`.
  public var tree: MetricTree {
    MetricTree([
      "lower": lower, "upper": upper, "standard_error": standardError, "defined": Double(defined),
    ])
  }
}

/// Draws of entities with replacement, as weights: how often each entity was drawn.
///
/// Resample `index` has a generator of its own, derived from the seed and the index alone. The
/// weights are therefore the same in any order and on any number of threads, and two runs over the
/// same entities can be compared resample by resample.
public struct EntityResampling: Sendable, Equatable {
  /// How many entities there are, and are drawn each time.
  public let entityCount: Int
  /// Where the randomness comes from.
  public let seed: UInt64

  /// Resampling of so many entities.
  public init(entityCount: Int, seed: UInt64) {
    precondition(entityCount >= 0 && entityCount <= Int(UInt32.max), "too many entities")
    self.entityCount = entityCount
    self.seed = seed
  }

  /// How often each entity is drawn in one resample; the weights add up to `entityCount`.
  public func weights(ofResample index: Int) -> [UInt16] {
    var weights: [UInt16] = []
    draw(index, into: &weights)
    return weights
  }

  /// As `weights(ofResample:)`, into storage that is used again.
  ///
  /// A weight past 65,535 would stop the program; among more than 65,535 entities one entity is
  /// drawn so often with a probability below 10^-280,000.
  func draw(_ index: Int, into weights: inout [UInt16]) {
    weights = [UInt16](repeating: 0, count: entityCount)
    guard entityCount > 0 else { return }
    let start = SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index))
    var generator = Xoshiro256StarStar(seed: start)
    let bound = UInt64(entityCount)
    let rejected = (0 &- bound) % bound
    for _ in 0..<entityCount {
      // Lemire (2019): the high word of a product is uniform once the short low words are refused.
      var product = generator.next().multipliedFullWidth(by: bound)
      while product.low < rejected {
        product = generator.next().multipliedFullWidth(by: bound)
      }
      weights[Int(product.high)] += 1
    }
  }
}

extension EntityResampling {
  /// Draws the entities again and again and asks `measure` about the weights of every draw; the answers
  /// are in the order of the resamples, whatever the number of threads.
  /// - Parameter settings: how many, and on how many threads; the seed is this resampling's own.
  public func answers<Answer: Sendable>(
    _ settings: BootstrapOptions, _ measure: @Sendable ([UInt16]) -> Answer
  ) -> [Answer] {
    let finished = Mutex([Answer?](repeating: nil, count: settings.resamples))
    let workers = min(settings.threads, settings.resamples)
    DispatchQueue.concurrentPerform(iterations: workers) { worker in
      var weights: [UInt16] = []
      for index in stride(from: worker, to: settings.resamples, by: workers) {
        draw(index, into: &weights)
        let answer = measure(weights)
        finished.withLock { $0[index] = answer }
      }
    }
    return finished.withLock { $0.compactMap(\.self) }
  }
}
