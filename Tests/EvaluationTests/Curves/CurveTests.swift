import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct GainCurveTests {
  @Test func `a small curve with ties is the one computed by hand`() throws {
    let rows = ScoredRows(
      label: [1, 0, 1, 0, 0, 0, 1, 0, 0, 0], margin: [9, 9, 8, 8, 8, 7, 6, 5, 4, 3])
    let curve = try #require(GainCurve(rows, bootstrap: BootstrapOptions(resamples: 19)))
    let captured = Dictionary(uniqueKeysWithValues: curve.points.map { ($0.share, $0.captured) })
    // Half a positive in the first row, one in two; a third of one in each of rows 3 to 5.
    let ninths: [Double] = [1.5, 3, 4, 5, 6, 6, 9, 9, 9, 9]
    for (tenth, value) in ninths.enumerated() {
      #expect(isClose(captured[Double(10 * (tenth + 1)) / 100], value / 9, 1e-15), "\(tenth)")
    }
    #expect(curve.lifts.map(\.length) == [10] && curve.lifts[0].lift == 1)
    #expect(curve.cutoffs == 1)
  }

  @Test func `cutoffs are averaged, and those without positives are not counted`() throws {
    // The first cutoff has its positive at the top of 2 rows, the second at the end of 2.
    let rows = ScoredRows(
      cutoff: [0, 0, 1, 1, 2], entity: [0, 1, 0, 1, 2], label: [1, 0, 0, 1, 0],
      margin: [9, 1, 8, 7, 99], score: [0.9, 0.1, 0.8, 0.7, 0.9],
      uncalibrated: [0.9, 0.1, 0.8, 0.7, 0.9])
    let curve = try #require(GainCurve(rows, bootstrap: BootstrapOptions(resamples: 19)))
    #expect(curve.cutoffs == 2)
    #expect(curve.points.first { $0.share == 0.5 }?.captured == 0.5)
    #expect(curve.points.last?.captured == 1)
    #expect(GainCurve(ScoredRows(label: [0, 0])) == nil)
  }

  @Test func `its values and intervals are those of the top lists`() throws {
    var draw = Draw(seed: 3)
    let rows = draw.scoredRows(entities: 300, cutoffs: 3)
    let settings = BootstrapOptions(resamples: 50, seed: 9)
    let curve = try #require(GainCurve(rows, bootstrap: settings))
    let lists = EvaluationOptions(topK: [10, 25, 80], topPercent: [0.1, 1, 5, 20, 50])
    let values = evaluate(rows, options: lists).mean.values
    let intervals = bootstrap(rows, options: lists, bootstrap: settings).intervals().mean
    for percent in lists.topPercent {
      let name = "recall_at_\(TopListSize.percent(percent).suffix)"
      let point = try #require(curve.points.first { $0.share == percent / 100 })
      // 1e-12: the means are summed in another way.
      #expect(isClose(point.captured, values[name], 1e-12), "\(name)")
      #expect(point.interval == intervals[name], "\(name)")
    }
    for length in lists.topK {
      let lift = try #require(curve.lifts.first { $0.length == length })
      #expect(isClose(lift.lift, values["lift_at_\(length)"], 1e-12))
      #expect(lift.interval == intervals["lift_at_\(length)"])
    }
  }

  @Test func `the curve rises, on a grid of at most 200 points`() throws {
    var draw = Draw(seed: 4)
    let rows = draw.scoredRows(entities: 2000, cutoffs: 2)
    let curve = try #require(GainCurve(rows, bootstrap: BootstrapOptions(resamples: 5)))
    #expect(curve.points.count <= 200)
    let shares = curve.points.map(\.share)
    #expect(shares == Set(shares).sorted() && shares.first == 0.001 && shares.last == 1)
    #expect(zip(curve.points, curve.points.dropFirst()).allSatisfy { $0.captured <= $1.captured })
    let lengths = curve.lifts.map(\.length)
    #expect(lengths == Set(lengths).sorted() && lengths.first == 10)
    #expect(curve.lifts.last.map { abs($0.lift - 1) < 0.2 } ?? false, "nearly all rows")
  }

  @Test func `the order of rows and the number of threads change nothing`() {
    var draw = Draw(seed: 5)
    let rows = draw.scoredRows(entities: 200, cutoffs: 3)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let one = GainCurve(rows, bootstrap: BootstrapOptions(resamples: 20))
    let other = GainCurve(shuffled, bootstrap: BootstrapOptions(resamples: 20, threads: 3))
    let areSame = one == other
    #expect(areSame)
  }
}

