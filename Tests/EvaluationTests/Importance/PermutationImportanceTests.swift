import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct PermutationImportanceTests {
  private struct Key: Hashable {
    var cutoff: Int32
    var entity: Int32
  }

  /// The key of the row that each row takes its values from.
  private func donors(_ rows: ScoredRows, seed: UInt64 = 1, shuffle: Int) -> [Key: Key] {
    let sources = EntityShuffles(cutoff: rows.cutoff, entity: rows.entity, seed: seed)
      .sources(ofShuffle: shuffle)
    func key(_ row: Int) -> Key { Key(cutoff: rows.cutoff[row], entity: rows.entity[row]) }
    return Dictionary(uniqueKeysWithValues: sources.enumerated().map { (key($0), key($1)) })
  }

  @Test func `each row takes the values of another entity at its cutoff, and no two the same`() {
    var draw = Draw(seed: 1)
    let rows = draw.scoredRows(entities: 200, cutoffs: 3)
    for shuffle in 0..<5 {
      let donors = donors(rows, shuffle: shuffle)
      #expect(Set(donors.values).count == rows.count)
      #expect(donors.allSatisfy { $0.cutoff == $1.cutoff && $0.entity != $1.entity })
    }
  }

  @Test func `an entity takes the values of one other at all cutoffs where both have rows`() {
    var draw = Draw(seed: 2)
    let rows = draw.scoredRows(entities: 200, cutoffs: 4)
    let donors = donors(rows, shuffle: 0)
    var same = 0
    var pairs = 0
    for (row, donor) in donors {
      let next = Key(cutoff: row.cutoff + 1, entity: row.entity)
      let expected = Key(cutoff: row.cutoff + 1, entity: donor.entity)
      guard let other = donors[next], donors[expected] != nil else { continue }
      pairs += 1
      // Another may come between them only if it has a row there and not here.
      if other == expected {
        same += 1
      } else {
        #expect(donors[Key(cutoff: row.cutoff, entity: other.entity)] == nil)
      }
    }
    #expect(Double(same) > 0.8 * Double(pairs))
    // With the same entities everywhere, always.
    let world = CalibratedWorld(seed: 3, entities: 50, base: -1)
    let shuffles = EntityShuffles(cutoff: world.cutoff, entity: world.entity, seed: 4)
    let taken = shuffles.sources(ofShuffle: 7).enumerated().map {
      Key(cutoff: world.entity[$0], entity: world.entity[$1])
    }
    #expect(Set(taken).count == 50)
  }

  @Test func `a shuffle depends on the seed and its number, not on the order of rows`() {
    var draw = Draw(seed: 3)
    let rows = draw.scoredRows(entities: 60, cutoffs: 3)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let one = donors(rows, shuffle: 2)
    #expect(one == donors(shuffled, shuffle: 2))
    #expect(one != donors(rows, shuffle: 3))
    #expect(one != donors(rows, seed: 2, shuffle: 2))
  }

  @Test func `the only row of a cutoff keeps its values, and no rows have no shuffle`() {
    let shuffles = EntityShuffles(cutoff: [0, 1, 1], entity: [5, 5, 9], seed: 1)
    #expect(shuffles.sources(ofShuffle: 0) == [0, 2, 1])
    #expect(EntityShuffles(cutoff: [], entity: [], seed: 1).sources(ofShuffle: 0).isEmpty)
  }

  @Test func `the increase is that of the log loss`() throws {
    var draw = Draw(seed: 4)
    let rows = draw.scoredRows(entities: 150, cutoffs: 3)
    let shuffles = EntityShuffles(cutoff: rows.cutoff, entity: rows.entity, seed: 1)
    let base = shuffles.losses(labels: rows.label, scores: rows.score)
    var expected = 0.0
    let logLoss = ScoreGroups(labels: rows.label, scores: rows.score).logLoss
    let shuffled = try (0..<4).map { index in
      let scores = shuffles.sources(ofShuffle: index).map { rows.score[$0] }
      expected += try #require(ScoreGroups(labels: rows.label, scores: scores).logLoss) / 4
      return shuffles.losses(labels: rows.label, scores: scores)
    }
    expected -= try #require(logLoss)
    let found = permutationImportance([
      PermutedFeature(base: base, shuffled: shuffled),
      PermutedFeature(base: base, shuffled: [base, base]),
    ])
    // 1e-12: sums of a few hundred terms in another order.
    #expect(isClose(found[0].increase, expected, 1e-12) && expected > 0.01)
    #expect(found[0].shuffles == 4)
    let interval = try #require(found[0].interval)
    #expect(interval.lower < expected && expected < interval.upper && interval.lower > 0)
    #expect(found[1].increase == 0)
    #expect(found[1].interval?.lower == 0 && found[1].interval?.upper == 0)
  }

  @Test func `the order of rows and the number of threads change nothing`() {
    var draw = Draw(seed: 5)
    let rows = draw.scoredRows(entities: 150, cutoffs: 3)
    func importance(_ rows: ScoredRows, threads: Int) -> [PermutationImportance] {
      let shuffles = EntityShuffles(cutoff: rows.cutoff, entity: rows.entity, seed: 1)
      let base = shuffles.losses(labels: rows.label, scores: rows.score)
      let shuffled = (0..<3).map { index in
        shuffles.losses(
          labels: rows.label, scores: shuffles.sources(ofShuffle: index).map { rows.score[$0] })
      }
      let feature = PermutedFeature(base: base, shuffled: shuffled)
      return permutationImportance(
        [feature, feature], bootstrap: BootstrapOptions(resamples: 30, threads: threads))
    }
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let areSame = importance(rows, threads: 1) == importance(shuffled, threads: 3)
    #expect(areSame)
  }

  @Test func `shuffles that differ widen the interval as their mean does`() throws {
    // Every entity loses the same, so only the shuffles vary: 1, 2, 3, 4, 5.
    let count = 50
    let shuffles = EntityShuffles(
      cutoff: [Int32](repeating: 0, count: count), entity: Array(0..<Int32(count)), seed: 1)
    let labels = [UInt8](repeating: 1, count: count)
    func losses(_ loss: Double) -> EntityLosses {
      shuffles.losses(labels: labels, scores: [Double](repeating: exp(-loss), count: count))
    }
    let feature = PermutedFeature(base: losses(0.5), shuffled: (1...5).map { losses(Double($0)) })
    let found = try #require(
      permutationImportance([feature], bootstrap: BootstrapOptions(resamples: 2000)).first)
    #expect(isClose(found.increase, 2.5, 1e-12))
    // The standard error of the mean of five: √(2.5 / 5); 5 % is three standard errors of it.
    let error = try #require(found.interval).standardError
    #expect(abs(error / 0.5.squareRoot() - 1) < 0.05, "\(error)")
  }

  @Test func `no features have no importance`() {
    #expect(permutationImportance([]).isEmpty)
  }
}
