internal import Foundation

/// What the work on a list caused: the accounts that were worked on, beside those that a random draw
/// left alone.
///
/// ```swift
/// let comparison = HoldBackComparison(
///   scores: scores, wins: wins, isHeldBack: isHeldBack, clusters: clusters)
/// comparison.byExpected?.caused  // wins that would not have happened without the work
/// ```
///
/// Without the work, the selected accounts would have had the wins of the held-back ones times a
/// factor: the ratio of the expected wins of both arms (`byExpected`), or of their accounts
/// (`byAccount`). Because the arms are drawn at random, both estimate the same number. The first one
/// is the ratio estimator of survey sampling with the scores as the covariate (Cochran, 1977, chapter
/// 6): it removes the part of chance that the scores know, and is not biased by bad scores.
///
/// **The interval** holds every number of caused wins c that a score test does not reject. With
/// exposures e (expected wins, or accounts), the selected wins have the mean r e_s + c and the
/// held-back wins r e_h; r is fitted under the tested c (Miettinen and Nurminen, 1985). The statistic
/// is corrected for skewness (Gart and Nam, 1990; Laud, 2017, "Equal-tailed confidence intervals for
/// comparison of rates"), because a hold-back of 5 % has few wins. It is defined without any wins,
/// too.
///
/// **Clusters and scores**: counts and exposures are divided by a factor, the sum of squared
/// residuals of clusters over the binomial variance of the accounts (the design effect of Rao and
/// Scott, 1992). It is above 1 if clusters win together, and below 1 if the scores separate. It is 1
/// if every account is its own cluster and accounts are the exposure.
///
/// Pure: sums are over rows in their order.
public struct HoldBackComparison: Sendable, Equatable {
  /// The accounts that were worked on, or those that were left alone.
  public struct Arm: Sendable, Equatable {
    /// The number of accounts, each once.
    public let accounts: Int
    /// The number of clusters; that of accounts if every account is its own.
    public let clusters: Int
    /// The number of accounts with a win.
    public let wins: Int
    /// The sum of their scores.
    public let expected: Double

    /// Wins per account; nil without accounts.
    public var rate: Double? { accounts > 0 ? Double(wins) / Double(accounts) : nil }
  }

  /// An estimate of the wins that the work caused.
  public struct Estimate: Sendable, Equatable {
    /// The wins that the selected accounts would have had if they had been left alone.
    public let withoutWork: Double
    /// Their wins beyond these.
    public let caused: Double
    /// The lower end of the interval of the caused wins.
    public let lower: Double
    /// The upper end.
    public let upper: Double
    /// By how much the variance differs from that of independent accounts with one rate.
    public let designEffect: Double

    /// Whether the interval is above or below 0.
    public var isSignificant: Bool { lower > 0 || upper < 0 }
  }

  /// The accounts that were selected, and would have been without a hold-back.
  public let selected: Arm
  /// The accounts that would have been selected, and were left alone.
  public let heldBack: Arm
  /// In proportion to the expected wins; nil if an arm expects none.
  public let byExpected: Estimate?
  /// In proportion to the accounts; nil if an arm is empty.
  public let byAccount: Estimate?
  /// The coverage of the intervals.
  public let level: Double

  /// Compares the arms.
  /// - Parameters:
  ///   - scores: one probability per account.
  ///   - wins: 1 for a win.
  ///   - isHeldBack: whether the account was left alone.
  ///   - clusters: the cluster of each account; accounts of one cluster are not independent.
  public init(
    scores: [Double], wins: [UInt8], isHeldBack: [Bool], clusters: [Int32], level: Double = 0.95
  ) {
    precondition(
      scores.count == wins.count && scores.count == isHeldBack.count
        && scores.count == clusters.count, "columns of unequal length")
    let rows = Rows(scores: scores, wins: wins, isHeldBack: isHeldBack, clusters: clusters)
    (selected, heldBack) = (rows.arm(false), rows.arm(true))
    self.level = level
    let tail = (1 - level) / 2
    byExpected = rows.estimate(selected, heldBack, exposures: scores, tail: tail)
    byAccount = rows.estimate(
      selected, heldBack, exposures: [Double](repeating: 1, count: scores.count), tail: tail)
  }

