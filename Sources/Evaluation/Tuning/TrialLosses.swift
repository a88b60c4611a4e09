internal import Columns
internal import Randomness

/// The log loss of several trials on the same rows, by cluster.
///
/// Rows of one cluster are not independent, so every comparison is paired by cluster.
package struct TrialLosses: Sendable {
  /// The sum of the weights of each cluster's rows.
  package let weights: [Double]
  /// By trial: the sum of the weighted losses of each cluster's rows.
  package private(set) var sums: [[Double]] = []
  private let total: Double

  /// - Parameter weights: by cluster, not all 0.
  package init(weights: [Double]) {
    self.weights = weights
    total = CompensatedSum(weights).value
  }

  /// Adds the next trial.
  /// - Parameter sums: by cluster.
  package mutating func append(_ sums: [Double]) {
    precondition(sums.count == weights.count, "one sum per cluster")
    self.sums.append(sums)
  }

  package var count: Int { sums.count }

  /// The mean log loss of a trial.
  package func mean(_ trial: Int) -> Double { CompensatedSum(sums[trial]).value / total }

  /// A trial's mean log loss minus another's, paired by cluster.
  package func difference(_ trial: Int, from other: Int) -> PairedLoss {
    var sum = CompensatedSum()
    for (own, other) in zip(sums[trial], sums[other]) { sum.add(own - other) }
    let estimate = sum.value / total
    var squares = CompensatedSum()
    for cluster in weights.indices {
      let excess =
        sums[trial][cluster] - sums[other][cluster] - weights[cluster] * estimate
      squares.add(excess * excess)
    }
    return PairedLoss(
      estimate: estimate, standardError: squares.value.squareRoot() / total)
  }

  /// The trial with the smallest mean, the first if there are ties; nil without trials.
  package var best: Int? {
    let means = sums.indices.map(mean)
    return means.indices.min { (means[$0], $0) < (means[$1], $1) }
  }

  /// How far apart good trials must be to be told apart: the standard error of the best trial's
  /// difference from the base or, if it is smaller, the median of those from the better half of all
  /// trials. A base that is far worse would hide differences that are worth having.
  /// - Parameter base: the index of the base.
  /// - Returns: nil with fewer than three trials.
  package func noise(base: Int) -> Double? {
    guard count > 2, let best else { return nil }
    let means = sums.indices.map(mean)
    let ranked = means.indices.sorted { (means[$0], $0) < (means[$1], $1) }
    let errors = ranked.prefix((count + 1) / 2).filter { $0 != best }
      .map { difference($0, from: best).standardError }.sorted()
    guard !errors.isEmpty else { return nil }
    let median = errors[errors.count / 2]
    return base == best ? median : min(median, difference(base, from: best).standardError)
  }
}

/// The difference of two mean losses of the same rows, with its standard error.
///
/// With d a cluster's difference of loss sums, w its weight and D the mean difference, the standard
/// error is √Σ (d - w D)² / Σ w, the sums over clusters (Liang and Zeger, 1986, for a mean).
package struct PairedLoss: Sendable, Equatable {
  package let estimate: Double
  package let standardError: Double

  /// The ends of an interval.
  /// - Parameters:
  ///   - level: its coverage.
  ///   - units: the clusters of the rarer class; few of them widen the interval.
  package func interval(level: Double, units: Int) -> (lower: Double, upper: Double) {
    let reach = StudentDistribution(degrees: Double(max(units - 1, 1))).reach((1 - level) / 2)
    return (estimate - reach * standardError, estimate + reach * standardError)
  }
}

