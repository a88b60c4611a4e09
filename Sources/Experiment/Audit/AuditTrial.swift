internal import Evaluation
internal import Learning
internal import Panel
internal import Spec

/// A model trained on some cutoffs and judged on others, with the spec's own parameters.
struct AuditTrial {
  /// How sure a check wants to be before it speaks of a difference.
  static let level = 0.99
  /// Half the width of an interval beyond which a difference would go unseen that matters.
  static let widest = 0.15
  /// Buyers below which nothing is said, however few the spec is content with.
  static let fewest = 20
  /// Resamples of the bootstrap: five draws lie beyond each end of an interval of 99 %.
  static let resamples = 1000

  let model: TrainedModel
  let rocAUC: Double?
  let averagePrecision: Double?
  let baseRate: Double?
  /// The interval of the ROC AUC over resampled entities; nil where it is undefined.
  let interval: Interval?
  let evidence: Evidence

  /// Trains and judges.
  /// - Throws: as `TrainedModel`.
  init(
    _ spec: ExperimentSpec, train: [PanelBlock], test: [PanelBlock], builder: PanelBuilder,
    library: LightGBMLibrary, threads: Int
  ) throws {
    model = try TrainedModel(
      spec, train: train, texts: try PanelTexts(builder),
      library: library,
      settings: RunSettings(threads: threads))
    let margins = try model.margins(test, threads: threads)
    let probabilities = RunEvaluation.probabilities(margins, model)
    let rows = RunEvaluation.rows(
      test, margins: margins, scores: probabilities, uncalibrated: probabilities)
    let groups = ScoreGroups(labels: rows.label, scores: rows.margin)
    rocAUC = groups.areaUnderROC
    averagePrecision = groups.averagePrecision
    baseRate = groups.baseRate
    evidence = Evidence(
      distinctBuyers: rows.distinctBuyers,
      minimumPositives: max(Self.fewest, spec.evaluation.minimumPositives))
    guard rocAUC != nil else {
      interval = nil
      return
    }
    let draws = bootstrap(
      rows, options: EvaluationOptions(topK: [], topPercent: []),
      bootstrap: BootstrapOptions(
        resamples: Self.resamples, level: Self.level,
        seed: UInt64(bitPattern: Int64(spec.evaluation.seed)), threads: threads))
    interval = draws.pooled["roc_auc"].flatMap { Interval($0, level: Self.level) }
  }

  /// Why the test rows say too little; nil when they suffice.
  var tooFew: String? {
    evidence.isSufficient
      ? nil
      : "the test rows hold \(AuditWords.count(evidence.distinctBuyers, "buyer")), and "
        + "\(evidence.minimumPositives) are needed"
  }
}