  /// Returns the probability of a number of held-back clusters at least as far from the expected one,
  /// if each cluster was drawn with this probability: twice the smaller binomial tail, at most 1.
  ///
  /// A tiny one says that the arms are not those that were drawn, for example because the share was
  /// changed or rows were deleted (a sample ratio mismatch: Fabijan et al., 2019).
  public func drawProbability(share: Double) -> Double {
    let count = selected.clusters + heldBack.clusters
    guard count > 0, share > 0, share < 1 else { return 1 }
    let (below, above) = (log1p(-share), log(share))
    func mass(_ number: Int) -> Double {
      let (all, own) = (Double(count), Double(number))
      let ways: Double = lgamma(all + 1) - lgamma(own + 1) - lgamma(all - own + 1)
      return exp(ways + own * above + (all - own) * below)
    }
    var lower = CompensatedSum()
    var upper = CompensatedSum()
    for number in 0...count {
      if number <= heldBack.clusters { lower.add(mass(number)) }
      if number >= heldBack.clusters { upper.add(mass(number)) }
    }
    return min(1, 2 * min(lower.value, upper.value))
  }
}

/// The accounts of both arms, in columns.
private struct Rows {
  let scores: [Double]
  let wins: [UInt8]
  let isHeldBack: [Bool]
  /// Numbered from 0 in the order of their first accounts.
  let clusters: [Int]
  let clusterCount: Int

  init(scores: [Double], wins: [UInt8], isHeldBack: [Bool], clusters: [Int32]) {
    (self.scores, self.wins, self.isHeldBack) = (scores, wins, isHeldBack)
    var known: [Int32: Int] = [:]
    self.clusters = clusters.map { cluster in
      let number = known[cluster] ?? known.count
      known[cluster] = number
      return number
    }
    clusterCount = known.count
  }

  func arm(_ isHeldBack: Bool) -> HoldBackComparison.Arm {
    let own = scores.indices.filter { self.isHeldBack[$0] == isHeldBack }
    var expected = CompensatedSum()
    for row in own { expected.add(scores[row]) }
    return HoldBackComparison.Arm(
      accounts: own.count, clusters: Set(own.map { clusters[$0] }).count,
      wins: own.reduce(0) { $0 + Int(wins[$1]) }, expected: expected.value)
  }

  /// - Parameter exposures: each account's.
  func estimate(
    _ selected: HoldBackComparison.Arm, _ heldBack: HoldBackComparison.Arm, exposures: [Double],
    tail: Double
  ) -> HoldBackComparison.Estimate? {
    var (ofSelected, ofHeldBack) = (CompensatedSum(), CompensatedSum())
    for row in exposures.indices {
      if isHeldBack[row] { ofHeldBack.add(exposures[row]) } else { ofSelected.add(exposures[row]) }
    }
    guard ofSelected.value > 0, ofHeldBack.value > 0 else { return nil }
    let (worked, alone) = (
      ScoreTest.Arm(selected, exposure: ofSelected.value),
      ScoreTest.Arm(heldBack, exposure: ofHeldBack.value)
    )
    let effect = designEffect(worked, alone, exposures)
    let test = ScoreTest(selected: worked / effect, heldBack: alone / effect)
    let value = NormalDistribution.upperQuantile(tail)
    let withoutWork = alone.wins * worked.exposure / alone.exposure
    let caused = worked.wins - withoutWork
    return HoldBackComparison.Estimate(
      withoutWork: withoutWork, caused: caused,
      // A number of caused wins in the counts that were divided by the design effect.
      lower: min(caused, effect * test.caused(where: value)),
      upper: max(caused, effect * test.caused(where: -value)), designEffect: effect)
  }

