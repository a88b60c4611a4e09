import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct EarlyLabelsTests {
  /// How often each test rejects at 5 %.
  struct Rejections {
    var level = 0.0
    var slope = 0.0
    var groups = 0.0
  }

  /// Open windows of accounts with very different probabilities, in families of one of these sizes
  /// that buy together.
  private func rejections(
    expected: Double, simulations: Int, sizes: [Int] = [1], asIndependent: Bool = false,
    seed: UInt64,
    truth: (_ probability: Double, _ group: Int32) -> Double = { probability, _ in probability }
  ) -> Rejections {
    var rejections = Rejections()
    let rows = 1_200
    for simulation in 0..<simulations {
      var draw = Draw(seed: SplitMix64.mixed(seed &+ UInt64(simulation)))
      let odds = (0..<rows).map { _ in exp(1.1 * draw.normal()) }
      let groups = (0..<rows).map { _ in Int32(pow(draw.uniform(), 1.7) * 12) }
      let total = odds.reduce(0, +)
      let probabilities = odds.map { min(0.9, $0 * expected / total) }
      var families: [Int32] = []
      while families.count < rows {
        let family = (families.last ?? -1) + 1
        let size = sizes.count == 1 ? sizes[0] : sizes[draw.below(sizes.count)]
        families += [Int32](repeating: family, count: min(size, rows - families.count))
      }
      var uniform = 0.0
      let labels = probabilities.indices.map { row -> UInt8 in
        if row == 0 || families[row] != families[row - 1] { uniform = draw.uniform() }
        return uniform < truth(probabilities[row], groups[row]) ? 1 : 0
      }
      let early = EarlyLabels(
        probabilities: probabilities, labels: labels,
        entities: asIndependent ? (0..<Int32(rows)).map { $0 } : families)
      let share = 1 / Double(simulations)
      if early.level().pValue < 0.05 { rejections.level += share }
      if (early.slope()?.pValue ?? 1) < 0.05 { rejections.slope += share }
      if (early.groups(groups, count: 12)?.pValue ?? 1) < 0.05 { rejections.groups += share }
    }
    return rejections
  }

  @Test func `calibrated rows are rejected in 5 % of cases, families too`() {
    // 1,000 simulations measured, for the level, the slope, and the groups: 0.043, 0.058, 0.053 for
    // accounts; 0.051, 0.056, 0.046 for families of three; 0.041, 0.047, 0.039 for one to five.
    let isLong = LongSimulations.asked != nil
    let simulations = isLong ? 1_000 : 150
    // With few simulations, four standard errors; 1,000 must be within 3 to 7 %.
    let margin = isLong ? 0.02 : 4 * (0.05 * 0.95 / Double(simulations)).squareRoot()
    for sizes in isLong ? [[1], [3], [1, 2, 3, 4, 5]] : [[1], [1, 2, 3, 4, 5]] {
      let found = rejections(expected: 55.9, simulations: simulations, sizes: sizes, seed: 100)
      LongSimulations.say("early labels, families of \(sizes), rejected at 5 %: \(found)")
      for share in [found.level, found.slope, found.groups] {
        #expect(abs(share - 0.05) <= margin, "\(sizes): \(found)")
      }
    }
    // Without their families the same labels are rejected far more often.
    let wrong = rejections(
      expected: 55.9, simulations: 60, sizes: [3], asIndependent: true, seed: 100)
    #expect(wrong.level > 0.15, "\(wrong)")
  }

  @Test func `rows of one family tell less about slope and groups than as many accounts`() throws {
    var draw = Draw(seed: 7)
    var (probabilities, labels, groups): ([Double], [UInt8], [Int32]) = ([], [], [])
    for family in 0..<150 {
      let odds = exp(1.5 * draw.normal() - 1)
      // The scores are too far apart, and too low in the first group.
      let isPositive = draw.uniform() < odds.squareRoot() / (1 + odds.squareRoot())
      for _ in 0..<4 {
        probabilities.append(odds / (1 + odds))
        labels.append(isPositive ? 1 : 0)
        groups.append(family % 5 == 0 && isPositive ? 0 : Int32(1 + family % 3))
      }
    }
    let rows = Int32(labels.count)
    func read(_ entities: [Int32]) throws -> (slope: Double, groups: Double) {
      let early = EarlyLabels(probabilities: probabilities, labels: labels, entities: entities)
      let slope = try #require(early.slope())
      return (slope.pValue, try #require(early.groups(groups, count: 4)).pValue)
    }
    let apart = try read((0..<rows).map { $0 })
    let families = try read((0..<rows).map { $0 / 4 })
    // Four rows that say the same have a quarter of the likelihood ratio.
    #expect(families.slope > 2 * apart.slope, "\(families), \(apart)")
    #expect(families.groups > apart.groups, "\(families), \(apart)")
  }

  @Test func `each test sees its own change`() {
    let low = rejections(expected: 55.9, simulations: 40, seed: 200) { probability, _ in
      0.6 * probability
    }
    #expect(low.level > 0.75 && low.slope < 0.25 && low.groups < 0.25, "\(low)")
    let flat = rejections(expected: 55.9, simulations: 40, seed: 300) { probability, _ in
      (probability * 55.9 / 1_200).squareRoot() * 0.9
    }
    #expect(flat.slope > 0.75, "\(flat)")
    let one = rejections(expected: 118.6, simulations: 40, seed: 400) { probability, group in
      group == 0 ? 0.2 * probability : probability
    }
    #expect(one.groups > 0.75 && one.slope < 0.25, "\(one)")
  }

  @Test func `a level and a slope by hand`() throws {
    // Four rows of 1/2: 0 events have probability 1/16, of which half counts, twice.
    let none = EarlyLabels(
      probabilities: [0.5, 0.5, 0.5, 0.5], labels: [0, 0, 0, 0], entities: [0, 1, 2, 3])
    #expect(abs(none.level().pValue - 1.0 / 16) < 1e-12 && none.level().expected == 2)
    #expect(none.slope() == nil && none.groups([0, 0, 1, 1], count: 2) == nil)
    // One family: all or nothing, each with probability 1/2.
    let family = EarlyLabels(
      probabilities: [0.5, 0.5, 0.5, 0.5], labels: [0, 0, 0, 0], entities: [7, 7, 7, 7])
    #expect(abs(family.level().pValue - 0.5) < 1e-12)
    // Rates of 1/5 and 4/5 where 1/17 and 16/17 were expected: half of the logit.
    let rows = 10
    let slope = try #require(
      EarlyLabels(
        probabilities: (0..<rows).map { $0 < 5 ? 1.0 / 17 : 16.0 / 17 },
        labels: [1, 0, 0, 0, 0, 0, 1, 1, 1, 1], entities: (0..<Int32(rows)).map { $0 }
      ).slope())
    #expect(abs(slope.slope - 0.5) < 1e-9, "\(slope)")
    // 2 (10 ln-likelihoods at 0.2 and 0.8 less those at 1/17 and 16/17).
    let ratio = 4 * (0.2 * 5 * log(0.2 * 17) + 0.8 * 5 * log(0.8 * 17 / 16))
    #expect(abs(slope.pValue - erfc((ratio / 2).squareRoot())) < 1e-9, "\(slope)")
  }

  @Test func `tests are read together`() {
    func read(
      _ level: Double, _ slope: Double?, _ groups: Double?, inputs: Bool = false
    ) -> EarlyDiagnosis {
      EarlyDiagnosis(level: level, slope: slope, groups: groups, inputsMoved: inputs)
    }
    #expect(read(0.5, 0.5, 0.5) == .asExpected)
    #expect(read(0.5, 0.5, 0.5, inputs: true) == .inputsFollowed)
    #expect(read(0.01, 0.5, 0.5) == .level && read(0.01, nil, nil) == .level)
    #expect(read(0.01, 0.01, 0.01) == .separation && read(0.5, 0.01, nil) == .separation)
    #expect(read(0.01, 0.5, 0.01) == .groups)
    #expect(read(0.01, 0.5, 0.5, inputs: true) == .brokenInputs)
  }
}
