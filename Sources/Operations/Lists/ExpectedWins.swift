internal import Evaluation

/// The number of wins that rows bring, if their scores are right and wins are independent; wins of one
/// cluster are as dependent as their scores allow (`CountForecast`).
///
/// The interval covers chance only, not a miscalibrated model or a bad quarter for everyone. At the
/// default level of 0.8, four of five lists fall within it, which is realistic to plan with; at
/// 0.95 the intervals of small groups say little more than "few".
public struct ExpectedWins: Sendable, Equatable {
  /// The default level.
  public static let defaultLevel = 0.8

  /// The number of rows.
  public let rows: Int
  /// The sum of the scores, the expected number of wins.
  public let expected: Double
  /// The probability of fewer wins is at most (1 - level) / 2.
  public let lower: Int
  /// The probability of more wins is at most (1 - level) / 2.
  public let upper: Int
  /// The probability of `lower...upper` is at least this, and mostly higher because counts are
  /// integers.
  public let level: Double

  /// - Parameters:
  ///   - scores: probabilities, each from 0 to 1.
  ///   - clusters: the cluster of each row; nil if all rows are independent.
  public init(_ scores: [Double], clusters: [Int32]? = nil, level: Double = defaultLevel) {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    var sum = CompensatedSum()
    for score in scores { sum.add(score) }
    rows = scores.count
    expected = sum.value
    if let clusters {
      let range = CountForecast(scores: scores, entities: clusters).interval(level: level)
      (lower, upper) = (range.lowerBound, range.upperBound)
    } else {
      let distribution = PoissonBinomial(scores)
      lower = distribution.lowerQuantile((1 - level) / 2)
      upper = distribution.upperQuantile((1 - level) / 2)
    }
    self.level = level
  }
}

/// The distribution of the number of successes in independent trials with a probability each.
///
/// Exact, computed by adding one trial at a time: P(k) after n trials is P(k) after n - 1 times the
/// probability that the n-th fails, plus P(k - 1) times the probability that it succeeds (Hong,
/// 2013, "On computing the distribution function for the Poisson binomial distribution", section
/// 2.5). No term is negative, so nothing cancels: each trial adds three roundings, and the relative
/// error of a mass is at most 3n x 2^-53.
///
/// Masses below 1e-30 at either end are dropped, on average at most one per end and trial, which
/// takes at most 2n x 1e-30 from the sum; half a million trials lose less than 1e-24. The remaining
/// range spans about 23 standard deviations, so the cost is n times that: a list of 30,500 rows
/// with 300 expected wins takes about 12 million steps, while the full table would take 470
/// million.
package struct PoissonBinomial {
  /// The number of wins of the first mass.
  private let first: Int
  /// The probabilities of `first` wins, `first + 1` wins, and so on.
  private let masses: [Double]

  private static let negligible = 1e-30

  /// - Parameter probabilities: each from 0 to 1.
  package init(_ probabilities: [Double]) {
    var masses = [1.0]
    var low = 0
    for probability in probabilities {
      precondition(probability >= 0 && probability <= 1, "a probability lies between 0 and 1")
      let fails = 1 - probability
      var below = 0.0
      for wins in low..<masses.count {
        let mass = masses[wins]
        masses[wins] = mass * fails + below * probability
        below = mass
      }
      if below * probability >= Self.negligible { masses.append(below * probability) }
      while low < masses.count - 1, masses[low] < Self.negligible { low += 1 }
    }
    first = low
    self.masses = Array(masses[low...])
  }

  /// The probability of exactly this many wins.
  package func probability(of wins: Int) -> Double {
    masses.indices.contains(wins - first) ? masses[wins - first] : 0
  }

  /// The smallest count whose probability of being exceeded is at most the given one.
  func upperQuantile(_ probability: Double) -> Int {
    var tail = 0.0
    for index in masses.indices.reversed() {
      tail += masses[index]
      if tail > probability { return first + index }
    }
    return first
  }

  /// The largest count such that fewer wins have at most the given probability.
  func lowerQuantile(_ probability: Double) -> Int {
    var tail = 0.0
    for index in masses.indices {
      tail += masses[index]
      if tail > probability { return first + index }
    }
    return first + masses.count - 1
  }
}
