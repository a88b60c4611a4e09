internal import Columns
internal import Foundation
internal import Randomness

/// Resamples the clusters of the rows with replacement and computes the metrics of every resample.
/// A cluster is an entity, unless the rows have other clusters.
///
/// A cluster brings all its rows from all cutoffs. Rows of one account resemble each other, so they
/// are not treated as independent evidence (cluster bootstrap: Davison and Hinkley, 1997, section
/// 3.8; Field and Welsh, 2007). The bins of the calibration error are those of the full rows.
///
/// The same rows, in any order and on any number of threads, give bit-identical draws. After a few
/// sorts, each resample takes a handful of passes over integers.
public func bootstrap(
  _ rows: ScoredRows, options: EvaluationOptions = EvaluationOptions(),
  bootstrap settings: BootstrapOptions = BootstrapOptions()
) -> BootstrapDraws {
  bootstrap([rows], options: options, bootstrap: settings, only: nil)[0]
}

/// Runs `bootstrap(_:)` for several models' scores of the same rows: every resample is drawn once
/// and measured for each model.
/// - Parameter metric: if not nil, the expensive metrics are left undefined unless this metric
///   needs them.
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

/// Repeatedly resamples the entities of plans that share the same rows and passes each resample's
/// weights to `measure`, with one working storage per plan and thread.
/// - Returns: the answers in the order of the resamples.
func resample<Answer: Sendable>(
  _ plans: [ResamplePlan], _ settings: BootstrapOptions,
  _ measure: @Sendable (inout [ResampleMeasure], [UInt16]) -> Answer
) -> [Answer] {
  let resampling = EntityResampling(
    entityCount: plans.first?.entityCount ?? 0, seed: settings.seed)
  precondition(
    plans.allSatisfy { $0.entityCount == resampling.entityCount }, "the entities differ")
  return Parallel.map(
    settings.resamples, threads: settings.threads,
    state: { _ in (measures: plans.map(ResampleMeasure.init), weights: [UInt16]()) }
  ) { state, index in
    resampling.draw(index, into: &state.weights)
    return measure(&state.measures, state.weights)
  }
}

/// The metrics of every bootstrap resample, in the order of the resamples; nil if undefined.
public struct BootstrapDraws: Sendable, Equatable {
  /// The metrics of all rows pooled.
  public let pooled: [String: [Double?]]
  /// The means over cutoffs of top-list metrics.
  public let mean: [String: [Double?]]

  /// Both dictionaries merged; their names do not overlap.
  var all: [String: [Double?]] { pooled.merging(mean) { pooled, _ in pooled } }

  /// Returns the interval of each metric that is defined in at least one resample.
  public func intervals(level: Double = 0.95) -> BootstrapIntervals {
    BootstrapIntervals(
      pooled: pooled.compactMapValues { Interval($0, level: level) },
      mean: mean.compactMapValues { Interval($0, level: level) })
  }

  /// Returns these metrics minus those of another run, resample by resample, for every metric that
  /// both have.
  ///
  /// Meaningful if both runs have the same rows (entities and cutoffs), seed, and number of
  /// resamples. The draws are then paired, and the variation that both runs share cancels.
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

/// Measures resamples one after another on one thread, reusing its working storage.
struct ResampleMeasure {
  private let plan: ResamplePlan
  private var cells: LogisticCells

  init(_ plan: ResamplePlan) {
    self.plan = plan
    cells = plan.calibration.cells
  }

  /// Returns the pooled metrics, then the means over cutoffs, in the order of the plan's names.
  mutating func values(_ weights: [UInt16]) -> [Double?] {
    pooled(weights) + means(weights)
  }

