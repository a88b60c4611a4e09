import Evaluation
import Randomness
import Testing

@Suite struct TrialLossesTests {
  /// Losses of 400 clusters of two rows. The trials share the cluster's own loss.
  private static func losses(_ means: [Double], seed: UInt64, clusters: Int = 400) -> TrialLosses {
    var generator = Xoshiro256StarStar(seed: seed)
    func normal() -> Double {
      (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
    }
    var losses = TrialLosses(weights: [Double](repeating: 2, count: clusters))
    let common = (0..<clusters).map { _ in normal() }
    for mean in means { losses.append(common.map { 2 * (1 + mean + $0 + 0.2 * normal()) }) }
    return losses
  }

  @Test func `a difference is paired by cluster`() {
    let losses = Self.losses([0, 0.1], seed: 1)
    let difference = losses.difference(1, from: 0)
    // Two deviations of 0.2 over 400 clusters; the common deviation of 1 cancels.
    #expect(abs(difference.standardError - 0.2 * 2.0.squareRoot() / 20) < 0.002)
    #expect(abs(difference.estimate - 0.1) < 0.05)
    #expect(losses.best == 0)
    let (lower, upper) = difference.interval(level: 0.95, units: 50)
    #expect(lower > 0 && upper > difference.estimate)
    #expect(losses.difference(0, from: 1).estimate == -difference.estimate)
  }

  @Test func `the plainest of those that cannot be told apart is first`() throws {
    let losses = Self.losses([0.5, 0.001, 0, 0.3], seed: 2)
    let choice = try #require(TrialChoice(losses, sizes: [10, 500, 900, 5]))
    // The first and the last are far behind, however plain.
    #expect(choice.alike == [1, 2] && [1, 2].contains(choice.best))
    #expect(TrialChoice(TrialLosses(weights: [1]), sizes: []) == nil)
  }

  @Test func `the noise of good trials is not hidden by a bad base`() throws {
    var losses = Self.losses([0, 0.01, 0.02, 0.01], seed: 3)
    let noise = try #require(losses.noise(base: 0))
    var generator = Xoshiro256StarStar(seed: 4)
    losses.append((0..<400).map { _ in 20 * Double(generator.next() >> 11) * 0x1p-53 })
    let withBad = try #require(losses.noise(base: 4))
    #expect(withBad < 2 * noise)
    #expect(losses.difference(4, from: 0).standardError > 5 * noise)
  }

  @Test func `of equal trials the whole lead is luck, of a far better one none is`() throws {
    let equal = try #require(
      WinnerOptimism(
        Self.losses([Double](repeating: 0, count: 20), seed: 5), base: 0, seed: 1, threads: 2))
    #expect(equal.lead > 0 && equal.optimism > equal.lead / 2, "\(equal)")
    #expect(equal.lower < 0)
    let better = try #require(
      WinnerOptimism(
        Self.losses([1] + [Double](repeating: 2, count: 10) + [0], seed: 6), base: 0, seed: 1,
        threads: 1))
    #expect(abs(better.lead - 1) < 0.05 && better.optimism < 0.01)
  }

  @Test func `the interval of the expected lead contains the true one`() throws {
    var inside = 0
    for world in 0..<60 {
      // Means with a spread as large as what can be told apart.
      var generator = Xoshiro256StarStar(seed: UInt64(world) &+ 900)
      let means = (0..<15).map { _ in Double(generator.next() >> 11) * 0x1p-53 * 0.04 }
      let losses = Self.losses(means, seed: UInt64(world))
      let optimism = try #require(
        WinnerOptimism(losses, base: 0, resamples: 200, seed: 7, threads: 2))
      let lead = means[0] - means[try #require(losses.best)]
      if optimism.lower <= lead, lead <= optimism.upper { inside += 1 }
    }
    // 90 % of 60 are 54; fewer than 48 have a chance below 1 in 100.
    #expect(inside >= 48, "\(inside) of 60")
  }

  @Test func `the bootstrap is the same for any number of threads`() {
    let losses = Self.losses([0, 0.02, 0.01], seed: 8)
    let alone = WinnerOptimism(losses, base: 0, resamples: 50, seed: 3, threads: 1)
    #expect(alone == WinnerOptimism(losses, base: 0, resamples: 50, seed: 3, threads: 3))
    #expect(alone != WinnerOptimism(losses, base: 0, resamples: 50, seed: 4, threads: 3))
  }
}
