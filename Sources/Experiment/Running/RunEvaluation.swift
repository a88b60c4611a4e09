internal import Diagnostics
public import Evaluation
internal import Foundation
internal import Learning
internal import Panel
public import Spec

/// What the test rows say about a model, beside what simpler models would have said.
struct RunEvaluation {
  let cutoffs: [Cutoff]
  let metrics: TestMetrics
  /// nil where no intervals were asked for.
  let intervals: BootstrapIntervals?
  /// By feature, then level.
  let segments: [String: [String: MetricValues]]
  let prior: TestMetrics
  let oneFeature: (baseline: OneFeatureBaseline, metrics: TestMetrics)?

  init(
    _ spec: ExperimentSpec, levels: [[String]], model: TrainedModel, train: [PanelBlock],
    calibrate: [PanelBlock], test: [PanelBlock], margins: [Double], scores: [Double], threads: Int
  ) throws {
    let options = EvaluationOptions(spec.evaluation)
    let rows = Self.rows(
      test, margins: margins, scores: scores,
      uncalibrated: Self.probabilities(margins, model))
    cutoffs = test.map(\.cutoff)
    metrics = evaluate(rows, options: options)
    intervals =
      spec.evaluation.resamples == 0
      ? nil
      : bootstrap(
        rows, options: options,
        bootstrap: BootstrapOptions(
          resamples: spec.evaluation.resamples, level: spec.evaluation.level,
          seed: UInt64(bitPattern: Int64(spec.evaluation.seed)), threads: threads)
      ).intervals(level: spec.evaluation.level)
    segments = try Self.segments(spec, levels, test, rows, options)
    prior = try Self.prior(train, test, options)
    oneFeature = try Self.oneFeature(
      spec, model, train: train, calibrate: calibrate, test: test, options, threads: threads)
  }

  /// The metrics of test rows alone, without anything beside them.
  static func metrics(
    _ spec: ExperimentSpec, _ model: TrainedModel, _ test: [PanelBlock], margins: [Double],
    scores: [Double]
  ) -> TestMetrics {
    evaluate(
      rows(
        test, margins: margins, scores: scores, uncalibrated: probabilities(margins, model)),
      options: EvaluationOptions(spec.evaluation))
  }

  /// The learner's own probabilities.
  static func probabilities(_ margins: [Double], _ model: TrainedModel) -> [Double] {
    let scale = model.booster.logOddsPerMargin
    return margins.map { 1 / (1 + exp(-(scale * $0))) }
  }

  /// The rows of blocks with margins and scores, as what judges them takes them.
  static func rows(
    _ blocks: [PanelBlock], margins: [Double], scores: [Double], uncalibrated: [Double]
  ) -> ScoredRows {
    ScoredRows(
      cutoff: blocks.enumerated().flatMap { number, block in
        [Int32](repeating: Int32(number), count: block.rowCount)
      },
      entity: blocks.flatMap(\.entities), label: blocks.flatMap(\.labels), margin: margins,
      score: scores, uncalibrated: uncalibrated,
      cutoffCount: blocks.count)
  }

  // MARK: - Segments

  private static func segments(
    _ spec: ExperimentSpec, _ texts: [[String]], _ test: [PanelBlock], _ rows: ScoredRows,
    _ options: EvaluationOptions
  ) throws -> [String: [String: MetricValues]] {
    var segments: [String: [String: MetricValues]] = [:]
    for segment in spec.evaluation.segments {
      guard let index = spec.features.firstIndex(where: { $0.name.value == segment.value }),
        case .category(_, let policy) = spec.features[index].expression
      else { continue }
      // A missing value is a level of its own, after those of the dictionary.
      let levels = texts[index] + [policy.missing ?? "(missing)"]
      let codes = test.flatMap { $0.features.columns[index].codes(missing: levels.count - 1) }
      let values = evaluateSegments(rows, segment: codes, count: levels.count, options: options)
      segments[segment.value] = Dictionary(
        zip(levels, values).filter { ($0.1["rows"] ?? 0) > 0 },
        uniquingKeysWith: { first, _ in first })
    }
    return segments
  }

  // MARK: - Baselines

  /// Every row gets the train rows' base rate.
  private static func prior(
    _ train: [PanelBlock], _ test: [PanelBlock], _ options: EvaluationOptions
  ) throws -> TestMetrics {
    let baseline = try PriorBaseline(labels: train.flatMap { $0.labels.map(Float.init) })
    let count = test.reduce(0) { $0 + $1.rowCount }
    let scores = [Double](repeating: baseline.probability, count: count)
    let margins = [Double](repeating: baseline.margin, count: count)
    return evaluate(
      rows(test, margins: margins, scores: scores, uncalibrated: scores), options: options)
  }

  /// The best single feature: its rule learned on the last train cutoffs, as many as there are test
  /// cutoffs, and chosen and calibrated on the calibrate cutoffs.
  private static func oneFeature(
    _ spec: ExperimentSpec, _ model: TrainedModel, train: [PanelBlock], calibrate: [PanelBlock],
    test: [PanelBlock], _ options: EvaluationOptions, threads: Int
  ) throws -> (baseline: OneFeatureBaseline, metrics: TestMetrics)? {
    let recent = train.suffix(max(test.count, 1))
    let labels = recent.flatMap { $0.labels.map(Float.init) }
    guard labels.contains(1), labels.contains(0) else { return nil }
    let baseline = try OneFeatureBaseline.select(
      blocks: recent.map(\.features), names: spec.features.map(\.name.value),
      encodings: model.encodings, labels: labels,
      judging: calibrate.isEmpty
        ? nil
        : (calibrate.map(\.features), calibrate.flatMap { $0.labels.map(Float.init) }),
      threads: threads)
    let fitted = calibrate.isEmpty ? Array(recent) : calibrate
    let calibrator = try Calibrator.fit(
      margins: try baseline.margins(
        blocks: fitted.map(\.features), encodings: model.encodings),
      labels: fitted.flatMap(\.labels))
    let margins = try baseline.margins(
      blocks: test.map(\.features), encodings: model.encodings)
    let scores = calibrator.apply(margins)
    return (
      baseline,
      evaluate(
        rows(test, margins: margins, scores: scores, uncalibrated: scores), options: options)
    )
  }
}

extension EvaluationOptions {
  /// What a spec's `evaluation` asks for.
  public init(_ spec: EvaluationSpec) {
    self.init(
      topK: spec.topK, topPercent: spec.topPercent, minimumPositives: spec.minimumPositives)
  }
}

extension FeatureColumn {
  /// A category column's codes, with missing values under a code of their own.
  func codes(missing: Int) -> [Int32] {
    let missing = Int32(missing)
    return switch self {
    case .int8(let codes): codes.map { $0 == .min ? missing : Int32($0) }
    case .int16(let codes): codes.map { $0 == .min ? missing : Int32($0) }
    case .int32(let codes): codes.map { $0 == .min ? missing : $0 }
    case .float(let values): values.map { _ in -1 }
    case .double(let values): values.map { _ in -1 }
    }
  }
}
