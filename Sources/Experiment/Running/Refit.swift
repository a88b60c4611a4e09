internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

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
