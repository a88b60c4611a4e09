/// A candidate beside its base, on the same rows.
public struct PairedComparison: Sendable, Equatable {
  /// Every metric that both have, by name; intervals at the level that was asked for.
  public let differences: [String: PairedDifference]
  /// The metric that decides, with its interval at the corrected level.
  public let decisive: PairedDifference
  /// Of no difference in the decisive metric: two-sided, corrected for several candidates (Holm), so that
  /// it is held against 1 - the level that was asked for.
  public let pValue: Double
  public let verdict: Verdict
  /// The smallest true difference that this comparison would find to be `better` with a probability of
  /// 0.8.
  public let smallestDetectable: Double

  public init(
    differences: [String: PairedDifference], decisive: PairedDifference, pValue: Double,
    verdict: Verdict, smallestDetectable: Double
  ) {
    self.differences = differences
    self.decisive = decisive
    self.pValue = pValue
    self.verdict = verdict
    self.smallestDetectable = smallestDetectable
  }
}
