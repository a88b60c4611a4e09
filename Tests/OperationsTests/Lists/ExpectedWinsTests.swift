import Foundation
import HoldoutTestSupport
import Operations
import Randomness
import Testing

@Suite struct ExpectedWinsTests {
  /// The probability of each count, over all 2^n outcomes.
  private func enumerated(_ probabilities: [Double]) -> [Double] {
    var masses = [Double](repeating: 0, count: probabilities.count + 1)
    for bits in 0..<(1 << probabilities.count) {
      var mass = 1.0
      for (trial, probability) in probabilities.enumerated() {
        mass *= bits >> trial & 1 == 1 ? probability : 1 - probability
      }
      masses[bits.nonzeroBitCount] += mass
    }
    return masses
  }

  /// The whole table, without anything dropped.
  private func table(_ probabilities: [Double]) -> [Double] {
    var masses = [1.0]
    for probability in probabilities {
      let won = [0] + masses.map { $0 * probability }
      let failed = masses.map { $0 * (1 - probability) } + [0]
      masses = zip(won, failed).map(+)
    }
    return masses
  }

  @Test(arguments: 0..<100)
  func `the masses are those of all outcomes, counted one by one`(_ seed: Int) {
    var draw = SplitMix64(seed: UInt64(seed))
    let probabilities = (0..<draw.number(0...12)).map { _ in
      draw.oneIn(8) ? Double(draw.number(0...1)) : draw.share()
    }
    let exact = enumerated(probabilities)
    let distribution = PoissonBinomial(probabilities)
    for (wins, mass) in exact.enumerated() {
      // Both sides round at most 36 times, each by less than 2^-53 of a mass of at most 1.
      #expect(abs(distribution.probability(of: wins) - mass) < 1e-14)
    }
    for level in [0.5, 0.8, 0.95] {
      let wins = ExpectedWins(probabilities, level: level)
      let side = (1 - level) / 2
      func below(_ count: Int) -> Double { exact.prefix(max(count, 0)).reduce(0, +) }
      func above(_ count: Int) -> Double { exact.dropFirst(count + 1).reduce(0, +) }
      #expect(below(wins.lower) <= side + 1e-12)
      #expect(above(wins.upper) <= side + 1e-12)
      // Neither end can come closer: one step more leaves too much out.
      #expect(wins.lower == exact.count - 1 || below(wins.lower + 1) > side - 1e-12)
      #expect(wins.upper == 0 || above(wins.upper - 1) > side - 1e-12)
    }
  }

  @Test func `rows of one cluster win together, as far as their scores allow`() {
    let scores = [Double](repeating: 0.5, count: 8)
    let apart = ExpectedWins(scores, level: 0.95)
    // At most one of 8 rows wins in 9 of 256 cases, and none in 1.
    #expect(apart.lower == 1 && apart.upper == 7)
    // None of 4 pairs wins in 1 of 16 cases.
    let pairs = ExpectedWins(scores, clusters: [0, 0, 1, 1, 2, 2, 3, 3], level: 0.95)
    #expect(pairs.lower == 0 && pairs.upper == 8 && pairs.expected == apart.expected)
    // Clusters of one row each are independent rows.
    let alone = ExpectedWins(scores, clusters: [5, 3, 7, 1, 0, 2, 4, 6], level: 0.95)
    #expect(alone == apart)
  }

  @Test func `what is dropped at the ends cannot be seen beside the whole table`() {
    var draw = SplitMix64(seed: 7)
    for scale in [0.002, 0.05, 1] {
      let probabilities = (0..<3_000).map { _ in draw.share() * scale }
      let whole = table(probabilities)
      let distribution = PoissonBinomial(probabilities)
      for (wins, mass) in whole.enumerated() {
        // At most 2 x 3,000 x 1e-30 is dropped, and of the rest 9,000 roundings are off by at most
        // 2^-53 each, on either side.
        let bound = 6e-27 + mass * 18_000 * 0x1p-53
        #expect(abs(distribution.probability(of: wins) - mass) <= bound)
      }
    }
  }

  @Test func `half a million rows keep their mean, their spread and a whole sum`() {
    let probabilities = (0..<500_000).map { Double($0 % 1_000 + 1) / 1_000_000 }
    let distribution = PoissonBinomial(probabilities)
    let mean = probabilities.reduce(0, +)
    let variance = probabilities.reduce(0) { $0 + $1 * (1 - $1) }
    var (sum, first, second) = (0.0, 0.0, 0.0)
    for wins in 0...2_000 {
      let mass = distribution.probability(of: wins)
      sum += mass
      first += mass * Double(wins)
      second += mass * (Double(wins) - mean) * (Double(wins) - mean)
    }
    // 1.5 million roundings of at most 2^-53 each are 1.7e-10 of every mass.
    #expect(abs(sum - 1) < 2e-10)
    #expect(abs(first / mean - 1) < 2e-10)
    #expect(abs(second / variance - 1) < 2e-10)
  }

  @Test func `equal scores give the binomial distribution, and none give nothing`() {
    // Quantiles of the binomial distribution of 100 trials at 0.1 (R: qbinom(c(.1, .9), 100, .1)).
    let wins = ExpectedWins([Double](repeating: 0.1, count: 100))
    #expect(wins.lower == 6)
    #expect(wins.upper == 14)
    #expect(abs(wins.expected - 10) < 1e-12)
    #expect(ExpectedWins([]).upper == 0)
    #expect(ExpectedWins([1, 1, 1]).lower == 3)
    #expect(ExpectedWins([0, 0]).upper == 0)
  }

  @Test func `groups of a list have their own wins, and the list has those of all`() {
    let rows = AllocationRows(
      order: [0, 1, 2, 3], scores: [0.5, 0.25, 0.25, 0.125], groups: [0, 1, 0, 1],
      groupNames: ["West", "East"])
    let allocation = Allocation(
      rows, capacity: .test(per: "territory", total: 3), cutoff: RandomAllocation.cutoff)
    #expect(allocation.expectedWins() == ExpectedWins([0.5, 0.25, 0.25]))
    #expect(allocation.expectedWinsByGroup() == [ExpectedWins([0.5, 0.25]), ExpectedWins([0.25])])
  }
}
