internal import Columns
internal import Diagnostics
public import Evaluation
internal import Foundation
internal import Learning
internal import Panel
internal import Runs
public import Spec

/// A model's test metrics, compared with those of simpler models.
struct RunEvaluation {
  let cutoffs: [Cutoff]
  /// The test rows, scored.
  let rows: ScoredRows
  let metrics: TestMetrics
  /// nil when no intervals were asked for.
  let intervals: BootstrapIntervals?
  /// The metrics of each level that has rows, in the order of the spec.
  let segments: [(levels: SegmentLevels, values: [MetricValues])]
  /// nil when the spec does not name it.
  let prior: Baseline?
  /// nil when the spec does not name it, or the rows it would learn from are all of one class.
  let oneFeature: (baseline: OneFeatureBaseline, scores: Baseline)?
  /// nil in the same cases.
  let logistic: (model: LogisticRegression, scores: Baseline)?
  /// The log loss of the test rows with and without calibration; nil with too few clusters of one class.
  let calibrationLoss: CalibrationLoss?

  /// A simpler model on the same test rows.
  struct Baseline {
    let metrics: TestMetrics
    /// The model's metrics minus the baseline's; empty when no intervals were asked for.
    let differences: [String: PairedDifference]
  }

  init(
    _ spec: ExperimentSpec, segments: [SegmentLevels], model: TrainedModel, train: [PanelBlock],
    calibrate: [PanelBlock], test: [PanelBlock], texts: PanelTexts, margins: [Double],
    scores: [Double], threads: Int
  ) throws {
    let options = EvaluationOptions(spec.evaluation)
    let rows = Self.rows(
      test, margins: margins, scores: scores,
      uncalibrated: Self.probabilities(margins, model))
    self.rows = rows
    cutoffs = test.map(\.cutoff)
    let metrics = evaluate(rows, options: options)
    self.metrics = metrics
    self.segments = segments.map { levels in
      (
        levels,
        evaluateSegments(
          rows, segment: levels.codes, count: levels.names.count, options: options)
      )
    }
    calibrationLoss = LogLossDifference(
      labels: rows.label, scores: rows.score, others: rows.uncalibrated, clusters: rows.cluster,
      level: spec.evaluation.level
    ).flatMap { difference in
      guard let calibrated = metrics.pooled.values["log_loss"],
        let uncalibrated = metrics.pooled.raw["log_loss"]
      else { return nil }
      return CalibrationLoss(
        rows: .test, calibrated: calibrated, uncalibrated: uncalibrated, difference: difference)
    }
    let named = spec.evaluation.baselines
    let priorRows = named.contains(.prior) ? try Self.prior(train, test) : nil
    let best =
      named.contains(.oneFeature)
      ? try Self.oneFeature(
        spec, model, train: train, calibrate: calibrate, test: test, threads: threads) : nil
    let regression =
      named.contains(.logistic)
      ? try LogisticBaseline(
        spec, model, train: train, calibrate: calibrate, test: test, texts: texts,
        threads: threads) : nil
    let regressionRows = regression.map { Self.rows($0, spec, calibrate, test) }
    let baselines = [priorRows, best?.rows, regressionRows].compactMap(\.self)
    var differences = baselines.map { _ in [String: PairedDifference]() }
    if spec.evaluation.resamples == 0 {
      intervals = nil
    } else {
      let compared = compareWithBaselines(
        rows, baselines, evaluation: options,
        bootstrap: BootstrapOptions(spec.evaluation, threads: threads))
      intervals = compared.intervals
      differences = compared.differences
    }
    func next(_ rows: ScoredRows) -> Baseline {
      Baseline(
        metrics: evaluate(rows, options: options), differences: differences.removeFirst())
    }
    prior = priorRows.map(next)
    oneFeature = best.map { ($0.baseline, next($0.rows)) }
    logistic = regression.flatMap { regression in
      regressionRows.map { (regression.model, next($0)) }
    }
  }

