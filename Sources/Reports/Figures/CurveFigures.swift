internal import Diagnostics
internal import Evaluation
internal import Promotion
internal import Runs
internal import Spec

// Pages for a browser, one file per command. Each takes the value that the command's other formats
// print, and begins with the conclusion in words. Figures follow as evidence, then every number.

/// Figures of the curves of one or several runs on the same test rows.
struct CurveFigures {
  struct Run {
    let name: String
    let curves: RunCurves
  }

  let runs: [Run]
  /// What an entity with a positive row is called.
  let noun: PositiveNoun

  // MARK: - Ranking

  /// Gain, lift, and precision by recall; none without positive rows.
  var ranking: [Figure] { [gain, lift, precisionRecall].compactMap(\.self) }

  private var gain: Figure? {
    let curves = runs.compactMap { run in
      run.curves.gain.map { Curve(run.name, $0, from: ChartEstimate(0, 0, 0)) }
    }
    guard !curves.isEmpty else { return nil }
    return Figure(GainChart(curves: curves, noun: noun.many), caption: meanOverCutoffs)
  }

  private var lift: Figure? {
    let curves = runs.compactMap { run in run.curves.gain.map { Curve(run.name, $0.lifts) } }
    guard !curves.isEmpty else { return nil }
    return Figure(LiftChart(curves: curves), caption: meanOverCutoffs)
  }

  private var meanOverCutoffs: String {
    guard let gain = runs.lazy.compactMap(\.curves.gain).first else { return "" }
    return "The mean over \(gain.cutoffs.of("test cutoff")), with \(NumberText.level(gain.level)) "
      + "intervals over resamples of the entities, each point by itself."
  }

  private var precisionRecall: Figure? {
    let curves = runs.compactMap { run in
      run.curves.precisionRecall.map { Curve(run.name, $0) }
    }
    guard let first = runs.lazy.compactMap(\.curves.precisionRecall).first else { return nil }
    return Figure(
      PrecisionRecallChart(curves: curves, baseRate: first.baseRate),
      caption: "The rows of all test cutoffs together.")
  }

  // MARK: - Calibration

  /// The reliability of each run, then the scores of each, on one axis.
  var calibration: [Figure] { runs.compactMap(reliability) + scores }

  private func reliability(_ run: Run) -> Figure? {
    guard let found = run.curves.reliability, !found.steps.isEmpty else { return nil }
    var chart = ReliabilityChart(found)
    chart.title = "Reliability of \(run.name)"
    return Figure(
      chart,
      caption: "If the scores were calibrated, a miscalibration (MCB) at least this large would "
        + "have a probability of \(NumberText.probability(found.brier.pValue)) in the Brier score and "
        + "\(NumberText.probability(found.logLoss.pValue)) in the log loss.")
  }

  private var scores: [Figure] {
    let all = runs.flatMap(\.curves.scores.bins)
    guard let low = all.map(\.lowerLogit).min(), let high = all.map(\.lowerLogit).max() else {
      return []
    }
    return runs.map { run in
      var chart = ScoresChart(bins: run.curves.scores.scoreBins(from: low, through: high))
      chart.title = "Scores by class of \(run.name)"
      return Figure(chart, caption: "Each class is relative to its highest bin.")
    }
  }

  // MARK: - Stability

  /// ROC AUC and observed over expected wins by cutoff.
  var cutoffs: Figure? {
    let metrics = runs.flatMap { run in
      [
        run.metric("roc_auc") { ChartEstimate($0.rocAuc, $0.rocAucInterval) },
        run.metric("observed_over_expected") { ChartEstimate($0.ratio) },
      ]
    }
    guard metrics.contains(where: { $0.points.contains { $0.estimate.value.isFinite } }) else {
      return nil
    }
    return Figure(
      CutoffsChart(metrics: metrics),
      caption: "A cutoff with too few \(noun.many) has no value.")
  }
}

extension CurveFigures.Run {
  /// A metric at each test cutoff. One that the study does not show by itself is not known.
  fileprivate func metric(
    _ metric: String, _ estimate: (SegmentStudy.Figures) -> ChartEstimate
  ) -> CutoffsChart.Metric {
    let study = curves.cutoffs.study
    let levels = Dictionary(study.levels.map { ($0.index, $0.figures) }) { first, _ in first }
    return CutoffsChart.Metric(
      RunFigures.title(of: metric), of: name,
      curves.cutoffs.levels.enumerated().compactMap { index, name in
        CalendarDate(name).map { .init($0, levels[index].map(estimate) ?? ChartEstimate(.nan)) }
      }, pooled: estimate(study.all).value)
  }
}

extension ChartEstimate {
  /// A metric of a metrics.json with its interval.
  init(_ metric: String, _ metrics: SideMetrics) {
    let interval = metrics.intervals[metric]
    self.init(metrics.values[metric] ?? .nan, interval?.low ?? .nan, interval?.high ?? .nan)
  }
}
