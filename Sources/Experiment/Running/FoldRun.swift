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
  private let calibrationRows: CalibrationRows
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
    let isOnTest = spec.calibration.fit.value == .test
    let fitted = isOnTest ? test : calibrate
    let counted = crossFit == nil ? (isOnTest ? Role.test : .calibrate) : .train
    calibrationRows = CalibrationRows(
      spec.calibration,
      margins: crossFit?.margins
        ?? Array(isOnTest ? margins[testStart...] : margins[..<testStart]),
      labels: crossFit?.labels ?? fitted.flatMap(\.labels),
      entities: crossFit?.entities ?? fitted.flatMap(\.entities),
      buyers: counts.buyerCount(counted), logOddsPerMargin: model.booster.logOddsPerMargin)
    do throws(CalibrationError) {
      let method = CalibrationMethod(spec.calibration)
      calibrator = try calibrationRows.calibrator(method).fitted(
        crossFit.map { .crossFit(folds: $0.folds) }
          ?? (isOnTest && method != .none ? .test : .calibrate))
    } catch {
      throw FindingsError(.cannotCalibrate(spec, error.description))
    }
    scores = calibrator.apply(margins)
  }

  /// The log loss with calibration and without it on the rows that the calibrator is fitted on, each
  /// account by one that has not seen it; nil where it is judged on its own rows, or there is none.
  /// - Parameter keys: the entities' keys, by number.
  func crossFittedLoss(keys: [String]) -> CalibrationLoss? {
    calibrator.fit == .test
      ? nil : calibrationRows.crossFittedLoss(calibrator.method, keys: keys)
  }

  var testMargins: [Double] { Array(margins[testStart...]) }
  var testScores: [Double] { Array(scores[testStart...]) }

  /// The calibrate and test rows with margin and score, in the order of cutoff, then entity.
  var scored: [ScoredBlock] {
    ScoredBlock.split(calibrate + test, margins: margins, scores: scores)
  }
}

extension CalibrationMethod {
  /// The method that a spec asks for.
  init(_ spec: CalibrationSpec) { self = Self(rawValue: spec.method.value.rawValue) ?? .auto }
}
