import Evaluation
import Testing

@Suite struct NonInferiorityTests {
  /// A comparison with the given gain and interval.
  private static func comparison(
    _ gain: Double, _ lower: Double, _ upper: Double, metric: String = "roc_auc", effect: Double
  ) throws -> PairedComparison {
    let sign: Double = MetricDirection(of: metric) == .lessIsBetter ? -1 : 1
    let ends = [sign * lower, sign * upper].sorted()
    return PairedComparison(
      differences: [:],
      decisive: PairedDifference(
        metric: metric, base: 0, candidate: sign * gain,
        interval: Interval(
          lower: ends[0], upper: ends[1], standardError: 1, defined: 100),
        level: 0.95),
      pValue: 1,
      verdict: Verdict(difference: gain, lower: lower, upper: upper, smallestEffect: effect),
      smallestDetectable: 1)
  }

  @Test(
    arguments: [
      // Gain and its interval, outcome; a margin of 2 and a smallest effect of 1.
      (0, -1.9, 1.9, NonInferiority.Outcome.pass), (0, -2, 2, .inconclusive),
      (0, -3, 3, .inconclusive), (3, 1, 5, .pass), (3, -2.5, 8, .inconclusive),
      (-4, -5, -3, .fail), (-1.5, -2.9, -0.1, .fail),
      // Surely worse, but as surely by less than what is put up with.
      (-1.2, -1.9, -0.5, .pass), (-0.9, -2.4, -0.1, .inconclusive), (0, 0, 0, .pass),
    ], ["roc_auc", "log_loss"])
  func `the outcome follows from the interval`(
    row: (gain: Double, lower: Double, upper: Double, outcome: NonInferiority.Outcome),
    metric: String
  ) throws {
    let comparison = try Self.comparison(
      row.gain, row.lower, row.upper, metric: metric, effect: 1)
    let found = NonInferiority(comparison, margin: 2)
    #expect(found.outcome == row.outcome)
    #expect(found.gain == row.gain && found.lower == row.lower && found.upper == row.upper)
    #expect(isClose(found.errorRate, 0.025, 1e-12))
  }

  @Test func `a loss shown beyond a margin below the smallest effect fails`() throws {
    let comparison = try Self.comparison(-0.5, -0.8, -0.2, effect: 1)
    #expect(comparison.verdict == .equivalent)
    #expect(NonInferiority(comparison, margin: 0.1).outcome == .fail)
    #expect(NonInferiority(comparison, margin: 0.5).outcome == .inconclusive)
  }
}
