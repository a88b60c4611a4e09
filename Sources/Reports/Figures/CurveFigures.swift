internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation
internal import Promotion
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

  // MARK: - Ranking

  /// Gain, lift, and precision by recall; none without positive rows.
  var ranking: [Figure] { [gain, lift, precisionRecall].compactMap(\.self) }

  private var gain: Figure? {
    let curves = runs.compactMap { run in
      run.curves.gain.map { gain in
        Curve(
          run.name,
          [.init(0, ChartEstimate(0, 0, 0))]
            + gain.points.map { .init($0.share, ChartEstimate(of: $0.captured, in: $0.interval)) })
      }
    }
    guard !curves.isEmpty else { return nil }
    return Figure(GainChart(curves: curves), caption: meanOverCutoffs)
  }

  private var lift: Figure? {
    let curves = runs.compactMap { run -> Curve? in
      guard let gain = run.curves.gain, let rows = run.curves.rowsPerCutoff else { return nil }
      return Curve(
        run.name,
        gain.lifts.map {
          .init(Double($0.length) / rows, ChartEstimate(of: $0.lift, in: $0.interval))
        })
    }
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
      run.curves.precisionRecall.map { curve in
        Curve(run.name, curve.points.map { .init($0.recall, ChartEstimate($0.precision)) })
      }
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
    guard let found = run.curves.reliability, let last = found.steps.last else { return nil }
    let chart = ReliabilityChart(
      steps: found.steps.map { .init($0.lowestScore, $0.recalibrated) }
        + [.init(last.highestScore, last.recalibrated)],
      band: found.band.map { .init($0.score, $0.lower, $0.upper) }, level: found.bandLevel,
      decompositions: [
        .init("Brier score", found.brier), .init("log score", found.logLoss),
      ])
    return Figure(
      chart.titled("Reliability of \(run.name)"),
      caption: "If the scores were calibrated, a miscalibration (MCB) at least this large would "
        + "have a probability of \(NumberText.probability(found.brier.pValue)) in the Brier score and "
        + "\(NumberText.probability(found.logLoss.pValue)) in the log score.")
  }

  private var scores: [Figure] {
    let all = runs.flatMap(\.curves.scores.bins)
    guard let low = all.map(\.lowerLogit).min(), let high = all.map(\.lowerLogit).max() else {
      return []
    }
    return runs.map { run in
      Figure(
        ScoresChart(bins: run.curves.scores.bins(from: low, through: high))
          .titled("Scores by class of \(run.name)"),
        caption: "Each class is relative to its highest bin.")
    }
  }

  // MARK: - Stability

  /// ROC AUC and observed over expected wins by cutoff.
  var cutoffs: Figure? {
    let metrics = runs.flatMap { run in
      [
        run.metric("ROC AUC") { ChartEstimate(of: $0.rocAuc, in: $0.rocAucInterval) },
        run.metric("observed / expected wins") { figures in
          figures.ratio.map { ChartEstimate($0.ratio, $0.lower, $0.upper) } ?? ChartEstimate(.nan)
        },
      ]
    }
    guard metrics.contains(where: { $0.points.contains { $0.estimate.value.isFinite } }) else {
      return nil
    }
    return Figure(
      CutoffsChart(metrics: metrics),
      caption: "A cutoff with few positive entities has no ROC AUC.")
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
      metric, of: name,
      curves.cutoffs.levels.enumerated().compactMap { index, name in
        CalendarDate(name).map { .init($0, levels[index].map(estimate) ?? ChartEstimate(.nan)) }
      }, pooled: estimate(study.whole).value)
  }
}

extension RunCurves {
  /// The mean number of rows on the lists of the test cutoffs; nil without rows.
  fileprivate var rowsPerCutoff: Double? {
    let rows = cutoffs.study.whole.rows
    return rows > 0 && !cutoffs.levels.isEmpty ? Double(rows) / Double(cutoffs.levels.count) : nil
  }
}

extension ReliabilityChart.Decomposition {
  fileprivate init(_ name: String, _ parts: Reliability.Decomposition) {
    self.init(
      name, miscalibration: parts.miscalibration, discrimination: parts.discrimination,
      uncertainty: parts.uncertainty)
  }
}

extension ReliabilityChart {
  fileprivate func titled(_ title: String) -> ReliabilityChart {
    var chart = self
    chart.title = title
    return chart
  }
}

extension ScoresChart {
  fileprivate func titled(_ title: String) -> ScoresChart {
    var chart = self
    chart.title = title
    return chart
  }
}

extension ScoreHistogram {
  /// The bins as scores, with empty bins up to those at both ends of an axis.
  fileprivate func bins(from low: Double, through high: Double) -> [ScoreBin] {
    func score(_ logit: Double) -> Double { 1 / (1 + exp(-logit)) }
    let known = Dictionary(bins.map { ($0.lowerLogit, $0) }) { first, _ in first }
    // All edges are multiples of a quarter, which are exact.
    return stride(from: low, through: high, by: Self.width).map { logit in
      ScoreBin(
        score(logit), score(logit + Self.width),
        negatives: Double(known[logit]?.negatives ?? 0),
        positives: Double(known[logit]?.positives ?? 0))
    }
  }
}

extension ChartEstimate {
  /// A value with its interval, if both are known.
  init(of value: Double?, in interval: Interval?) {
    self.init(value ?? .nan, interval?.lower ?? .nan, interval?.upper ?? .nan)
  }

  /// A metric of a metrics.json with its interval.
  init(_ metric: String, _ metrics: SideMetrics) {
    let interval = metrics.intervals[metric]
    self.init(metrics.values[metric] ?? .nan, interval?.low ?? .nan, interval?.high ?? .nan)
  }
}
