/// Whether a week is unlike the weeks before it.
///
/// The week's value is compared with the median and the median absolute deviation of the values
/// before it (Hampel, 1974), which one earlier jump cannot move. The floor keeps a value that never
/// changes from alarming when one row does: with the standard settings, 0.5 % of rows is the
/// smallest change of such a value that alarms.
public struct JumpRule: Sendable, Equatable {
  /// The z value from which a week is an alarm.
  public let threshold: Double
  /// What is added to the standard deviation.
  public let floor: Double
  /// The greatest number of earlier values to compare with.
  public let window: Int
  /// The least number of earlier values.
  public let minimum: Int

  /// The rule for shares of rows. On generated data without any fault, it raised no alarm in 792
  /// weeks of 43 features.
  public static let inputs = JumpRule(threshold: 5, floor: 0.001, window: 26, minimum: 13)

  /// Creates a rule.
  public init(threshold: Double, floor: Double, window: Int, minimum: Int) {
    self.threshold = threshold
    self.floor = floor
    self.window = window
    self.minimum = minimum
  }

  /// A week's value beside what is usual.
  public struct Jump: Sendable, Equatable {
    /// The value of the week.
    public let value: Double
    /// The median of the values before it.
    public let usual: Double
    /// The standard deviation, with the floor.
    public let deviation: Double
    /// The value's distance from the median in standard deviations.
    public let z: Double
    /// Whether the distance reaches the threshold.
    public let isAlarm: Bool
  }

  /// Compares a value with earlier ones, of which the last `window` count; nil if there are too few.
  public func jump(_ value: Double, after earlier: [Double]) -> Jump? {
    guard earlier.count >= minimum else { return nil }
    let past = earlier.suffix(window)
    let middle = Self.median(Array(past))
    // 1.4826 makes the median absolute deviation of normal values their standard deviation.
    let spread = 1.4826 * Self.median(past.map { abs($0 - middle) }) + floor
    let z = (value - middle) / spread
    return Jump(
      value: value, usual: middle, deviation: spread, z: z, isAlarm: z >= threshold)
  }

  /// Returns the middle value, or the mean of the two in the middle.
  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let upper = sorted[sorted.count / 2]
    return sorted.count % 2 == 1 ? upper : (sorted[sorted.count / 2 - 1] + upper) / 2
  }
}

extension JumpRule.Jump {
  /// Returns the value from which the week would be an alarm.
  public func threshold(_ rule: JumpRule) -> Double { usual + rule.threshold * deviation }
}
