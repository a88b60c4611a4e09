/// One point of a reliability diagram: rows of similar score, what was promised and what came.
public struct ReliabilityBin: Sendable, Equatable {
  /// The weight of the rows in the bin, above 0.
  public let weight: Double
  /// The weight of the positive rows.
  public let positives: Double
  /// The sum of the scores: the positives that were promised.
  public let expected: Double

  /// The mean score.
  public var meanScore: Double { expected / weight }
  /// The share of positives.
  public var observedRate: Double { positives / weight }
}
