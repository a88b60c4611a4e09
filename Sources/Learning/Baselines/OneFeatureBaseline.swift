internal import Evaluation
public import Panel

/// The baseline that looks at one feature only: the one that ranks the selection rows best.
///
/// A model that does not beat it has learned nothing that a sorted list would not show.
public struct OneFeatureBaseline: Sendable, Hashable, Codable {
  /// How a feature's value becomes a margin.
  enum Rule: Sendable, Hashable, Codable {
    /// `sign` times the value; beyond what the selection rows had it still rises, but never as far as
    /// `missing`, which lies outside.
    case number(sign: Double, low: Double, high: Double, missing: Double)
    /// The smoothed log odds of each of the learner's codes.
    case category(margins: [Double], missing: Double, unseen: Double)
  }

  /// The chosen feature's place among the columns.
  public let column: Int
  /// The chosen feature's name.
  public let feature: String
  /// The area under the ROC curve on the rows that the feature was chosen by; optimistic there.
  public let areaUnderCurve: Double

  let rule: Rule

  /// Chooses the feature with the largest area under the ROC curve (Hanley and McNeil, 1982).
  ///
  /// A number ranks by its value, ascending or descending, with missing values before or after all
  /// others, whichever is best. A category ranks by its rate of positives, smoothed towards the
  /// base rate as if by 20 more rows. Of equal features the first is chosen.
  ///
  /// - Parameters:
  ///   - blocks: the selection rows; never rows that the baseline is judged on.
  ///   - labels: one per row; above 0 is positive.
  ///   - judging: later rows that decide between features instead of the selection rows, on which a
  ///     feature that singles out entities looks better than it is; nil where there are none.
  ///   - threads: how many columns are looked at side by side.
  /// - Throws: `invalidInput` when shapes do not fit or only one class is there.
  public static func select(
    blocks: [FeatureBlock], names: [String], encodings: [ColumnEncoding], labels: [Float],
    judging: (blocks: [FeatureBlock], labels: [Float])? = nil, threads: Int
  ) throws(LearningError) -> OneFeatureBaseline {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard names.count == rows.columnCount, labels.count == rows.rowCount else {
      throw LearningError(.invalidInput, "names, labels and columns do not fit together")
    }
    let positives = labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 }
    guard positives > 0, positives < labels.count else {
      throw LearningError(.invalidInput, "a one-feature baseline needs rows of both classes")
    }
    let candidates = Parallel.map(rows.columnCount, threads: threads) { column in
      let values = rows.column(column)
      return encodings[column].isCategory
        ? CategoryRanking.rank(values, labels) : NumberRanking.rank(values, labels)
    }
    var ranked = candidates.map(\.areaUnderCurve)
    if let judging {
      ranked = try areas(candidates, judging.blocks, judging.labels, encodings, threads: threads)
    }
    var best = 0
    for column in ranked.indices where ranked[column] > ranked[best] { best = column }
    return OneFeatureBaseline(
      column: best, feature: names[best], areaUnderCurve: ranked[best],
      rule: candidates[best].rule)
  }

  /// The area under the ROC curve that each feature's rule reaches on other rows.
  private static func areas(
    _ candidates: [FeatureRanking], _ blocks: [FeatureBlock], _ labels: [Float],
    _ encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double] {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard labels.count == rows.rowCount, rows.columnCount == candidates.count else {
      throw LearningError(.invalidInput, "labels and columns of the judging rows do not fit")
    }
    let classes = labels.map { $0 > 0 ? UInt8(1) : 0 }
    return Parallel.map(rows.columnCount, threads: threads) { column in
      let margins = rows.column(column).map { margin($0, candidates[column].rule) }
      return ScoreGroups(labels: classes, scores: margins).areaUnderROC ?? 0.5
    }
  }

  /// One margin per row, all finite unless the feature itself is infinite; higher means likelier.
  ///
  /// For a number it is no log odds: it only ranks, until it is calibrated.
  ///
  /// - Throws: `invalidInput` when the chosen column is not there.
  public func margins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding]
  ) throws(LearningError) -> [Double] {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard column < rows.columnCount else {
      throw LearningError(.invalidInput, "there is no column \(column), `\(feature)`")
    }
    return rows.column(column).map { Self.margin($0, rule) }
  }

  /// How far beyond an end of the selection rows' range a value counts: rising with the distance, so that
  /// later values keep their order, and always below half of the gap to `missing`.
  private static func tail(_ distance: Double, at end: Double) -> Double {
    NumberRanking.gap(at: end) / 2 * (1 - 1 / (1 + distance))
  }

  private static func margin(_ value: Double, _ rule: Rule) -> Double {
    switch rule {
    case .number(let sign, let low, let high, let missing):
      value.isNaN
        ? missing
        : value > high
          ? sign * (high + tail(value - high, at: high))
          : value < low ? sign * (low - tail(low - value, at: low)) : sign * value
    case .category(let margins, let missing, let unseen):
      value.isNaN ? missing : Int(value) < margins.count ? margins[Int(value)] : unseen
    }
  }
}
