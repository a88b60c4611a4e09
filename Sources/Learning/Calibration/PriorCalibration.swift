import Evaluation

/// A shift of the log-odds: probability = logistic(log odds + shift), with the mean probability equal
/// to the share of positives. The ranking, ties included, stays as it is.
struct PriorCalibration {
  let shift: Double

  /// Finds the shift by Newton's method: the intercept of a logistic regression whose offset is the
  /// margin.
  /// - Parameter logOddsPerMargin: what makes the learner's log odds of the groups' scores.
  /// - Throws: `CalibrationError.notConverged` when no number brings the mean there.
  init(_ groups: ScoreGroups, logOddsPerMargin: Double) throws(CalibrationError) {
    let cells = LogisticCells(
      predictor: groups.scores.map { logOddsPerMargin * $0 }, weights: groups.weights,
      positives: groups.positives)
    guard let shift = cells.intercept(startingAt: 0) else { throw .notConverged }
    self.shift = shift
  }
}
