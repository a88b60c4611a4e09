extension MetricBlock {
  /// Measures rows that are sorted by falling margin, with the given top lists.
  init(sorted rows: ScoredRows, lists: [TopListSize]) {
    let byMargin = ScoreGroups(labels: rows.label, scores: rows.margin)
    let byScore = ScoreGroups(labels: rows.label, scores: rows.score)
    let byUncalibrated = ScoreGroups(labels: rows.label, scores: rows.uncalibrated)

    values = Self.probabilityMetrics(byScore)
    values.merge(Self.rankingMetrics(byMargin)) { _, new in new }
    values["observed_over_expected"] = byScore.observedOverExpected
    values["base_rate"] = byMargin.baseRate
    values["rows"] = Double(rows.count)
    values["positives"] = byMargin.totalPositives
    values["entities"] = Double(rows.distinctEntities)
    values["distinct_buyers"] = Double(rows.distinctBuyers)
    for size in lists {
      guard let list = byMargin.topList(size) else { continue }
      values.merge(list.values(suffix: size.suffix)) { _, new in new }
    }
    raw = Self.probabilityMetrics(byUncalibrated)
    raw.merge(Self.rankingMetrics(byUncalibrated)) { _, new in new }
    calibrated = Self.rankingMetrics(byScore)
  }

  private static func rankingMetrics(_ groups: ScoreGroups) -> MetricValues {
    var values: MetricValues = [:]
    values["roc_auc"] = groups.areaUnderROC
    values["pr_auc"] = groups.averagePrecision
    return values
  }

  private static func probabilityMetrics(_ groups: ScoreGroups) -> MetricValues {
    var values: MetricValues = [:]
    values["log_loss"] = groups.logLoss
    values["brier"] = groups.brierScore
    values["brier_skill"] = groups.brierSkill
    values["ece"] = groups.expectedCalibrationError()
    values["calibration_intercept"] = groups.calibrationIntercept
    values["calibration_slope"] = groups.calibrationSlope
    return values
  }
}
