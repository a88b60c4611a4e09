internal import Foundation

/// How the scores of positive and of negative rows are distributed, on a logit axis.
///
/// All bins are a quarter of a logit wide, and their edges are the multiples of a quarter from -12
/// to 12, whatever the scores are, so that two histograms can be compared bin by bin. Scores at or
/// beyond either end, among them 0 and 1, are in the bin at that end. A score on an edge belongs to
/// the bin above it. Rows of all cutoffs are pooled.
public struct ScoreHistogram: Codable, Sendable, Equatable {
  /// The rows whose scores lie in one bin.
  public struct Bin: Codable, Sendable, Equatable {
    /// The lower edge, log(p / (1 - p)).
    public let lowerLogit: Double
    /// The number of negative rows.
    public let negatives: Int
    /// The number of positive rows.
    public let positives: Int
    /// The share of all negative rows; over all bins these sum to 1, or to 0 without such rows.
    public let negativeShare: Double
    /// The share of all positive rows; over all bins these sum to 1, or to 0 without such rows.
    public let positiveShare: Double
  }

  /// The width of a bin in logits.
  public static let width = 0.25
  private static let bound = 12.0

  /// The bins from the lowest with a row to the highest with a row; those between may be empty.
  public let bins: [Bin]
  /// The number of negative rows.
  public let negatives: Int
  /// The number of positive rows.
  public let positives: Int

  /// Counts the rows in each bin.
  public init(_ rows: ScoredRows) {
    let count = Int(2 * Self.bound / Self.width)
    var rowCounts = [Int](repeating: 0, count: count)
    var positiveCounts = rowCounts
    for row in 0..<rows.count {
      let position = (Logistic.logOdds(rows.score[row]) + Self.bound) / Self.width
      let bin = min(max(Int(position.rounded(.down)), 0), count - 1)
      rowCounts[bin] += 1
      positiveCounts[bin] += Int(rows.label[row])
    }
    let totalPositives = positiveCounts.reduce(0, +)
    let totalNegatives = rows.count - totalPositives
    func share(_ part: Int, of total: Int) -> Double {
      total > 0 ? Double(part) / Double(total) : 0
    }
    let filled = rowCounts.indices.filter { rowCounts[$0] > 0 }
    bins = ((filled.first ?? 0)..<(filled.last.map { $0 + 1 } ?? 0)).map { bin in
      let others = rowCounts[bin] - positiveCounts[bin]
      return Bin(
        lowerLogit: Double(bin) * Self.width - Self.bound, negatives: others,
        positives: positiveCounts[bin], negativeShare: share(others, of: totalNegatives),
        positiveShare: share(positiveCounts[bin], of: totalPositives))
    }
    negatives = totalNegatives
    positives = totalPositives
  }
}
