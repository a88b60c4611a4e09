internal import Diagnostics
internal import Evaluation
internal import Runs
internal import Spec

// Whether the scores hold in each segment.
extension RunFigures {
  var segments: [Page.Block] {
    guard !curves.segments.isEmpty else { return [] }
    return [
      .heading("Segments", level: 2),
      .paragraph(
        "Ask first whether the levels differ at all: among many levels some always look bad. "
          + "Where they differ, act on the shrunken ratio in the table, which knows how little a small "
          + "level says."),
    ] + curves.segments.map { .figure(figure($0)) }
  }

  private func figure(_ segment: RunCurves.Segment) -> Figure {
    let study = segment.study
    func level(_ name: String, _ figures: SegmentStudy.Figures) -> SegmentsChart.Level {
      .init(
        name, rows: figures.rows, buyers: figures.positiveEntities,
        ratio: ChartEstimate(figures.ratio), shrunken: figures.shrunken ?? .nan,
        auc: ChartEstimate(figures.rocAuc, figures.rocAucInterval))
    }
    let small = study.small.map { level("\(study.smallLevels.of("small level")) together", $0) }
    let unassigned = study.unassigned.map { level("without a level", $0) }
    let chart = SegmentsChart(
      column: segment.name,
      levels: study.levels.map { level(segment.name(of: $0), $0.figures) },
      others: [small, unassigned].compactMap(\.self),
      pooledRatio: study.all.ratio?.ratio ?? .nan, pooledAUC: study.all.rocAuc ?? .nan,
      noun: noun)
    let left = study.levels.count - SegmentsChart.limit
    return Figure(
      chart,
      caption: SegmentBlocks([segment], noun: noun).sentence(segment)
        + " Observed / expected above 1: the scores are too low there. ROC AUC is shown from 10 "
        + "\(noun.many) on."
        + (study.small == nil
          ? ""
          : " Levels in which fewer than 5 \(noun.many) are found and expected are taken together.")
        + (left > 0
          ? " \(left.grouped) of \(study.levels.count.of("level")) are left out here; curves.json "
            + "has all." : ""))
  }
}
