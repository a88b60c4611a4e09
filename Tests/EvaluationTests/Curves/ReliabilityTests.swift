import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct ReliabilityTests {
  private let quick = BootstrapOptions(resamples: 39, level: 0.9)

  @Test func `a small diagram is the one computed by hand`() throws {
    let rows = ScoredRows(label: [0, 1, 0, 1, 1], score: [0.1, 0.2, 0.3, 0.4, 0.5])
    let found = try #require(Reliability(rows, draws: quick))
    // 1 at 0.2 is above 0 at 0.3, so they are pooled; 1 and 1 at 0.4 and 0.5 are one step.
    #expect(found.steps.map(\.recalibrated) == [0, 0.5, 1])
    #expect(found.steps.map(\.lowestScore) == [0.1, 0.2, 0.4])
    #expect(found.steps.map(\.highestScore) == [0.1, 0.3, 0.5])
    #expect(found.steps.map(\.rows) == [1, 2, 2])
    #expect(found.steps.map(\.positives) == [0, 1, 2])
    // 1e-15: rounding of a few terms below 1.
    for (step, expected) in zip(found.steps, [0.1, 0.5, 0.9]) {
      #expect(isClose(step.expected, expected, 1e-15))
    }
    // Brier: (0.01 + 0.64 + 0.09 + 0.36 + 0.25) / 5; recalibrated 2 × 0.25 / 5; base rate 0.6.
    #expect(isClose(found.brier.score, 0.27, 1e-15))
    #expect(isClose(found.brier.miscalibration, 0.17, 1e-15))
    #expect(isClose(found.brier.discrimination, 0.14, 1e-15))
    #expect(isClose(found.brier.uncertainty, 0.24, 1e-15))
    let score = -(log(0.9) + log(0.2) + log(0.7) + log(0.4) + log(0.5)) / 5
    let recalibrated = 2 * log(2.0) / 5
    let uncertainty = -(0.6 * log(0.6) + 0.4 * log(0.4))
    #expect(isClose(found.logLoss.score, score, 1e-15))
    #expect(isClose(found.logLoss.miscalibration, score - recalibrated, 1e-15))
    #expect(isClose(found.logLoss.discrimination, uncertainty - recalibrated, 1e-15))
    #expect(isClose(found.logLoss.uncertainty, uncertainty, 1e-15))
  }

  /// The recalibrated score of each row by the max-min formula of isotonic regression.
  private func slowly(_ rows: ScoredRows) -> [Double] {
    let scores = Set(rows.score).sorted()
    let groups = scores.map { score in rows.score.indices.filter { rows.score[$0] == score } }
    func mean(_ range: ClosedRange<Int>) -> Double {
      let members = groups[range].flatMap(\.self)
      return Double(members.count { rows.label[$0] == 1 }) / Double(members.count)
    }
    var values = [Double](repeating: 0, count: rows.count)
    for group in groups.indices {
      let value = (0...group).map { low in
        (group..<groups.count).map { mean(low...$0) }.min() ?? 0
      }.max()
      for row in groups[group] { values[row] = value ?? 0 }
    }
    return values
  }

  @Test(arguments: 0..<40)
  func `the steps are those of the max-min formula`(seed: Int) throws {
    var draw = Draw(seed: UInt64(seed))
    let (labels, scores) = draw.tied(rows: 1 + draw.below(40), levels: 12, rate: 0.3)
    let rows = ScoredRows(label: labels, score: scores)
    let found = try #require(Reliability(rows, draws: BootstrapOptions(resamples: 1)))
    let slow = slowly(rows)
    for row in 0..<rows.count {
      let step = try #require(found.steps.last { $0.lowestScore <= scores[row] })
      #expect(scores[row] <= step.highestScore)
      #expect(step.recalibrated == slow[row], "both divide the same whole numbers")
    }
    #expect(found.steps.reduce(0) { $0 + $1.rows } == rows.count)
    #expect(
      zip(found.steps, found.steps.dropFirst()).allSatisfy { $0.recalibrated < $1.recalibrated })
  }

  @Test(arguments: [0, 0.25])
  func `the parts sum to the metrics of all rows, and none is negative`(step: Double) throws {
    var draw = Draw(seed: 4)
    let rows = draw.scoredRows(entities: 3000, cutoffs: 3, step: step)
    let found = try #require(Reliability(rows, draws: quick))
    let metrics = evaluate(rows).pooled.values
    for (parts, name) in [(found.brier, "brier"), (found.logLoss, "log_loss")] {
      #expect(isClose(parts.score, metrics[name], 1e-12))
      let sum = parts.miscalibration - parts.discrimination + parts.uncertainty
      #expect(isClose(sum, parts.score, 1e-12))
      #expect(parts.miscalibration >= 0 && parts.discrimination >= 0)
    }
  }

  @Test func `scores of exactly 0 and 1 leave every part finite`() throws {
    let rows = ScoredRows(label: [1, 0, 0, 1, 0, 1], score: [0, 0, 0, 0.4, 1, 1])
    let found = try #require(Reliability(rows, draws: quick))
    let parts = found.logLoss
    #expect(isClose(parts.score, evaluate(rows).pooled.values["log_loss"], 1e-12))
    #expect(parts.miscalibration > 6 && parts.miscalibration.isFinite)
    #expect(parts.pValue == 1.0 / 40, "a draw never makes a score of 0 positive")
    let sure = try #require(
      Reliability(ScoredRows(label: [0, 0, 1], score: [0, 0, 1]), draws: quick))
    #expect(isClose(sure.logLoss.miscalibration, 0, 1e-15))
    #expect(sure.logLoss.pValue == 1, "every draw is the same as the rows, and ties count")
    #expect(sure.band.map(\.lower) == [0, 1] && sure.band.map(\.upper) == [0, 1])
  }

  @Test func `one class is one step`() throws {
    let none = try #require(
      Reliability(ScoredRows(label: [0, 0, 0], score: [0.1, 0.2, 0.3]), draws: quick))
    #expect(none.steps.map(\.recalibrated) == [0])
    #expect(none.brier.uncertainty == 0 && none.brier.discrimination == 0)
    let all = try #require(
      Reliability(ScoredRows(label: [1, 1], score: [0.1, 0.2]), draws: quick))
    #expect(all.steps.map(\.recalibrated) == [1])
    #expect(Reliability(ScoredRows(label: [])) == nil)
  }

  @Test func `the order of rows and the number of threads change nothing`() {
    var draw = Draw(seed: 5)
    let rows = draw.scoredRows(entities: 400, cutoffs: 3)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let one = Reliability(rows, draws: quick)
    var settings = quick
    settings.threads = 3
    let areSame = one == Reliability(shuffled, draws: settings)
    #expect(areSame)
    settings.seed = 2
    #expect(one?.band != Reliability(rows, draws: settings)?.band)
  }

  @Test func `the band rises, and holds both ends of every step`() throws {
    var draw = Draw(seed: 6)
    let rows = draw.scoredRows(entities: 2000, cutoffs: 2, step: 0)
    let found = try #require(Reliability(rows, draws: BootstrapOptions(resamples: 99, level: 0.9)))
    let scores = found.band.map(\.score)
    #expect(scores == scores.sorted() && Set(scores).count == scores.count)
    for step in found.steps {
      #expect(scores.contains(step.lowestScore) && scores.contains(step.highestScore))
    }
    for (low, high) in zip(found.band, found.band.dropFirst()) {
      // Each draw's function rises, and so do its quantiles; 1e-15 for their interpolation.
      #expect(low.lower <= high.lower + 1e-15 && low.upper <= high.upper + 1e-15)
    }
    #expect(found.band.allSatisfy { $0.lower <= $0.upper })
  }

  @Test func `accounts with several rows widen the band`() throws {
    var world = CalibratedWorld(seed: 7, entities: 3000, base: -4)
    let rows = world.rows()
    let settings = BootstrapOptions(resamples: 199, level: 0.9)
    func width(_ rows: ScoredRows) throws -> Double {
      let band = try #require(Reliability(rows, draws: settings)).band
      let point = try #require(band.first { $0.score >= 0.05 })
      return point.upper - point.lower
    }
    // Four rows per account: at most twice as wide.
    let ratio = try width(rows) / width(rows.asIndependent)
    #expect(ratio > 1.2 && ratio < 2.2, "\(ratio)")
  }

  @Test func `scores that are too high, or too extreme, are found`() throws {
    var world = CalibratedWorld(seed: 8, entities: 4000, base: -4)
    let rows = world.rows()
    for wrong in [{ $0 + 0.7 }, { 1.5 * $0 + 2 }] as [(Double) -> Double] {
      let scored = rows.withMargins(rows.margin) { logistic(wrong($0)) }
      let found = try #require(
        Reliability(scored, draws: BootstrapOptions(resamples: 99, level: 0.9)))
      #expect(found.logLoss.pValue <= 0.05)
    }
  }

  @Test func `scores that are right are rejected at the nominal rate, accounts together`() throws {
    let count = max(1000, LongSimulations.asked ?? 0)
    var (brier, logLoss, independent) = (0, 0, 0)
    for number in 0..<count {
      var world = CalibratedWorld(seed: UInt64(number), entities: 300, base: -3.5)
      let rows = world.rows()
      let settings = BootstrapOptions(resamples: 99, level: 0.9, seed: UInt64(number))
      let found = try #require(Reliability(rows, draws: settings))
      if found.brier.pValue <= 0.05 { brier += 1 }
      if found.logLoss.pValue <= 0.05 { logLoss += 1 }
      guard number < 200 else { continue }
      let alone = try #require(Reliability(rows.asIndependent, draws: settings))
      if alone.logLoss.pValue <= 0.05 { independent += 1 }
    }
    LongSimulations.say("miscalibration of right scores (nominal 5 %), of \(count)")
    LongSimulations.say("  Brier score \(brier), log loss \(logLoss)")
    LongSimulations.say("  log loss, rows taken as independent \(independent) of 200")
    // 5 % of 1,000 is 50 ± 6.9; 30 and 70 are nearly three standard deviations away.
    #expect((count * 3 / 100...count * 7 / 100).contains(brier), "\(brier)")
    #expect((count * 3 / 100...count * 7 / 100).contains(logLoss), "\(logLoss)")
    #expect(independent > 60, "independent rows would reject right scores: \(independent) of 200")
  }
}