@Suite struct PrecisionRecallCurveTests {
  @Test func `a small curve with ties is the one computed by hand`() throws {
    let rows = ScoredRows(label: [1, 0, 1, 0, 1], margin: [4, 3, 3, 2, 1])
    let curve = try #require(PrecisionRecallCurve(rows))
    let (third, twoThirds) = (1.0 / 3, 2.0 / 3)
    #expect(curve.points.map(\.recall) == [third, twoThirds, 1])
    #expect(curve.points.map(\.precision) == [1, twoThirds, 0.6])
    #expect(curve.baseRate == 0.6)
    #expect(isClose(curve.averagePrecision, (1.6 + twoThirds) / 3, 1e-15))
    #expect(PrecisionRecallCurve(ScoredRows(label: [0, 0])) == nil)
  }

  /// The area under the curve up to each point.
  private func areas(_ curve: PrecisionRecallCurve) -> [Double] {
    var (area, recall) = (0.0, 0.0)
    return curve.points.map { point in
      area += (point.recall - recall) * point.precision
      recall = point.recall
      return area
    }
  }

  @Test(arguments: [0, 0.002])
  func `a thinned curve has at most 400 points and the same area at each of them`(
    step: Double
  ) throws {
    var draw = Draw(seed: 7)
    let rows = draw.scoredRows(entities: 6000, cutoffs: 2, base: -2, step: step)
    let curve = try #require(PrecisionRecallCurve(rows))
    #expect(curve.points.count <= 400 && curve.points.count > 350)
    #expect(curve.points.last?.recall == 1)
    let areas = areas(curve)
    // 1e-12: sums of a few thousand terms below 1.
    #expect(isClose(areas.last, evaluate(rows).pooled.values["pr_auc"], 1e-12))
    let groups = ScoreGroups(labels: rows.label, scores: rows.margin)
    var (above, found, area) = (0.0, 0.0, 0.0)
    var exact: [Int: Double] = [:]
    for group in groups.scores.indices {
      above += groups.weights[group]
      found += groups.positives[group]
      area += groups.positives[group] * (found / above) / groups.totalPositives
      exact[Int(found)] = area
    }
    for (point, area) in zip(curve.points, areas) {
      #expect(
        isClose(area, exact[Int((point.recall * groups.totalPositives).rounded())], 1e-12))
    }
    for (low, high) in zip(curve.points, curve.points.dropFirst()) {
      #expect(high.recall - low.recall < 2.0 / 400, "no gap wider than two cells")
    }
  }

  @Test func `the order of rows changes nothing`() {
    var draw = Draw(seed: 8)
    let rows = draw.scoredRows(entities: 900, cutoffs: 2, base: -1)
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    #expect(PrecisionRecallCurve(rows) == PrecisionRecallCurve(shuffled))
  }
}

@Suite struct ScoreHistogramTests {
  @Test func `scores of 0 and 1 are in the bins at the ends, one half in the one above 0`() {
    let rows = ScoredRows(label: [0, 1, 1, 0, 0], score: [0, 1, 0.5, 0.5, 1e-9])
    let histogram = ScoreHistogram(rows)
    #expect(histogram.bins.count == 96)
    #expect(histogram.bins.first?.lowerLogit == -12 && histogram.bins.last?.lowerLogit == 11.75)
    #expect(histogram.bins.first?.negatives == 2 && histogram.bins.last?.positives == 1)
    #expect(histogram.bins.last?.positiveShare == 0.5)
    #expect(histogram.bins[48].lowerLogit == 0)
    #expect(histogram.bins[48].negatives == 1 && histogram.bins[48].positives == 1)
  }

