public import Evaluation

/// Compares a candidate with its base by each side's metrics.json alone.
///
/// The interval of a difference combines the two sides' own intervals. Each of its ends lies from
/// the estimate at the square root of the sum of the squared distances from the sides' estimates to
/// the ends that face each other (Zou and Donner, 2008). This holds for independent estimates. Two
/// runs evaluated on the same rows are positively correlated, so the true interval is narrower:
/// this one is conservative.
public struct UnpairedComparison: Sendable, Equatable {
  public struct Difference: Sendable, Equatable {
    public let metric: String
    public let base: Double
    public let candidate: Double
    /// nil if a side has no interval for the metric.
    public let lower: Double?
    public let upper: Double?

    public var difference: Double { candidate - base }
  }

  /// Every metric that both sides have.
  public let differences: [String: Difference]
  /// `better`, `worse` or `equivalent` if even this wide interval shows it; otherwise nil.
  public let verdict: Verdict?

  /// - Parameter candidateCount: with several candidates, the level of the sides' intervals does
  ///   not hold for all of them at once, so there is no verdict.
  package init(
    base: MetricTree, candidate: MetricTree, options: ComparisonOptions, candidateCount: Int
  ) {
    let (own, others) = (SideMetrics(candidate), SideMetrics(base))
    var differences: [String: Difference] = [:]
    for (metric, value) in own.values {
      guard let other = others.values[metric] else { continue }
      var ends: (lower: Double, upper: Double)?
      if let interval = own.intervals[metric], let second = others.intervals[metric] {
        let difference = value - other
        let below = Self.hypotenuse(value - interval.low, second.high - other)
        let above = Self.hypotenuse(interval.high - value, other - second.low)
        ends = (difference - below, difference + above)
      }
      differences[metric] = Difference(
        metric: metric, base: other, candidate: value, lower: ends?.lower, upper: ends?.upper)
    }
    self.differences = differences
    guard candidateCount == 1, let decisive = differences[options.metric],
      let lower = decisive.lower, let upper = decisive.upper
    else {
      verdict = nil
      return
    }
    let sign = MetricDirection(of: options.metric) == .lessIsBetter ? -1.0 : 1.0
    let ends = [sign * lower, sign * upper].sorted()
    let found = Verdict(
      difference: sign * decisive.difference, lower: ends[0], upper: ends[1],
      smallestEffect: options.smallestEffect)
    verdict = found == .inconclusive ? nil : found
  }

  private static func hypotenuse(_ left: Double, _ right: Double) -> Double {
    (left * left + right * right).squareRoot()
  }
}

/// The headline metrics of a metrics.json, with their intervals.
package struct SideMetrics: Sendable {
  package let values: [String: Double]
  package let intervals: [String: (low: Double, high: Double)]

  package init(_ metrics: MetricTree) {
    let test = metrics["test"]
    let intervals = (test?["interval"]?.entries ?? [:]).compactMapValues { entry in
      entry["low"]?.number.flatMap { low in entry["high"]?.number.map { (low: low, high: $0) } }
    }
    // Top-list metrics are means over cutoffs; all others are pooled, as intervals are.
    let pooled = (test?["pooled"]?.entries ?? [:]).compactMapValues(\.number)
    let means = (test?["mean"]?.entries ?? [:]).compactMapValues(\.number)
      .filter { $0.key.contains("_at_") }
    self.intervals = intervals
    values = pooled.merging(means) { pooled, _ in pooled }
  }
}
