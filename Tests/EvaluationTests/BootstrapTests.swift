import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct BootstrapTests {
  private let options = EvaluationOptions(topK: [5, 20], topPercent: [2, 25])

  @Test func `the draws are the same on one, two and three threads and in any row order`() {
    var draw = Draw(seed: 1)
    let rows = draw.scoredRows(entities: 150, cutoffs: 3)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let settings = { BootstrapOptions(resamples: 31, seed: 4, threads: $0) }
    let one = bootstrap(rows, options: options, bootstrap: settings(1))
    let two = bootstrap(rows, options: options, bootstrap: settings(2))
    let three = bootstrap(shuffled, options: options, bootstrap: settings(3))
    let other = bootstrap(
      rows, options: options, bootstrap: BootstrapOptions(resamples: 31, seed: 5))
    let areSame = one == two && one == three
    #expect(areSame)
    #expect(one.pooled["roc_auc"] != other.pooled["roc_auc"])
  }

  @Test(arguments: [0, 0.25])
  func `a draw measures what its repeated rows measure`(step: Double) throws {
    var draw = Draw(seed: 2)
    let rows = draw.scoredRows(entities: 120, cutoffs: 3, base: -2.5, step: step)
    let draws = bootstrap(rows, options: options, bootstrap: BootstrapOptions(resamples: 25))
    let entities = Set(rows.entity).sorted()
    let resampling = EntityResampling(entityCount: entities.count, seed: 1)
    let bins = CalibrationBins(ScoreGroups(labels: rows.label, scores: rows.score))
    for index in 0..<25 {
      let weights = Dictionary(
        uniqueKeysWithValues: zip(entities, resampling.weights(ofResample: index)))
      let repeated = rows.selecting(
        (0..<rows.count).flatMap { row in
          Array(repeating: row, count: Int(weights[rows.entity[row]] ?? 0))
        })
      let expected = evaluate(repeated, options: options)
      for (name, values) in draws.pooled {
        var value = expected.pooled.values[name]
        if name == "ece" {
          value = ScoreGroups(labels: repeated.label, scores: repeated.score)
            .expectedCalibrationError(bins: bins)
        }
        // 1e-9: Newton's method from another start; the sums alone agree to 1e-13.
        #expect(isClose(values[index], value, 1e-9), "\(name) of resample \(index)")
      }
      for (name, values) in draws.mean {
        #expect(isClose(values[index], expected.mean.values[name], 1e-12), "\(name)")
      }
    }
  }

  @Test func `cells of many distinct scores hardly move slope and intercept`() throws {
    var draw = Draw(seed: 6)
    let rows = draw.scoredRows(entities: 9000, cutoffs: 1, step: 0)
    let draws = bootstrap(rows, bootstrap: BootstrapOptions(resamples: 100))
    let errors = draws.intervals().pooled.mapValues(\.standardError)
    let entities = Set(rows.entity).sorted()
    #expect(Set(rows.score).count > 4096, "fewer distinct scores would not be gathered")
    let resampling = EntityResampling(entityCount: entities.count, seed: 1)
    for index in 0..<3 {
      let weights = Dictionary(
        uniqueKeysWithValues: zip(entities, resampling.weights(ofResample: index)))
      let groups = ScoreGroups(
        labels: rows.label, scores: rows.score,
        weights: rows.entity.map { Double(weights[$0] ?? 0) })
      for (name, exact) in [
        ("calibration_slope", groups.calibrationSlope),
        ("calibration_intercept", groups.calibrationIntercept),
      ] {
        // 2 % of a standard error: four times what a logit off by 0.005 at random does.
        let value = try #require(draws.pooled[name]?[index])
        let distance = try abs(value - #require(exact))
        #expect(distance <= 0.02 * (try #require(errors[name])), "\(name)")
      }
    }
  }

  @Test func `a resample without buyers is counted out, not guessed`() throws {
    // One buyer among three entities: absent from a resample with probability (2/3)^3.
    let rows = ScoredRows(
      cutoff: [0, 0, 0], entity: [0, 1, 2], label: [1, 0, 0], margin: [3, 2, 1],
      score: [0.5, 0.3, 0.2], uncalibrated: [0.5, 0.3, 0.2])
    let intervals = bootstrap(rows, bootstrap: BootstrapOptions(resamples: 1000)).intervals()
    let recall = try #require(intervals.mean["recall_at_100"])
    // Expected 704 ± 14.4; 60 is four standard deviations.
    #expect(abs(recall.defined - 704) < 60)
    #expect(intervals.pooled["base_rate"]?.defined == 1000)
    #expect(intervals.pooled["calibration_slope"] == nil, "the classes are always separated")
  }

  @Test func `rows of one account are not taken for independent evidence`() throws {
    var draw = Draw(seed: 12)
    let once = draw.scoredRows(entities: 800, cutoffs: 1, step: 0)
    let copies = (0..<4).flatMap { _ in Array(0..<once.count) }
    let four = ScoredRows(
      cutoff: (0..<4).flatMap { cutoff in once.entity.map { _ in Int32(cutoff) } },
      entity: copies.map { once.entity[$0] }, label: copies.map { once.label[$0] },
      margin: copies.map { once.margin[$0] }, score: copies.map { once.score[$0] },
      uncalibrated: copies.map { once.uncalibrated[$0] })
    let left = try #require(bootstrap(once).intervals().pooled["base_rate"])
    let right = try #require(bootstrap(four).intervals().pooled["base_rate"])
    #expect(left == right, "four copies of each row add nothing")
  }

  @Test func `intervals cover the truth about as often as they say`() throws {
    // 150 worlds; an interval of 90 % should cover in 135 ± 3.7 of them. Percentile intervals of so
    // few entities run a little short: 120 is four standard deviations below.
    var covered = 0
    for world in 0..<150 {
      var draw = Draw(seed: UInt64(1000 + world))
      let labels: [UInt8] = (0..<200).map { _ in draw.uniform() < 0.3 ? 1 : 0 }
      let rows = ScoredRows(
        cutoff: labels.map { _ in 0 }, entity: labels.indices.map(Int32.init), label: labels,
        margin: labels.map { _ in draw.uniform() }, score: labels.map { _ in 0.3 },
        uncalibrated: labels.map { _ in 0.3 })
      let draws = bootstrap(rows, bootstrap: BootstrapOptions(resamples: 200))
      let interval = try #require(draws.intervals(level: 0.9).pooled["base_rate"])
      if interval.lower <= 0.3 && 0.3 <= interval.upper { covered += 1 }
    }
    #expect(covered >= 120 && covered <= 148)
  }

  @Test func `a run compared with itself differs by nothing`() throws {
    var draw = Draw(seed: 13)
    let rows = draw.scoredRows(entities: 100, cutoffs: 2)
    let draws = bootstrap(rows, bootstrap: BootstrapOptions(resamples: 40))
    let difference = draws.subtracting(draws).intervals()
    #expect(difference.pooled["roc_auc"]?.lower == 0)
    #expect(difference.pooled["roc_auc"]?.upper == 0)
    #expect(difference.mean.count == 12)
  }

  @Test func `no rows give no intervals`() {
    let rows = ScoredRows(
      cutoff: [], entity: [], label: [], margin: [], score: [], uncalibrated: [])
    let intervals = bootstrap(rows, bootstrap: BootstrapOptions(resamples: 3)).intervals()
    #expect(intervals.pooled.isEmpty)
    #expect(intervals.mean.isEmpty)
  }

  @Test func `an interval's ends are order statistics`() throws {
    let values = (1...99).map { Optional(Double($0)) } + [nil]
    let interval = try #require(Interval(values, level: 0.9))
    // Numbers 5 and 95 of 99: (99 + 1) × 0.05 and × 0.95; 1e-12 for 0.05 not being exact.
    #expect(isClose(interval.lower, 5, 1e-12))
    #expect(isClose(interval.upper, 95, 1e-12))
    #expect(interval.defined == 99)
    #expect(isClose(interval.standardError, 28.722813232690143, 1e-12))
    #expect(Interval([nil], level: 0.9) == nil)
  }
}
