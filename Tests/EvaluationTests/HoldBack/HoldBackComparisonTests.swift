import Evaluation
import Randomness
import Testing

@Suite struct HoldBackComparisonTests {
  private func comparison(
    selected: (accounts: Int, wins: Int), heldBack: (accounts: Int, wins: Int),
    score: (_ isHeldBack: Bool) -> Double = { _ in 0.1 }
  ) -> HoldBackComparison {
    let sizes = [selected, heldBack]
    let arms = sizes.indices.flatMap { arm in
      (0..<sizes[arm].accounts).map { (isHeldBack: arm == 1, isWin: $0 < sizes[arm].wins) }
    }
    return HoldBackComparison(
      scores: arms.map { score($0.isHeldBack) }, wins: arms.map { $0.isWin ? 1 : 0 },
      isHeldBack: arms.map(\.isHeldBack), clusters: Array(0..<Int32(arms.count)))
  }

  @Test func `caused wins are those beyond the held-back rate`() throws {
    let found = comparison(selected: (200, 30), heldBack: (20, 2)) { $0 ? 0.2 : 0.1 }
    #expect(found.selected.rate == 0.15 && found.heldBack.rate == 0.1)
    // A tenth of 200 accounts would have won.
    let byAccount = try #require(found.byAccount)
    #expect(byAccount.withoutWork == 20 && byAccount.caused == 10)
    #expect(abs(byAccount.designEffect - 1) < 1e-12)
    // The held-back accounts had half of the expected wins, so the others would have, too.
    let byExpected = try #require(found.byExpected)
    #expect(abs(byExpected.withoutWork - 10) < 1e-12 && abs(byExpected.caused - 20) < 1e-12)
    for estimate in [byAccount, byExpected] {
      #expect(estimate.lower < estimate.caused && estimate.caused < estimate.upper)
    }
  }

  @Test func `without any wins, the interval says what such a hold-back can exclude`() throws {
    let estimate = try #require(
      comparison(selected: (950, 0), heldBack: (50, 0)).byAccount)
    #expect(estimate.caused == 0 && !estimate.isSignificant)
    // The selected accounts exclude many caused wins by themselves. That many would have won without
    // the work can only be excluded by the 50 others.
    #expect(estimate.upper > 1 && estimate.upper < 6)
    #expect(estimate.lower < -20 && estimate.lower > -120)
  }

  @Test func `an arm without accounts, or that expects nothing, has no estimate`() {
    let empty = comparison(selected: (9, 1), heldBack: (0, 0))
    #expect(empty.byAccount == nil && empty.byExpected == nil && empty.heldBack.rate == nil)
    let hopeless = comparison(selected: (9, 1), heldBack: (9, 0)) { $0 ? 0 : 0.1 }
    #expect(hopeless.byAccount != nil && hopeless.byExpected == nil)
  }

  @Test func `the ends are within the accounts, whatever the counts`() throws {
    for (selected, heldBack) in [((5, 5), (1, 0)), ((5, 0), (1, 1)), ((5, 5), (1, 1))] {
      let estimate = try #require(comparison(selected: selected, heldBack: heldBack).byAccount)
      #expect(estimate.lower >= -6 && estimate.upper <= 6)
      #expect(estimate.lower <= estimate.caused && estimate.caused <= estimate.upper)
    }
  }

  @Test(arguments: HoldBackWorld.worlds.indices)
  func `the interval contains the caused wins in 95 % of 500 simulations`(_ index: Int) {
    let (name, world) = HoldBackWorld.worlds[index]
    let coverage = world.coverage(simulations: 500, seed: UInt64(1_000 * index))
    for found in [coverage.byExpected, coverage.byAccount] {
      // 475 are nominal, with a standard deviation of 5. Few wins give more, because counts are
      // integers.
      #expect((460...495).contains(found.covered), "\(name): \(found)")
      // Neither end is too close: 12.5 each are nominal.
      #expect(found.below <= 25 && found.above <= 25, "\(name): \(found)")
    }
  }

  @Test func `rows of one cluster are not independent`() {
    let families = HoldBackWorld(accounts: 1_200, share: 0.1, clusterSize: 5)
    let coverage = families.coverage(simulations: 500, seed: 7_000)
    #expect(coverage.naive.covered < 455)
    #expect(coverage.naive.width < 0.9 * coverage.byExpected.width)
  }

  @Test func `both exposures estimate the same, and expected wins with less luck`() {
    let coverage = HoldBackWorld(share: 0.2, base: 0.2, spread: 1.5).coverage(
      simulations: 300, seed: 3)
    let (own, raw) = (coverage.byExpected, coverage.byAccount)
    // The standard error of the mean of 300 estimates is about 2.5 wins.
    #expect(abs(own.error / 300) < 8 && abs(raw.error / 300) < 8)
    #expect(own.width < 0.9 * raw.width)
  }

  @Test(arguments: [
    (HoldBackWorld(share: 0.2, base: 0.1, spread: 0, increase: 1), 1.0),
    (HoldBackWorld(share: 0.1, base: 0.2, spread: 0, increase: 0.5), 1.0),
    (HoldBackWorld(share: 0.5, base: 0.05, spread: 0, increase: 1), 1.0),
  ])
  func `an effect is seen in four of five simulations with the accounts that it takes`(
    _ world: HoldBackWorld, _ designEffect: Double
  ) throws {
    let power = HoldBackPower(rate: world.base, share: world.share, designEffect: designEffect)
    var world = world
    world.accounts = try #require(power.accounts(increase: world.increase))
    let seen = (0..<500).count { simulation in
      world.sample(seed: SplitMix64.mixed(UInt64(simulation))).comparison.byAccount
        .map { $0.lower > 0 } ?? false
    }
    // 400 are nominal, with a standard deviation of 9.
    #expect((370...435).contains(seen), "\(seen) with \(world.accounts) accounts")
  }

  @Test func `what cannot be seen takes no number of accounts`() throws {
    let power = HoldBackPower(rate: 0.4, share: 0.05)
    #expect(power.accounts(increase: 2) == nil && power.accounts(increase: 0) == nil)
    #expect(HoldBackPower(rate: 0, share: 0.05).accounts(increase: 1) == nil)
    let half = try #require(HoldBackPower(rate: 0.1, share: 0.5).accounts(increase: 1))
    // Fleiss, Levin and Paik (2003), table A.4 without the correction for continuity: 199 per group
    // for 10 % against 20 %.
    #expect(half == 398)
    let five = try #require(HoldBackPower(rate: 0.1, share: 0.05).accounts(increase: 1))
    #expect(five > 3 * half)
    let clustered = HoldBackPower(rate: 0.1, share: 0.5, designEffect: 2)
    #expect(abs(try #require(clustered.accounts(increase: 1)) - 2 * half) <= 2)
  }

  @Test func `arms that were not drawn so are improbable`() {
    // Two times the probability of at most 3 of 20 at one half: 1,351 of 2^20.
    let few = comparison(selected: (17, 0), heldBack: (3, 0))
    #expect(abs(few.drawProbability(share: 0.5) - 2 * 1_351 / 1_048_576) < 1e-12)
    #expect(few.drawProbability(share: 0.15) > 0.5)
    let many = comparison(selected: (940, 0), heldBack: (60, 0))
    #expect(many.drawProbability(share: 0.06) > 0.9)
    #expect(many.drawProbability(share: 0.02) < 1e-9)
  }
}
