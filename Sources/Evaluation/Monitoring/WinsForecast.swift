/// What open windows may be expected to bring, and how little is known about it.
///
/// Expected wins are the sum of the scores (CBPE: NannyML, 2022; Białek et al., 2024). The interval
/// holds chance and the calibrator's own error: for every refit of the calibrator on resampled
/// accounts, the wins have the distribution of `CountForecast` under that refit's scores, and the
/// interval is that of the mixture. It does not hold a change of the market.
public struct WinsForecast: Sendable, Equatable {
  /// The sum of the scores.
  public let expected: Double
  /// The interval, with chance and the calibrator's error.
  public let interval: ClosedRange<Int>
  /// The interval if the scores were exactly right.
  public let chanceOnly: ClosedRange<Int>

  /// Computes the forecast.
  /// - Parameters:
  ///   - scores: one probability per row.
  ///   - refits: the scores of the same rows by each refit of the calibrator; none gives an interval
  ///     of chance only.
  ///   - entities: the row's entity, or cluster.
  public init(
    scores: [Double], refits: [[Double]], entities: [Int32], level: Double = 0.8
  ) {
    let own = CountForecast(scores: scores, entities: entities)
    expected = own.mean
    chanceOnly = own.interval(level: level)
    guard !refits.isEmpty else {
      interval = chanceOnly
      return
    }
    let forecasts = refits.map { refit -> CountForecast in
      precondition(refit.count == scores.count, "a refit scores the same rows")
      return CountForecast(
        EntityScores(scores: refit, entities: entities), greatestVariance: Self.greatestVariance)
    }
    func probability(_ count: Int) -> Double {
      forecasts.reduce(0) { $0 + $1.probability(ofAtMost: count) } / Double(forecasts.count)
    }
    /// The smallest count that is not exceeded with at least this probability.
    func quantile(_ wanted: Double) -> Int {
      var (low, high) = (0, scores.count)
      while low < high {
        let middle = (low + high) / 2
        if probability(middle) >= wanted - 1e-12 { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let tail = (1 - level) / 2
    let lower = quantile(tail)
    interval = lower...max(lower, quantile(1 - tail))
  }

  /// Above this variance, a refit's distribution is a corrected normal one: it is one of hundreds in a
  /// mixture, and an error of a few hundredths of a standard deviation averages out.
  private static let greatestVariance = 25.0
}
