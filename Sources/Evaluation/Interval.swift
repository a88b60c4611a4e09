import Foundation

/// A percentile interval of a metric over bootstrap resamples.
public struct Interval: Sendable, Equatable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// The standard deviation of the metric over the resamples.
  public let standardError: Double
  /// In how many resamples the metric was defined; the others are left out.
  public let defined: Int

  package init(lower: Double, upper: Double, standardError: Double, defined: Int) {
    self.lower = lower
    self.upper = upper
    self.standardError = standardError
    self.defined = defined
  }

  /// The interval that spans the middle `level` of the values; nil when none is defined.
  ///
  /// The ends are the order statistics number (R + 1)(1 ∓ level) / 2 of the R defined values
  /// (Davison and Hinkley, 1997, section 5.3), interpolated linearly and kept within the values.
  public init?(_ values: [Double?], level: Double) {
    let sorted = values.compactMap(\.self).sorted()
    guard !sorted.isEmpty else { return nil }
    lower = Self.orderStatistic(sorted, share: (1 - level) / 2)
    upper = Self.orderStatistic(sorted, share: (1 + level) / 2)
    defined = sorted.count
    var sum = CompensatedSum()
    for value in sorted { sum.add(value) }
    let mean = sum.value / Double(sorted.count)
    var squares = CompensatedSum()
    for value in sorted { squares.add((value - mean) * (value - mean)) }
    standardError = (squares.value / Double(max(sorted.count - 1, 1))).squareRoot()
  }

  private static func orderStatistic(_ sorted: [Double], share: Double) -> Double {
    let position = share * Double(sorted.count + 1) - 1
    guard position > 0 else { return sorted[0] }
    guard position < Double(sorted.count - 1) else { return sorted[sorted.count - 1] }
    let below = Int(position)
    return sorted[below] + (sorted[below + 1] - sorted[below]) * (position - Double(below))
  }

  /// `lower`, `upper`, `standard_error` and `defined`.
  public var tree: MetricTree {
    MetricTree([
      "lower": lower, "upper": upper, "standard_error": standardError, "defined": Double(defined),
    ])
  }
}
