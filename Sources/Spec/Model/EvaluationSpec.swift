public import Diagnostics

/// What is measured on the test cutoffs.
public struct EvaluationSpec: Sendable {
  /// Lengths of the lists whose precision and recall are reported, per cutoff.
  public var topK: [Int]
  /// Shares of the cohort, in percent, whose lift is reported, per cutoff.
  public var topPercent: [Double]
  /// Category features whose levels are reported one by one.
  public var segments: [Located<String>]
  /// Bootstrap resamples; 0: no intervals.
  public var resamples: Int
  /// The intervals' coverage, in (0, 1).
  public var level: Double
  /// Seeds the bootstrap.
  public var seed: Int
  /// Distinct buyers in test below which the evidence is insufficient.
  public var minimumPositives: Int
}
