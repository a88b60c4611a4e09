internal import Diagnostics
internal import Evaluation
public import Operations
internal import Spec

extension Page {
  /// The outcomes of published lists.
  public init(_ report: OutcomesReport) {
    self.init(OutcomesPage(report: report).blocks)
  }
}

extension OutcomesReport {
  /// What a reader must know besides the numbers, one sentence each.
  var remarks: [String] {
    [
      changedSpec.map {
        "\($0) has changed since the promotion; the promoted spec is used, with its `score`"
      }
    ].compactMap(\.self)
      + missingGroups.map { "the lists have no column `\($0)` to group by" }
      + [
        askedThrough.map {
          "the label's source is used through \(dataThrough), not \($0), because of its "
            + "`data_through` or `as_of` in the spec"
        }
      ].compactMap(\.self)
  }
}

struct OutcomesPage {
  let report: OutcomesReport

  var blocks: [Page.Block] {
    let doubts = [report.isAsExpected ? nil : verdict, doubt].compactMap(\.self)
    let head: [Page.Block] = [
      .only(.document, [.heading("Outcomes of \(report.name)", level: 1)]),
      .group(heading.map { .paragraph($0) }),
      .group([
        .paragraph(report.isAsExpected ? verdict : ""), .warnings(doubts), .notes(remarks),
      ]),
    ]
    let tables = sections.flatMap { heading, table -> [Page.Block] in
      [.heading(heading, level: 2), .table(table)]
    }
    return head + (report.holdBack.map { HoldBackBlocks(held: $0).blocks } ?? []) + tables
  }

  /// What was measured, in two lines.
  var heading: [String] {
    let all = report.lists.count + report.pending.count
    let lists = "\(report.lists.count.grouped) of \(all.grouped) published lists"
    let others = report.hindsight.count
    return [
      "\(report.name): \(lists) \(report.lists.count == 1 ? "has" : "have") matured, data through "
        + "\(report.dataThrough)"
        + (others == 0 ? "" : "; \(others.grouped) more made with hindsight"),
      "a win is \(report.question); lists read from \(report.place)",
    ]
  }

  /// Whether the number of wins is within the expected range.
  var verdict: String {
    let figures = report.pooled.published
    let promised =
      "\(figures.wins.grouped) wins on the lists; the scores predicted "
      + Self.expected(figures)
    if figures.isAsExpected { return "as expected: \(promised)" }
    let direction = figures.wins < figures.expected.lowerBound ? "high" : "low"
    return "not as expected: \(promised): they are too \(direction)"
  }

  /// Why rates should not be trusted; nil if the evidence is sufficient.
  var doubt: String? {
    let evidence = report.pooled.published.evidence
    guard !evidence.isSufficient else { return nil }
    return
      "insufficient evidence: \(evidence.positiveEntities) distinct \(report.noun.many) on the lists, "
      + "\(evidence.minimumPositives) are needed"
  }

  /// The rows that today's data contradict, and other remarks.
  var remarks: [String] {
    let unmatched = report.lists.reduce(0) { $0 + $1.unmatched }
    let departed = report.lists.reduce(0) { $0 + $1.departed }
    let wins = report.lists.reduce(0) { $0 + $1.departedWins }
    var remarks = report.remarks
    if unmatched > 0 {
      remarks.append(
        Self.belonging(
          unmatched, "that is no longer in the data", "that are no longer in the data")
          + ", for example after a merge; \(unmatched == 1 ? "its" : "their") outcome is unknown, "
          + "and no figure includes \(unmatched == 1 ? "it" : "them")")
    }
    let excluded = report.lists.reduce(0) { $0 + ($1.excluded ?? 0) }
    if excluded > 0 {
      let condition = "for which the question was not decided (`label.among`)"
      remarks.append(
        Self.belonging(excluded, condition, condition)
          + ", and no figure includes \(excluded == 1 ? "it" : "them")")
    }
    if departed > 0 {
      let condition = "that would not be in the cohort with today's data"
      let outcome =
        departed == 1
        ? "it is \(wins == 1 ? "a" : "no") win"
        : "\(wins.grouped) of them \(wins == 1 ? "is a win" : "are wins")"
      remarks.append(Self.belonging(departed, condition, condition) + "; " + outcome)
    }
    if report.pooled.selected == nil, report.lists.contains(where: { $0.figures.selected != nil }) {
      remarks.append(
        "some lists do not say which rows were selected, so they have no figures for selected rows")
    }
    return remarks
  }

  /// How many published rows belong to accounts of a kind.
  /// - Parameters:
  ///   - one: the kind, of one account.
  ///   - many: the kind, of several.
  private static func belonging(_ count: Int, _ one: String, _ many: String) -> String {
    count == 1
      ? "1 published row belongs to an account \(one)"
      : "\(count.grouped) published rows belong to accounts \(many)"
  }

