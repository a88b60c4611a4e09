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
    self.init(EntityScores(scores: scores, entities: entities))
  }

  /// Computes the distribution for scores that are all multiplied by a factor, up to 1.
  /// - Parameters:
  ///   - greatestVariance: above this variance, the distribution is a corrected normal one.
  ///   - limit: the greatest count whose probability is needed; nil for every count.
  init(
    _ entities: EntityScores, factor: Double = 1, greatestVariance: Double = Self.greatestVariance,
    limit: Int? = nil
  ) {
    var means = CompensatedSum()
    var variances = CompensatedSum()
    var thirds = CompensatedSum()
    entities.each(factor: factor) { scores in
      let moments = Self.moments(scores)
      means.add(moments.mean)
      variances.add(moments.variance)
      thirds.add(moments.third)
    }
    mean = means.value
    variance = variances.value
    thirdMoment = thirds.value
    rows = entities.rowCount
    guard variance <= greatestVariance else {
      masses = []
      first = 0
      return
    }
    var counts = Counts(limit: limit ?? entities.rowCount)
    entities.each(factor: factor) { counts.add($0) }
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

  /// Returns the probability of at most this many positives.
  func probability(ofAtMost count: Int) -> Double {
    guard count >= 0 else { return 0 }
    guard count < rows else { return 1 }
    guard !masses.isEmpty else { return normalProbability(ofAtMost: count) }
    var sum = CompensatedSum()
    for (offset, mass) in masses.enumerated() where first + offset <= count { sum.add(mass) }
    return min(1, sum.value)
  }

  /// The inverse of `normalInterval`: solves the correction for the normal value.
  private func normalProbability(ofAtMost count: Int) -> Double {
    let deviation = variance.squareRoot()
    let sixth = thirdMoment / (variance * deviation) / 6
    let value = (Double(count) + 0.5 - mean) / deviation + sixth
    let root = 1 + 4 * sixth * value
    guard root > 0 else { return sixth > 0 ? 0 : 1 }
    return 1 - NormalDistribution.upperTail(2 * value / (1 + root.squareRoot()))
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

  /// The distribution over the entities added so far, without its negligible ends and without
  /// counts above the limit.
  private struct Counts {
    let limit: Int
    var masses = [1.0]
    var first = 0
    private var single: [Double] = []
    private var sums: [Double] = []

    init(limit: Int) { self.limit = limit }

    mutating func add(_ scores: [Double]) {
      if scores.count == 1 {
        addOne(scores[0])
      } else {
        single.removeAll(keepingCapacity: true)
        for count in 0...scores.count {
          single.append(CountForecast.probability(of: count, scores))
        }
        sums.removeAll(keepingCapacity: true)
        sums.append(contentsOf: repeatElement(0, count: masses.count + scores.count))
        for (own, mass) in single.enumerated() where mass > 0 {
          for index in masses.indices { sums[index + own] += masses[index] * mass }
        }
        swap(&masses, &sums)
      }
      trim()
    }

    private mutating func addOne(_ score: Double) {
      let rest = 1 - score
      masses.append(0)
      // Nearly all time is spent here: the loop has no checks, and no step waits for another.
      masses.withUnsafeMutableBufferPointer { masses in
        var index = masses.count - 1
        while index >= 4 {
          let (a, b, c) = (masses[index - 1], masses[index - 2], masses[index - 3])
          masses[index] = masses[index] * rest + a * score
          masses[index - 1] = a * rest + b * score
          masses[index - 2] = b * rest + c * score
          masses[index - 3] = c * rest + masses[index - 4] * score
          index -= 4
        }
        while index >= 1 {
          masses[index] = masses[index] * rest + masses[index - 1] * score
          index -= 1
        }
        masses[0] *= rest
      }
    }

    private mutating func trim() {
      let most = max(1, limit - first + 1)
      if masses.count > most { masses.removeLast(masses.count - most) }
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

/// The scores of rows, gathered by entity.
struct EntityScores: Sendable {
  /// The scores, descending within each entity.
  private let scores: [Double]
  /// The end of each entity's scores.
  private var ends: [Int] = []

  var rowCount: Int { scores.count }

  init(scores: [Double], entities: [Int32]) {
    precondition(scores.count == entities.count, "one entity is needed per score")
    let order = scores.indices.sorted { left, right in
      entities[left] == entities[right]
        ? scores[left] > scores[right] : entities[left] < entities[right]
    }
    self.scores = order.map { scores[$0] }
    for (index, row) in order.enumerated()
    where index + 1 == order.count || entities[row] != entities[order[index + 1]] {
      ends.append(index + 1)
    }
  }

  /// Passes the scores of each entity to `body`, multiplied by a factor, up to 1.
  func each(factor: Double, _ body: ([Double]) -> Void) {
    var own: [Double] = []
    var start = 0
    for end in ends {
      own.removeAll(keepingCapacity: true)
      for row in start..<end { own.append(min(1, factor * scores[row])) }
      body(own)
      start = end
    }
  }
}
