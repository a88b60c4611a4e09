public import Diagnostics
internal import Evaluation
internal import Experiment
public import Promotion
internal import Runs
internal import Spec

extension Page {
  /// A comparison of runs with their base, for a browser.
  /// - Parameter curves: reads the curves of a run; called only for those that are drawn.
  /// - Throws: what `curves` throws.
  public init(
    figuresOf report: ComparisonReport,
    curves: (ComparedRun) throws(FindingsError) -> ComparedCurves
  ) throws(FindingsError) {
    let base = try curves(report.base)
    var others: [ComparedCurves] = []
    for candidate in report.candidates.prefix(ComparisonFigures.limit) {
      others.append(try curves(candidate.run))
    }
    self.init(
      ComparisonFigures(page: ComparisonPage(report: report), base: base, curves: others).blocks)
  }
}

private struct ComparisonFigures {
  let page: ComparisonPage
  let base: ComparedCurves
  /// Those of the first candidates.
  let curves: [ComparedCurves]

  private var report: ComparisonReport { page.report }
  private var metric: String { report.options.metric }
  private var isAlone: Bool { report.candidates.count == 1 }

  /// The most candidates with figures of their own, in the given order.
  static let limit = 3
  /// The most candidates whose specs and metrics are on the page.
  private static let tableLimit = 20
  /// The most candidates in the figure of differences.
  private static let differenceLimit = 40
  /// The most lines of doubts, and of names in a sentence.
  private static let lineLimit = 20
  /// The most features in the figure of changes.
  private static let featureLimit = 20

  var blocks: [Page.Block] {
    let drawn = Array(zip(report.candidates, curves))
    return [.heading(title, level: 1)] + conclusion + differences
      + drawn.flatMap { section($0, $1) } + others
  }

  private var title: String {
    report.candidates.count <= Self.limit
      ? page.title
      : "\(report.candidates.count.grouped) candidates compared with \(report.base.reference)"
  }

  // MARK: - Conclusion

  private var conclusion: [Page.Block] {
    let lines =
      report.candidates.count <= Self.limit
      ? report.candidates.map(report.verdictLine) : verdicts
    return [
      .group(lines.map { .paragraph($0) }),
      .group([
        .warnings(page.doubts.first(Self.lineLimit)),
        .notes(page.notes.first(Self.lineLimit)),
      ]),
      .paragraph(page.rows.isEmpty ? "" : "Evaluated on \(page.rows)."),
    ]
  }

  /// How many candidates have each verdict, and the better ones.
  private var verdicts: [String] {
    let kinds = Verdict.allCases.compactMap { verdict in
      let count = report.candidates.count { $0.verdict == verdict }
      return count > 0 ? "\(count.grouped) \(verdict.rawValue)" : nil
    }
    let silent = report.candidates.count { $0.verdict == nil }
    let better = report.candidates.filter { $0.verdict == .better }.map { "`\($0.run.reference)`" }
    return [
      "Of \(report.candidates.count.grouped) candidates, by \(metric) against "
        + "`\(report.base.reference)`: "
        + (kinds + (silent > 0 ? ["\(silent.grouped) without a verdict"] : []))
        .joined(separator: ", ") + ".",
      better.isEmpty
        ? "None is shown to be better."
        : "Better: \(better.first(Self.lineLimit).joined(separator: ", ")).",
    ]
  }

  // MARK: - Evidence on all candidates

  private var differences: [Page.Block] {
    let sign = MetricDirection(of: metric) == .lessIsBetter ? -1.0 : 1.0
    let all = report.candidates.map { candidate in
      DifferencesChart.Row(candidate.run.reference, candidate.difference(metric))
    }
    let known = all.filter(\.difference.value.isFinite)
    let isCut = known.count > Self.differenceLimit
    // Equal differences keep their order.
    let sorted = known.enumerated().sorted { left, right in
      let values = (
        sign * left.element.difference.value, sign * right.element.difference.value
      )
      return values.0 == values.1 ? left.offset < right.offset : values.0 > values.1
    }.map(\.element)
    var chart = DifferencesChart(
      rows: isCut ? Array(sorted.prefix(Self.differenceLimit)) : known,
      smallestEffect: report.options.smallestEffect)
    chart.title = "Differences in \(metric) from \(report.base.reference)"
    let direction = sign < 0 ? "less is better" : "more is better"
    let correction = isAlone ? "" : ", corrected for \(all.count.grouped) candidates"
    let caption =
      "Candidate minus base; \(direction). The intervals are of the same resamples for both"
      + "\(correction)."
      + (isCut ? " The best \(Self.differenceLimit) of \(known.count.grouped) are drawn." : "")
    return [.heading("Differences", level: 2)]
      + (known.isEmpty ? [] : [.figure(Figure(chart, caption: caption))])
      + [.table(isAlone ? Table([]) : page.summary)]
  }

  // MARK: - One candidate

