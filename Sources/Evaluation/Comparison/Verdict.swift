/// What a comparison found out about a candidate beside its base.
public enum Verdict: String, Sendable, Hashable, CaseIterable, Codable {
  /// More than chance, and at least the smallest effect worth having.
  case better
  /// As `better`, the other way.
  case worse
  /// Whatever the difference is, it is smaller than what would be worth having.
  case equivalent
  /// None of these is shown.
  case inconclusive

  /// Judges a difference of which more is better.
  ///
  /// An interval within (-smallestEffect, smallestEffect) is equivalence (two one-sided tests:
  /// Schuirmann, 1987), also where it leaves zero out. Beyond that, better and worse need an interval
  /// that leaves zero out and an estimate of at least the smallest effect: a difference that is surely
  /// there but perhaps too small is inconclusive.
  public init(difference: Double, lower: Double, upper: Double, smallestEffect: Double) {
    self =
      if lower > -smallestEffect && upper < smallestEffect {
        .equivalent
      } else if lower > 0 && difference >= smallestEffect {
        .better
      } else if upper < 0 && difference <= -smallestEffect {
        .worse
      } else {
        .inconclusive
      }
  }
}
