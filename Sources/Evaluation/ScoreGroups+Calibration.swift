extension ScoreGroups {
  /// The expected calibration error over bins of equal weight; nil without rows.
  ///
  /// Σ over bins of (n_b / n) |observed rate - mean score| (Naeini, Cooper and Hauskrecht, 2015),
  /// over `CalibrationBins` of these rows unless other bins are given.
  public func expectedCalibrationError(bins: CalibrationBins? = nil) -> Double? {
    guard totalWeight > 0 else { return nil }
    let bins = bins ?? CalibrationBins(self)
    var sum = CompensatedSum()
    for bin in bins.reliability(of: self) { sum.add(abs(bin.positives - bin.expected)) }
    return sum.value / totalWeight
  }

  /// The intercept of a logistic recalibration whose slope is held at 1 ("calibration in the
  /// large"); nil unless both classes are there.
  ///
  /// The a that solves Σ logistic(a + logit p) = Σ y (Cox, 1958; Steyerberg, 2009). 0 is right,
  /// above 0 the scores are too low.
  public var calibrationIntercept: Double? {
    recalibrationCells.intercept(startingAt: 0)
  }

  /// The slope b of the logistic recalibration logit(y) ~ a + b logit(p), a and b fitted together
  /// by maximum likelihood; nil when no finite optimum exists.
  ///
  /// 1 is right, below 1 the scores are too extreme, above 1 too timid (Cox, 1958). No finite
  /// optimum exists with one class, one distinct score, or classes that the scores separate.
  /// Logits are taken with p kept one machine epsilon away from 0 and 1.
  public var calibrationSlope: Double? {
    recalibrationCells.line(startingAt: (intercept: 0, slope: 1))?.slope
  }

  private var recalibrationCells: LogisticCells {
    LogisticCells(
      predictor: scores.map(Logistic.logOdds), weights: weights, positives: positives)
  }
}
