internal import Evaluation

/// Some rows of some lists: their columns side by side, for figures and for resamples.
struct OutcomeSlice: Sendable {
  let positions: [Int]
  /// The lists that the rows may come from, whose populations they are held against.
  let lists: [Int]
  let entities: [Int32]
  let scores: [Double]
  /// The entity of each win.
  let winners: [Int32]

  init(_ rows: OutcomeRows, _ positions: [Int], lists: [Int]) {
    self.positions = positions
    self.lists = lists
    entities = positions.map { rows.entities[$0] }
    scores = positions.map { rows.scores[$0] }
    winners = positions.filter { rows.labels[$0] == 1 }.map { rows.entities[$0] }
  }

  func figures(
    _ rows: OutcomeRows, _ options: OutcomeOptions, intervals: [String: Interval]
  ) -> OutcomeFigures {
    let forecast = CountForecast(scores: scores, entities: entities)
    let buyers = Set(winners).count
    var values: MetricValues = [
      "rows": Double(entities.count), "accounts": Double(Set(entities).count),
      "wins": Double(winners.count), "distinct_buyers": Double(buyers),
      "expected_wins": forecast.mean,
    ]
    let ratios = OutcomeRatios(
      rows: entities.count, wins: winners.count, expected: forecast.mean,
      population: lists.reduce(0) { $0 + rows.populations[$1].count },
      populationWins: lists.reduce(0) { $0 + rows.buyers[$1].count })
    for (name, value) in zip(OutcomeRatios.names, ratios.values) { values[name] = value }
    let groups = ScoreGroups(labels: positions.map { rows.labels[$0] }, scores: scores)
    values["brier"] = groups.brierScore
    values["brier_skill"] = groups.brierSkill
    values["ece"] = groups.expectedCalibrationError()
    values["calibration_intercept"] = groups.calibrationIntercept
    values["calibration_slope"] = groups.calibrationSlope
    return OutcomeFigures(
      values: values, expected: forecast.interval(level: options.level), intervals: intervals,
      evidence: Evidence(
        distinctBuyers: buyers, minimumPositives: options.minimumPositives))
  }

  /// Bootstrap intervals of what is measured on the scores alone.
  func calibrationIntervals(
    _ rows: OutcomeRows, _ settings: BootstrapOptions, level: Double
  ) -> [String: Interval] {
    let scored = ScoredRows(
      cutoff: positions.map { rows.list[$0] }, entity: entities,
      label: positions.map { rows.labels[$0] }, margin: scores, score: scores,
      uncalibrated: scores)
    let intervals = bootstrap(
      scored, options: EvaluationOptions(topK: [], topPercent: []), bootstrap: settings
    ).intervals(level: level).pooled
    let names = ["brier", "brier_skill", "ece", "calibration_intercept", "calibration_slope"]
    return intervals.filter { names.contains($0.key) }
  }
}
