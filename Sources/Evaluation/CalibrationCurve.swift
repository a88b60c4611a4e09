/// The points of a reliability diagram as scikit-learn's `calibration_curve` draws them.
public struct CalibrationCurve: Sendable, Equatable {
  /// How the bins are cut.
  public enum Strategy: String, Sendable {
    /// Bins of equal width over 0...1.
    case uniform
    /// Bins between equally spaced quantiles of the scores.
    case quantile
  }

  /// Why a curve cannot be drawn.
  public enum Failure: Error, Equatable {
    /// The score at the given row lies outside 0...1.
    case scoreOutOfRange(row: Int, score: Double)
  }

  /// The share of positives of each bin that holds rows.
  public let observedRates: [Double]
  /// The mean score of each bin that holds rows.
  public let meanScores: [Double]

  /// Draws the curve.
  ///
  /// A score equal to an inner edge belongs to the bin below it. Quantiles are interpolated linearly
  /// (type 7 of Hyndman and Fan, 1996).
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
      // From the nearer end, so that both ends are met exactly.
      return part < 0.5
        ? sorted[below] + difference * part : sorted[above] - difference * (1 - part)
    }
  }
}
