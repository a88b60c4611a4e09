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
  /// The log loss with calibration and without it, of the rows that it is fitted on and of test rows.
  let calibrationLosses: [CalibrationLoss]
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
    calibrationLosses = [
      newest.crossFittedLoss(keys: blocks.texts.keys), evaluation.calibrationLoss,
    ].compactMap(\.self)
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

/// Rows, positives and distinct buyers of each role.
package struct RoleCounts {
  package private(set) var rows: [Role: Int] = [:]
  package private(set) var positives: [Role: Int] = [:]
  private var buyers: [Role: Set<Int32>] = [:]

  package init(_ counts: [CutoffCounts]) { for count in counts { add(count) } }

  private mutating func add(_ counts: CutoffCounts) {
    rows[counts.cutoff.role, default: 0] += counts.rows
    positives[counts.cutoff.role, default: 0] += counts.positives
    buyers[counts.cutoff.role, default: []].formUnion(counts.buyers)
  }

  package func buyerCount(_ role: Role) -> Int { buyers[role]?.count ?? 0 }
}

/// A second fit of a run's recipe, on everything mature: the model that scores.
///
/// It has learned from the cutoffs that the run is judged on, so that nothing is left to judge it by; the
/// run beside it is the evidence for the recipe.
struct Refit {
  /// The split's cutoffs, oldest first.
  let cutoffCounts: [CutoffCounts]
  let model: TrainedModel
  let calibrator: Calibrator

  /// The cutoffs of a spec's refit, on the data of a run's timeline.
  static func timeline(
    _ spec: ExperimentSpec, beside run: Timeline
  ) throws(Timeline.Problem) -> Timeline {
    // With fewer roles behind the same last cutoff it begins no earlier than the run's own.
    try Timeline(
      spec.withoutTest.cutoffs, label: spec.label, dataThrough: run.dataThrough,
      observedFrom: run.observedFrom)
  }

  /// - Throws: as `FoldRun`.
  init(
    _ spec: ExperimentSpec, timeline: Timeline, blocks: FoldBlocks,
    library: LightGBMLibrary, settings: RunSettings
  ) throws {
    settings.progress(RunProgress(stage: .refitting, done: 0, total: 0))
    let steps = RunSettings(threads: settings.threads) { progress in
      guard progress.stage == .training else { return }
      settings.progress(
        RunProgress(stage: .refitting, done: progress.done, total: progress.total))
    }
    do {
      let fold = try FoldRun(
        spec.withoutTest, fold: timeline, blocks: blocks, library: library,
        settings: steps)
      cutoffCounts = fold.cutoffCounts
      model = fold.model
      calibrator = fold.calibrator
    } catch let error as FindingsError {
      throw FindingsError(
        error.findings.map { finding in
          var finding = finding
          finding.notes.insert("this is in the second fit, on everything mature", at: 0)
          return finding
        })
    }
  }
}
