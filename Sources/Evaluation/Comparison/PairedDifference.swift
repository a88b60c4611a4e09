/// One metric of a candidate less that of its base, on the same rows.
public struct PairedDifference: Sendable, Equatable {
  public let metric: String
  public let base: Double
  public let candidate: Double
  /// Of candidate less base, over the same resamples for both.
  public let interval: Interval
  /// The share of resamples that the interval spans, corrected where there are several candidates.
  public let level: Double

  /// candidate - base.
  public var difference: Double { candidate - base }
}
