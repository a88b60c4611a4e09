internal import Evaluation
internal import Panel
internal import Runs
internal import Spec

extension RunCurves {
  /// The consistency band of the reliability diagram, and its draws.
  private static let reliability = (draws: 400, level: 0.9)

  /// - Parameters:
  ///   - rows: the fold's test rows.
  ///   - threads: changes no number.
  init(
    _ spec: ExperimentSpec, _ fold: FoldRun, _ rows: ScoredRows, segments: [SegmentLevels],
    texts: PanelTexts, threads: Int
  ) throws {
    let settings = BootstrapOptions(spec.evaluation, threads: threads)
    var draws = settings
    (draws.resamples, draws.level) = Self.reliability
    let cutoffs = SegmentLevels(
      name: "cutoff", names: fold.test.map(\.cutoff.date.description), codes: rows.cutoff)
    let columns = [cutoffs] + segments
    let studies = SegmentStudy.each(
      rows, by: columns.map { (level: $0.codes, count: $0.names.count) }, bootstrap: settings)
    let studied = zip(columns, studies).map {
      Segment(name: $0.name, levels: $0.names, study: $1)
    }
    // Each of these curves sorts its rows, which takes little time if they are sorted already.
    let ranked = rows.sortedByFallingMargin()
    let explained = ExplainedRows(
      spec, fold.model, fold.calibrator, test: fold.test, rows: rows, texts: texts,
      threads: threads)
    self.init(
      level: settings.level, gain: GainCurve(ranked, bootstrap: settings),
      precisionRecall: PrecisionRecallCurve(ranked),
      reliability: Reliability(ranked, draws: draws), scores: ScoreHistogram(ranked),
      deciles: Deciles(ranked), cutoffs: studied[0],
      segments: Array(studied.dropFirst()), permutation: try explained.permutation(settings),
      shap: try explained.shap(), top: try explained.top())
  }
}