  /// The metrics of the segments' levels that have rows, by segment, then level.
  var segmentMetrics: [String: [String: MetricValues]] {
    Dictionary(
      segments.map { levels, values in
        (
          levels.name,
          Dictionary(
            zip(levels.names, values).filter { ($0.1["rows"] ?? 0) > 0 },
            uniquingKeysWith: { first, _ in first })
        )
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The metrics of test rows alone, without baselines or intervals.
  static func metrics(
    _ spec: ExperimentSpec, _ model: TrainedModel, _ test: [PanelBlock], margins: [Double],
    scores: [Double]
  ) -> TestMetrics {
    evaluate(
      rows(
        test, margins: margins, scores: scores, uncalibrated: probabilities(margins, model)),
      options: EvaluationOptions(spec.evaluation))
  }

  /// The learner's own probabilities, before calibration.
  static func probabilities(_ margins: [Double], _ model: TrainedModel) -> [Double] {
    let scale = model.predictor.logOddsPerMargin
    return margins.map { 1 / (1 + exp(-(scale * $0))) }
  }

  /// The rows of blocks with margins and scores, in the form that metrics are computed from.
  static func rows(
    _ blocks: [PanelBlock], margins: [Double], scores: [Double], uncalibrated: [Double]
  ) -> ScoredRows {
    ScoredRows(
      cutoff: blocks.enumerated().flatMap { number, block in
        [Int32](repeating: Int32(number), count: block.rowCount)
      },
      entity: blocks.flatMap(\.entities),
      cluster: blocks.contains(where: \.isClustered) ? blocks.flatMap(\.clusters) : nil,
      label: blocks.flatMap(\.labels), margin: margins, score: scores, uncalibrated: uncalibrated,
      cutoffCount: blocks.count)
  }

  // MARK: - Baselines

  /// Gives every row the base rate of the train rows.
  private static func prior(_ train: [PanelBlock], _ test: [PanelBlock]) throws -> ScoredRows {
    let baseline = try PriorBaseline(labels: train.flatMap { $0.labels.map(Float.init) })
    let count = test.reduce(0) { $0 + $1.rowCount }
    let scores = [Double](repeating: baseline.probability, count: count)
    let margins = [Double](repeating: baseline.margin, count: count)
    return rows(test, margins: margins, scores: scores, uncalibrated: scores)
  }

  /// The best single feature. Its rule is learned on the last train cutoffs, as many as there are
  /// test cutoffs. It is chosen and calibrated on the calibrate cutoffs, as the model is
  /// calibrated.
  private static func oneFeature(
    _ spec: ExperimentSpec, _ model: TrainedModel, train: [PanelBlock], calibrate: [PanelBlock],
    test: [PanelBlock], threads: Int
  ) throws -> (baseline: OneFeatureBaseline, rows: ScoredRows)? {
    let recent = Array(train.suffix(max(test.count, 1)))
    let labels = recent.flatMap { $0.labels.map(Float.init) }
    guard labels.contains(1), labels.contains(0) else { return nil }
    let baseline = try OneFeatureBaseline.select(
      blocks: recent.map(\.features), names: spec.features.map(\.name.value),
      encodings: model.encodings, labels: labels,
      judging: calibrate.isEmpty
        ? nil
        : (calibrate.map(\.features), calibrate.flatMap { $0.labels.map(Float.init) }),
      threads: threads)
    func margins(_ blocks: [PanelBlock]) throws(LearningError) -> [Double] {
      try baseline.margins(blocks: blocks.map(\.features), encodings: model.encodings)
    }
    let fitted = calibrate.isEmpty ? recent : calibrate
    let (own, tested) = (try margins(fitted), try margins(test))
    let method = CalibrationMethod(spec.calibration)
    var scores: [Double]?
    if let calibrator = Self.calibrator(method, spec, fitted, margins: own),
      calibrator.method == .isotonic || calibrator.method == .sigmoid
    {
      scores = calibrator.apply(tested)
    } else {
      // A shift, or no calibration, needs log odds, and a feature's value is not in log odds.
      let line = LogOddsLine(margins: try margins(recent), labels: recent.flatMap(\.labels))
      scores = Self.calibrator(method, spec, fitted, margins: line.logOdds(own))?
        .apply(line.logOdds(tested))
    }
    guard let scores else { return nil }
    return (baseline, rows(test, margins: tested, scores: scores, uncalibrated: scores))
  }

  /// The test rows with the scores of a logistic regression, calibrated on the calibrate cutoffs as
  /// the model is. Without calibrate cutoffs they are its own probabilities.
  private static func rows(
    _ baseline: LogisticBaseline, _ spec: ExperimentSpec, _ calibrate: [PanelBlock],
    _ test: [PanelBlock]
  ) -> ScoredRows {
    let own = baseline.margins.map(Logistic.probability)
    let calibrator = calibrator(
      CalibrationMethod(spec.calibration), spec, calibrate, margins: baseline.calibrateMargins)
    return rows(
      test, margins: baseline.margins, scores: calibrator?.apply(baseline.margins) ?? own,
      uncalibrated: own)
  }

  /// Fits a calibrator for a baseline, by the model's method or, if that cannot be fitted, by
  /// another.
  private static func calibrator(
    _ method: CalibrationMethod, _ spec: ExperimentSpec, _ blocks: [PanelBlock],
    margins: [Double]
  ) -> Calibrator? {
    let labels = blocks.flatMap(\.labels)
    let clusters = blocks.flatMap(\.clusters)
    let rows = CalibrationRows(
      spec.calibration, margins: margins, labels: labels, clusters: clusters,
      buyers: Set(labels.indices.filter { labels[$0] == 1 }.map { clusters[$0] }).count,
      logOddsPerMargin: 1)
    return (try? rows.calibrator(method)) ?? (try? rows.calibrator(.auto))
  }
}

/// The log odds from a logistic regression on one feature's margins: the uncalibrated output of a
/// model of that feature alone.
private struct LogOddsLine {
  private let slope: Double
  private let intercept: Double

  /// Without two different margins, or with a decreasing curve, every row gets the base rate's log
  /// odds.
  init(margins: [Double], labels: [UInt8]) {
    let fitted = try? Calibrator.fit(method: .sigmoid, margins: margins, labels: labels)
    if case .sigmoid(let slope, let intercept)? = fitted?.mapping {
      (self.slope, self.intercept) = (slope, intercept)
    } else {
      let positives = Double(labels.reduce(0) { $0 + Int($1) })
      slope = 0
      intercept = log((positives + 0.5) / (Double(labels.count) - positives + 0.5))
    }
  }

  func logOdds(_ margins: [Double]) -> [Double] { margins.map { slope * $0 + intercept } }
}

extension BootstrapOptions {
  /// Makes the options of the intervals that a spec's `evaluation` section asks for.
  /// - Parameter threads: changes no number.
  public init(_ spec: EvaluationSpec, threads: Int) {
    self.init(
      resamples: spec.resamples, level: spec.level, seed: UInt64(bitPattern: Int64(spec.seed)),
      threads: threads)
  }
}

extension EvaluationOptions {
  /// Makes the options that a spec's `evaluation` section asks for.
  public init(_ spec: EvaluationSpec) {
    self.init(
      topK: spec.topK, topPercent: spec.topPercent, minimumPositives: spec.minimumPositives)
  }
}
