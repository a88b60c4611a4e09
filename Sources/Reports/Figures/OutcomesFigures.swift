internal import Diagnostics
internal import Evaluation
public import Operations
internal import Spec

extension Page {
  /// The outcomes of published lists, for a browser.
  public init(figuresOf report: OutcomesReport) {
    self.init(OutcomesFigures(page: OutcomesPage(report: report)).blocks)
  }
}

private struct OutcomesFigures {
  let page: OutcomesPage

  private var report: OutcomesReport { page.report }

  var blocks: [Page.Block] {
    let head: [Page.Block] = [
      .heading("Outcomes of \(report.name)", level: 1),
      .group([
        .paragraph(report.isAsExpected ? page.verdict : ""),
        .warnings([report.isAsExpected ? nil : page.verdict, page.doubt].compactMap(\.self)),
      ]),
      .group(page.heading.map { .paragraph($0) }), .notes(page.remarks),
    ]
    let figures = [lists] + [rates].compactMap(\.self) + [tenths] + groupings
    let wins: [Page.Block] =
      [.heading("Observed and expected wins", level: 2)] + figures.map { .figure($0) }
    let tables = page.sections.flatMap { heading, table -> [Page.Block] in
      [.heading(heading, level: 2), .table(table)]
    }
    return head + holdBack + wins + tables
  }

  private var holdBack: [Page.Block] {
    guard let held = report.holdBack.map(HoldBackBlocks.init) else { return [] }
    return held.blocks + (held.figure.map { [.figure($0)] } ?? [])
  }

  private var interval: String {
    "The \(NumberText.level(report.options.level)) interval is where the wins would be if the scores "
      + "are right."
  }

  /// The published rows of each list, newest first, and of all.
  private var lists: Figure {
    let rows = report.lists.reversed().map {
      WinsChart.Row($0.cutoff.description, $0.figures.published)
    }
    // One list is all of them.
    let all = rows.count > 1 ? [WinsChart.Row("all lists", report.pooled.published)] : []
    return Figure(
      WinsChart(title: "Wins by list", rows: all + rows),
      caption: "The published rows of each list, newest first. \(interval)")
  }

  /// Observed over expected wins and lift by list; nil for a single list.
  private var rates: Figure? {
    guard report.lists.count > 1 else { return nil }
    let names = [("observed_over_expected", "observed / expected wins"), ("lift", "lift")]
    var chart = CutoffsChart(
      metrics: names.map { name, title in
        .init(
          title,
          report.lists.map { list in
            let figures = list.figures.published
            return .init(
              list.cutoff, ChartEstimate(figures.values[name], figures.intervals[name]))
          }, pooled: report.pooled.published.values[name] ?? .nan)
      })
    chart.title = "Rates by list"
    let isMeasured = !report.pooled.published.intervals.isEmpty
    return Figure(
      chart,
      caption: isMeasured
        ? "With \(NumberText.level(report.options.level)) intervals over resamples of the accounts."
        : "")
  }

  private var tenths: Figure {
    Figure(
      WinsChart(
        title: "Wins by tenth of the list",
        rows: report.tenths.enumerated().map { index, figures in
          WinsChart.Row("tenth \(index + 1)", figures)
        }),
      caption: "Of all lists, best first. \(interval)")
  }

  private var groupings: [Figure] {
    report.groupings.map { grouping in
      Figure(
        WinsChart(
          title: "Wins by \(grouping.column)",
          rows: grouping.levels.map { WinsChart.Row($0.name, $0.figures.published) }),
        caption: "Of all lists, by decreasing number of rows. \(interval)")
    }
  }
}

extension WinsChart.Row {
  fileprivate init(_ name: String, _ figures: OutcomeFigures) {
    self.init(
      name, observed: Double(figures.wins),
      expected: ChartEstimate(
        figures.values["expected_wins"] ?? .nan, Double(figures.expected.lowerBound),
        Double(figures.expected.upperBound)))
  }
}
