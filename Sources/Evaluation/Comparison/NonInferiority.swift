/// A test of whether a candidate is worse than its base by no more than a margin.
///
/// This is the question of a gate (Piaggio et al., 2012): a new model need not be better, but its
/// loss must be limited. It passes if the entire interval is above -margin, so a candidate that is
/// worse by the margin or more passes with a probability of at most `errorRate`. It fails if the
/// entire interval is below -margin, or if the verdict is `worse` and a loss beyond the margin is
/// not excluded. A candidate that is as good as its base, or better, fails with a probability of at
/// most `errorRate`. Otherwise the result is inconclusive.
public struct NonInferiority: Sendable, Equatable {
  /// The result of the test.
  public enum Outcome: String, Sendable, Hashable, CaseIterable, Codable {
    case pass
    case fail
    case inconclusive
  }

  /// The greatest acceptable loss, in the metric's own unit; greater than 0.
  public let margin: Double
  /// How much better the candidate is, whichever direction is better for the metric.
  public let gain: Double
  /// The lower end of the gain's interval.
  public let lower: Double
  /// The upper end of the gain's interval.
  public let upper: Double
  /// The result of the test.
  public let outcome: Outcome
  /// The nominal probability of either error: half of one minus the interval's level.
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

/// The verdict on a candidate compared with its base.
public enum Verdict: String, Sendable, Hashable, CaseIterable, Codable {
  /// Better by more than chance, and by at least the smallest effect.
  case better
  /// Worse by more than chance, and by at least the smallest effect.
  case worse
  /// Whatever the difference is, it is smaller than the smallest effect.
  case equivalent
  /// None of the others is shown.
  case inconclusive

  /// Judges a difference of a metric that is better when higher.
  ///
  /// An interval within (-smallestEffect, smallestEffect) means equivalence (two one-sided tests:
  /// Schuirmann, 1987), even if it excludes zero. Otherwise, better and worse require an interval
  /// that excludes zero and an estimate of at least the smallest effect. A difference that
  /// certainly exists but may be too small is inconclusive.
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
