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
