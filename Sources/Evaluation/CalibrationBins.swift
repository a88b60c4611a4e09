/// Bins of about equal weight over the distinct scores; tied scores are never split.
///
/// Bins of equal width are nearly useless for rare events: at a base rate of half a per cent almost
/// every row falls into the first of ten. Bins of equal weight (Nguyen and O'Connor, 2015; Nixon et
/// al., 2019) follow the rows. A score that many rows share fills one bin beyond its due and the
/// bins it covers are not made, so there may be fewer than asked for.
public struct CalibrationBins: Sendable, Equatable {
  /// The highest score of each bin, rising; the last bin takes everything above as well.
  public let upperScores: [Double]

  /// Cuts the groups into at most `count` bins.
  ///
  /// Walking up from the lowest score, a bin ends as soon as the weight so far reaches the next
  /// multiple of one `count`-th of the whole.
  public init(_ groups: ScoreGroups, count: Int = 10) {
    precondition(count > 0, "at least one bin is needed")
    var upperScores: [Double] = []
    var weightSoFar = 0.0
    var next = 1.0
    for group in groups.scores.indices.reversed() {
      weightSoFar += groups.weights[group]
      let reached = weightSoFar * Double(count) / groups.totalWeight
      if reached >= next || group == 0 {
        upperScores.append(groups.scores[group])
        next = reached.rounded(.down) + 1
      }
    }
    self.upperScores = upperScores
  }

  /// What the rows of each bin that holds any show, from the lowest scores to the highest.
  public func reliability(of groups: ScoreGroups) -> [ReliabilityBin] {
    var bins: [ReliabilityBin] = []
    var bin = 0
    var weight = 0.0
    var positives = 0.0
    var expected = CompensatedSum()
    func close() {
      guard weight > 0 else { return }
      bins.append(
        ReliabilityBin(weight: weight, positives: positives, expected: expected.value))
    }
    for group in groups.scores.indices.reversed() {
      let previous = bin
      while bin + 1 < upperScores.count, groups.scores[group] > upperScores[bin] { bin += 1 }
      if bin != previous {
        close()
        (weight, positives, expected) = (0, 0, CompensatedSum())
      }
      weight += groups.weights[group]
      positives += groups.positives[group]
      expected.add(groups.weights[group] * groups.scores[group])
    }
    close()
    return bins
  }
}
