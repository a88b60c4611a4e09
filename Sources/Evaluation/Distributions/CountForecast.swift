/// The distribution of the number of positive rows if the scores are correct probabilities.
///
/// Entities are independent; where entities have clusters, the clusters are, and take their place.
/// Rows of one entity at several cutoffs may be positive because of the same purchase, so they are
/// as dependent as their scores allow: the entity draws one uniform number, and each row is positive
/// if its score is above it. No other dependence within entities gives the count a greater variance
/// (the comonotone sum is the greatest in convex order: Kaas, Dhaene and Goovaerts, 2000), so the
/// interval is conservative. With one row per entity the count is Poisson binomial, and exact.
///
/// Counts are convolved one entity at a time, but many entities with the same scores at once: with
/// isotonic calibration there are few different scores. Above a variance of 10,000 the quantiles are those of
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
    entities.each(factor: factor) { scores, count in
      let moments = Self.moments(scores)
      means.add(Double(count) * moments.mean)
      variances.add(Double(count) * moments.variance)
      thirds.add(Double(count) * moments.third)
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
    entities.each(factor: factor) { counts.add($0, times: $1) }
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

    /// Adds entities with the same scores. A few are cheaper one by one.
    mutating func add(_ scores: [Double], times count: Int) {
      if count < 4 {
        for _ in 0..<count { add(scores) }
      } else if scores.count == 1 {
        convolve(with: .binomial(count, scores[0]))
      } else {
        convolve(with: .power(scores, count))
      }
    }

    private mutating func add(_ scores: [Double]) {
      if scores.count == 1 {
        addOne(scores[0])
        trim()
      } else {
        single.removeAll(keepingCapacity: true)
        for count in 0...scores.count {
          single.append(CountForecast.probability(of: count, scores))
        }
        convolve(with: single)
      }
    }

    private mutating func convolve(with other: Counts) {
      first += other.first
      convolve(with: other.masses)
    }

    private mutating func convolve(with other: [Double]) {
      sums.removeAll(keepingCapacity: true)
      sums.append(contentsOf: repeatElement(0, count: masses.count + other.count - 1))
      sums.withUnsafeMutableBufferPointer { sums in
        for (own, mass) in other.enumerated() where mass > 0 {
          for index in masses.indices { sums[index + own] += masses[index] * mass }
        }
      }
      swap(&masses, &sums)
      trim()
    }

    /// The distribution of entities with the same scores, by repeated squaring.
    private static func power(_ scores: [Double], _ count: Int) -> Counts {
      var result = Counts(limit: count * scores.count)
      var square = result
      square.add(scores)
      var rest = count
      while rest > 0 {
        if rest % 2 == 1 { result.convolve(with: square) }
        rest /= 2
        if rest > 0 { square.convolve(with: square) }
      }
      return result
    }

    /// The binomial distribution, outward from its mode by the ratio of neighboring probabilities.
    private static func binomial(_ count: Int, _ score: Double) -> Counts {
      var result = Counts(limit: count)
      guard score > 0 else { return result }
      let odds = score / (1 - score)
      let mode = min(count, Int(Double(count + 1) * score))
      // The sum of probabilities is above that of the mode, so what is dropped is negligible.
      var below: [Double] = []
      var (mass, positives) = (1.0, mode)
      while positives > 0, mass >= CountForecast.negligible {
        mass *= Double(positives) / (Double(count - positives + 1) * odds)
        positives -= 1
        below.append(mass)
      }
      result.masses = below.reversed() + [1]
      result.first = mode - below.count
      (mass, positives) = (1, mode)
      while positives < count, mass >= CountForecast.negligible {
        mass *= Double(count - positives) / Double(positives + 1) * odds
        positives += 1
        result.masses.append(mass)
      }
      var sum = CompensatedSum()
      for mass in result.masses { sum.add(mass) }
      for index in result.masses.indices { result.masses[index] /= sum.value }
      return result
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

/// The scores of rows, gathered by entity. Entities with the same scores are counted, because their
/// counts of positive rows have the same distribution.
struct EntityScores: Sendable {
  /// The different lists of an entity's scores, each descending.
  private var scores: [Double] = []
  /// The end of each list.
  private var ends: [Int] = []
  /// The number of entities with each list.
  private var counts: [Int] = []
  let rowCount: Int

  init(scores rows: [Double], entities: [Int32]) {
    precondition(rows.count == entities.count, "one entity is needed per score")
    rowCount = rows.count
    struct Key {
      var entity: Int32
      var score: Double
    }
    var keys = zip(entities, rows).map { Key(entity: $0, score: $1) }
    keys.sort { $0.entity == $1.entity ? $0.score > $1.score : $0.entity < $1.entity }
    let sorted = keys.map(\.score)
    var lists: [Range<Int>] = []
    var start = 0
    for index in keys.indices
    where index + 1 == keys.count || keys[index].entity != keys[index + 1].entity {
      lists.append(start..<(index + 1))
      start = index + 1
    }
    sorted.withUnsafeBufferPointer { scores in
      lists.sort { scores[$0].lexicographicallyPrecedes(scores[$1]) }
    }
    var last: Range<Int>?
    for list in lists {
      if let last, sorted[last] == sorted[list] {
        counts[counts.count - 1] += 1
        continue
      }
      scores += sorted[list]
      ends.append(scores.count)
      counts.append(1)
      last = list
    }
  }

  /// Returns the expected count if scores are multiplied by a factor, up to 1.
  func mean(factor: Double) -> Double {
    var means = CompensatedSum()
    each(factor: factor) { means.add(Double($1) * $0.reduce(0, +)) }
    return means.value
  }

  /// Passes each list of scores, multiplied by a factor, up to 1, and the number of entities that
  /// have it.
  func each(factor: Double, _ body: ([Double], _ count: Int) -> Void) {
    var own: [Double] = []
    var start = 0
    for (end, count) in zip(ends, counts) {
      own.removeAll(keepingCapacity: true)
      for row in start..<end { own.append(min(1, factor * scores[row])) }
      body(own, count)
      start = end
    }
  }
}
