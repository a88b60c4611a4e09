internal import Diagnostics
internal import Evaluation
internal import Learning
internal import Panel
internal import Runs
internal import Spec

extension RunSummary {
  init(
    _ run: ExperimentRun, identity: RunIdentity, specText: String,
    importance: [FeatureImportance], projectFolder: String, resultsFolder: String
  ) {
    let evaluation = run.evaluation
    self.init(
      identity, name: run.spec.name.value, specText: specText, timeline: run.timeline,
      counts: run.cutoffCounts, metrics: Metrics(evaluation.metrics),
      // Top lists are made per cutoff. No name occurs in both.
      intervals: (evaluation.intervals?.pooled ?? [:])
        .merging(evaluation.intervals?.mean ?? [:]) { pooled, _ in pooled },
      evidence: EvidenceRecord(evaluation.metrics.evidence, of: run.spec),
      prior: evaluation.prior.map(Baseline.init),
      oneFeature: evaluation.oneFeature.map { Baseline($0.scores) },
      feature: evaluation.oneFeature?.baseline.feature,
      logistic: evaluation.logistic.map { Baseline($0.scores) },
      cutoffs: zip(evaluation.cutoffs, evaluation.metrics.cutoffs).map {
        CutoffMetrics(date: $0.date.description, values: $1.values)
      },
      folds: run.folds.map { Fold($0, of: run.spec) }, importance: importance,
      caveats: run.caveats.list, sample: run.model.sample.map(SampleRecord.init),
      trees: run.model.earlyStop.map(TreesRecord.init), penalty: run.model.regression?.penalty,
      calibration: CalibrationRecord(run.calibrator),
      calibrationLosses: run.calibrationLosses.filter(\.isWorse),
      refit: run.refit.map {
        SecondFit(counts: $0.cutoffCounts, calibration: CalibrationRecord($0.calibrator))
      },
      warnings: run.warnings.map { RecordedFinding($0, in: projectFolder) },
      resultsFolder: resultsFolder)
  }
}

extension RunSummary.Baseline {
  init(_ baseline: RunEvaluation.Baseline) {
    self.init(
      metrics: RunSummary.Metrics(baseline.metrics),
      differences: baseline.differences.mapValues {
        RunSummary.Estimate(
          value: $0.difference, low: $0.interval.lower, high: $0.interval.upper)
      })
  }
}

extension RunSummary.Fold {
  init(_ outcome: FoldOutcome, of spec: ExperimentSpec) {
    self.init(
      name: outcome.name, pooled: outcome.metrics.pooled.values,
      rows: outcome.counts.rows[.test] ?? 0, positives: outcome.counts.positives[.test] ?? 0,
      buyers: outcome.counts.buyerCount(.test),
      evidence: EvidenceRecord(outcome.metrics.evidence, of: spec))
  }
}
