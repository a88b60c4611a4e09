public import Evaluation

/// What became of some rows of published lists, beside what their scores had promised.
public struct OutcomeFigures: Sendable, Equatable {
  /// By name; what is undefined is absent:
  /// - `rows`, `accounts`, `wins`, `distinct_buyers` of the rows; an account that stands in several lists
  ///   is a row, and may be a win, in each
  /// - `expected_wins`: the sum of the scores; `observed_over_expected`
  /// - `precision`: wins per row; `base_rate`: wins per account in the cohorts of these lists; `lift`:
  ///   the one over the other
  /// - `capture`: the share of the wins in these cohorts that the rows hold
  /// - `brier`, `brier_skill`, `ece`, `calibration_intercept`, `calibration_slope` of the scores
  public let values: MetricValues
  /// The wins that are likely if the scores are right.
  public let expected: ClosedRange<Int>
  /// Bootstrap intervals of some of the values, by account.
  public let intervals: [String: Interval]
  /// Whether there are enough buyers to believe a rate.
  public let evidence: Evidence

  public var rows: Int { Int(values["rows"] ?? 0) }
  public var wins: Int { Int(values["wins"] ?? 0) }

  /// Whether the wins are as many as the scores make likely.
  public var isAsExpected: Bool { expected.contains(wins) }
}
