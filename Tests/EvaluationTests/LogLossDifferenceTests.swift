import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct LogLossDifferenceTests {
  private let labels: [UInt8] = [1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0]
  private let scores = [0.6, 0.2, 0.3, 0.7, 0.1, 0.4, 0.5, 0.2, 0.9, 0.3, 0.2, 0.1]
  private let others = [0.5, 0.3, 0.2, 0.8, 0.1, 0.6, 0.3, 0.1, 0.8, 0.2, 0.3, 0.05]
  private let clusters: [Int32] = [0, 0, 1, 1, 1, 2, 2, 3, 4, 4, 5, 5]

  @Test func `the standard error is that of a mean of clustered rows`() throws {
    let found = try #require(
      LogLossDifference(
        labels: labels, scores: scores, others: others, clusters: clusters, level: 0.9))
    // statsmodels 0.15: OLS on a constant, cov_type "cluster", use_correction False: 0.0622678668 and
    // 0.0665676904. Times √(4/3) and Student's quantile of 3 degrees of freedom (SciPy), because four
    // clusters have a positive row. The same sums in another order.
    #expect(abs(found.estimate - 0.06226786681918511) < 1e-14)
    #expect(abs(found.lower + 0.11862517384633836) < 1e-10)
    #expect(abs(found.upper - 0.24316090748470853) < 1e-10)
    #expect(found.level == 0.9 && !found.isIncrease)
    let reversed = LogLossDifference(
      labels: labels.reversed(), scores: scores.reversed(), others: others.reversed(),
      clusters: clusters.map { 40 - $0 }.reversed(), level: 0.9)
    #expect(try abs(#require(reversed).lower - found.lower) < 1e-14)
  }

  @Test func `copies of rows in their own cluster say nothing new`() throws {
    func difference(_ clusters: [Int32]) throws -> LogLossDifference {
      try #require(
        LogLossDifference(
          labels: labels + labels, scores: scores + scores, others: others + others,
          clusters: clusters, level: 0.95))
    }
    let once = try #require(
      LogLossDifference(
        labels: labels, scores: scores, others: others, clusters: clusters, level: 0.95))
    let together = try difference(clusters + clusters)
    #expect(abs(together.lower - once.lower) < 1e-12 && abs(together.upper - once.upper) < 1e-12)
    let apart = try difference(clusters + clusters.map { $0 + 6 })
    #expect(apart.upper - apart.lower < 0.7 * (once.upper - once.lower))
  }

  @Test func `without two clusters of each class there is no interval`() {
    func difference(_ clusters: [Int32]) -> LogLossDifference? {
      LogLossDifference(
        labels: [1, 1, 0, 0], scores: [0.5, 0.6, 0.5, 0.4], others: [0.5, 0.5, 0.5, 0.5],
        clusters: clusters, level: 0.95)
    }
    #expect(difference([0, 1, 2, 3]) != nil && difference([0, 1, 0, 1]) != nil)
    #expect(difference([0, 0, 1, 2]) == nil)
    #expect(difference([0, 1, 2, 2]) == nil)
  }

  /// Two forecasts, of which chance decides for each entity which is the first: neither is better.
  @Test func `forecasts that are equally good seldom differ, however many rows an entity has`() {
    var draw = Draw(seed: 11)
    var (byEntity, byRow) = (0, 0)
    let (worlds, entities, rows) = (1000, 60, 6)
    for _ in 0..<worlds {
      var (labels, scores, others): ([UInt8], [Double], [Double]) = ([], [], [])
      var clusters: [Int32] = []
      for entity in 0..<entities {
        let isPositive = draw.uniform() < 0.3
        let pair = draw.uniform() < 0.5 ? (0.2, 0.4) : (0.4, 0.2)
        for _ in 0..<rows {
          labels.append(isPositive ? 1 : 0)
          scores.append(pair.0)
          others.append(pair.1)
          clusters.append(Int32(entity))
        }
      }
      func isIncrease(_ clusters: [Int32]) -> Bool {
        LogLossDifference(
          labels: labels, scores: scores, others: others, clusters: clusters, level: 0.95)?
          .isIncrease ?? false
      }
      if isIncrease(clusters) { byEntity += 1 }
      if isIncrease(labels.indices.map { Int32($0) }) { byRow += 1 }
    }
    // 2.5 % at most; the bound is five standard deviations above. Rows by themselves reach 20 %.
    #expect(byEntity < 50 && byEntity > 0, "\(byEntity)")
    #expect(byRow > 150, "\(byRow)")
  }

  @Test func `a forecast that is worse by more than chance is an increase, its opposite is none`() {
    var draw = Draw(seed: 12)
    let labels = (0..<2000).map { _ in UInt8(draw.uniform() < 0.2 ? 1 : 0) }
    let (right, wrong) = (labels.map { _ in 0.2 }, labels.map { _ in 0.3 })
    let clusters = labels.indices.map { Int32($0) }
    func isIncrease(_ scores: [Double], _ others: [Double]) -> Bool? {
      LogLossDifference(
        labels: labels, scores: scores, others: others, clusters: clusters, level: 0.95)?.isIncrease
    }
    #expect(isIncrease(wrong, right) == true)
    #expect(isIncrease(right, wrong) == false && isIncrease(right, right) == false)
  }
}
