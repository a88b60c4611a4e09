internal import Foundation

/// Rows grouped by equal score, from the lowest score to the highest, for isotonic regressions of
/// several sets of labels on the same scores.
///
/// Labels come in as the number of positive rows of each group. With whole numbers the regression
/// is exact: it is the slope of the greatest convex minorant of the points (rows so far, positives
/// so far) (Barlow et al., 1972, theorem 1.1), and slopes are compared by cross-multiplication.
/// Only the last point before a group with positives can be a corner of it, so a regression costs
/// one pass over the counts and little more.
struct LabelGroups: Sendable {
  /// A corner of the minorant: the number of rows, and of positive rows, below it.
  struct Corner: Sendable, Equatable {
    var rows: Int
    var positives: Int
  }

  /// The distinct scores, ascending.
  private(set) var scores: [Double] = []
  /// The group of each row, in the order of the rows.
  let groups: [Int32]
  /// The number of rows of the groups below each group, and of all groups at the end.
  private(set) var rowsBelow: [Int] = [0]
  /// The cost of each positive row of a group over that of a negative one, by Brier score and by
  /// log loss, and the total cost if no row is positive.
  private var brierCosts: [Double] = []
  private var logCosts: [Double] = []
  private var brierBase = CompensatedSum()
  private var logBase = CompensatedSum()

  /// Groups rows by score.
  init(_ rowScores: [Double]) {
    struct Key {
      var score: Double
      var row: Int32
    }
    // Reversed, because rows by falling score are the usual ones and then need no sorting.
    var keys = rowScores.indices.reversed().map { Key(score: rowScores[$0], row: Int32($0)) }
    keys.sort { $0.score < $1.score }
    var groups = [Int32](repeating: 0, count: keys.count)
    for (number, key) in keys.enumerated() {
      if key.score != scores.last {
        if number > 0 { rowsBelow.append(number) }
        scores.append(key.score)
      }
      groups[Int(key.row)] = Int32(scores.count - 1)
    }
    if !keys.isEmpty { rowsBelow.append(keys.count) }
    self.groups = groups
    for (group, score) in scores.enumerated() {
      let rows = Double(rowsBelow[group + 1] - rowsBelow[group])
      brierCosts.append(1 - 2 * score)
      brierBase.add(rows * score * score)
      let negative = ScoreGroups.cost(of: 1 - score)
      logCosts.append(ScoreGroups.cost(of: score) - negative)
      logBase.add(rows * negative)
    }
  }

  /// Returns the corners of the isotonic regression, from (0, 0) to all rows and all positives.
  func isotonic(_ counts: [Int32]) -> [Corner] {
    var corners = [Corner(rows: 0, positives: 0)]
    var positives = 0
    func add(_ corner: Corner) {
      while let last = corners.last, corners.count > 1 {
        let before = corners[corners.count - 2]
        let slope = (last.positives - before.positives) * (corner.rows - last.rows)
        guard slope >= (corner.positives - last.positives) * (last.rows - before.rows) else {
          break
        }
        corners.removeLast()
      }
      corners.append(corner)
    }
    for group in counts.indices where counts[group] > 0 {
      if rowsBelow[group] > 0 { add(Corner(rows: rowsBelow[group], positives: positives)) }
      positives += Int(counts[group])
    }
    if let all = rowsBelow.last, all > 0 { add(Corner(rows: all, positives: positives)) }
    return corners
  }

  /// Returns the regression's values at the given groups, which must be ascending.
  func values(of corners: [Corner], at indices: [Int]) -> [Double] {
    var corner = 1
    return indices.map { group in
      while corners[corner].rows <= rowsBelow[group] { corner += 1 }
      let (low, high) = (corners[corner - 1], corners[corner])
      return Double(high.positives - low.positives) / Double(high.rows - low.rows)
    }
  }

  /// Returns the plateaus of the regression, ascending.
  func steps(_ corners: [Corner]) -> [IsotonicStep] {
    var group = 0
    return zip(corners, corners.dropFirst()).map { low, high in
      let start = group
      while rowsBelow[group] < high.rows { group += 1 }
      return IsotonicStep(
        groups: start..<group, rows: high.rows - low.rows,
        positives: high.positives - low.positives)
    }
  }

  /// Returns the sum of the scores of the rows in the given groups.
  func expected(_ range: Range<Int>) -> Double {
    var sum = CompensatedSum()
    for group in range { sum.add(Double(rowsBelow[group + 1] - rowsBelow[group]) * scores[group]) }
    return sum.value
  }
}

/// A plateau of an isotonic regression.
struct IsotonicStep: Sendable, Equatable {
  let groups: Range<Int>
  let rows: Int
  let positives: Int
}

/// The mean costs of scores, of their isotonic recalibration, and of the base rate.
struct MeanCosts: Sendable {
  let score: Double
  let recalibrated: Double
  let uncertainty: Double

  var miscalibration: Double { score - recalibrated }
}

extension LabelGroups {
  /// Returns the mean Brier scores and log losses of labels and their regression; there must be
  /// rows.
  func costs(_ counts: [Int32], _ corners: [Corner]) -> (brier: MeanCosts, logLoss: MeanCosts) {
    var (brier, logLoss) = (brierBase, logBase)
    for group in counts.indices where counts[group] > 0 {
      brier.add(Double(counts[group]) * brierCosts[group])
      logLoss.add(Double(counts[group]) * logCosts[group])
    }
    var (recalibratedBrier, recalibratedLog) = (CompensatedSum(), CompensatedSum())
    for (low, high) in zip(corners, corners.dropFirst()) {
      let (rows, positives) = (high.rows - low.rows, high.positives - low.positives)
      recalibratedBrier.add(Self.squares(rows: rows, positives: positives))
      recalibratedLog.add(Self.entropy(rows: rows, positives: positives))
    }
    let all = corners[corners.count - 1]
    let rows = Double(all.rows)
    return (
      MeanCosts(
        score: brier.value / rows, recalibrated: recalibratedBrier.value / rows,
        uncertainty: Self.squares(rows: all.rows, positives: all.positives) / rows),
      MeanCosts(
        score: logLoss.value / rows, recalibrated: recalibratedLog.value / rows,
        uncertainty: Self.entropy(rows: all.rows, positives: all.positives) / rows)
    )
  }

  /// The sum of squared errors of rows that all have the share of positives as score.
  private static func squares(rows: Int, positives: Int) -> Double {
    Double(positives) * Double(rows - positives) / Double(rows)
  }

  /// The log loss of rows that all have the share of positives as score, with 0 log 0 = 0.
  private static func entropy(rows: Int, positives: Int) -> Double {
    func part(_ count: Int) -> Double {
      count > 0 ? -Double(count) * log(Double(count) / Double(rows)) : 0
    }
    return part(positives) + part(rows - positives)
  }
}
