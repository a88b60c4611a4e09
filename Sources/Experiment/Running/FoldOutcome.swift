internal import Diagnostics
internal import Evaluation
internal import Panel
internal import Spec

/// What a fold has shown, without its model and its rows.
struct FoldOutcome {
  let timeline: Timeline
  let counts: RoleCounts
  let metrics: TestMetrics
  /// nil where no sample was asked for.
  let sample: SampleUse?
  /// nil where the spec gives the number of trees.
  let earlyStop: EarlyStop?
  /// The calibrator in words.
  let calibration: String

  init(_ run: FoldRun, metrics: TestMetrics) {
    timeline = run.timeline
    counts = run.counts
    sample = run.model.sample
    earlyStop = run.model.earlyStop
    calibration = RunSummary.calibration(run.calibrator)
    self.metrics = metrics
  }

  /// What the fold goes by: its last test cutoff.
  var name: String { timeline[.test].last?.date.description ?? "" }
}

extension FindingsError {
  /// The same findings, each saying in which of several folds it came up; `number` counts from 1.
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
