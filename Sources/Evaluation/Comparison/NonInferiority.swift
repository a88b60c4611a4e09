/// Whether a candidate is no worse than its base by more than a margin.
///
/// The question of a gate (Piaggio et al., 2012): what is new need not be better, but what it may lose is
/// limited. It passes where the whole interval lies above -margin, so a candidate that is worse by the
/// margin or more passes with a probability of at most `errorRate`. It fails where the whole interval lies
/// below -margin, or the verdict is `worse` and a loss beyond the margin is not excluded; a candidate that
/// is as good as its base, or better, fails with a probability of at most `errorRate`. Otherwise the rows
/// do not tell.
public struct NonInferiority: Sendable, Equatable {
  public enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
    case pass
    case fail
    case inconclusive
  }

  /// The greatest loss that is put up with, in the metric's own unit; above 0.
  public let margin: Double
  /// How much better the candidate is, whichever way the metric gets better.
  public let gain: Double
  /// The lower end of the gain's interval.
  public let lower: Double
  /// The upper end of the gain's interval.
  public let upper: Double
  public let outcome: Outcome
  /// The nominal probability of either error: half of what the interval leaves out.
  public let errorRate: Double

  /// Judges a comparison at the level of its decisive interval.
  public init(_ comparison: PairedComparison, margin: Double) {
    precondition(margin > 0, "a margin is above 0")
    let decisive = comparison.decisive
    self.margin = margin
    (gain, lower, upper) = decisive.gain
    errorRate = (1 - decisive.level) / 2
    outcome =
      if lower > -margin {
        .pass
      } else if upper < -margin || comparison.verdict == .worse {
        .fail
      } else {
        .inconclusive
      }
  }
}

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
