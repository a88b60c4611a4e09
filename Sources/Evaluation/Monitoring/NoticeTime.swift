internal import Foundation
internal import Randomness

/// How long an `EDetector` takes to notice that the events have changed, in simulations.
///
/// What a monitor cannot see is as important as what it sees: with two events a week, half of them
/// can be missing for months.
public struct NoticeTime: Sendable, Equatable {
  /// The median number of weeks from the change to the alarm; nil if fewer than half of the
  /// simulations raise one within three years.
  public let medianWeeks: Int?
  /// The share of simulations with an alarm within 26 weeks.
  public let within26: Double

  private static let simulations = 400
  private static let longest = 156

  /// Simulates the weeks after a change.
  /// - Parameters:
  ///   - expected: the expected events of a week.
  ///   - factor: what the true rate is multiplied by.
  public init(
    expected: Double, factor: Double, tolerance: Double = EDetector.defaultTolerance,
    threshold: Double = EDetector.defaultThreshold, seed: UInt64 = 1
  ) {
    let direction = factor < 1 ? EDetector.Direction.down : .up
    let limit = log(threshold)
    let weeks = (0..<Self.simulations).map { simulation -> Int in
      var generator = Xoshiro256StarStar(seed: SplitMix64.mixed(seed &+ UInt64(simulation)))
      var detector = EDetector(tolerance: tolerance, threshold: threshold)
      for week in 1...Self.longest {
        detector.add(
          observed: Self.poisson(expected * factor, &generator), expected: expected)
        if detector.logEvidence(direction) >= limit { return week }
      }
      return .max
    }.sorted()
    let median = weeks[(weeks.count - 1) / 2]
    medianWeeks = median == .max ? nil : median
    within26 = Double(weeks.count { $0 <= 26 }) / Double(weeks.count)
  }

  /// Draws a Poisson count by inversion, in parts small enough for their probability of 0 not to
  /// vanish.
  private static func poisson(_ mean: Double, _ generator: inout Xoshiro256StarStar) -> Int {
    var (rest, count) = (mean, 0)
    while rest > 0 {
      let part = min(rest, 200)
      rest -= part
      let uniform = Double(generator.next() >> 11) * 0x1p-53
      var (mass, sum, own) = (exp(-part), exp(-part), 0)
      // Where rounding keeps the sum below the uniform number, the masses have vanished.
      while sum <= uniform, mass > 0 {
        own += 1
        mass *= part / Double(own)
        sum += mass
      }
      count += own
    }
    return count
  }
}
