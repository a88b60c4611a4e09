extension ScoreGroups {
  /// The area under the ROC curve: the probability that a positive row scores above a negative one,
  /// ties counting one half; nil unless both classes are there.
  ///
  /// (Σ over positives of the negatives below + ½ of the negatives tied) / (positives × negatives):
  /// Mann and Whitney (1947); as an area: Hanley and McNeil (1982).
  public var areaUnderROC: Double? {
    guard hasBothClasses else { return nil }
    var pairsWon = CompensatedSum()
    var negativesAbove = 0.0
    for group in scores.indices {
      let negatives = weights[group] - positives[group]
      if positives[group] > 0 {
        let below = totalNegatives - negativesAbove - negatives
        pairsWon.add(positives[group] * (below + 0.5 * negatives))
      }
      negativesAbove += negatives
    }
    return pairsWon.value / (totalPositives * totalNegatives)
  }

  /// Average precision, the area under the precision-recall curve taken in steps; nil without
  /// positives.
  ///
  /// Σ (R_n - R_(n-1)) P_n over the distinct scores from high to low, without interpolation: as
  /// scikit-learn defines it. Tied rows enter together; a random order scores the base rate.
  public var averagePrecision: Double? {
    guard totalPositives > 0 else { return nil }
    var sum = CompensatedSum()
    var weightAbove = 0.0
    var positivesAbove = 0.0
    for group in scores.indices {
      weightAbove += weights[group]
      positivesAbove += positives[group]
      if positives[group] > 0 { sum.add(positives[group] * (positivesAbove / weightAbove)) }
    }
    return sum.value / totalPositives
  }
}
