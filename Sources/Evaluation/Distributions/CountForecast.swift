/// The distribution of the number of positive rows if the scores are correct probabilities.
///
/// Entities are independent; where entities have clusters, the clusters are, and take their place.
/// Rows of one entity at several cutoffs may be positive because of the same purchase, so they are
/// as dependent as their scores allow: the entity draws one uniform number, and each row is positive
/// if its score is above it. No other dependence within entities gives the count a greater variance
/// (the comonotone sum is the greatest in convex order: Kaas, Dhaene and Goovaerts, 2000), so the
/// interval is conservative. With one row per entity the count is Poisson binomial, and exact.
///
/// Counts are convolved one entity at a time. Above a variance of 10,000 the quantiles are those of
/// a normal distribution with the first correction for skewness (Cornish and Fisher, 1938), which
/// is then accurate to a few hundredths of a standard deviation.
public struct CountForecast: Sendable {
  /// The expected count: the sum of the scores.
  public let mean: Double
  /// The variance of the count.
  public let variance: Double
  private let rows: Int
  private let thirdMoment: Double
  /// The probabilities of the counts from `first` up; empty above the greatest variance.
  private let masses: [Double]
  private let first: Int

  private static let greatestVariance = 10_000.0
  /// Probabilities below this are dropped at both ends. Over a million rows that loses about 1e-12.
  private static let negligible = 1e-18

  /// Computes the distribution.
  /// - Parameters:
  ///   - scores: one probability per row, from 0 to 1.
  ///   - entities: the index of each row's entity, or cluster.
  public init(scores: [Double], entities: [Int32]) {
    precondition(scores.count == entities.count, "one entity is needed per score")
    let order = scores.indices.sorted { left, right in
      entities[left] == entities[right]
        ? scores[left] > scores[right] : entities[left] < entities[right]
    }
    var means = CompensatedSum()
    var variances = CompensatedSum()
    var thirds = CompensatedSum()
    var bounds: [Range<Int>] = []
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count, entities[order[end]] == entities[order[start]] { end += 1 }
      bounds.append(start..<end)
      let moments = Self.moments(order[start..<end].map { scores[$0] })
      means.add(moments.mean)
      variances.add(moments.variance)
      thirds.add(moments.third)
      start = end
    }
    mean = means.value
    variance = variances.value
    thirdMoment = thirds.value
    rows = scores.count
    guard variance <= Self.greatestVariance else {
      masses = []
      first = 0
      return
    }
    var counts = Counts()
    for range in bounds { counts.add(order[range].map { scores[$0] }) }
    masses = counts.masses
    first = counts.first
  }

  /// Returns the central interval of the count: a count below the lower end, and one above the
  /// upper end, each have a probability of at most (1 - level) / 2.
  public func interval(level: Double = 0.95) -> ClosedRange<Int> {
    let tail = (1 - level) / 2
    guard !masses.isEmpty else { return normalInterval(tail) }
    return quantile(tail)...max(quantile(tail), quantile(1 - tail))
  }

  /// Returns the smallest count that is not exceeded with at least this probability.
  private func quantile(_ probability: Double) -> Int {
    var sum = CompensatedSum()
    for (offset, mass) in masses.enumerated() {
      sum.add(mass)
      // The tolerance covers dropped probabilities when the requested one is reached exactly.
      if sum.value >= probability - 1e-12 { return first + offset }
    }
    return first + masses.count - 1
  }

  private func normalInterval(_ tail: Double) -> ClosedRange<Int> {
    let deviation = variance.squareRoot()
    let value = NormalDistribution.upperQuantile(tail)
    let shift = thirdMoment / variance * (value * value - 1) / 6
    func count(_ sign: Double) -> Int {
      Int(min(max((mean + sign * value * deviation + shift).rounded(), 0), Double(rows)))
    }
    return count(-1)...count(1)
  }

  /// Returns the mean, variance and third central moment of one entity's count. The scores are
  /// descending and are the probabilities of at least 1, 2, ... positives.
  private static func moments(
    _ scores: [Double]
  ) -> (mean: Double, variance: Double, third: Double) {
    let mean = scores.reduce(0, +)
    var variance = 0.0
    var third = 0.0
    for count in 0...scores.count {
      let distance = Double(count) - mean
      let mass = probability(of: count, scores)
      variance += mass * distance * distance
      third += mass * distance * distance * distance
    }
    return (mean, variance, third)
  }

  /// Returns the probability of exactly `count` positives.
  private static func probability(of count: Int, _ scores: [Double]) -> Double {
    (count == 0 ? 1 : scores[count - 1]) - (count == scores.count ? 0 : scores[count])
  }

  /// The distribution over the entities added so far, without its negligible ends.
  private struct Counts {
    var masses = [1.0]
    var first = 0

    mutating func add(_ scores: [Double]) {
      if scores.count == 1 {
        addOne(scores[0])
      } else {
        let single = (0...scores.count).map { CountForecast.probability(of: $0, scores) }
        var sums = [Double](repeating: 0, count: masses.count + scores.count)
        for (own, mass) in single.enumerated() where mass > 0 {
          for place in masses.indices { sums[place + own] += masses[place] * mass }
        }
        masses = sums
      }
      trim()
    }

    private mutating func addOne(_ score: Double) {
      let rest = 1 - score
      masses.append(0)
      for place in stride(from: masses.count - 1, to: 0, by: -1) {
        masses[place] = masses[place] * rest + masses[place - 1] * score
      }
      masses[0] *= rest
    }

    private mutating func trim() {
      while masses.count > 1, masses[masses.count - 1] < CountForecast.negligible {
        masses.removeLast()
      }
      let low = masses.firstIndex { $0 >= CountForecast.negligible } ?? 0
      // Remove many at a time, because removal moves all that follow.
      if low >= 64 {
        masses.removeFirst(low)
        first += low
      }
    }
  }
}
