public import Diagnostics

/// Which of the train rows the learner sees: every positive, and so many of the negatives.
public struct SampleSpec: Sendable {
  /// How many negatives are kept.
  public enum Negatives: Hashable, Sendable {
    /// A share of them, above 0 and at most 1.
    case share(Double)
    /// So many for each positive, as far as there are so many.
    case perPositive(Int)
  }

  public var negatives: Located<Negatives>
}
