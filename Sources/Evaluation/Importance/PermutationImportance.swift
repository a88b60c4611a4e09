internal import Foundation
internal import Randomness

/// How much the log loss rises if the values of a feature are shuffled between entities.
public struct PermutationImportance: Codable, Sendable, Equatable {
  /// The mean over the shuffles of the log loss with shuffled values, minus that without.
  public let increase: Double
  /// The interval of `increase` over entities and shuffles; nil without rows.
  public let interval: Interval?
  /// The number of shuffles.
  public let shuffles: Int
}

/// The losses that shuffles of one feature's values add, reduced to what importance needs.
public struct PermutedFeature: Sendable, Equatable {
  /// Each entity's additional loss, averaged over shuffles.
  fileprivate let increases: [Double]
  /// The number of each entity's rows.
  fileprivate let rows: [Double]
  /// The additional mean loss of each shuffle.
  fileprivate let byShuffle: [Double]

  /// Compares the losses of several shuffles, at least one, with those of the feature's own values.
  /// All come from the same `EntityShuffles`.
  public init(base: EntityLosses, shuffled: [EntityLosses]) {
    precondition(!shuffled.isEmpty, "at least one shuffle is needed")
    precondition(
      shuffled.allSatisfy { $0.rows == base.rows }, "losses of other rows cannot be compared")
    rows = base.rows
    var sums = [Double](repeating: 0, count: rows.count)
    let allRows = rows.reduce(0, +)
    byShuffle = shuffled.map { losses in
      var total = CompensatedSum()
      for entity in sums.indices {
        let increase = losses.sums[entity] - base.sums[entity]
        sums[entity] += increase
        total.add(increase)
      }
      return allRows > 0 ? total.value / allRows : 0
    }
    increases = sums.map { $0 / Double(shuffled.count) }
  }
}

/// Returns the permutation importance of features of the same rows, in their order.
///
/// A draw of an interval resamples the entities, with the same weights for every feature, and the
/// shuffles: its value is the resampled entities' mean increase, plus the difference that resampled
/// shuffles make, √(S / (S - 1)) times the mean of S drawn deviations from the mean over shuffles.
/// With one shuffle, the interval knows nothing of shuffles. Cost: one pass over the entities per
/// feature and resample.
public func permutationImportance(
  _ features: [PermutedFeature],
  bootstrap settings: BootstrapOptions = BootstrapOptions(resamples: 200)
) -> [PermutationImportance] {
  guard let rows = features.first?.rows else { return [] }
  precondition(features.allSatisfy { $0.rows == rows }, "the features' rows differ")
  let means = features.map { feature in
    var sum = CompensatedSum()
    for increase in feature.byShuffle { sum.add(increase) }
    return sum.value / Double(feature.byShuffle.count)
  }
  let resampling = EntityResampling(entityCount: rows.count, seed: settings.seed)
  let plain = resampling.answers(settings) { weights -> [Double]? in
    let drawn = weights.weightedSum(rows)
    guard drawn > 0 else { return nil }
    return features.map { weights.weightedSum($0.increases) / drawn }
  }
  return features.enumerated().map { number, feature in
    // Each feature's shuffles are drawn by a generator of their own.
    var generator = Xoshiro256StarStar(
      seed: SplitMix64.mixed(SplitMix64.mixed(settings.seed) &+ UInt64(number)))
    let draws = plain.map { draw in
      draw.map { $0[number] + feature.deviation(from: means[number], using: &generator) }
    }
    return PermutationImportance(
      increase: means[number], interval: Interval(draws, level: settings.level),
      shuffles: feature.byShuffle.count)
  }
}

extension PermutedFeature {
  /// Returns the mean deviation of as many shuffles, drawn with replacement.
  fileprivate func deviation(
    from mean: Double, using generator: inout Xoshiro256StarStar
  ) -> Double {
    let count = byShuffle.count
    guard count > 1 else { return 0 }
    var sum = 0.0
    for _ in 0..<count { sum += byShuffle[Int.random(in: 0..<count, using: &generator)] - mean }
    return sum / Double(count) * (Double(count) / Double(count - 1)).squareRoot()
  }
}

extension [UInt16] {
  /// Returns the sum of terms, each times its weight, in blocks so that the rounding error does not
  /// grow with their number.
  fileprivate func weightedSum(_ terms: [Double]) -> Double {
    let block = 512
    var total = 0.0
    for start in stride(from: 0, to: count, by: block) {
      var part = 0.0
      for place in start..<Swift.min(start + block, count) {
        part += Double(self[place]) * terms[place]
      }
      total += part
    }
    return total
  }
}
