/// What to measure beyond the metrics that are always there.
public struct EvaluationOptions: Sendable, Equatable {
  /// Lengths of top lists in rows, each at least 1.
  public var topK: [Int]
  /// Lengths of top lists in percent of the rows of a cutoff, above 0 and at most 100.
  public var topPercent: [Double]
  /// How many distinct buyers the test rows need before their numbers count as evidence.
  public var minimumPositives: Int

  /// Options with the given top lists; `minimumPositives` is the spec's `min_positives`.
  public init(
    topK: [Int] = [100], topPercent: [Double] = [1, 5, 10], minimumPositives: Int = 20
  ) {
    precondition(topK.allSatisfy { $0 >= 1 }, "a top list needs at least one row")
    precondition(
      topPercent.allSatisfy { $0 > 0 && $0 <= 100 }, "a percentage lies outside 0...100")
    self.topK = topK
    self.topPercent = topPercent
    self.minimumPositives = minimumPositives
  }

  /// All top lists, those by count first.
  var lists: [TopListSize] { topK.map(TopListSize.count) + topPercent.map(TopListSize.percent) }
}
