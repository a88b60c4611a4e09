internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Panel
internal import Runs
internal import Spec

extension RunRecord {
  init(
    _ run: ExperimentRun, identity: RunIdentity, variations: [String], threads: Int,
    timings: [Timing], findings: [RecordedFinding]
  ) {
    self.init(
      identity, name: run.spec.name.value, dataThrough: run.timeline.dataThrough.description,
      cutoffs: run.cutoffCounts.map(CutoffEntry.init),
      folds: run.folds.count == 1
        ? nil
        : run.folds.map { fold in
          FoldEntry(
            lastTestCutoff: fold.name,
            firstTrainCutoff: fold.timeline[.train].first?.date.description,
            calibration: fold.calibration)
        },
      preset: PresetEntry(run.spec.model), sample: run.model.sample.map(SampleRecord.init),
      trees: run.model.earlyStop.map(TreesRecord.init),
      calibration: CalibrationRecord(run.calibrator), caveats: run.caveats.list,
      variations: variations,
      evidence: EvidenceRecord(run.evaluation.metrics.evidence, of: run.spec),
      oneFeature: run.evaluation.oneFeature?.baseline.feature, threads: threads, timings: timings,
      findings: findings)
  }

  /// Makes the record of a run's refit: the same spec and data, fitted on other cutoffs.
  init(_ refit: Refit, beside run: RunRecord) {
    self.init(
      refitOf: run, cutoffs: refit.cutoffCounts.map(CutoffEntry.init),
      sample: refit.model.sample.map(SampleRecord.init),
      trees: refit.model.earlyStop.map(TreesRecord.init),
      calibration: CalibrationRecord(refit.calibrator),
      timings: run.timings.filter { $0.stage == RunStage.refitting.rawValue })
  }
}

extension SampleRecord {
  init(_ use: SampleUse) {
    let (share, perPositive): (Double?, Int?) =
      switch use.asked {
      case .share(let share): (share, nil)
      case .perPositive(let count): (nil, count)
      }
    self.init(
      share: share, perPositive: perPositive, positives: use.positives, negatives: use.negatives,
      kept: use.kept)
  }
}

extension TreesRecord {
  init(_ stop: EarlyStop) {
    self.init(
      found: stop.search.trees, limit: stop.limit, logLoss: stop.search.logLoss,
      validation: stop.split.validation, fitted: stop.split.fitted.count)
  }
}
