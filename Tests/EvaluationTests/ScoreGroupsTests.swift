import Evaluation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct ScoreGroupsTests {
  @Test(arguments: 0..<40)
  func `the area under the ROC curve is the share of pairs won, ties one half`(seed: Int) throws {
    var draw = Draw(seed: UInt64(seed))
    let (labels, scores) = draw.tied(rows: 3 + draw.below(60), levels: 7, rate: 0.3)
    var (won, pairs) = (0.0, 0.0)
    for positive in labels.indices where labels[positive] == 1 {
      for negative in labels.indices where labels[negative] == 0 {
        pairs += 1
        if scores[positive] > scores[negative] { won += 1 }
        if scores[positive] == scores[negative] { won += 0.5 }
      }
    }
    // Exact: all sums are whole numbers and halves, and both divide once.
    #expect(
      ScoreGroups(labels: labels, scores: scores).areaUnderROC == (pairs > 0 ? won / pairs : nil))
  }

  @Test(arguments: 0..<20)
  func `weights count as rows repeated`(seed: Int) throws {
    var draw = Draw(seed: UInt64(seed))
    let (labels, scores) = draw.tied(rows: 50, levels: 9, rate: 0.2)
    let weights = labels.map { _ in draw.below(4) }
    let repeated = labels.indices.flatMap { Array(repeating: $0, count: weights[$0]) }
    // Equal groups make every metric equal, bit by bit.
    #expect(
      ScoreGroups(labels: labels, scores: scores, weights: weights.map(Double.init))
        == ScoreGroups(labels: repeated.map { labels[$0] }, scores: repeated.map { scores[$0] }))
  }

  @Test func `groups fall, count ties once and ignore the order of rows`() {
    let groups = ScoreGroups(labels: [1, 0, 0, 1], scores: [0.2, 0.7, 0.2, -1])
    #expect(groups.scores == [0.7, 0.2, -1])
    #expect(groups.weights == [1, 2, 1])
    #expect(groups.positives == [0, 1, 1])
    #expect(groups == ScoreGroups(labels: [0, 1, 1, 0], scores: [0.7, 0.2, -1, 0.2]))
  }

  @Test func `nothing is said about no rows`() {
    let groups = ScoreGroups(labels: [], scores: [])
    #expect(groups.areaUnderROC == nil)
    #expect(groups.averagePrecision == nil)
    #expect(groups.logLoss == nil)
    #expect(groups.brierScore == nil)
    #expect(groups.brierSkill == nil)
    #expect(groups.expectedCalibrationError() == nil)
    #expect(groups.calibrationIntercept == nil)
    #expect(groups.calibrationSlope == nil)
    #expect(groups.observedOverExpected == nil)
    #expect(groups.baseRate == nil)
    #expect(groups.topList(.count(1)) == nil)
  }

  @Test func `the base rate as forecast has no skill and no calibration error`() {
    let groups = ScoreGroups(labels: [1, 0, 0, 0], scores: [0.25, 0.25, 0.25, 0.25])
    #expect(groups.brierSkill == 0)
    #expect(groups.expectedCalibrationError() == 0)
    #expect(groups.observedOverExpected == 1)
    // 1e-12: a root found by Newton's method.
    #expect(isClose(groups.calibrationIntercept, 0, 1e-12))
    #expect(groups.calibrationSlope == nil, "one distinct score has no slope")
  }

  @Test func `a positive at probability zero costs the clipped logarithm`() {
    let groups = ScoreGroups(labels: [1], scores: [0])
    // 1e-12: -log(2^-52) = 52 log 2.
    #expect(isClose(groups.logLoss, 36.04365338911715, 1e-12))
  }
}
