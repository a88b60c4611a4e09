internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

/// One fold: its model, its calibrator, and the scores of rows that neither was trained on.
struct FoldRun {
  let timeline: Timeline
  let counts: RoleCounts
  /// The split's cutoffs, oldest first.
  let cutoffCounts: [CutoffCounts]
  let train: [PanelBlock]
  let calibrate: [PanelBlock]
  let test: [PanelBlock]
  let model: TrainedModel
  let calibrator: Calibrator
  /// How many rows the calibrate cutoffs have.
  private let testStart: Int
  /// Of the calibrate rows, then the test rows.
  let margins: [Double]
  let scores: [Double]

  /// Trains on the fold's train rows, calibrates, and scores the rest.
  /// - Throws: `FindingsError` for what the spec or its data are to blame for.
  init(
    _ spec: ExperimentSpec, fold: Timeline, blocks: FoldBlocks,
    library: LightGBMLibrary, settings: RunSettings
  ) throws {
    timeline = fold
    cutoffCounts = blocks.counts(of: fold)
    counts = RoleCounts(cutoffCounts)
    train = blocks.rows(.train, of: fold)
    calibrate = blocks.rows(.calibrate, of: fold)
    test = blocks.rows(.test, of: fold)
    testStart = calibrate.reduce(0) { $0 + $1.rowCount }
    model = try TrainedModel(
      spec, train: train, texts: blocks.texts, library: library, settings: settings)
    var crossFit: CrossFit?
    if case .crossFit(let folds) = spec.calibration.fit.value,
      spec.calibration.method.value != .none
    {
      crossFit = try CrossFit(
        spec, folds: folds, train: train, texts: blocks.texts, library: library,
        logOddsPerMargin: model.booster.logOddsPerMargin, settings: settings)
    }
    settings.progress(RunProgress(stage: .scoring, done: 0, total: 0))
    margins = try model.margins(calibrate + test, threads: settings.threads)
    if let crossFit {
      calibrator = try Self.calibrator(
        spec, model, margins: crossFit.margins, labels: crossFit.labels,
        buyers: counts.buyerCount(.train)
      ).fitted(.crossFit(folds: crossFit.folds))
    } else {
      let isOnTest = spec.calibration.fit.value == .test
      calibrator = try Self.calibrator(
        spec, model, margins: Array(isOnTest ? margins[testStart...] : margins[..<testStart]),
        labels: (isOnTest ? test : calibrate).flatMap(\.labels),
        buyers: counts.buyerCount(isOnTest ? .test : .calibrate)
      ).fitted(isOnTest && spec.calibration.method.value != .none ? .test : .calibrate)
    }
    scores = calibrator.apply(margins)
  }

  private static func calibrator(
    _ spec: ExperimentSpec, _ model: TrainedModel, margins: [Double], labels: [UInt8],
    buyers: Int
  ) throws -> Calibrator {
    let method = CalibrationMethod(rawValue: spec.calibration.method.value.rawValue) ?? .auto
    do throws(CalibrationError) {
      return try Calibrator.fit(
        method: method, margins: margins, labels: labels, distinctBuyers: buyers,
        logOddsPerMargin: model.booster.logOddsPerMargin)
    } catch {
      throw FindingsError(.cannotCalibrate(spec, error.description))
    }
  }

  var testMargins: [Double] { Array(margins[testStart...]) }
  var testScores: [Double] { Array(scores[testStart...]) }

  /// The calibrate and test rows with margin and score, in the order of cutoff, then entity.
  var scored: [ScoredBlock] {
    ScoredBlock.split(calibrate + test, margins: margins, scores: scores)
  }
}
