import Evaluation
import Foundation
import Randomness
import Testing

@Suite struct ComparisonTests {
  private static let evaluation = EvaluationOptions(topK: [20], topPercent: [10])
  private static let quick = BootstrapOptions(resamples: 400, seed: 3)

  private static func compare(
    _ base: ScoredRows, _ candidates: [ScoredRows], metric: String = "roc_auc",
    effect: Double = 0.005, bootstrap: BootstrapOptions = quick
  ) -> [PairedComparison?] {
    comparePaired(
      base: base, candidates: candidates, evaluation: evaluation,
      options: ComparisonOptions(metric: metric, smallestEffect: effect, bootstrap: bootstrap))
  }

  @Test func `a model is equivalent to itself`() throws {
    var draw = Draw(seed: 1)
    let rows = draw.scoredRows(entities: 300, cutoffs: 2)
    for metric in ComparisonOptions.decisiveMetrics(Self.evaluation) {
      let comparison = try #require(Self.compare(rows, [rows], metric: metric)[0])
      #expect(comparison.verdict == .equivalent)
      #expect(comparison.pValue == 1)
      #expect(comparison.decisive.interval.lower == 0 && comparison.decisive.interval.upper == 0)
      #expect(comparison.smallestDetectable == 0.005)
      #expect(NonInferiority(comparison, margin: 1e-9).outcome == .pass)
      #expect(comparison.differences.count == 16)
    }
  }

  @Test(arguments: [("roc_auc", 0.005), ("log_loss", 0.001), ("recall_at_10_percent", 0.01)])
  func `swapping the sides turns everything round`(metric: String, effect: Double) throws {
    var draw = Draw(seed: 2)
    let good = draw.scoredRows(entities: 900, cutoffs: 2, step: 0)
    let poor = draw.noisier(good, by: 2)
    let left = try #require(Self.compare(poor, [good], metric: metric, effect: effect)[0])
    let right = try #require(Self.compare(good, [poor], metric: metric, effect: effect)[0])
    #expect(left.verdict == .better)
    #expect(right.verdict == .worse)
    #expect(left.pValue == right.pValue)
    #expect(left.smallestDetectable == right.smallestDetectable)
    for (name, difference) in left.differences {
      let other = try #require(right.differences[name])
      #expect(difference.difference == -other.difference)
      #expect(difference.interval.lower == -other.interval.upper)
      #expect(difference.interval.upper == -other.interval.lower)
    }
  }

  @Test func `only the order of the margins counts for areas and top lists`() throws {
    var draw = Draw(seed: 3)
    let base = draw.scoredRows(entities: 300, cutoffs: 2)
    let candidate = draw.noisier(base, by: 1)
    let plain = try #require(Self.compare(base, [candidate])[0])
    let moved = candidate.withMargins(candidate.margin.map { exp($0 / 3) - 7 })
    let other = try #require(Self.compare(base, [moved])[0])
    #expect(plain == other)
  }

  @Test func `neither the order of the rows nor the threads change a figure`() throws {
    var draw = Draw(seed: 4)
    let base = draw.scoredRows(entities: 400, cutoffs: 3)
    let candidates = [draw.noisier(base, by: 1), draw.noisier(base, by: 0.2)]
    let order = draw.shuffled(Array(0..<base.count))
    let one = Self.compare(base, candidates)
    for threads in [1, 2, 3] {
      let other = Self.compare(
        base.selecting(order), candidates.map { $0.selecting(order) },
        bootstrap: BootstrapOptions(resamples: 400, seed: 3, threads: threads))
      let areSame = one == other
      #expect(areSame)
    }
  }

