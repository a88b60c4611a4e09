internal import Foundation

/// Tells, week by week, whether fewer or more events happen than the scores expect.
///
/// The Shiryaev-Roberts e-detector (Shin, Ramdas, and Rinaldo, 2024; Lorden, 1971) with a composite
/// null hypothesis: events happen at a rate of θ times the expected one, with any θ within the
/// tolerance, 1 ± δ. For each of four alternatives a beyond the tolerance's end θ₀,
///
///     R ← (1 + R) exp(O ln(a / θ₀) - (a - θ₀) E)
///
/// with O the observed and E the expected events of the week. The evidence is the mean of the four
/// R, and an alarm is raised where it reaches the threshold.
///
/// For a row with probability θp, the expectation of its factor is
/// (1 + θp (a / θ₀ - 1)) exp(-(a - θ₀) p) ≤ exp((a - θ₀) p (θ / θ₀ - 1)) ≤ 1 if θ is not beyond θ₀,
/// because 1 + x ≤ exp(x). So every factor is an e-value for rows with any probabilities, whatever
/// happened in earlier weeks (Howard, Ramdas, McAuliffe, and Sekhon, 2020), and the mean number of
/// weeks to a false alarm is at least the threshold, in each direction. The rows of one week must be
/// independent: accounts that buy together make false alarms more frequent.
public struct EDetector: Sendable, Equatable {
  /// A direction in which the rate may have changed.
  public enum Direction: String, Sendable, Codable, CaseIterable {
    /// Fewer events.
    case down
    /// More events.
    case up
  }

  /// The tolerated relative error of the expected events, δ.
  public let tolerance: Double
  /// The evidence that raises an alarm: the mean number of weeks to a false alarm.
  public let threshold: Double
  private var logs: [Direction: [Double]]

  /// The alternatives relative to the tolerance's end: 0.4 to 0.7, and 1.4 to 2.5, with a tolerance
  /// of 0.2.
  private static let factors: [Direction: [Double]] = [
    .down: [0.5, 0.625, 0.75, 0.875], .up: [1.4 / 1.2, 1.6 / 1.2, 2 / 1.2, 2.5 / 1.2],
  ]

  /// The tolerance that the calibrator's own error and an estimated season ask for.
  public static let defaultTolerance = 0.2
  /// The weeks of four years.
  public static let defaultThreshold = 208.0

  /// Creates a detector that has seen nothing.
  /// - Parameters:
  ///   - tolerance: from 0 to below 1.
  ///   - threshold: above 0.
  public init(tolerance: Double = defaultTolerance, threshold: Double = defaultThreshold) {
    precondition((0..<1).contains(tolerance) && threshold > 0, "a detector that cannot work")
    self.tolerance = tolerance
    self.threshold = threshold
    logs = Self.factors.mapValues { $0.map { _ in -.infinity } }
  }

  /// Adds a week.
  /// - Parameters:
  ///   - observed: the number of events.
  ///   - expected: the sum of the rows' probabilities.
  public mutating func add(observed: Int, expected: Double) {
    for direction in Direction.allCases {
      let end = direction == .down ? 1 - tolerance : 1 + tolerance
      logs[direction] = zip(Self.factors[direction] ?? [], logs[direction] ?? []).map {
        factor, log in
        // log(1 + R), for an R that may be beyond the greatest Double.
        let grown = log > 0 ? log + log1p(exp(-log)) : log1p(exp(log))
        return grown + Double(observed) * Foundation.log(factor) - (factor - 1) * end * expected
      }
    }
  }

  /// Returns the natural logarithm of the evidence in a direction; negative infinity before the first
  /// week.
  public func logEvidence(_ direction: Direction) -> Double {
    let own = logs[direction] ?? []
    guard let greatest = own.max(), greatest > -.infinity else { return -.infinity }
    let sum = own.reduce(0) { $0 + exp($1 - greatest) }
    return greatest + log(sum / Double(own.count))
  }

  /// The direction whose evidence has reached the threshold; the one with more evidence if both have.
  public var alarm: Direction? {
    let (down, up) = (logEvidence(.down), logEvidence(.up))
    guard max(down, up) >= log(threshold) else { return nil }
    return up > down ? .up : .down
  }
}