  /// The variance of residuals summed by cluster, relative to that of independent accounts with one
  /// rate. With few wins it may be tiny by chance, so it is at least 1/2.
  private func designEffect(
    _ selected: ScoreTest.Arm, _ heldBack: ScoreTest.Arm, _ exposures: [Double]
  ) -> Double {
    let rates = [selected, heldBack].map { $0.wins / $0.exposure }
    var sums = [Double](repeating: 0, count: clusterCount)
    for row in exposures.indices {
      sums[clusters[row]] += Double(wins[row]) - exposures[row] * rates[isHeldBack[row] ? 1 : 0]
    }
    var total = CompensatedSum()
    for sum in sums { total.add(sum * sum) }
    let binomial = selected.variance(selected.wins) + heldBack.variance(heldBack.wins)
    return binomial > 0 ? max(0.5, total.value / binomial) : 1
  }
}

/// A score test of the number of caused wins.
private struct ScoreTest {
  struct Arm {
    let accounts: Double
    let wins: Double
    let exposure: Double

    init(_ arm: HoldBackComparison.Arm, exposure: Double) {
      (accounts, wins) = (Double(arm.accounts), Double(arm.wins))
      self.exposure = exposure
    }

    private init(_ accounts: Double, _ wins: Double, _ exposure: Double) {
      (self.accounts, self.wins, self.exposure) = (accounts, wins, exposure)
    }

    static func / (arm: Arm, factor: Double) -> Arm {
      Arm(arm.accounts / factor, arm.wins / factor, arm.exposure / factor)
    }

    /// The binomial variance of the wins if their mean is this.
    func variance(_ mean: Double) -> Double { mean * (1 - share(mean)) }
    /// The third central moment.
    func third(_ mean: Double) -> Double { variance(mean) * (1 - 2 * share(mean)) }
    private func share(_ mean: Double) -> Double { min(1, max(0, mean / accounts)) }
  }

  let selected: Arm
  let heldBack: Arm

  /// The number of caused wins at which the statistic has a value. It decreases in the number.
  func caused(where value: Double) -> Double {
    let factor = selected.exposure / heldBack.exposure
    var low = -max(selected.accounts, factor * heldBack.accounts) - 1
    var high = selected.accounts + 1
    for _ in 0..<100 {
      let middle = low + (high - low) / 2
      if statistic(middle) > value { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  /// How many standard deviations the wins are above what `caused` caused wins would give.
  private func statistic(_ caused: Double) -> Double {
    let factor = selected.exposure / heldBack.exposure
    let rate = rate(caused)
    let means = (max(0, rate * selected.exposure + caused), rate * heldBack.exposure)
    let variance = max(
      selected.variance(means.0) + factor * factor * heldBack.variance(means.1), 1e-12)
    let value = (selected.wins - caused - factor * heldBack.wins) / variance.squareRoot()
    let third = selected.third(means.0) - factor * factor * factor * heldBack.third(means.1)
    let sixth = third / (variance * variance.squareRoot()) / 6
    // The root of value = z + sixth (z² - 1); Laud (2017), equation 3.
    guard abs(sixth) > 1e-9 else { return value }
    let root = 1 + 4 * sixth * (sixth + value)
    return root < 0 ? -1 / (2 * sixth) : (root.squareRoot() - 1) / (2 * sixth)
  }

  /// The wins per exposure without the work that are most likely if so many wins were caused, for
  /// Poisson counts: the root of a quadratic equation.
  private func rate(_ caused: Double) -> Double {
    let all = selected.exposure + heldBack.exposure
    let linear = all * caused - (selected.wins + heldBack.wins) * selected.exposure
    let root = linear * linear + 4 * all * selected.exposure * heldBack.wins * caused
    let rate = (max(0, root).squareRoot() - linear) / (2 * all * selected.exposure)
    return max(rate, 0, -caused / selected.exposure)
  }
}
