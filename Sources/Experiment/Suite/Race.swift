public import Spec

/// Experiments of which only the best after some rounds of trials are run.
public struct Race: Sendable {
  /// Their places in the suite.
  public let places: Range<Int>
  public let halving: HalvingSpec

  public init(places: Range<Int>, halving: HalvingSpec) {
    self.places = places
    self.halving = halving
  }
}

/// An experiment of a race that others were better than.
public struct DroppedEntrant: Sendable {
  public let name: String
  /// From 1, of how many.
  public let round: Int
  public let rounds: Int
  /// On the rows that the race is judged on.
  public let averagePrecision: Double
  /// How many of how many went on.
  public let survivors: Int
  public let entrants: Int
}
