import Evaluation
import HoldoutTestSupport
import Learning
import Randomness
import Testing

/// The same regression through both interfaces.
@Suite struct ReliabilityAgreementTests {
  @Test(arguments: 0..<20)
  func `the steps of a reliability diagram are an isotonic regression`(seed: Int) throws {
    var draw = Xoshiro256StarStar(seed: UInt64(seed))
    let count = 1 + draw.below(400)
    let scores = (0..<count).map { _ in Double(draw.below(90)) / 100 }
    let labels = scores.map { UInt8(draw.uniform() < $0 * $0 ? 1 : 0) }
    let rows = ScoredRows(
      cutoff: labels.map { _ in 0 }, entity: Array(0..<Int32(count)), label: labels,
      margin: scores, score: scores, uncalibrated: scores)
    let found = try #require(Reliability(rows, draws: BootstrapOptions(resamples: 1)))
    let fit = try IsotonicRegression(x: scores, y: labels.map(Double.init))
    for step in found.steps {
      for value in try fit.predict([step.lowestScore, step.highestScore]) {
        // 1e-12: one sums whole numbers, the other means.
        #expect(abs(value - step.recalibrated) < 1e-12)
      }
    }
  }
}
