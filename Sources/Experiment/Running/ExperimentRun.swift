internal import Diagnostics
internal import Evaluation
internal import Learning
package import Panel
internal import Runs
internal import Spec
internal import Warehouse

/// All results of one run of a spec, before any are written: everything for the newest fold, and a
/// summary of each older fold.
struct ExperimentRun {
  let spec: ExperimentSpec
  let timeline: Timeline
  let counts: RoleCounts
  let cutoffCounts: [CutoffCounts]
  let model: TrainedModel
  let calibrator: Calibrator
  /// The log loss with and without calibration, of the calibrator's own rows and of test rows.
  let calibrationLosses: [CalibrationLoss]
  /// The calibrate and test cutoffs' rows, scored, sorted by cutoff, then entity.
  let scored: [ScoredBlock]
  let evaluation: RunEvaluation
  let curves: RunCurves
  let caveats: Caveats
  /// Every fold, newest first. The run's other numbers are the newest fold's.
  let folds: [FoldOutcome]
  /// nil when none was asked for.
  let refit: Refit?
  let warnings: [Finding]
  /// The keys of entities, by entity number.
  let keys: [String]
  /// The clusters of the entities; nil if every entity is a cluster of its own.
  let clusters: EntityClusters?
  /// The SQL of the last test cutoff.
  let sql: String?

  /// Runs a spec: builds the panel, then trains, calibrates and evaluates each fold.
  /// - Parameters:
  ///   - refitting: whether to fit the recipe a second time, on all mature data.
  ///   - remarks: warnings about the data from elsewhere.
  /// - Throws: `FindingsError` when the spec or its data are at fault.
  init(
    _ panel: ExperimentPanel, library: LightGBMLibrary, settings: RunSettings, refitting: Bool,
    remarks: [Finding] = []
  ) throws {
    let spec = panel.spec
    let folds = panel.folds
    let everything = refitting ? [try Refit.timeline(spec, beside: folds[0])] : []
    var blocks = try FoldBlocks(folds + everything, panel: panel, settings: settings)
    // Before anything is fitted, because a segment may be refused.
    let segments = try SegmentLevels.all(
      spec, texts: blocks.texts, blocks.rows(.test, of: folds[0]))
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
      settings.progress(StepProgress(.stage(.evaluation)))
      return FoldOutcome(
        fold,
        metrics: RunEvaluation.metrics(
          spec, fold.model, fold.test, margins: fold.testMargins, scores: fold.testScores))
    }
    // Oldest first, so that rows no newer fold uses can be released.
    var outcomes: [FoldOutcome] = []
    for number in folds.indices.dropFirst().reversed() {
      outcomes.insert(try evaluated(number), at: 0)
      blocks.keep(only: folds[..<number] + everything)
    }
    let newest = try run(0)
    settings.progress(StepProgress(.stage(.evaluation)))
    let evaluation = try RunEvaluation(
      spec, segments: segments, model: newest.model, train: newest.train,
      calibrate: newest.calibrate, test: newest.test, texts: blocks.texts,
      margins: newest.testMargins, scores: newest.testScores, threads: settings.threads)
    self.evaluation = evaluation
    settings.progress(StepProgress(.stage(.curves)))
    curves = try RunCurves(
      spec, newest, evaluation.rows, segments: segments, texts: blocks.texts,
      threads: settings.threads)
    self.folds = [FoldOutcome(newest, metrics: evaluation.metrics)] + outcomes
    self.spec = spec
    timeline = newest.timeline
    counts = newest.counts
    cutoffCounts = newest.cutoffCounts
    model = newest.model
    calibrator = newest.calibrator
    calibrationLosses = [
      newest.crossFittedLoss(
        names: blocks.texts.clusterNames, level: spec.evaluation.level),
      evaluation.calibrationLoss,
    ].compactMap(\.self)
    scored = newest.scored
    warnings = panel.findings + remarks
    caveats = Caveats(spec, folds: folds, lookAhead: panel.lookAhead, findings: warnings)
    keys = blocks.texts.keys
    clusters = blocks.clusters
    sql = panel.sql
    refit = try everything.first.map { timeline in
      try Refit(
        spec, timeline: timeline, blocks: blocks, library: library, settings: settings)
    }
  }
}

extension PanelBlock {
  /// The number of the block's rows and buyers.
  var counts: CutoffCounts {
    let positives = labels.indices.filter { labels[$0] == 1 }
    let clusters = isClustered ? self.clusters : nil
    return CutoffCounts(
      cutoff: cutoff, rows: rowCount, buyers: positives.map { entities[$0] },
      clusters: clusters.map { clusters in positives.map { clusters[$0] } }, excluded: excluded)
  }
}

/// The rows, positives and distinct positive entities of each role; of those in one cluster, one
/// counts.
package struct RoleCounts {
  package let rows: [Role: Int]
  package let positives: [Role: Int]
  /// The entities without a label; nil if the label is not conditional.
  package let excluded: [Role: Int]?
  private let buyers: [Role: Int]

  package init(_ counts: [CutoffCounts]) {
    let totals = Dictionary(grouping: counts, by: \.cutoff.role).mapValues(\.total)
    rows = totals.mapValues(\.rows)
    positives = totals.mapValues(\.positives)
    buyers = totals.mapValues(\.buyers)
    excluded =
      counts.excluded == nil
      ? nil
      : Dictionary(grouping: counts, by: \.cutoff.role).compactMapValues(\.excluded)
  }

  package func buyerCount(_ role: Role) -> Int { buyers[role] ?? 0 }
}

/// A second fit of a run's recipe, on all mature data: the model that scores.
///
/// It has learned from the run's test cutoffs, so nothing is left to evaluate it on. The run beside
/// it is the evidence for the recipe.
struct Refit {
  /// The split's cutoffs, oldest first.
  let cutoffCounts: [CutoffCounts]
  let model: TrainedModel
  let calibrator: Calibrator

  /// The cutoffs of a spec's refit, on the data of a run's timeline.
  static func timeline(
    _ spec: ExperimentSpec, beside run: Timeline
  ) throws(Timeline.Problem) -> Timeline {
    // It has fewer roles before the same last cutoff, so it begins no earlier than the run's own
    // timeline.
    try Timeline(
      spec.withoutTest.cutoffs, label: spec.label, dataThrough: run.dataThrough,
      observedFrom: run.observedFrom)
  }

  /// - Throws: as `FoldRun`.
  init(
    _ spec: ExperimentSpec, timeline: Timeline, blocks: FoldBlocks,
    library: LightGBMLibrary, settings: RunSettings
  ) throws {
    settings.progress(StepProgress(.stage(.refitting)))
    let steps = RunSettings(threads: settings.threads) { progress in
      guard progress.step == .stage(.training) else { return }
      settings.progress(
        StepProgress(.stage(.refitting), done: progress.done, of: progress.total))
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