  private func section(_ candidate: CandidateReport, _ own: ComparedCurves) -> [Page.Block] {
    let level = isAlone ? 2 : 3
    let name = candidate.run.reference
    let head: [Page.Block] =
      isAlone
      ? [] : [.heading(name, level: 2), .paragraph(report.verdictLine(candidate))]
    return head + [
      .notes(page.ownRemarks(candidate).map(\.words)), .heading("What differs", level: level),
      .group(page.spec(candidate)), .heading("Metrics", level: level),
      .figure(metrics(candidate)),
    ] + curveSections(candidate, own, level: level) + features(candidate, level: level)
      + top(candidate, own, level: level)
      + [.heading("All numbers", level: level)] + numbers(candidate)
  }

  private func metrics(_ candidate: CandidateReport) -> Figure {
    let lists = candidate.metricNames.filter { $0.hasPrefix("lift_at_") }
    let names =
      [
        "roc_auc", "pr_auc", "brier_skill", "log_loss", "ece", "calibration_slope",
        "observed_over_expected",
      ].filter(candidate.metricNames.contains) + lists.prefix(2)
    let shown = names.contains(metric) ? names : [metric] + names
    var chart = MetricsChart(
      entries: [report.base.reference, candidate.run.reference],
      metrics: shown.compactMap { name in
        candidate.values(name).map { values in
          .init(
            RunFigures.title(of: name),
            [estimate(name, report.base, values.base), estimate(name, candidate.run, values.own)])
        }
      })
    chart.title = "Metrics of both runs"
    return Figure(
      chart,
      caption: "Each run's own interval. Both are evaluated on the same rows, so these intervals "
        + "may overlap although the difference is certain: the intervals of the differences decide."
    )
  }

  /// A metric with the interval in the run's metrics.json if that is of the rows that are compared.
  private func estimate(_ name: String, _ run: ComparedRun, _ value: Double) -> ChartEstimate {
    let own = SideMetrics(run.metrics)
    let isOfRows =
      report.rows.map {
        own.values["rows"] == Double($0.rows) && own.values["positives"] == Double($0.positives)
      } ?? true
    return isOfRows ? ChartEstimate(name, own) : ChartEstimate(value)
  }

  private func curveSections(
    _ candidate: CandidateReport, _ own: ComparedCurves, level: Int
  ) -> [Page.Block] {
    let missing = [
      base.missing(report.base.reference), own.missing(candidate.run.reference),
    ].compactMap(\.self)
    guard let first = base.found, let second = own.found else {
      return [.heading("Curves", level: level)] + missing.map { .paragraph($0) }
    }
    guard first.hasRows(of: second), !candidate.isRankingOnly else {
      return [
        .heading("Curves", level: level),
        .paragraph(
          "The curves of `\(report.base.reference)` and `\(candidate.run.reference)` are of different "
            + "test rows, so they are not drawn beside each other; the report.html of each run has "
            + "its own."),
      ]
    }
    let figures = CurveFigures(
      runs: [
        .init(name: report.base.reference, curves: first),
        .init(name: candidate.run.reference, curves: second),
      ], noun: page.nouns)
    func part(_ title: String, _ figures: [Figure]) -> [Page.Block] {
      figures.isEmpty ? [] : [.heading(title, level: level)] + figures.map { .figure($0) }
    }
    return part("Ranking", figures.ranking) + part("Calibration", figures.calibration)
      + part("By cutoff", [figures.cutoffs].compactMap(\.self))
  }

  private func features(_ candidate: CandidateReport, level: Int) -> [Page.Block] {
    let changes = candidate.importance.filter { $0.kind != .unchanged }
    guard !changes.isEmpty else { return [] }
    var chart = DifferencesChart(
      rows: changes.prefix(Self.featureLimit).map { change in
        let kind = [.new, .gone].contains(change.kind) ? " (\(change.kind.rawValue))" : ""
        return .init(change.feature + kind, ChartEstimate(change.change))
      })
    chart.title = "Share of the gain: \(candidate.run.reference) minus \(report.base.reference)"
    let rest = changes.count - Self.featureLimit
    return [
      .heading("Features", level: level),
      .figure(
        Figure(
          chart,
          caption: "What each feature has of the model's total gain, largest change first."
            + (rest > 0 ? " \(rest.grouped) smaller changes are not shown." : ""))),
    ]
  }

  /// The rows that enter and leave the top of the list.
  private func top(
    _ candidate: CandidateReport, _ own: ComparedCurves, level: Int
  ) -> [Page.Block] {
    guard let before = base.found?.top, let after = own.found?.top else { return [] }
    let heading = Page.Block.heading("Top of the list", level: level)
    guard before.cutoff == after.cutoff else {
      return [
        heading,
        .paragraph(
          "The last test cutoffs are \(before.cutoff) and \(after.cutoff), so the tops of the lists "
            + "cannot be compared."),
      ]
    }
    let changes = TopChanges(before, after)
    return [
      heading,
      .paragraph(
        "At \(before.cutoff), of the first \(changes.length.grouped) rows of the list, "
          + "\(changes.entering.count.grouped) enter, \(changes.leaving.count.grouped) leave, and "
          + "\(changes.staying.count.grouped) stay."),
      .table(changes.table),
    ]
  }

