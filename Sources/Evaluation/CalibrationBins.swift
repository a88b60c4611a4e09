/// Bins of about equal weight over the distinct scores; tied scores are never split.
///
/// Equal-width bins are nearly useless for rare events: at a base rate of half a percent, almost
/// every row falls into the first of ten bins. Equal-weight bins (Nguyen and O'Connor, 2015; Nixon
/// et al., 2019) follow the rows. A score shared by many rows can overfill one bin. The bins that
/// it covers are then not created, so there may be fewer bins than requested.
public struct CalibrationBins: Sendable, Equatable {
  /// The highest score of each bin, ascending; the last bin also takes all higher scores.
  public let upperScores: [Double]

  /// Divides the groups into at most `count` bins.
  ///
  /// Starting at the lowest score, a bin ends as soon as the cumulative weight reaches the next
  /// multiple of the total weight divided by `count`.
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

  /// Returns the reliability of each nonempty bin, from the lowest scores to the highest.
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

/// One point of a reliability diagram: the expected and the observed positives of rows with similar
/// scores.
public struct ReliabilityBin: Sendable, Equatable {
  /// The weight of the rows in the bin, greater than 0.
  public let weight: Double
  /// The weight of the positive rows.
  public let positives: Double
  /// The sum of the scores: the expected number of positives.
  public let expected: Double

  /// The mean score.
  public var meanScore: Double { expected / weight }
  /// The share of positives.
  public var observedRate: Double { positives / weight }
}

/// The points of a reliability diagram as computed by scikit-learn's `calibration_curve`.
public struct CalibrationCurve: Sendable, Equatable {
  /// How the bins are divided.
  public enum Strategy: String, Sendable {
    /// Bins of equal width over 0...1.
    case uniform
    /// Bins between equally spaced quantiles of the scores.
    case quantile
  }

  /// The reason that a curve cannot be computed.
  public enum Failure: Error, Equatable {
    /// The score at the given row is outside 0...1.
    case scoreOutOfRange(row: Int, score: Double)
  }

  /// The share of positives of each nonempty bin.
  public let observedRates: [Double]
  /// The mean score of each nonempty bin.
  public let meanScores: [Double]

  /// Computes the curve.
  ///
  /// A score equal to an inner edge belongs to the bin below it. Quantiles are interpolated
  /// linearly (type 7 of Hyndman and Fan, 1996).
  /// - Throws: `Failure.scoreOutOfRange`.
  public init(
    labels: [UInt8], scores: [Double], bins: Int = 5, strategy: Strategy = .uniform
  ) throws(Failure) {
    precondition(labels.count == scores.count, "labels and scores differ in length")
    precondition(bins > 0, "at least one bin is needed")
    for row in scores.indices where !(scores[row] >= 0 && scores[row] <= 1) {
      throw .scoreOutOfRange(row: row, score: scores[row])
    }
    let edges = Self.innerEdges(scores, bins: bins, strategy: strategy)
    var rows = [Double](repeating: 0, count: bins)
    var positives = rows
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: bins)
    for row in scores.indices {
      let bin = edges.firstIndex { $0 >= scores[row] } ?? bins - 1
      rows[bin] += 1
      positives[bin] += Double(labels[row])
      sums[bin].add(scores[row])
    }
    let filled = (0..<bins).filter { rows[$0] > 0 }
    observedRates = filled.map { positives[$0] / rows[$0] }
    meanScores = filled.map { sums[$0].value / rows[$0] }
  }

  private static func innerEdges(
    _ scores: [Double], bins: Int, strategy: Strategy
  ) -> [Double] {
    let width = 1 / Double(bins)
    let shares = (1..<bins).map { Double($0) * width }
    guard strategy == .quantile, !scores.isEmpty else { return shares }
    let sorted = scores.sorted()
    return shares.map { share in
      let position = share * Double(sorted.count - 1)
      let below = Int(position)
      let above = min(below + 1, sorted.count - 1)
      let part = position - Double(below)
      let difference = sorted[above] - sorted[below]
      // Interpolating from the nearer end reproduces both ends exactly.
      return part < 0.5
        ? sorted[below] + difference * part : sorted[above] - difference * (1 - part)
    }
  }
}
