import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct DifferenceDistributionTests {
  /// A distribution about `estimate`; `step` > 0 makes ties, zero among them.
  private static func random(_ draw: inout Draw) throws -> DifferenceDistribution {
    let estimate = 4 * draw.uniform() - 2
    let step = draw.below(3) == 0 ? 0.5 : 0
    let draws: [Double?] = (0..<20 + draw.below(500)).map { _ in
      let value = estimate + draw.normal()
      return draw.below(50) == 0 ? nil : step > 0 ? (value / step).rounded() * step : value
    }
    return try #require(
      DifferenceDistribution(estimate: estimate, draws: draws, units: 2 + draw.below(60)))
  }

  @Test func `an interval leaves zero out exactly where the p-value is below its alpha`() throws {
    var draw = Draw(seed: 1)
    for _ in 0..<400 {
      let distribution = try Self.random(&draw)
      let pValue = distribution.pValue
      for alpha in [1e-6, 1e-3, 0.01, 0.05, 0.2, 0.6, 0.999 * pValue, 1.001 * pValue]
      where alpha < 1 {
        let interval = distribution.interval(alpha: alpha)
        let leavesOut = interval.lower > 0 || interval.upper < 0
        #expect(leavesOut == (pValue <= alpha), "p \(pValue), alpha \(alpha)")
      }
    }
  }

  @Test func `an interval at a higher level holds that of a lower one`() throws {
    var draw = Draw(seed: 2)
    for _ in 0..<200 {
      let distribution = try Self.random(&draw)
      var last: Interval?
      for alpha in [0.5, 0.1, 0.05, 0.01, 1e-3, 1e-5] {
        let interval = distribution.interval(alpha: alpha)
        if let last { #expect(interval.lower <= last.lower && interval.upper >= last.upper) }
        last = interval
      }
    }
  }

  @Test func `with many units and draws it is the percentile interval`() throws {
    let draws = (1...1999).map { Optional(Double($0)) }
    let many = try #require(
      DifferenceDistribution(estimate: 1000, draws: draws, units: 100_000_000))
    // Numbers 50 and 1950 of 1999: 2000 × 0.025, less a hair for the units.
    #expect(many.interval(alpha: 0.05).lower == 49)
    #expect(many.interval(alpha: 0.0502).lower == 50)
    #expect(many.interval(alpha: 0.0502).upper == 1950)
  }

  @Test func `few units reach further out by Hesterberg's factor`() throws {
    let draws = (1...9999).map { Optional(Double($0)) }
    let few = try #require(DifferenceDistribution(estimate: 5000, draws: draws, units: 20))
    // Φ(-√(20/19) × 2.0930240544) = 0.015881 (SciPy), of 10,000.
    #expect(few.interval(alpha: 0.05).lower == 158)
    #expect(few.interval(alpha: 0.05).upper == 10_000 - 158)
  }

  @Test func `beyond the last draw the ends follow the normal distribution`() throws {
    var draw = Draw(seed: 4)
    let draws = (0..<99).map { _ in Optional(draw.normal()) }
    let distribution = try #require(
      DifferenceDistribution(estimate: 0, draws: draws, units: 1_000_000))
    let interval = distribution.interval(alpha: 1e-6)
    // 4.8916: SciPy's norm.isf(5e-7); with a million units Student's is the same to 1e-4.
    #expect(isClose(interval.upper, 4.8916 * interval.standardError, 1e-3))
    #expect(isClose(interval.lower, -4.8916 * interval.standardError, 1e-3))
  }
}