/// The trial to take: not the one with the smallest loss, but the plainest among those that cannot
/// be told apart from it.
///
/// A trial cannot be told apart if its paired difference from the smallest loss is at most one
/// standard error (the rule of Breiman, Friedman, Olshen and Stone, 1984, section 3.4.3, paired).
package struct TrialChoice: Sendable, Equatable {
  /// The trial with the smallest loss.
  package let best: Int
  /// The trials that cannot be told apart from it, itself included, the plainest first.
  package let alike: [Int]

  /// - Parameter sizes: by trial, its number of leaves; a smaller one is plainer.
  /// - Returns: nil without trials.
  package init?(_ losses: TrialLosses, sizes: [Double]) {
    guard let best = losses.best else { return nil }
    self.best = best
    alike = sizes.indices.filter { trial in
      let difference = losses.difference(trial, from: best)
      return trial == best || difference.estimate <= difference.standardError
    }.sorted { (sizes[$0], losses.mean($0), $0) < (sizes[$1], losses.mean($1), $1) }
  }
}

/// How much of the best trial's lead over the base is luck of being picked.
///
/// Bootstrap bias correction (Tsamardinos, Greasidou and Borboudakis, 2018): in every resample of the
/// clusters, the best trial is picked on the drawn clusters and its lead is measured on those left
/// out. The mean of these leads is the lead to expect; the rest of the lead on all clusters is luck.
/// The interval has the quantiles of these leads. Only 37 % of the clusters are left out of a
/// resample, so it is rather too wide.
package struct WinnerOptimism: Sendable, Equatable {
  /// The base's loss minus the best trial's; 0 if the base is the best.
  package let lead: Double
  /// The lead to expect on other clusters.
  package let corrected: Double
  /// The ends of its interval.
  package let lower: Double
  package let upper: Double
  /// The coverage of the interval.
  package let level: Double

  /// The part of the lead that is luck, at least 0.
  package var optimism: Double { max(0, lead - corrected) }

  /// The most clusters that are drawn separately. More of them are pooled into so many groups, which
  /// are as independent as their members.
  private static let maximumUnits = 20_000

  /// - Parameters:
  ///   - base: the index of the base.
  ///   - threads: the number of threads; the result does not depend on it.
  /// - Returns: nil without trials.
  package init?(
    _ losses: TrialLosses, base: Int, resamples: Int = 500, level: Double = 0.9, seed: UInt64,
    threads: Int
  ) {
    guard let best = losses.best, resamples > 0 else { return nil }
    let (trials, units) = (losses.count, min(losses.weights.count, Self.maximumUnits))
    // Unit by unit, so that a resample reads memory in order.
    var table = [Double](repeating: 0, count: units * trials)
    var weights = [Double](repeating: 0, count: units)
    for cluster in losses.weights.indices {
      let unit = cluster % units
      weights[unit] += losses.weights[cluster]
      for trial in 0..<trials { table[unit * trials + trial] += losses.sums[trial][cluster] }
    }
    let (sums, unitWeights) = (table, weights)
    let leads = Parallel.map(resamples, threads: threads) { number -> Double? in
      var generator = Xoshiro256StarStar(
        seed: SplitMix64.mixed(seed ^ SplitMix64.mixed(UInt64(number) &+ 0xB007)))
      var counts = [UInt16](repeating: 0, count: units)
      for _ in 0..<units { counts[Int(generator.next(upperBound: UInt64(units)))] += 1 }
      var drawn = [Double](repeating: 0, count: trials)
      var left = [Double](repeating: 0, count: trials)
      var rest = 0.0
      for unit in 0..<units {
        let start = unit * trials
        if counts[unit] == 0 {
          rest += unitWeights[unit]
          for trial in 0..<trials { left[trial] += sums[start + trial] }
        } else {
          let count = Double(counts[unit])
          for trial in 0..<trials { drawn[trial] += count * sums[start + trial] }
        }
      }
      guard rest > 0, let pick = drawn.indices.min(by: { drawn[$0] < drawn[$1] }) else {
        return nil
      }
      return (left[base] - left[pick]) / rest
    }.compactMap(\.self).sorted()
    guard !leads.isEmpty else { return nil }
    let mean = CompensatedSum(leads).value / Double(leads.count)
    func quantile(_ share: Double) -> Double {
      leads[min(Int(share * Double(leads.count)), leads.count - 1)]
    }
    lead = losses.mean(base) - losses.mean(best)
    corrected = mean
    lower = quantile((1 - level) / 2)
    upper = quantile((1 + level) / 2)
    self.level = level
  }
}
