import Evaluation

/// A logistic curve over the margin: probability = logistic(slope × margin + intercept).
///
/// Platt (1999) with the targets of Lin, Lin and Weng (2007): (N₊ + 1) / (N₊ + 2) for positives and
/// 1 / (N₋ + 2) for negatives, so that even separated classes have a finite optimum.
struct SigmoidCalibration {
  let slope: Double
  let intercept: Double

  /// Fits by Newton's method with backtracking.
  /// - Throws: `CalibrationError.constantMargin` without two distinct margins.
  init(_ groups: ScoreGroups) throws(CalibrationError) {
    let (low, high) = (groups.scores[groups.scores.count - 1], groups.scores[0])
    guard low < high else { throw .constantMargin(low) }
    let positiveTarget = (groups.totalPositives + 1) / (groups.totalPositives + 2)
    let negativeTarget = 1 / (groups.totalNegatives + 2)
    // Margins are brought to -1...1 for the fit, whatever their scale.
    let middle = low / 2 + high / 2
    let half = high / 2 - low / 2
    let cells = LogisticCells(
      predictor: groups.scores.map { ($0 - middle) / half },
      weights: groups.weights,
      positives: groups.scores.indices.map { group in
        let positives = groups.positives[group]
        return positives * positiveTarget + (groups.weights[group] - positives) * negativeTarget
      })
    guard let line = cells.line(startingAt: (0, 0)) else { throw .notConverged }
    slope = line.slope / half
    intercept = line.intercept - line.slope * middle / half
  }
}
