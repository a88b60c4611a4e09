/// One metric of a candidate less that of its base, on the same rows.
public struct PairedDifference: Sendable, Equatable {
  public let metric: String
  public let base: Double
  public let candidate: Double
  /// Of candidate less base, over the same resamples for both.
  public let interval: Interval
  /// How sure the interval is to hold the true difference, corrected where there are several candidates.
  public let level: Double

  public init(
    metric: String, base: Double, candidate: Double, interval: Interval, level: Double
  ) {
    self.metric = metric
    self.base = base
    self.candidate = candidate
    self.interval = interval
    self.level = level
  }

  /// candidate - base.
  public var difference: Double { candidate - base }

  /// The difference and the ends of its interval, turned so that more is better.
  var gain: (estimate: Double, lower: Double, upper: Double) {
    MetricDirection(of: metric) == .lessIsBetter
      ? (-difference, -interval.upper, -interval.lower)
      : (difference, interval.lower, interval.upper)
  }
}
