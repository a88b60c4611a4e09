internal import Diagnostics
internal import Evaluation
internal import Panel
internal import Runs
internal import Spec

// When the model learned and was tested, and whether it holds over time.
extension RunFigures {
  var time: [Page.Block] {
    [
      .heading("Time", level: 2),
      .figure(
        Figure(
          timeline,
          caption: "Each line is a cutoff with its label window of \(spec.label.horizon.value)."
            + (summary.caveats.contains { $0.kind == .lookAhead }
              ? "" : " Features know nothing that came after the dot."))),
      .table(report.roleTable), .figure(Figure(cutoffs, caption: cutoffCaption)),
      .details("All metrics by cutoff", [.table(report.cutoffTable)]),
    ] + folds
  }

  private var timeline: TimelineChart {
    TimelineChart(
      rows: summary.timeline.cutoffs.map { .init($0.date, $0.role, windowEnd: $0.windowEnd) },
      dataThrough: summary.timeline.dataThrough)
  }

  private var cutoffCaption: String {
    "How well the model ranks, and whether its scores are right, at each test cutoff. "
      + "\(hasIntervals ? "Whiskers are \(level) intervals. " : "")\(cutoffVerdict)"
  }

  /// A cutoff with little evidence has no interval.
  private var cutoffs: CutoffsChart {
    let study = curves.cutoffs.study
    var figures: [String: SegmentStudy.Figures] = [:]
    for level in study.levels { figures[curves.cutoffs.levels[level.index]] = level.figures }
    func metric(
      _ name: String, _ estimate: (SegmentStudy.Figures) -> ChartEstimate
    ) -> CutoffsChart.Metric {
      .init(
        Self.title(of: name),
        summary.cutoffs.compactMap { cutoff in
          guard let date = CalendarDate(cutoff.date) else { return nil }
          let own = figures[cutoff.date].map(estimate)
          let known = own.flatMap { $0.value.isFinite ? $0 : nil }
          return .init(date, known ?? ChartEstimate(cutoff.values[name] ?? .nan))
        }, pooled: summary.metrics[name] ?? .nan)
    }
    return CutoffsChart(metrics: [
      metric("roc_auc") { ChartEstimate($0.rocAuc, $0.rocAucInterval) },
      metric("observed_over_expected") { ChartEstimate($0.ratio) },
    ])
  }

  private var folds: [Page.Block] {
    let blocks = summary.foldBlocks
    return blocks.isEmpty
      ? []
      : [
        .heading("By fold", level: 3),
        .paragraph(
          "Each fold by its last test cutoff, trained and evaluated separately; the spread is the "
            + "sample standard deviation over the folds. Everything else on this page is for the "
            + "first fold."),
      ] + blocks
  }
}