  @Test func `an interval of paired differences is narrower than that of unpaired ones`() throws {
    var draw = Draw(seed: 5)
    let base = draw.scoredRows(entities: 600, cutoffs: 2, step: 0)
    let candidate = draw.noisier(base, by: 0.3)
    let paired = try #require(Self.compare(base, [candidate])[0]).decisive.interval
    let errors = [(base, UInt64(3)), (candidate, 4)].map { rows, seed in
      bootstrap(rows, bootstrap: BootstrapOptions(resamples: 400, seed: seed))
        .intervals().pooled["roc_auc"]?.standardError ?? 0
    }
    let unpaired = (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot()
    #expect(paired.standardError < unpaired / 2)
  }

  @Test func `a slow bootstrap that repeats rows finds the same interval and p-value`() throws {
    var draw = Draw(seed: 6)
    let base = draw.scoredRows(entities: 60, cutoffs: 3, base: -2)
    let candidate = draw.noisier(base, by: 1.5)
    let settings = BootstrapOptions(resamples: 199, level: 0.9, seed: 8)
    let comparison = try #require(Self.compare(base, [candidate], bootstrap: settings)[0])
    let entities = Set(base.entity).sorted()
    let resampling = EntityResampling(entityCount: entities.count, seed: 8)
    let slow = try (0..<199).map { index in
      let weights = resampling.weights(ofResample: index)
      let times = base.entity.map { weights[entities.firstIndex(of: $0) ?? 0] }
      return try #require(Self.area(candidate, times)) - #require(Self.area(base, times))
    }.sorted()
    let units = base.positiveEntities
    let expansion = (Double(units) / Double(units - 1)).squareRoot()
    let student = StudentDistribution(degrees: Double(units - 1))
    let reach = expansion * student.upperQuantile(0.05)
    let position = Int(NormalDistribution.upperTail(reach) * 200)
    // 1e-12: the same sums in another order.
    #expect(isClose(comparison.decisive.interval.lower, slow[position - 1], 1e-12))
    #expect(isClose(comparison.decisive.interval.upper, slow[199 - position], 1e-12))
    let tail = Double(min(slow.count { $0 <= 0 }, slow.count { $0 >= 0 }) + 1) / 200
    let value = NormalDistribution.upperQuantile(tail) / expansion
    #expect(isClose(comparison.pValue, 2 * student.upperTail(value), 1e-9))
  }

  /// The area under the ROC curve by counting all pairs.
  private static func area(_ rows: ScoredRows, _ times: [UInt16]) -> Double? {
    var (won, pairs) = (0.0, 0.0)
    for one in 0..<rows.count where rows.label[one] == 1 && times[one] > 0 {
      for other in 0..<rows.count where rows.label[other] == 0 {
        let weight = Double(times[one]) * Double(times[other])
        pairs += weight
        if rows.margin[one] > rows.margin[other] { won += weight }
        if rows.margin[one] == rows.margin[other] { won += weight / 2 }
      }
    }
    return pairs > 0 ? won / pairs : nil
  }

  @Test func `more candidates widen the decisive interval, and only that`() throws {
    var draw = Draw(seed: 7)
    let base = draw.scoredRows(entities: 600, cutoffs: 2, step: 0)
    let candidates = (0..<6).map { _ in draw.noisier(base, by: 0.3) }
    let alone = try #require(Self.compare(base, [candidates[0]])[0])
    let among = try #require(Self.compare(base, candidates)[0])
    #expect(alone.differences == among.differences)
    #expect(alone.decisive.level == 0.95)
    #expect(among.decisive.level > 0.99)
    #expect(among.decisive.interval.lower < alone.decisive.interval.lower)
    #expect(among.decisive.interval.upper > alone.decisive.interval.upper)
    #expect(among.pValue >= alone.pValue)
    #expect(among.smallestDetectable > alone.smallestDetectable)
  }

  @Test func `one buyer, or none, tells nothing`() {
    let rows = ScoredRows(
      cutoff: [0, 0, 0, 0], entity: [0, 1, 2, 3], label: [1, 0, 0, 0], margin: [3, 2, 1, 0],
      score: [0.5, 0.3, 0.2, 0.1], uncalibrated: [0.5, 0.3, 0.2, 0.1])
    #expect(Self.compare(rows, [rows]) == [nil])
    let empty = rows.selecting([])
    #expect(Self.compare(empty, [empty]) == [nil])
    #expect(Self.compare(rows, []).isEmpty)
  }

  @Test func `few buyers make for wide intervals, not for false certainty`() throws {
    // Two buyers, whom one side ranks first and the other last: no proof of anything.
    let count = 40
    let labels: [UInt8] = (0..<count).map { $0 < 2 ? 1 : 0 }
    func rows(_ margins: [Double]) -> ScoredRows {
      ScoredRows(
        cutoff: labels.map { _ in 0 }, entity: labels.indices.map(Int32.init), label: labels,
        margin: margins, score: margins.map(logistic), uncalibrated: margins.map(logistic))
    }
    let good = rows((0..<count).map { -Double($0) })
    let mixed = rows((0..<count).map { $0 == 0 ? -30.5 : $0 == 1 ? -3.5 : -Double($0) })
    let comparison = try #require(Self.compare(mixed, [good])[0])
    #expect(comparison.decisive.difference > 0.3)
    #expect(comparison.verdict == .inconclusive)
    #expect(comparison.pValue > 0.05)
  }

  @Test func `metrics that cannot decide are not offered`() {
    let names = ComparisonOptions.decisiveMetrics(Self.evaluation)
    #expect(
      names == [
        "roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece", "precision_at_20",
        "recall_at_20", "lift_at_20", "precision_at_10_percent", "recall_at_10_percent",
        "lift_at_10_percent",
      ])
    for name in ["calibration_slope", "calibration_intercept", "observed_over_expected"] {
      #expect(MetricDirection(of: name) == nil)
    }
    #expect(MetricDirection(of: "base_rate") == nil)
    #expect(MetricDirection(of: "brier") == .lessIsBetter)
    #expect(MetricDirection(of: "lift_at_1_percent") == .moreIsBetter)
  }
}
