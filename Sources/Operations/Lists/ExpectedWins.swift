internal import Evaluation

/// How many wins some rows bring, if their scores are right and no win depends on another.
///
/// The interval has chance in it and nothing else: a model that is off, or a bad quarter for everyone,
/// is not. Four lists of five fall within it (level 0.8), which is what a plan can be held to; at 0.95
/// the intervals of small groups say hardly more than "few".
public struct ExpectedWins: Sendable, Equatable {
  /// The level unless another is asked for.
  public static let standardLevel = 0.8

  /// The number of rows.
  public let rows: Int
  /// The sum of the scores.
  public let expected: Double
  /// Fewer wins come with a probability of at most (1 - level) / 2.
  public let lower: Int
  /// More wins come with a probability of at most (1 - level) / 2.
  public let upper: Int
  /// At least this is the probability of `lower...upper`; counts are whole, so it is mostly more.
  public let level: Double

  /// - Parameter scores: probabilities, each from 0 to 1.
  public init(_ scores: [Double], level: Double = standardLevel) {
    precondition(level > 0 && level < 1, "a level lies between 0 and 1")
    let distribution = PoissonBinomial(scores)
    var sum = CompensatedSum()
    for score in scores { sum.add(score) }
    rows = scores.count
    expected = sum.value
    lower = distribution.lowerQuantile((1 - level) / 2)
    upper = distribution.upperQuantile((1 - level) / 2)
    self.level = level
  }
}

/// The number of successes of independent trials that have a probability each.
///
/// The exact distribution, trial after trial: P(k) of n trials is P(k) of n - 1 that fail the n-th, and
/// P(k - 1) that win it (Hong, 2013, "On computing the distribution function for the Poisson binomial
/// distribution", section 2.5). No term is negative, so that nothing cancels: each trial adds three
/// roundings, and the relative error of a mass is at most 3n x 2^-53.
///
/// Masses below 1e-30 at either end are dropped, one at most per end and trial over all, which takes at
/// most 2n x 1e-30 from the sum; half a million trials lose less than 1e-24. What is left is about 23
/// standard deviations wide, so the cost is n times that: a list of 30,500 rows with 300 expected wins
/// takes some 12 million steps, where the whole table would take 470 million.
package struct PoissonBinomial {
  /// The count of wins that the first mass is of.
  private let first: Int
  /// The probabilities of `first` wins, of `first + 1` wins and so on.
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

  /// The probability of exactly so many wins.
  package func probability(of wins: Int) -> Double {
    masses.indices.contains(wins - first) ? masses[wins - first] : 0
  }

  /// The smallest count that is exceeded with at most the given probability.
  func upperQuantile(_ probability: Double) -> Int {
    var tail = 0.0
    for index in masses.indices.reversed() {
      tail += masses[index]
      if tail > probability { return first + index }
    }
    return first
  }

  /// The largest count that is missed with at most the given probability.
  func lowerQuantile(_ probability: Double) -> Int {
    var tail = 0.0
    for index in masses.indices {
      tail += masses[index]
      if tail > probability { return first + index }
    }
    return first + masses.count - 1
  }
}
