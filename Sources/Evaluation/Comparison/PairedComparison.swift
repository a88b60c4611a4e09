/// A candidate beside its base, on the same rows.
public struct PairedComparison: Sendable, Equatable {
  /// Every metric that both have, by name; intervals at the level that was asked for.
  public let differences: [String: PairedDifference]
  /// The metric that decides, with its interval at the corrected level.
  public let decisive: PairedDifference
  /// Two-sided, from the resamples, before correction.
  public let pValue: Double
  public let verdict: Verdict
  /// The smallest true difference that would have been found with a probability of 0.8.
  public let smallestDetectable: Double
}
