internal import Foundation
internal import Randomness

/// How much the log loss rises if the values of a feature are shuffled between entities.
public struct PermutationImportance: Codable, Sendable, Equatable {
  /// The mean over the shuffles of the log loss with shuffled values, minus that without.
  public let increase: Double
  /// The interval of `increase` over clusters and shuffles; nil without rows or resamples.
  public let interval: Interval?
  /// The number of shuffles.
  public let shuffles: Int
}

/// The losses that shuffles of one feature's values add, reduced to what importance needs.
public struct PermutedFeature: Sendable, Equatable {
  /// The additional loss of each sampled cluster, averaged over shuffles.
  fileprivate let increases: [Double]
  fileprivate let clusters: SampledClusters
  /// The additional mean loss of each shuffle.
  fileprivate let byShuffle: [Double]

  /// Compares the losses of several shuffles, at least one, with those of the feature's own values.
  /// All come from the same `EntityShuffles`.
  public init(base: ClusterLosses, shuffled: [ClusterLosses]) {
    precondition(!shuffled.isEmpty, "at least one shuffle is needed")
    precondition(
      shuffled.allSatisfy { $0.clusters == base.clusters },
      "losses of other rows cannot be compared")
    clusters = base.clusters
    var sums = [Double](repeating: 0, count: base.sums.count)
    let weights = clusters.weights() ?? sums
    byShuffle = shuffled.map { losses in
      var total = CompensatedSum()
      for cluster in sums.indices {
        let increase = losses.sums[cluster] - base.sums[cluster]
        sums[cluster] += increase
        total.add(weights[cluster] * increase)
      }
      return total.value
    }
    increases = sums.map { $0 / Double(shuffled.count) }
  }
}

/// Returns the permutation importance of features of the same rows, in their order.
///
/// A draw of an interval resamples the clusters, with the same weights for every feature, and the
/// shuffles: its value is the resampled clusters' mean increase, plus the difference that resampled
/// shuffles make, √(S / (S - 1)) times the mean of S drawn deviations from the mean over shuffles.
/// With one shuffle, the interval knows nothing of shuffles. If the rows are a sample, all clusters
/// are resampled, as for the intervals of metrics, and the sampled ones among them are weighted as
/// in the estimate. Cost: one pass over the sampled clusters per feature and resample.
public func permutationImportance(
  _ features: [PermutedFeature],
  bootstrap settings: BootstrapOptions = BootstrapOptions(resamples: 200)
) -> [PermutationImportance] {
  guard let clusters = features.first?.clusters else { return [] }
  precondition(features.allSatisfy { $0.clusters == clusters }, "the features' rows differ")
  let means = features.map { feature in
    var sum = CompensatedSum()
    for increase in feature.byShuffle { sum.add(increase) }
    return sum.value / Double(feature.byShuffle.count)
  }
  let resampling = EntityResampling(entityCount: clusters.count, seed: settings.seed)
  let plain = resampling.answers(settings) { counts -> [Double]? in
    guard let weights = clusters.weights(counts.map(Double.init)) else { return nil }
    return features.map { weightedSum($0.increases, weights) }
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