  /// The tables that the other formats have.
  private func numbers(_ candidate: CandidateReport) -> [Page.Block] {
    [
      .details(
        "Metrics, features, and top lists of \(candidate.run.reference)",
        [
          .table(page.metrics(candidate)), .table(page.importance(candidate)),
          .table(page.lists(candidate)),
        ])
    ]
  }

  // MARK: - Further candidates

  private var others: [Page.Block] {
    let rest = report.candidates.dropFirst(Self.limit)
    guard !rest.isEmpty else { return [] }
    let shown = rest.prefix(Self.tableLimit)
    let left = rest.count - shown.count
    return [
      .heading("Other candidates", level: 2),
      .paragraph(
        "Figures are drawn for the first \(Self.limit) candidates. Name another one first, or alone, to "
          + "see its figures."
          + (left > 0
            ? " The numbers of \(left.grouped) candidates are not on this page; `--format json` has "
              + "them all." : "")),
    ]
      + shown.map { candidate in
        .details(
          report.verdictLine(candidate),
          page.spec(candidate) + [
            .table(page.metrics(candidate)), .table(page.importance(candidate)),
            .table(page.lists(candidate)),
          ])
      }
  }
}

/// How the top of a list changes from one run to another.
private struct TopChanges {
  let entering: [TopRows.Row]
  let leaving: [TopRows.Row]
  let staying: [TopRows.Row]
  /// The length of the longer list.
  let length: Int

  private let before: [String: TopRows.Row]
  private let after: [String: TopRows.Row]

  init(_ before: TopRows, _ after: TopRows) {
    func byKey(_ rows: TopRows) -> [String: TopRows.Row] {
      Dictionary(rows.rows.map { ($0.key, $0) }) { first, _ in first }
    }
    let (own, other) = (byKey(after), byKey(before))
    entering = after.rows.filter { other[$0.key] == nil }
    leaving = before.rows.filter { own[$0.key] == nil }
    staying = after.rows.filter { other[$0.key] != nil }
    length = max(before.rows.count, after.rows.count)
    (self.before, self.after) = (other, own)
  }

  var table: Table {
    let groups = [("enters", entering), ("leaves", leaving), ("stays", staying)]
    return Table(
      [
        .text("row"), .text(""), .number("rank, base"), .number("candidate"),
        .number("score, base"), .number("candidate"), .text("positive"), .text("reasons"),
      ],
      rows: groups.flatMap { change, rows in
        rows.map { row in
          let sides = [before[row.key], after[row.key]]
          return [row.key, change] + sides.map { $0.map { $0.rank.grouped } ?? "-" }
            + sides.map { NumberText.metric($0?.score) }
            + [row.label == 1 ? "yes" : "no", row.reasons.joined(separator: "; ")]
        }
      })
  }
}

extension ComparedCurves {
  /// Why a run has no curves, and how to get them; nil if it has.
  fileprivate func missing(_ reference: String) -> String? {
    switch self {
    case .curves: nil
    case .metricsOnly:
      "`\(reference)` has only metrics, so there are no curves to draw; to get them, run its spec on "
        + "this machine with `holdout run` and compare with that run."
    case .earlierVersion:
      "`\(reference)` has no curves, because an earlier version of Holdout made its run; to get them, "
        + "run its spec again with `holdout run`."
    case .runElsewhere(let id):
      "`\(reference)` is a model without curves, and run \(id), which has them, is not on this "
        + "machine; to get them, run its spec again with `holdout run`."
    }
  }
}

extension RunCurves {
  /// Whether both are of the same cutoffs with as many rows and positives.
  fileprivate func hasRows(of other: RunCurves) -> Bool {
    let (own, others) = (cutoffs.study.all, other.cutoffs.study.all)
    return cutoffs.levels == other.cutoffs.levels && own.rows == others.rows
      && own.positives == others.positives
  }
}

extension CandidateReport {
  /// The difference of a metric with its interval, at the corrected level if it decides.
  fileprivate func difference(_ metric: String) -> ChartEstimate {
    if let paired {
      let found =
        paired.decisive.metric == metric ? paired.decisive : paired.differences[metric]
      return ChartEstimate(found?.difference, found?.interval)
    }
    let found = unpaired?.differences[metric]
    return ChartEstimate(
      found?.difference ?? .nan, found?.lower ?? .nan, found?.upper ?? .nan)
  }

  /// A metric of the base and of the candidate.
  fileprivate func values(_ metric: String) -> (base: Double, own: Double)? {
    paired?.differences[metric].map { ($0.base, $0.candidate) }
      ?? unpaired?.differences[metric].map { ($0.base, $0.candidate) }
  }
}

extension [String] {
  /// The first lines, and how many more there are.
  func first(_ count: Int) -> [String] {
    self.count > count ? prefix(count) + ["and \((self.count - count).grouped) more"] : self
  }
}