  /// Every table with its heading.
  var sections: [(heading: String, table: Table)] {
    var sections = [("published rows", lists { $0.published })]
    if report.pooled.selected != nil { sections.append(("selected rows", lists { $0.selected })) }
    sections.append(("calibration of the published scores", calibration))
    sections.append(("by tenth of the list, best first", tenths))
    sections += report.groupings.map { ("by \($0.column)", levels($0)) }
    if !report.pending.isEmpty { sections.append(("not yet matured", pending)) }
    if !report.hindsight.isEmpty {
      sections.append(("made with hindsight, not in the figures", hindsight))
    }
    return sections
  }

  // MARK: - Tables

  /// One line per list, and one for all.
  private func lists(_ rows: (OutcomeMeasurement.Part) -> OutcomeFigures?) -> Table {
    let lines = report.lists.map { list in
      [list.cutoff.description, list.windowEnd.description, Self.runs(list.runIds)]
        + Self.line(rows(list.figures))
    }
    return Table(
      [.text("cutoff"), .text("until"), .text("run")] + Self.columns,
      rows: lines + [["all", "", ""] + Self.line(rows(report.pooled))])
  }

  private var calibration: Table {
    let figures = report.pooled.published
    let names = [
      "observed_over_expected", "calibration_slope", "calibration_intercept", "ece", "brier",
      "brier_skill",
    ]
    return Table(
      [.text("metric"), .number("value"), .text("interval")],
      rows: names.map { name in
        [name, NumberText.metric(figures.values[name]), Self.interval(figures, name)]
      })
  }

  private var tenths: Table {
    Table(
      [
        .number("tenth"), .number("rows"), .number("wins"), .text("expected"), .number("precision"),
        .number("lift"), .number("captured"),
      ],
      rows: report.tenths.enumerated().map { number, figures in
        ["\(number + 1)"] + Self.counts(figures)
          + ["precision", "lift", "capture"].map { Self.rate(figures, $0) }
      })
  }

  private func levels(_ grouping: OutcomesReport.Grouping) -> Table {
    let hasSelection = report.pooled.selected != nil
    return Table(
      [.text(grouping.column)] + Self.columns + [.text("")]
        + (hasSelection ? [.number("selected"), .number("wins"), .text("expected")] : []),
      rows: grouping.levels.map { level in
        let figures = level.figures.published
        let mark = figures.evidence.isSufficient ? "" : "few \(report.noun.many)"
        return [level.name] + Self.line(figures) + [mark]
          + (hasSelection ? level.figures.selected.map(Self.counts) ?? [] : [])
      })
  }

  private var pending: Table {
    let hasCounts = report.pending.contains { $0.soFar != nil }
    return Table(
      [.text("cutoff"), .text("run"), .number("rows"), .text("matures")]
        + (hasCounts
          ? [.text("so far, through"), .number("wins so far"), .number("expected so far")] : []),
      rows: report.pending.map { list in
        let counts = [
          list.soFar?.through.description ?? "-", list.soFar?.observed.grouped ?? "-",
          list.soFar.map { NumberText.tenths($0.expected) } ?? "-",
        ]
        return [
          list.cutoff.description, Self.runs(list.runIds), list.rows.grouped,
          list.matures.description,
        ] + (hasCounts ? counts : [])
      })
  }

  private var hindsight: Table {
    Table(
      [.text("cutoff"), .text("run"), .number("rows"), .text("model trained through")],
      rows: report.hindsight.map {
        [$0.cutoff.description, Self.runs($0.runIds), $0.rows.grouped, $0.learnedThrough]
      })
  }

  // MARK: - Cells

  private static let columns: [Table.Column] = [
    .number("rows"), .number("wins"), .text("expected"), .number("precision"), .number("lift"),
    .text("interval"), .number("captured"), .text("interval"),
  ]

  private static func line(_ figures: OutcomeFigures?) -> [String] {
    guard let figures else { return columns.map { _ in "-" } }
    return counts(figures) + [
      rate(figures, "precision"), rate(figures, "lift"), interval(figures, "lift"),
      rate(figures, "capture"), interval(figures, "capture"),
    ]
  }

  private static func counts(_ figures: OutcomeFigures) -> [String] {
    [figures.rows.grouped, figures.wins.grouped, expected(figures)]
  }

  /// Such as `28.4 (19 to 39)`.
  private static func expected(_ figures: OutcomeFigures) -> String {
    NumberText.tenths(figures.values["expected_wins"] ?? 0)
      + " (\(figures.expected.lowerBound.grouped) to \(figures.expected.upperBound.grouped))"
  }

  private static func rate(_ figures: OutcomeFigures, _ name: String) -> String {
    NumberText.metric(figures.values[name])
  }

  private static func interval(_ figures: OutcomeFigures, _ name: String) -> String {
    figures.intervals[name].map { NumberText.interval($0.lower, $0.upper) } ?? ""
  }

  private static func runs(_ ids: [String]) -> String {
    ids.isEmpty ? "-" : ids.joined(separator: ", ")
  }
}
