import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct CalibrationMetricTests {
  @Test func `bins hold equal weight when no scores are tied`() {
    let scores = (1...100).map { Double($0) / 200 }
    let groups = ScoreGroups(labels: scores.map { _ in 0 }, scores: scores)
    let bins = CalibrationBins(groups)
    #expect(bins.reliability(of: groups).map(\.weight) == Array(repeating: 10, count: 10))
    #expect(bins.upperScores.last == 0.5)
  }

  @Test func `a plateau fills one bin, whatever its weight`() {
    // 75 rows share the lowest score: they are the first bin, the other 25 make what is left.
    let scores = Array(repeating: 0.001, count: 75) + (1...25).map { 0.01 * Double($0) }
    let groups = ScoreGroups(labels: scores.map { _ in 0 }, scores: scores)
    let weights = CalibrationBins(groups).reliability(of: groups).map(\.weight)
    #expect(weights == [75, 5, 10, 10])
  }

  @Test func `the calibration error is the mean distance over bins`() {
    let labels: [UInt8] = [0, 0, 1, 1]
    let groups = ScoreGroups(labels: labels, scores: [0.1, 0.2, 0.6, 0.7])
    // Four bins of one row each: (0.1 + 0.2 + 0.4 + 0.3) / 4; 1e-15 for its rounding.
    #expect(isClose(groups.expectedCalibrationError(), 0.25, 1e-15))
    let halves = CalibrationBins(groups, count: 2)
    #expect(halves.upperScores == [0.2, 0.7])
    // Two bins of two rows: (0.3 + 0.7) / 4.
    #expect(isClose(groups.expectedCalibrationError(bins: halves), 0.25, 1e-15))
  }

  @Test func `scores made too extreme are told by the slope, shifted ones by the intercept`() {
    var draw = Draw(seed: 3)
    let logOdds = (0..<40_000).map { _ in 4 * draw.uniform() - 3 }
    let labels: [UInt8] = logOdds.map { draw.uniform() < logistic($0) ? 1 : 0 }
    let extreme = ScoreGroups(labels: labels, scores: logOdds.map { logistic(2 * $0) })
    let shifted = ScoreGroups(labels: labels, scores: logOdds.map { logistic($0 - 1) })
    // 0.06: about four standard errors of a slope or an intercept on 40,000 rows.
    #expect(abs(extreme.calibrationSlope ?? 0) > 0.44)
    #expect(abs((extreme.calibrationSlope ?? 0) - 0.5) < 0.06)
    #expect(abs((shifted.calibrationSlope ?? 0) - 1) < 0.06)
    #expect(abs((shifted.calibrationIntercept ?? 0) - 1) < 0.06)
  }

  @Test func `classes that the scores separate have no slope, overlapping ones have`() {
    let scores = [0.1, 0.2, 0.2, 0.3]
    #expect(ScoreGroups(labels: [0, 0, 1, 1], scores: scores).calibrationSlope == nil)
    #expect(ScoreGroups(labels: [1, 1, 0, 0], scores: scores).calibrationSlope == nil)
    #expect(
      ScoreGroups(labels: [0, 1, 0, 1], scores: [0.1, 0.2, 0.3, 0.4]).calibrationSlope != nil)
  }

  @Test func `scores of exactly 0 and 1 leave slope and intercept finite`() throws {
    let groups = ScoreGroups(labels: [0, 0, 1, 0, 1, 1], scores: [0, 0, 0, 0.4, 0.5, 1])
    let slope = try #require(groups.calibrationSlope)
    #expect(slope > 0 && slope < 0.5, "a buyer at probability zero flattens the line")
    #expect(try #require(groups.calibrationIntercept).isFinite)
  }

  @Test func `the intercept makes the mean probability the base rate`() throws {
    var draw = Draw(seed: 11)
    let rows = draw.scoredRows(entities: 300, cutoffs: 1, step: 0)
    let groups = ScoreGroups(labels: rows.label, scores: rows.score)
    let intercept = try #require(groups.calibrationIntercept)
    let total = rows.score.map { logistic(log($0 / (1 - $0)) + intercept) }.reduce(0, +)
    // 1e-9 relative: rounding of a few hundred terms and of the logits.
    #expect(isClose(total, groups.totalPositives, 1e-9))
  }
}
