internal import Diagnostics
internal import Evaluation
package import Learning
package import Panel
package import Runs
package import Spec

/// One fold: its model, its calibrator, and the scores of rows that neither was fitted on.
package struct FoldRun {
  let timeline: Timeline
  package let counts: RoleCounts
  /// The split's cutoffs, oldest first.
  package let cutoffCounts: [CutoffCounts]
  package let train: [PanelBlock]
  package let calibrate: [PanelBlock]
  package let test: [PanelBlock]
  package let model: TrainedModel
  package let calibrator: Calibrator
  private let calibrationRows: CalibrationRows
  /// The number of rows of the calibrate cutoffs.
  private let testStart: Int
  /// The margins of the calibrate rows, then of the test rows.
  package let margins: [Double]
  package let scores: [Double]

  /// Trains on the fold's train rows, calibrates, and scores the rest.
  /// - Throws: `FindingsError` when the spec or its data are at fault.
  package init(
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
        logOddsPerMargin: model.predictor.logOddsPerMargin, settings: settings)
    }
    settings.progress(StepProgress(.stage(.scoring)))
    margins = try model.margins(calibrate + test, threads: settings.threads)
    let isOnTest = spec.calibration.fit.value == .test
    let fitted = isOnTest ? test : calibrate
    let counted = crossFit == nil ? (isOnTest ? Role.test : .calibrate) : .train
    calibrationRows = CalibrationRows(
      spec.calibration,
      margins: crossFit?.margins
        ?? Array(isOnTest ? margins[testStart...] : margins[..<testStart]),
      labels: crossFit?.labels ?? fitted.flatMap(\.labels),
      clusters: crossFit?.clusters ?? fitted.flatMap(\.clusters),
      buyers: counts.buyerCount(counted), logOddsPerMargin: model.predictor.logOddsPerMargin)
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

  /// The log loss with and without calibration on the calibrator's own rows, each cluster scored by
  /// a calibrator that has not seen it; nil when the calibrator is evaluated on its own rows, there is
  /// none, or too few clusters are of one class.
  /// - Parameters:
  ///   - names: by cluster number.
  ///   - level: the coverage of the interval of the difference.
  func crossFittedLoss(names: [String], level: Double) -> CalibrationLoss? {
    calibrator.fit == .test
      ? nil
      : calibrationRows.crossFittedLoss(calibrator.method, names: names, level: level)
  }

  package var testMargins: [Double] { Array(margins[testStart...]) }
  package var testScores: [Double] { Array(scores[testStart...]) }

  /// The calibrate and test rows with margin and score, sorted by cutoff, then entity.
  package var scored: [ScoredBlock] {
    ScoredBlock.split(calibrate + test, margins: margins, scores: scores)
  }
}

extension CalibrationMethod {
  /// The method that a spec asks for.
  init(_ spec: CalibrationSpec) { self = Self(rawValue: spec.method.value.rawValue) ?? .auto }
}

/// The panel's rows and counts of all folds. Each day is read once, however many folds include it.
package struct FoldBlocks {
  private var blocks: [CalendarDate: PanelBlock]
  private let counts: [CalendarDate: CutoffCounts]
  package let texts: PanelTexts
  /// The clusters of the entities; nil if every entity is a cluster of its own.
  let clusters: EntityClusters?

  /// Reads the days of every role, and counts the days that are embargoed in every fold.
  /// - Throws: `CacheMiss`.
  package init(_ folds: [Timeline], panel: ExperimentPanel, settings: RunSettings) throws(CacheMiss)
  {
    var read: [CalendarDate: Cutoff] = [:]
    var embargoed: [CalendarDate: Cutoff] = [:]
    for cutoff in folds.flatMap(\.split) {
      if cutoff.role == .embargoed {
        embargoed[cutoff.date] = cutoff
      } else {
        read[cutoff.date] = cutoff
      }
    }
    let clusters = try panel.clusters()
    // In date order, because progress is reported in cutoffs.
    let cutoffs = read.values.sorted { $0.date < $1.date }
    var blocks: [CalendarDate: PanelBlock] = [:]
    for (number, cutoff) in cutoffs.enumerated() {
      settings.progress(StepProgress(.stage(.reading), done: number, of: cutoffs.count))
      blocks[cutoff.date] = try panel.block(cutoff).clustered(by: clusters)
    }
    var counts = blocks.mapValues(\.counts)
    for (date, cutoff) in embargoed where counts[date] == nil {
      counts[date] = try panel.counts(cutoff).clustered(by: clusters)
    }
    self.blocks = blocks
    self.counts = counts
    self.clusters = clusters
    texts = PanelTexts(
      keys: try panel.keys(), levels: panel.levels, segments: panel.segmentLevels,
      clusters: clusters)
  }

  /// The rows of a role's cutoffs in a fold, oldest first.
  package func rows(_ role: Role, of fold: Timeline) -> [PanelBlock] {
    fold[role].compactMap { cutoff in blocks[cutoff.date]?.serving(cutoff) }
  }

  /// The counts of a fold's split, oldest first.
  package func counts(of fold: Timeline) -> [CutoffCounts] {
    fold.split.compactMap { cutoff in counts[cutoff.date]?.serving(cutoff) }
  }

  /// Releases rows that none of these folds uses.
  package mutating func keep(only folds: some Sequence<Timeline>) {
    let used = Set(folds.flatMap(\.split).map(\.date))
    blocks = blocks.filter { used.contains($0.key) }
  }
}

/// The results of a fold, without its model and its rows.
struct FoldOutcome {
  let timeline: Timeline
  let counts: RoleCounts
  let metrics: TestMetrics
  /// nil when no sample was asked for.
  let sample: SampleUse?
  /// nil when the spec gives the number of trees.
  let earlyStop: EarlyStop?
  /// nil when the learner grows trees.
  let regression: LogisticRegression?
  let calibration: CalibrationRecord

  init(_ run: FoldRun, metrics: TestMetrics) {
    timeline = run.timeline
    counts = run.counts
    sample = run.model.sample
    earlyStop = run.model.earlyStop
    regression = run.model.regression
    calibration = CalibrationRecord(run.calibrator)
    self.metrics = metrics
  }

  /// The fold's name: its last test cutoff.
  var name: String { timeline[.test].last?.date.description ?? "" }
}

extension FindingsError {
  /// Returns the same findings, each naming its fold if there are several. `number` counts from 1.
  func inFold(_ number: Int, of folds: [Timeline]) -> FindingsError {
    guard folds.count > 1, let last = folds[number - 1][.test].last?.date else { return self }
    return FindingsError(
      findings.map { finding in
        var finding = finding
        finding.notes.insert(
          "this is in fold \(number) of \(folds.count), whose last test cutoff is \(last)", at: 0)
        return finding
      })
  }
}