  @Test func `only bins between the lowest and the highest score are there, and shares sum to 1`() {
    var draw = Draw(seed: 9)
    let rows = draw.scoredRows(entities: 500, cutoffs: 2)
    let histogram = ScoreHistogram(rows)
    let (first, last) = (histogram.bins.first, histogram.bins.last)
    #expect((first?.negatives ?? 0) + (first?.positives ?? 0) > 0)
    #expect((last?.negatives ?? 0) + (last?.positives ?? 0) > 0)
    #expect(histogram.negatives + histogram.positives == rows.count)
    #expect(isClose(histogram.bins.reduce(0) { $0 + $1.negativeShare }, 1, 1e-12))
    #expect(isClose(histogram.bins.reduce(0) { $0 + $1.positiveShare }, 1, 1e-12))
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    #expect(histogram == ScoreHistogram(shuffled))
    #expect(ScoreHistogram(ScoredRows(label: [])).bins.isEmpty)
    #expect(ScoreHistogram(ScoredRows(label: [0])).bins.map(\.positiveShare) == [0])
  }
}

@Suite struct DecilesTests {
  @Test func `tied rows are spread over the parts that they lie in`() throws {
    // 20 rows: the first 5 are tied and have 3 positives, so parts 1 and 2 have 6/5 each.
    let label: [UInt8] = [1, 1, 1, 0, 0] + [1] + [UInt8](repeating: 0, count: 14)
    let margin = [9.0, 9, 9, 9, 9] + (0..<15).map { 8 - 0.1 * Double($0) }
    let score = [0.5, 0.5, 0.5, 0.5, 0.5] + [Double](repeating: 0.1, count: 15)
    let deciles = try #require(
      Deciles(ScoredRows(label: label, margin: margin, score: score)))
    #expect(deciles.parts.map(\.rows) == [Double](repeating: 2, count: 10))
    for (part, expected) in zip(deciles.parts, [1.2, 1.2, 1.6, 0, 0]) {
      #expect(isClose(part.positives, expected, 1e-12))
    }
    for (part, expected) in zip(deciles.parts, [1, 1, 0.6, 0.2, 0.2]) {
      #expect(isClose(part.expected, expected, 1e-12))
    }
    #expect(isClose(deciles.parts[0].observedOverExpected, 1.2, 1e-12))
    #expect(isClose(deciles.parts[2].captured, 0.4, 1e-12))
  }

  @Test func `parts sum to the means over cutoffs`() throws {
    var draw = Draw(seed: 10)
    let rows = draw.scoredRows(entities: 333, cutoffs: 3)
    let deciles = try #require(Deciles(rows))
    #expect(deciles.cutoffs == 3)
    // 1e-12: rounding of a few hundred terms.
    #expect(isClose(deciles.parts.reduce(0) { $0 + $1.rows }, Double(rows.count) / 3, 1e-12))
    let positives = rows.label.reduce(0.0) { $0 + Double($1) }
    #expect(isClose(deciles.parts.reduce(0) { $0 + $1.positives }, positives / 3, 1e-12))
    let expected = rows.score.reduce(0, +)
    #expect(isClose(deciles.parts.reduce(0) { $0 + $1.expected }, expected / 3, 1e-12))
    #expect(isClose(deciles.parts.reduce(0) { $0 + ($1.captured ?? 0) }, 1, 1e-12))
    let shuffled = rows.selecting(draw.shuffled(Array(0..<rows.count)))
    let areSame = deciles == Deciles(shuffled)
    #expect(areSame)
  }

  @Test func `a list of three rows fills three parts`() throws {
    let deciles = try #require(
      Deciles(ScoredRows(label: [1, 0, 0], margin: [3, 2, 1])))
    #expect(deciles.parts.map(\.rows) == [1, 0, 0, 1, 0, 0, 1, 0, 0, 0])
    #expect(deciles.parts[1].observedOverExpected == nil)
    #expect(Deciles(ScoredRows(label: [])) == nil)
  }
}
