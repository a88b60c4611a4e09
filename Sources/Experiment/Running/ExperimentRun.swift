internal import Diagnostics
internal import Evaluation
internal import Learning
public import Panel
internal import Spec
internal import Warehouse

/// Everything one run of a spec found out, before any of it is written: of the newest fold all, of
/// older ones what they showed.
struct ExperimentRun {
  let spec: ExperimentSpec
  let timeline: Timeline
  let counts: RoleCounts
  let cutoffCounts: [CutoffCounts]
  let model: TrainedModel
  let calibrator: Calibrator
  /// Where calibration makes the log loss worse, in a line; nil: nowhere.
  let calibrationDoubt: String?
  /// The calibrate and test cutoffs' rows, scored, in the order of cutoff, then entity.
  let scored: [ScoredBlock]
  let evaluation: RunEvaluation
  let caveats: Caveats
  /// Every fold, newest first; the others' numbers are the newest one's.
  let folds: [FoldOutcome]
  /// nil where none was asked for.
  let refit: Refit?
  let warnings: [Finding]
  /// The keys of entities, by number.
  let keys: [String]
  /// The SQL of the last test cutoff.
  let sql: String?

  /// Runs a spec: panel, then training, calibration and evaluation of each fold.
  /// - Parameters:
  ///   - refitting: whether the recipe is fitted a second time, on everything mature.
  ///   - remarks: warnings about the data from elsewhere.
  /// - Throws: `FindingsError` for what the spec or its data are to blame for.
  init(
    _ panel: ExperimentPanel, library: LightGBMLibrary, settings: RunSettings, refitting: Bool,
    remarks: [Finding] = []
  ) throws {
    let spec = panel.spec
    let folds = panel.folds
    let everything = refitting ? [try Refit.timeline(spec, beside: folds[0])] : []
    var blocks = try FoldBlocks(folds + everything, panel: panel, settings: settings)
    func run(_ number: Int) throws -> FoldRun {
      do {
        return try FoldRun(
          spec, fold: folds[number], blocks: blocks, library: library, settings: settings)
      } catch let error as FindingsError {
        throw error.inFold(number + 1, of: folds)
      }
    }
    func evaluated(_ number: Int) throws -> FoldOutcome {
      let fold = try run(number)
      settings.progress(RunProgress(stage: .evaluation, done: 0, total: 0))
      return FoldOutcome(
        fold,
        metrics: RunEvaluation.metrics(
          spec, fold.model, fold.test, margins: fold.testMargins, scores: fold.testScores))
    }
    // Oldest first, so that rows which no newer fold uses can go.
    var outcomes: [FoldOutcome] = []
    for number in folds.indices.dropFirst().reversed() {
      outcomes.insert(try evaluated(number), at: 0)
      blocks.keep(only: folds[..<number] + everything)
    }
    let newest = try run(0)
    settings.progress(RunProgress(stage: .evaluation, done: 0, total: 0))
    evaluation = try RunEvaluation(
      spec, levels: blocks.texts.levels, model: newest.model, train: newest.train,
      calibrate: newest.calibrate, test: newest.test, margins: newest.testMargins,
      scores: newest.testScores, threads: settings.threads)
    self.folds = [FoldOutcome(newest, metrics: evaluation.metrics)] + outcomes
    self.spec = spec
    timeline = newest.timeline
    counts = newest.counts
    cutoffCounts = newest.cutoffCounts
    model = newest.model
    calibrator = newest.calibrator
    calibrationDoubt = CalibrationLoss.doubt(
      fitted: newest.crossFittedLoss(keys: blocks.texts.keys), test: evaluation.calibrationLoss,
      newest.calibrator.fit)
    scored = newest.scored
    warnings = panel.findings + remarks
    caveats = Caveats(spec, folds: folds, lookAhead: panel.lookAhead, findings: warnings)
    keys = blocks.texts.keys
    sql = panel.sql
    refit = try everything.first.map { timeline in
      try Refit(
        spec, timeline: timeline, blocks: blocks, library: library, settings: settings)
    }
  }
}

/// A cutoff's rows with margin and score.
public struct ScoredBlock: Sendable {
  public let cutoff: Cutoff
  public let entities: [Int32]
  public let labels: [UInt8]
  public let margins: [Double]
  public let scores: [Double]

  /// Deals margins and scores of consecutive blocks out to them.
  public static func split(
    _ blocks: [PanelBlock], margins: [Double], scores: [Double]
  ) -> [ScoredBlock] {
    var start = 0
    return blocks.map { block in
      let range = start..<(start + block.rowCount)
      start = range.upperBound
      return ScoredBlock(
        cutoff: block.cutoff, entities: block.entities, labels: block.labels,
        margins: Array(margins[range]), scores: Array(scores[range]))
    }
  }
}

extension PanelBlock {
  /// The block's rows and buyers.
  var counts: CutoffCounts {
    CutoffCounts(
      cutoff: cutoff, rows: rowCount,
      buyers: labels.indices.filter { labels[$0] == 1 }.map { entities[$0] })
  }
}
