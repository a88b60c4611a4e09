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

  /// Rows whose scores do not matter.
  private static func rows(
    cutoff: [Int32], entity: [Int32], cluster: [Int32]? = nil, label: [UInt8]
  ) -> ScoredRows {
    let zero = [Double](repeating: 0, count: label.count)
    return ScoredRows(
      cutoff: cutoff, entity: entity, cluster: cluster, label: label, margin: zero, score: zero,
      uncalibrated: zero)
  }

  /// The key of the row that each row takes its values from.
  private func donors(
    _ rows: ScoredRows, limit: Int = .max, seed: UInt64 = 1, shuffle: Int
  ) -> [Key: Key] {
    let shuffles = EntityShuffles(rows, limit: limit, seed: seed)
    func key(_ row: Int) -> Key {
      let row = shuffles.rows[row]
      return Key(cutoff: rows.cutoff[row], entity: rows.entity[row])
    }
    return Dictionary(
      uniqueKeysWithValues: shuffles.sources(ofShuffle: shuffle).enumerated().map {
        (key($0), key(Int($1)))
      })
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
    let always = Self.rows(
      cutoff: world.cutoff, entity: world.entity,
      label: [UInt8](repeating: 0, count: world.entity.count))
    let taken = EntityShuffles(always, seed: 4).sources(ofShuffle: 7).enumerated().map {
      Key(cutoff: world.entity[$0], entity: world.entity[Int($1)])
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
    let rows = Self.rows(cutoff: [0, 1, 1], entity: [5, 5, 9], label: [0, 0, 1])
    #expect(EntityShuffles(rows, seed: 1).sources(ofShuffle: 0) == [0, 2, 1])
    let none = Self.rows(cutoff: [], entity: [], label: [])
    #expect(EntityShuffles(none, seed: 1).sources(ofShuffle: 0).isEmpty)
  }

  @Test func `the increase is that of the log loss`() throws {
    var draw = Draw(seed: 4)
    let rows = draw.scoredRows(entities: 150, cutoffs: 3)
    let shuffles = EntityShuffles(rows, seed: 1)
    let base = shuffles.sums(of: shuffles.losses(rows.score))
    var expected = 0.0
    let logLoss = ScoreGroups(labels: rows.label, scores: rows.score).logLoss
    let shuffled = try (0..<4).map { index in
      let scores = shuffles.sources(ofShuffle: index).map { rows.score[Int($0)] }
      expected += try #require(ScoreGroups(labels: rows.label, scores: scores).logLoss) / 4
      return shuffles.sums(of: shuffles.losses(scores))
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

  /// The importance of one feature whose value is the row's score.
  private func importance(
    _ rows: ScoredRows, limit: Int = .max, seed: UInt64 = 1, shuffles count: Int = 3,
    bootstrap settings: BootstrapOptions = BootstrapOptions(resamples: 30)
  ) throws -> PermutationImportance {
    let shuffles = EntityShuffles(rows, limit: limit, seed: seed)
    let scores = shuffles.rows.map { rows.score[$0] }
    let shuffled = (0..<count).map { index in
      shuffles.sums(
        of: shuffles.losses(shuffles.sources(ofShuffle: index).map { scores[Int($0)] }))
    }
    let feature = PermutedFeature(
      base: shuffles.sums(of: shuffles.losses(scores)), shuffled: shuffled)
    return try #require(permutationImportance([feature, feature], bootstrap: settings).last)
  }

  @Test(arguments: [Int.max, 120])
  func `the order of rows and the number of threads change nothing`(_ limit: Int) throws {
    var draw = Draw(seed: 5)
    let rows = draw.scoredRows(entities: 150, cutoffs: 3)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let first = try importance(rows, limit: limit)
    #expect(
      try first
        == importance(
          shuffled, limit: limit, bootstrap: BootstrapOptions(resamples: 30, threads: 3)))
    #expect(try first != importance(rows, limit: limit, seed: 2))
  }

  @Test func `shuffles that differ widen the interval as their mean does`() throws {
    // Every entity loses the same, so only the shuffles vary: 1, 2, 3, 4, 5.
    let count = 50
    let shuffles = EntityShuffles(
      Self.rows(
        cutoff: [Int32](repeating: 0, count: count), entity: Array(0..<Int32(count)),
        label: [UInt8](repeating: 1, count: count)), seed: 1)
    func losses(_ loss: Double) -> ClusterLosses {
      shuffles.sums(of: shuffles.losses([Double](repeating: exp(-loss), count: count)))
    }
    let feature = PermutedFeature(base: losses(0.5), shuffled: (1...5).map { losses(Double($0)) })
    let found = try #require(
      permutationImportance([feature], bootstrap: BootstrapOptions(resamples: 2000)).first)
    #expect(isClose(found.increase, 2.5, 1e-12))
    // The standard error of the mean of five: √(2.5 / 5); 5 % is three standard errors of it.
    let error = try #require(found.interval).standardError
    #expect(abs(error / 0.5.squareRoot() - 1) < 0.05, "\(error)")
  }

  @Test func `the rows of a cluster are resampled together`() throws {
    // Pairs of entities with the same label and the same loss: a pair is one piece of evidence.
    let pairs = 300
    let entities = Array(0..<Int32(2 * pairs))
    let cutoff = [Int32](repeating: 0, count: 2 * pairs)
    func error(_ cluster: [Int32]?) throws -> Double {
      let rows = Self.rows(
        cutoff: cutoff, entity: entities, cluster: cluster,
        label: entities.map { $0 / 2 % 3 == 0 ? 1 : 0 })
      let shuffles = EntityShuffles(rows, seed: 1)
      let base = shuffles.sums(of: shuffles.losses(entities.map { _ in 0.3 }))
      let worse = shuffles.sums(of: shuffles.losses(entities.map { _ in 0.1 }))
      let found = try #require(
        permutationImportance(
          [PermutedFeature(base: base, shuffled: [worse])],
          bootstrap: BootstrapOptions(resamples: 1000)
        ).first)
      // -log(0.1 / 0.3) for a third, log(0.9 / 0.7) less for the others.
      #expect(isClose(found.increase, (log(3) - 2 * log(9.0 / 7)) / 3, 1e-12))
      return try #require(found.interval).standardError
    }
    let plain = try error(nil)
    let paired = try error(entities.map { 900 - $0 / 2 })
    // √2, known to within two percent from 1,000 resamples each.
    #expect(abs(paired / plain - 2.0.squareRoot()) < 0.1, "\(paired / plain)")
    #expect(try error(entities.map { 5 + $0 }) == plain)
  }

  @Test func `without resamples there is no interval`() throws {
    var draw = Draw(seed: 6)
    let found = try importance(
      draw.scoredRows(entities: 50, cutoffs: 2), bootstrap: BootstrapOptions(resamples: 0))
    #expect(found.interval == nil && found.increase > 0)
  }

  @Test func `no features have no importance`() {
    #expect(permutationImportance([]).isEmpty)
  }

  // MARK: - Samples

  @Test func `a sample has whole clusters, and all of the rarer kind`() {
    var draw = Draw(seed: 7)
    let rows = draw.scoredRows(entities: 4_000, cutoffs: 3, base: -7)
    let clustered = ScoredRows(
      cutoff: rows.cutoff, entity: rows.entity, cluster: rows.entity.map { 9_000 - $0 / 6 },
      label: rows.label, margin: rows.margin, score: rows.score, uncalibrated: rows.uncalibrated)
    for rows in [rows, clustered] {
      let sample = EntityShuffles(rows, limit: 3_000, seed: 1).rows
      #expect(sample == sample.sorted() && sample.count <= 3_000 && sample.count > 1_400)
      let drawn = Set(sample)
      let clusters = Dictionary(grouping: 0..<rows.count) { rows.cluster[$0] }
      #expect(clusters.values.allSatisfy { Set($0.map(drawn.contains)).count == 1 })
      let positive = clusters.values.filter { $0.contains { rows.label[$0] == 1 } }
      #expect(positive.flatMap(\.self).count < 750)
      #expect(positive.allSatisfy { $0.allSatisfy(drawn.contains) })
      #expect(sample.contains { rows.label[$0] == 0 })
      // The same in any order of the rows.
      let order = draw.shuffled(Array(0..<rows.count))
      let other = EntityShuffles(rows.selecting(order), limit: 3_000, seed: 1).rows
      #expect(Set(other.map { order[$0] }) == drawn)
      #expect(EntityShuffles(rows, limit: 3_000, seed: 2).rows != sample)
      #expect(EntityShuffles(rows, limit: rows.count, seed: 1).rows == Array(0..<rows.count))
    }
    // One cluster larger than the limit is drawn whole.
    let one = Self.rows(
      cutoff: (0..<20).map { $0 }, entity: (0..<20).map { _ in 3 },
      label: (0..<20).map { _ in 0 })
    #expect(EntityShuffles(one, limit: 4, seed: 1).rows.count == 20)
  }

  @Test func `only what was drawn whatever its label gives values`() {
    var draw = Draw(seed: 8)
    let rows = draw.scoredRows(entities: 3_000, cutoffs: 2, base: -5)
    let labels = Dictionary(
      uniqueKeysWithValues: (0..<rows.count).map {
        (Key(cutoff: rows.cutoff[$0], entity: rows.entity[$0]), rows.label[$0])
      })
    let share = Double(rows.label.count { $0 == 1 }) / Double(rows.count)
    var (takers, givers, count) = (0, 0, 0)
    for shuffle in 0..<20 {
      for (taker, giver) in donors(rows, limit: 1_000, shuffle: shuffle) {
        #expect(taker.cutoff == giver.cutoff && taker.entity != giver.entity)
        takers += Int(labels[taker] ?? 0)
        givers += Int(labels[giver] ?? 0)
        count += 1
      }
    }
    // Positives take values ten times as often as they give them.
    #expect(Double(takers) / Double(count) > 5 * share)
    #expect(Double(givers) / Double(count) < 3 * share)
  }

  @Test func `samples estimate the importance on all rows, and their intervals know how well`()
    throws
  {
    var draw = Draw(seed: 9)
    let rows = draw.scoredRows(entities: 3_000, cutoffs: 3, base: -4)
    let settings = BootstrapOptions(resamples: 100)
    let all = try importance(rows, shuffles: 10, bootstrap: settings)
    var (estimates, errors): ([Double], [Double]) = ([], [])
    for seed in 1...40 {
      let found = try importance(
        rows, limit: 1_200, seed: UInt64(seed), shuffles: 10, bootstrap: settings)
      estimates.append(found.increase)
      errors.append(try #require(found.interval).standardError)
    }
    let mean = estimates.reduce(0, +) / 40
    let spread = (estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 39).squareRoot()
    // The mean of 40 is within three of its standard errors.
    #expect(abs(mean - all.increase) < 3 * spread / 40.0.squareRoot(), "\(mean) \(all)")
    // The rows themselves are a sample, too, which the interval on all rows knows; that of a smaller
    // sample knows both. 40 estimates know their deviation to within a third.
    let known = try #require(all.interval).standardError
    let both = (known * known + spread * spread).squareRoot()
    let error = errors.reduce(0, +) / 40
    #expect(error > known && error / both > 0.7 && error / both < 1.4, "\(error) \(both)")
  }
}
