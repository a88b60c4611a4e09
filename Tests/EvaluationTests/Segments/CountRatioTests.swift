import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct CountRatioTests {
  /// `rows` rows of as many entities with the same score.
  private func alone(_ rows: Int, _ score: Double, count: Int) throws -> CountRatio {
    try #require(
      CountRatio(
        scores: [Double](repeating: score, count: rows), entities: Array(0..<Int32(rows)),
        count: count))
  }

  /// The interval of Clopper and Pearson by bisection of binomial sums, over the score; computed
  /// with Python's `math.lgamma`.
  @Test func `with one row per account and one score it is the interval of a binomial count`()
    throws
  {
    let few = try alone(300, 0.05, count: 12)
    // 1e-6: the ends are searched to 1e-7.
    #expect(isClose(few.ratio, 0.8, 1e-12))
    #expect(isClose(few.lower, 0.4167315261282589, 1e-6))
    #expect(isClose(few.upper, 1.376579763789919, 1e-6))
    #expect(isClose(few.pValue, 0.5224473127743878, 1e-9))
    #expect(isClose(few.expected, 15, 1e-12) && isClose(few.variance, 14.25, 1e-12))
    let none = try alone(40, 0.1, count: 0)
    #expect(none.lower == 0)
    #expect(isClose(none.upper, 0.8809730287880241, 1e-6))
    #expect(isClose(none.pValue, 0.029561765882869195, 1e-9))
  }

  @Test func `above a variance of 400 it is close to the exact interval`() throws {
    let many = try alone(5000, 0.1, count: 480)
    // 0.001: a fiftieth of the distance of an end from the ratio.
    #expect(abs(many.lower - 0.8797210572281636) < 0.001, "\(many)")
    #expect(abs(many.upper - 1.0450302666738314) < 0.001, "\(many)")
    #expect(abs(many.pValue - 0.3584607684082222) < 0.01)
  }

  @Test func `it contains 1 if the count is in the interval of the forecast`() throws {
    var draw = Draw(seed: 2)
    for _ in 0..<200 {
      let count = 1 + draw.below(60)
      let scores = (0..<count).map { _ in 0.4 * draw.uniform() }
      let entities = (0..<count).map { _ in Int32(draw.below(25)) }
      let range = CountForecast(scores: scores, entities: entities).interval()
      for positives in [0, draw.below(count), min(range.upperBound + 1, count), range.upperBound] {
        let ratio = try #require(
          CountRatio(scores: scores, entities: entities, count: positives))
        #expect(ratio.lower <= ratio.ratio + 1e-9 && ratio.ratio <= ratio.upper + 1e-9)
        // At the very ends a search to 1e-7 may fall on either side.
        guard abs(ratio.lower - 1) > 1e-6, abs(ratio.upper - 1) > 1e-6 else { continue }
        #expect((ratio.lower <= 1 && 1 <= ratio.upper) == range.contains(positives), "\(ratio)")
      }
    }
  }

  @Test func `rows of one account widen it`() throws {
    let scores = [Double](repeating: 0.05, count: 400)
    let alone = try alone(400, 0.05, count: 20)
    let together = try #require(
      CountRatio(scores: scores, entities: (0..<400).map { Int32($0 / 4) }, count: 20))
    #expect(together.lower < alone.lower && together.upper > alone.upper)
    // Five accounts with four rows each instead of twenty rows: the interval of a count of five.
    #expect(isClose(together.variance, 4 * alone.variance, 1e-12))
  }

  @Test func `positives that nobody expected, or on every row, leave it finite`() throws {
    let zero = try #require(CountRatio(scores: [0, 0.5], entities: [0, 1], count: 2))
    #expect(zero.lower.isFinite && zero.lower > 1)
    #expect(zero.upper == zero.ratio && zero.ratio == 4)
    #expect(zero.pValue <= 1e-15)
    let unlikely = try #require(CountRatio(scores: [0, 0, 0.5], entities: [0, 1, 2], count: 2))
    #expect(unlikely.lower > 1 && unlikely.upper.isFinite)
    #expect(CountRatio(scores: [0, 0], entities: [0, 1], count: 1) == nil)
    #expect(CountRatio(scores: [], entities: [], count: 0) == nil)
  }

  @Test func `the order of rows changes nothing`() {
    var draw = Draw(seed: 3)
    let rows = draw.shuffled((0..<300).map { (score: 0.2 * draw.uniform(), entity: Int32($0 / 3)) })
    let other = draw.shuffled(rows)
    let areSame =
      CountRatio(scores: rows.map(\.score), entities: rows.map(\.entity), count: 31)
      == CountRatio(scores: other.map(\.score), entities: other.map(\.entity), count: 31)
    #expect(areSame)
  }

  @Test func `ratios are shrunken by hand's formula`() throws {
    // Means of 10 with variance 9 each; 20 and 5 positives. The common ratio is 1.25; the spread
    // 2 × 10 × 0.75² less chance 1.25 × (0.9 + 0.9 - 18/20), over 20 - 200/20, is 1.0125.
    let levels = [try alone(100, 0.1, count: 20), try alone(100, 0.1, count: 5)]
    let shrinkage = try #require(RatioShrinkage(levels))
    #expect(isClose(shrinkage.mean, 1.25, 1e-12))
    #expect(isClose(shrinkage.variance, 1.0125, 1e-12))
    // w = 1.0125 / (1.0125 + 1.25 × 9 / 100) = 0.9.
    #expect(isClose(shrinkage.shrunken(levels[0]), 1.25 + 0.9 * 0.75, 1e-12))
    #expect(isClose(shrinkage.shrunken(levels[1]), 1.25 - 0.9 * 0.75, 1e-12))
  }

  @Test func `ratios that differ by no more than chance are all shrunken to the common one`() throws
  {
    let levels = [try alone(100, 0.1, count: 11), try alone(100, 0.1, count: 9)]
    let shrinkage = try #require(RatioShrinkage(levels))
    #expect(shrinkage.variance == 0)
    #expect(isClose(shrinkage.shrunken(levels[0]), 1, 1e-12))
    let single = try #require(RatioShrinkage([levels[0]]))
    #expect(single.variance == 0 && isClose(single.mean, 1.1, 1e-12))
    #expect(RatioShrinkage([]) == nil)
  }
}
