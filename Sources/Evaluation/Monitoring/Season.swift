/// How much more, or less, happens in each calendar month than the scores expect.
///
/// The factor of a month is (O + 30) / (E + 30), O and E the events and the expected events of that
/// calendar month in all years, scaled so that the mean of the months is 1. The 30 events of
/// shrinkage are a gamma prior with mean 1: a month with few events keeps a factor near 1.
public struct Season: Sendable, Codable, Equatable {
  /// The number of expected events that the prior counts for.
  public static let priorEvents = 30.0
  /// The least number of months, two years.
  public static let minimumMonths = 24
  /// The greatest number of months, three years.
  public static let maximumMonths = 36

  /// The factor of each calendar month, January first.
  public let factors: [Double]

  /// No season: every factor is 1.
  public static let none = Season()

  private init() { factors = [Double](repeating: 1, count: 12) }

  /// One month of the past.
  public struct Month: Sendable, Equatable {
    /// The calendar month, from 1 to 12.
    public let month: Int
    /// The number of events.
    public let observed: Double
    /// The expected number of events.
    public let expected: Double

    /// Creates a month.
    public init(month: Int, observed: Double, expected: Double) {
      precondition((1...12).contains(month), "a year has twelve months")
      self.month = month
      self.observed = observed
      self.expected = expected
    }
  }

  /// Estimates the factors from consecutive months, oldest first, of which the last 36 count. nil if
  /// there are fewer than 24.
  public init?(_ months: [Month]) {
    guard months.count >= Self.minimumMonths else { return nil }
    var totals = [(observed: Double, expected: Double)](repeating: (0, 0), count: 12)
    for month in months.suffix(Self.maximumMonths) {
      totals[month.month - 1].observed += month.observed
      totals[month.month - 1].expected += month.expected
    }
    let observed = totals.reduce(0) { $0 + $1.observed }
    let expected = totals.reduce(0) { $0 + $1.expected }
    guard observed > 0, expected > 0 else { return nil }
    // A model that expects too much in every month has no season because of that.
    let level = observed / expected
    let raw = totals.map { total in
      (total.observed + Self.priorEvents) / (total.expected * level + Self.priorEvents)
    }
    let mean = raw.reduce(0, +) / 12
    factors = raw.map { $0 / mean }
  }

  /// Returns the mean factor of days, given the number of days in each calendar month (index 0 is
  /// January).
  public func factor(days: [Int]) -> Double {
    precondition(days.count == 12, "a year has twelve months")
    let total = days.reduce(0, +)
    guard total > 0 else { return 1 }
    return zip(days, factors).reduce(0) { $0 + Double($1.0) * $1.1 } / Double(total)
  }
}
