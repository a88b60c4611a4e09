/// The mean log loss of some probabilities minus that of others for the same rows, as an interval.
///
/// Rows of one cluster are not independent. With S the sum of the differences of a cluster's n rows
/// and D the mean difference of all rows, the standard error is √Σ (S - n D)² / Σ n, the sums over
/// clusters (Liang and Zeger, 1986, for a mean). The ends are as many standard errors from D as those
/// of `DifferenceDistribution` from its estimate: Student's quantile, widened for a few units, which are
/// the clusters of the rarer class. No resamples are needed.
public struct LogLossDifference: Codable, Sendable, Equatable {
  /// The mean difference; above 0 if the loss of the others is smaller.
  public let estimate: Double
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double
  /// The share of intervals that contain the true difference.
  public let level: Double

  /// Whether the loss is greater by more than chance.
  public var isIncrease: Bool { lower > 0 }

  /// Compares two lists of probabilities.
  /// - Parameters:
  ///   - others: the probabilities whose loss is subtracted.
  ///   - clusters: the cluster of each row, as an index from 0.
  /// - Returns: nil if fewer than two clusters have a positive row, or a negative one.
  package init?(
    labels: [UInt8], scores: [Double], others: [Double], clusters: [Int32], level: Double
  ) {
    precondition(
      [scores.count, others.count, clusters.count].allSatisfy { $0 == labels.count },
      "columns differ in length")
    let (numbers, count) = numberedEntities(clusters)
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
    var rows = [Double](repeating: 0, count: count)
    var total = CompensatedSum()
    var (isPositive, isNegative) = (
      [Bool](repeating: false, count: count), [Bool](repeating: false, count: count)
    )
    for (row, label) in labels.enumerated() {
      func cost(_ score: Double) -> Double { ScoreGroups.cost(of: label == 1 ? score : 1 - score) }
      let cluster = Int(numbers[row])
      let difference = cost(scores[row]) - cost(others[row])
      sums[cluster].add(difference)
      total.add(difference)
      rows[cluster] += 1
      if label == 1 { isPositive[cluster] = true } else { isNegative[cluster] = true }
    }
    let units = min(isPositive.count { $0 }, isNegative.count { $0 })
    guard units > 1 else { return nil }
    let estimate = total.value / Double(labels.count)
    var squares = CompensatedSum()
    for (sum, rows) in zip(sums, rows) {
      let excess = sum.value - rows * estimate
      squares.add(excess * excess)
    }
    let standardError = squares.value.squareRoot() / Double(labels.count)
    let degrees = Double(units - 1)
    let reach =
      (Double(units) / degrees).squareRoot()
      * StudentDistribution(degrees: degrees).upperQuantile((1 - level) / 2)
    self.estimate = estimate
    lower = estimate - reach * standardError
    upper = estimate + reach * standardError
    self.level = level
  }
}