  private mutating func pooled(_ weights: [UInt16]) -> [Double?] {
    let sums = entitySums(weights)
    let rows = sums[0]
    var positives = 0
    for entity in plan.positiveEntities { positives += Int(weights[Int(entity)]) }
    let areas: (rocAUC: Double?, averagePrecision: Double?) =
      plan.hasAreas ? plan.ranking.areas(weights) : (nil, nil)
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

  /// Returns the weighted sum over entities, summed in blocks so that the rounding error does not
  /// grow with their number.
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

/// Options of the bootstrap.
public struct BootstrapOptions: Sendable, Equatable {
  /// The number of resamples; with 0 there are no intervals.
  public var resamples: Int
  /// The confidence level of the intervals, such as 0.95.
  public var level: Double
  /// The seed of the random draws.
  public var seed: UInt64
  /// The number of threads; the result does not depend on it.
  public var threads: Int

  /// Creates options; the defaults are 500 resamples and 95 % intervals.
  public init(resamples: Int = 500, level: Double = 0.95, seed: UInt64 = 1, threads: Int = 1) {
    precondition(resamples >= 0, "a number of resamples is negative")
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    precondition(threads > 0, "at least one thread is needed")
    self.resamples = resamples
    self.level = level
    self.seed = seed
    self.threads = threads
  }
}

/// Intervals by metric name.
public struct BootstrapIntervals: Sendable, Equatable {
  /// The intervals of the pooled metrics.
  public let pooled: [String: Interval]
  /// The intervals of the means over cutoffs of top-list metrics.
  public let mean: [String: Interval]

  /// The intervals as nested objects, `pooled` and `mean`.
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
  /// The number of resamples in which the metric was defined; the others are ignored.
  public let defined: Int

  /// Creates an interval from its parts.
  package init(lower: Double, upper: Double, standardError: Double, defined: Int) {
    self.lower = lower
    self.upper = upper
    self.standardError = standardError
    self.defined = defined
  }

  /// Creates the interval that spans the middle `level` of the values; nil if none is defined.
  ///
  /// The ends are the order statistics number (R + 1)(1 ∓ level) / 2 of the R defined values
  /// (Davison and Hinkley, 1997, section 5.3), interpolated linearly and clamped to the range of
  /// the values.
  public init?(_ values: [Double?], level: Double) {
    let sorted = values.compactMap(\.self).sorted()
    guard !sorted.isEmpty else { return nil }
    lower = Self.orderStatistic(sorted, share: (1 - level) / 2)
    upper = Self.orderStatistic(sorted, share: (1 + level) / 2)
    defined = sorted.count
    let mean = CompensatedSum(sorted).value / Double(sorted.count)
    let squares = CompensatedSum(sorted.lazy.map { ($0 - mean) * ($0 - mean) })
    standardError = (squares.value / Double(max(sorted.count - 1, 1))).squareRoot()
  }

  private static func orderStatistic(_ sorted: [Double], share: Double) -> Double {
    let position = share * Double(sorted.count + 1) - 1
    guard position > 0 else { return sorted[0] }
    guard position < Double(sorted.count - 1) else { return sorted[sorted.count - 1] }
    let below = Int(position)
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
  }

  /// The interval as an object with `lower`, `upper`, `standard_error` and `defined`.
  public var tree: MetricTree {
    MetricTree([
      "lower": lower, "upper": upper, "standard_error": standardError, "defined": Double(defined),
    ])
  }
}

/// Draws of entities with replacement, as weights: how often each entity was drawn.
///
/// Resample `index` has its own generator, derived only from the seed and the index. The weights
/// are therefore the same in any order and on any number of threads, and two runs over the same
/// entities can be compared resample by resample.
public struct EntityResampling: Sendable, Equatable {
  /// The number of entities, which is also the number of draws per resample.
  public let entityCount: Int
  /// The seed of the random draws.
  public let seed: UInt64

  /// Creates a resampling of `entityCount` entities.
  public init(entityCount: Int, seed: UInt64) {
    precondition(entityCount >= 0 && entityCount <= Int(UInt32.max), "too many entities")
    self.entityCount = entityCount
    self.seed = seed
  }

  /// Returns how often each entity is drawn in one resample; the weights sum to `entityCount`.
  public func weights(ofResample index: Int) -> [UInt16] {
    var weights: [UInt16] = []
    draw(index, into: &weights)
    return weights
  }

  /// Writes the result of `weights(ofResample:)` into reusable storage.
  ///
  /// A weight above 65,535 would trap. With more than 65,535 entities, the probability that one
  /// entity is drawn so often is below 10^-280,000.
  func draw(_ index: Int, into weights: inout [UInt16]) {
    weights = [UInt16](repeating: 0, count: entityCount)
    weights.withUnsafeMutableBufferPointer { weights in
      eachDraw(ofResample: index) { weights[$0] += 1 }
    }
  }

  /// Passes each entity that is drawn in one resample, as often as it is drawn.
  @inline(__always)
  func eachDraw(ofResample index: Int, _ body: (Int) -> Void) {
    guard entityCount > 0 else { return }
    let start = SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index))
    var generator = Xoshiro256StarStar(seed: start)
    let bound = UInt64(entityCount)
    let rejected = (0 &- bound) % bound
    for _ in 0..<entityCount {
      // Lemire (2019): the high word of the product is uniform once low words below the threshold
      // are rejected.
      var product = generator.next().multipliedFullWidth(by: bound)
      while product.low < rejected {
        product = generator.next().multipliedFullWidth(by: bound)
      }
      body(Int(product.high))
    }
  }
}

extension EntityResampling {
  /// Draws every resample and passes its weights to `measure`.
  /// - Parameter settings: the numbers of resamples and threads; its seed is ignored in favor of
  ///   this resampling's own.
  /// - Returns: the answers in the order of the resamples, for any number of threads.
  public func answers<Answer: Sendable>(
    _ settings: BootstrapOptions, _ measure: @Sendable ([UInt16]) -> Answer
  ) -> [Answer] {
    Parallel.map(settings.resamples, threads: settings.threads, state: { _ in [UInt16]() }) {
      weights, index in
      draw(index, into: &weights)
      return measure(weights)
    }
  }
}
