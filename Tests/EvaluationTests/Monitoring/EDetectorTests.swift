import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness
import Testing

@Suite struct EDetectorTests {
  /// The file of `make_detector_vectors.py`, which follows the formula in 60 decimal digits.
  private struct Vectors: Decodable {
    struct Case: Decodable {
      let name: String
      let tolerance: Double
      let observed: [Int]
      let expected: [Double]
      /// For fewer, and for more events.
      let logEvidence: [[Double]]
    }

    let cases: [Case]
  }

  @Test func `the evidence is that of an independent program`() throws {
    let cases = try vectors("detector_vectors", as: Vectors.self).cases
    #expect(cases.count == 6)
    for wanted in cases {
      var detector = EDetector(tolerance: wanted.tolerance)
      #expect(detector.logEvidence(.down) == -.infinity && detector.alarm == nil)
      for week in wanted.observed.indices {
        detector.add(observed: wanted.observed[week], expected: wanted.expected[week])
        for (direction, log) in zip([EDetector.Direction.down, .up], wanted.logEvidence[week]) {
          // A difference of logarithms is a relative one of the evidence. Beyond 1, the logarithm
          // itself can only be as precise as its digits allow.
          let difference = abs(detector.logEvidence(direction) - log)
          #expect(difference < 1e-12 * max(1, abs(log)), "\(wanted.name), week \(week)")
        }
      }
    }
  }

  @Test func `the alarm has the direction of the change`() throws {
    let cases = try vectors("detector_vectors", as: Vectors.self).cases
    let wanted = try #require(cases.first)
    var detector = EDetector()
    // The rate is 1, from week 20 on 0.5, and from week 52 on 2.
    let directions = zip(wanted.observed, wanted.expected).map { observed, expected in
      detector.add(observed: observed, expected: expected)
      return detector.alarm
    }
    #expect(directions.prefix(20).allSatisfy { $0 == nil })
    #expect(directions[51] == .down && directions[103] == .up)
  }

  @Test func `evidence beyond the greatest number is still compared`() {
    var detector = EDetector()
    for _ in 0..<2_000 { detector.add(observed: 0, expected: 10) }
    #expect(detector.logEvidence(.down) > 7_000 && detector.alarm == .down)
    #expect(detector.logEvidence(.up).isFinite)
    for _ in 0..<2_000 { detector.add(observed: 40, expected: 10) }
    #expect(detector.alarm == .up)
  }

  @Test func `a tolerated error raises few alarms, half of the events many`() {
    func alarms(factor: Double, weeks: Int) -> Int {
      (0..<300).count { simulation in
        var draw = Draw(seed: UInt64(7 + simulation))
        var detector = EDetector()
        return (0..<weeks).contains { _ in
          detector.add(observed: draw.poisson(4.8 * factor), expected: 4.8)
          return detector.alarm != nil
        }
      }
    }
    // The theory allows one in 208 weeks and direction at the tolerance's end, 75 of 300 in a year.
    // Measured: 0 at the true level, 12 and 27 at the ends.
    #expect(alarms(factor: 1, weeks: 52) <= 3)
    #expect(alarms(factor: 0.8, weeks: 52) <= 40)
    #expect(alarms(factor: 1.2, weeks: 52) <= 40)
    #expect(alarms(factor: 0.5, weeks: 26) >= 270)
  }

  @Test func `the time to notice a change is what simulations say`() {
    // 1,500 simulations in Python: 26 weeks and 0.48, 11 weeks and 0.95, 4 weeks and 1.
    let few = NoticeTime(expected: 1.5, factor: 0.5)
    let usual = NoticeTime(expected: 4.8, factor: 0.5)
    let many = NoticeTime(expected: 20, factor: 0.5)
    #expect((24...30).contains(few.medianWeeks ?? 0) && abs(few.within26 - 0.48) < 0.08)
    #expect((10...13).contains(usual.medianWeeks ?? 0) && abs(usual.within26 - 0.95) < 0.04)
    #expect(many.medianWeeks == 4 && many.within26 > 0.99)
    #expect(NoticeTime(expected: 20, factor: 0.95).medianWeeks == nil, "that is tolerated")
    #expect(NoticeTime(expected: 2_000, factor: 0.5).medianWeeks == 1)
    #expect(NoticeTime(expected: 4.8, factor: 0.5) == usual, "it depends on the clock")
  }
}

extension Draw {
  /// A Poisson count with a mean of at most a few hundred (Knuth, 1969).
  mutating func poisson(_ mean: Double) -> Int {
    let limit = exp(-mean)
    var (product, count) = (uniform(), 0)
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }
}
