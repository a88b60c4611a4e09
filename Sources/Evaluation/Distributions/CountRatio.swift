internal import Foundation

/// Positives over expected positives, with an interval that keeps the rows of an entity together.
///
/// The interval holds every ratio that the observed count does not reject: for each factor, scores
/// are multiplied by it (up to 1), and the count has the distribution of `CountForecast`. A factor
/// is rejected if a count as low, or one as high, has a probability below (1 - level) / 2 (Clopper
/// and Pearson, 1934, with this distribution in place of the binomial). The ends are given as
/// ratios of expected counts. The interval contains 1 if the count is within
/// `CountForecast.interval`. It is conservative, because no other dependence within entities gives
/// the count a greater variance.
///
/// Up to a variance of 400 the distribution is exact. Above that it is normal with a correction for
/// skewness, which is then accurate to about a hundredth of a standard deviation.
public struct CountRatio: Codable, Sendable, Equatable {
  /// The expected count: the sum of the scores, above 0.
  public let expected: Double
  /// The variance of the count if the scores are right.
  public let variance: Double
  /// Positives over expected positives.
  public let ratio: Double
  /// The lower end of the interval.
  public let lower: Double
  /// The upper end of the interval.
  public let upper: Double
  /// Twice the smaller probability of a count as low, or as high, if the scores are right; at most
  /// 1, and at least 1e-15, which is what rounding leaves.
  public let pValue: Double

  private static let greatestVariance = 400.0

  /// Computes the ratio; nil if no positives are expected.
  /// - Parameters:
  ///   - scores: one probability per row.
  ///   - entities: the index of each row's entity.
  ///   - count: the number of positive rows.
  public init?(scores: [Double], entities: [Int32], count: Int, level: Double = 0.95) {
    precondition(count >= 0 && count <= scores.count, "more positives than rows")
    var sum = CompensatedSum()
    for score in scores.sorted() { sum.add(score) }
    let expected = sum.value
    guard expected > 0 else { return nil }
    // A score of 0 could not become positive by any factor.
    let rows = EntityScores(
      scores: scores.map { max($0, Logistic.epsilon) }, entities: entities)
    func forecast(_ factor: Double) -> CountForecast {
      CountForecast(
        rows, factor: factor, greatestVariance: Self.greatestVariance, limit: count)
    }
    let tail = (1 - level) / 2
    // The logarithm of a factor, from which each end is searched. The square root of a count has
    // about the same variance whatever its mean, so the start is close.
    let own = forecast(1)
    let width =
      NormalDistribution.upperQuantile(tail) / 2 * (own.variance / own.mean).squareRoot()
    let step = 0.2 * width / max(Double(count), 1).squareRoot() + 1e-4
    func end(_ probability: (CountForecast) -> Double, isDecreasing: Bool) -> Double {
      let sign: Double = isDecreasing ? 1 : -1
      let near = max(Double(count).squareRoot() + sign * width, 0.2)
      let start = log(near * near / expected)
      let root = decreasingRoot(from: start, step: step) { factor in
        sign * log(max(probability(forecast(exp(factor))), 1e-300) / tail)
      }
      return rows.mean(factor: exp(root)) / expected
    }
    self.expected = expected
    variance = own.variance
    ratio = Double(count) / expected
    lower =
      count == 0
      ? 0 : end({ 1 - $0.probability(ofAtMost: count - 1) }, isDecreasing: false)
    upper =
      count == scores.count
      ? ratio : end({ $0.probability(ofAtMost: count) }, isDecreasing: true)
    let tails = [
      own.probability(ofAtMost: count), 1 - own.probability(ofAtMost: count - 1),
    ]
    pValue = min(1, max(2 * min(tails[0], tails[1]), 1e-15))
  }
}

/// Returns where a decreasing function is 0, searched outward from `start` in doubling steps and
/// then by regula falsi with the Illinois modification (Dowell and Jarratt, 1971).
private func decreasingRoot(
  from start: Double, step: Double, of function: (Double) -> Double
) -> Double {
  var (low, high) = (start, start)
  var lowValue = function(start)
  var highValue = lowValue
  var step = step
  while highValue > 0, high < start + 800 {
    (low, lowValue) = (high, highValue)
    high += step
    highValue = function(high)
    step *= 2
  }
  while lowValue < 0, low > start - 800 {
    (high, highValue) = (low, lowValue)
    low -= step
    lowValue = function(low)
    step *= 2
  }
  var lastMovedLow: Bool?
  for _ in 0..<100 where high - low > 1e-6 {
    let secant = low + (high - low) * (lowValue / (lowValue - highValue))
    let inside = secant > low && secant < high ? secant : low + (high - low) / 2
    let value = function(inside)
    if abs(value) < 1e-6 { return inside }
    if value > 0 {
      (low, lowValue) = (inside, value)
      if lastMovedLow == true { highValue /= 2 }
    } else {
      (high, highValue) = (inside, value)
      if lastMovedLow == false { lowValue /= 2 }
    }
    lastMovedLow = value > 0
  }
  return low + (high - low) / 2
}
