internal import Diagnostics
internal import Evaluation
internal import Foundation
public import Operations
internal import Spec

extension Page {
  /// What a monitor found.
  public init(_ report: MonitorReport) {
    self.init(MonitorPage(report: report).blocks)
  }
}

struct MonitorPage {
  let report: MonitorReport

  /// The rows of tables that show only the largest ones.
  private static let few = 10

  var blocks: [Page.Block] {
    [
      .only(.document, [.heading("Monitor of \(report.name)", level: 1)]),
      .group(heading.map { .paragraph($0) }),
      // The terminal shows them as findings.
      .only(
        .document,
        [.warnings(report.alarmFindings.map { "\($0.id): \($0.message)" }, lead: "Alarms.")]),
      .notes(acknowledge + report.notes.map(Self.words)),
    ] + inputs + list + outcome + estimate
  }

  /// How to acknowledge the alarms, and what has been acknowledged in these weeks.
  private var acknowledge: [String] {
    let known = report.acknowledged.filter { entry in
      AlarmName(entry.alarm).map { $0.day >= report.weeks.first ?? $0.day } ?? false
    }
    return report.alarmNames.map { name in
      "to acknowledge: `holdout monitor \(report.name) --acknowledge \(name) --reason \"...\"`"
    } + known.map { "\($0.alarm) was acknowledged by \($0.by): \($0.reason)" }
  }

  private var heading: [String] {
    let day = report.weeks.last?.description ?? "-"
    let verdict =
      report.alarms.isEmpty
      ? "no alarm"
      : "alarm in \(report.alarms.map(\.rawValue).inWords("and"))"
    return [
      "\(report.name): \(verdict) (week of \(day), data through \(report.dataThrough))",
      "a win is \(report.question); in production is run \(report.runId); "
        + "\(report.weeks.count.of("week")) of \((report.rows.last ?? 0).grouped) rows",
    ]
  }

  // MARK: - Inputs

  private var inputs: [Page.Block] {
    let inputs = report.inputs
    let past = report.earlierInputAlarms.map(\.message)
    let tested =
      inputs.testedFrom.map { "weeks from \($0) on were tested" }
      ?? "no week could be tested, because 13 earlier ones are needed"
    return [
      .heading("inputs", level: 2),
      .paragraph(
        "\(inputs.features.count.of("feature")); \(tested)"
          + (inputs.ignored.isEmpty ? "" : "; not watched: \(inputs.ignored.inWords("and"))")
          + "; \(inputs.storedWeeks.of("week")) as stored with \(inputs.storedWeeks == 1 ? "its list" : "their lists"), "
          + "\(report.weeks.count - inputs.storedWeeks) from the history"),
      .notes([corrected].compactMap(\.self)),
      .table(features),
      past.isEmpty ? .list([]) : .heading("earlier alarms", level: 3),
      .list(past),
      .only(
        .document,
        [
          .figure(
            Figure(
              drift,
              caption: "The share of rows that moved since the week before. The threshold is that "
                + "of the last week: the median of the weeks before it, and five deviations."))
        ]),
    ]
  }

  /// The features whose history was corrected since a list was made.
  private var corrected: String? {
    let all = report.inputs.corrections
    guard !all.isEmpty else { return nil }
    let words = Self.few(
      all.map { "`\($0.feature)` in \($0.share.percent) of rows of \($0.week)" },
      others: "other feature")
    return "the history was corrected since lists were made: \(words); "
      + "these weeks are compared as they were then, and the flows between levels are those of "
      + "today's history"
  }

  /// The features that moved farthest since they were learned, or last week.
  private var features: Table {
    let features = report.inputs.features
    let shown = features.indices.sorted { left, right in
      let (one, other) = (features[left].sinceTrain.moved, features[right].sinceTrain.moved)
      return one == other ? left < right : one > other
    }.map { features[$0] }
    return Table(
      [
        .text("feature"), .number("since last week"), .number("alarm from"),
        .number("since training"), .number("missing"), .number("unseen"), .number("outside"),
      ],
      rows: shown.prefix(Self.few).map { feature in
        [
          feature.name, Self.share(feature.moved.last ?? nil), Self.share(feature.threshold),
          Self.share(feature.sinceTrain.moved), Self.share(feature.missing),
          feature.isCategory ? Self.share(feature.unseen) : "-",
          feature.isCategory ? "-" : Self.share(feature.outside),
        ]
      })
  }

  private var drift: DriftChart {
    let weeks = report.weeks
    return DriftChart(
      features: report.inputs.features.map { feature in
        DriftChart.Feature(
          feature.name, feature.moved.map { $0 ?? .nan }, threshold: feature.threshold ?? .nan,
          alarms: report.inputs.alarms.filter { $0.feature == feature.name }
            .compactMap { weeks.firstIndex(of: $0.week) })
      })
  }

  // MARK: - List

  private var list: [Page.Block] {
    let list = report.list
    guard let shift = list.shift else {
      return [.heading("list", level: 2), .paragraph("there is no week to compare with")]
    }
    return [
      .heading("list", level: 2),
      .paragraph(
        "\(NumberText.wins(shift.after)) wins expected, \(Self.change(shift.relative)) since last week"
          + (list.usual.map {
            " (usually \(Self.share($0.median)), at most \(Self.share($0.greatest)) in the weeks before)"
          } ?? "")),
      .table(
        Table(
          [.text("part"), .number("rows"), .number("change of expected wins")],
          rows: [
            ["stayed", shift.counts.stayed.grouped, NumberText.signedMetric(shift.moved)],
            ["entered", shift.counts.entered.grouped, NumberText.signedMetric(shift.entered)],
            ["left", shift.counts.left.grouped, NumberText.signedMetric(-shift.left)],
            [
              "all", (shift.counts.stayed + shift.counts.entered).grouped,
              NumberText.signedMetric(shift.after - shift.before),
            ],
          ])),
    ]
      + list.groupings.flatMap { grouping -> [Page.Block] in
        [
          .heading("by \(grouping.column)", level: 3),
          .table(Self.table(grouping)),
        ]
      }
      + [
        .table(
          Table(
            [.number("top rows"), .number("also last week"), .text("in the weeks before")],
            rows: list.overlaps.map { overlap in
              [
                overlap.count.grouped, Self.share(overlap.share),
                overlap.usual.map {
                  "\(Self.share($0.lowerBound)) to \(Self.share($0.upperBound))"
                } ?? "-",
              ]
            }))
      ]
  }

  private static func table(_ grouping: MonitorReport.List.Grouping) -> Table {
    Table(
      [
        .text(grouping.column), .number("rows"), .number("before"), .number("expected wins"),
        .number("before"), .number("because of rows"), .number("because of scores"),
      ],
      rows: grouping.groups.prefix(few).map { group in
        let change = group.change
        return [
          group.name.isEmpty ? "-" : group.name, change.rows.after.grouped,
          change.rows.before.grouped, NumberText.wins(change.expected.after),
          NumberText.wins(change.expected.before), NumberText.signedMetric(change.mix),
          NumberText.signedMetric(change.rate),
        ]
      })
  }

  // MARK: - Outcome

  private var outcome: [Page.Block] {
    guard case .known(let outcome) = report.outcome else {
      guard case .unknown(let reason) = report.outcome else { return [] }
      return [.heading("outcome", level: 2), .paragraph(Self.words(reason))]
    }
    return [
      .heading("outcome", level: 2),
      .group([
        .paragraph(summary(outcome)), .paragraph(Self.sight(outcome, report.noun)),
      ]),
      .only(
        .document,
        [
          .figure(
            Figure(
              Self.chart(outcome),
              caption: "The evidence is that of an e-detector. A threshold of "
                + "\(NumberText.short(outcome.threshold)) weeks means that a false alarm comes once "
                + "in so many weeks, at the most.")),
          .figure(Figure(Self.maturation(outcome))),
        ]),
      .details("weeks", [.table(Self.weeks(outcome))]),
    ] + selection(outcome) + diagnosis(outcome)
  }

  private func summary(_ outcome: MonitorReport.KnownOutcome) -> String {
    let observed = outcome.weeks.reduce(0) { $0 + $1.observed }
    let expected = outcome.weeks.reduce(0) { $0 + $1.expected }
    let first = outcome.weeks.first?.start.description ?? "-"
    let counts =
      "\(observed.grouped) \(observed == 1 ? report.noun.one : report.noun.many) so far since "
      + "\(first), \(NumberText.tenths(expected)) expected"
    guard let alarm = outcome.alarm else { return "as expected: \(counts)" }
    return "\(alarm == .down ? "fewer" : "more") than expected: \(counts)"
  }

  /// What the layer could not have seen.
  private static func sight(
    _ outcome: MonitorReport.KnownOutcome, _ noun: PositiveNoun
  ) -> String {
    let weekly = NumberText.tenths(outcome.weekly)
    let tolerance = NumberText.percent(outcome.tolerance, decimals: 0)
    guard let weeks = outcome.noticeHalf.medianWeeks else {
      return
        "with \(weekly) \(noun.many) a week, half of them could be missing for more than three "
        + "years; an error of \(tolerance) is tolerated"
    }
    return "with \(weekly) \(noun.many) a week, it takes about \(weeks.of("week")) to notice that "
      + "half of them are missing; an error of \(tolerance) is tolerated"
  }

  private static func weeks(_ outcome: MonitorReport.KnownOutcome) -> Table {
    Table(
      [
        .text("list"), .text("until"), .number("observed"), .number("expected"),
        .number("evidence for fewer"), .number("for more"), .text("scores"), .text("run"),
      ],
      rows: outcome.weeks.map { week in
        [
          week.start.description, week.end.description, week.observed.grouped,
          NumberText.tenths(week.expected), evidence(week.logEvidence.down).cell,
          evidence(week.logEvidence.up).cell, week.isPublished ? "published" : "as of the day",
          week.runIds.joined(separator: ", "),
        ]
      })
  }

  private static func evidence(_ log: Double) -> Double { exp(min(log, 690)) }

  private static func chart(_ outcome: MonitorReport.KnownOutcome) -> EarlyLabelsChart {
    EarlyLabelsChart(
      weeks: outcome.weeks.map { week in
        EarlyLabelsChart.Week(
          week.start, observed: Double(week.observed), expected: ChartEstimate(week.expected),
          evidence: evidence(max(week.logEvidence.down, week.logEvidence.up)))
      }, threshold: outcome.threshold)
  }

  private static func maturation(_ outcome: MonitorReport.KnownOutcome) -> MaturationChart {
    let bands = outcome.maturation.bands
    return MaturationChart(
      curves: bands.indices.map { band in
        let lower = band == 0 ? 0 : bands[band - 1].upperScore
        return Curve(
          "scores of \(NumberText.short(lower)) to \(NumberText.short(bands[band].upperScore))",
          bands[band].shares.enumerated().map {
            Curve.Point(Double($0.offset), ChartEstimate($0.element))
          })
      }, horizon: Double(outcome.horizon))
  }

  private func selection(_ outcome: MonitorReport.KnownOutcome) -> [Page.Block] {
    guard let selection = outcome.selection else { return [] }
    func row(_ name: String, _ part: MonitorReport.KnownOutcome.Part) -> [String] {
      [
        name, part.observed.grouped, NumberText.tenths(part.expected),
        NumberText.metric(part.expected > 0 ? Double(part.observed) / part.expected : nil),
      ]
    }
    return [
      .heading("selected rows and the others", level: 3),
      .table(
        Table(
          [
            .text("rows"), .number("observed"), .number("expected"),
            .number("observed over expected"),
          ],
          rows: [row("selected", selection.selected), row("others", selection.others)]
            + (selection.heldBack.map { [row("of these, held back", $0)] } ?? []))),
      .paragraph(
        "a check of the model belongs to the others: the work on selected accounts may change them"
          + (selection.heldBack == nil
            ? "" : "; `holdout outcomes` measures that change against those held back")),
    ]
  }

  private func diagnosis(_ outcome: MonitorReport.KnownOutcome) -> [Page.Block] {
    guard let diagnosis = outcome.diagnosis else { return [] }
    let level = diagnosis.level
    var rows = [
      [
        "level", "\(level.observed.grouped) of \(NumberText.tenths(level.expected)) expected",
        NumberText.probability(level.pValue),
      ]
    ]
    if let slope = diagnosis.slope {
      rows.append(
        ["slope", NumberText.metric(slope.slope), NumberText.probability(slope.pValue)])
    }
    rows += diagnosis.groupings.map { grouping in
      [
        "groups of \(grouping.column)", Self.extreme(grouping),
        NumberText.probability(grouping.test.pValue),
      ]
    }
    return [
      .heading("what changed", level: 3),
      .paragraph(
        "\(diagnosis.rows.grouped) accounts on lists from \(diagnosis.lists.lowerBound) to "
          + "\(diagnosis.lists.upperBound), each with its oldest list; these tests are read once, and "
          + "raise no alarm"),
      .table(Table([.text("test"), .text("found"), .number("p")], rows: rows)),
      .paragraph(Self.words(diagnosis, hasAlarm: outcome.alarm != nil)),
    ]
  }

  /// The group that is farthest from its share.
  private static func extreme(_ grouping: MonitorReport.KnownOutcome.Grouping) -> String {
    let test = grouping.test
    let far = test.expected.indices.filter { test.expected[$0] > 0 }.max { left, right in
      func size(_ group: Int) -> Double {
        abs(Double(test.observed[group]) - test.expected[group]) / test.expected[group].squareRoot()
      }
      return size(left) < size(right)
    }
    guard let far else { return "-" }
    return "\(grouping.names[far].isEmpty ? "-" : grouping.names[far]): "
      + "\(test.observed[far].grouped) of \(NumberText.tenths(test.expected[far])) expected"
  }

  private static func words(
    _ diagnosis: MonitorReport.KnownOutcome.Diagnosis, hasAlarm: Bool
  ) -> String {
    let words =
      switch diagnosis.verdict {
      case .asExpected: "as expected: nothing to do"
      case .inputsFollowed:
        "inputs have moved, and the scores have followed: nothing to do but retrain as planned"
      case .level:
        "all accounts buy \(diagnosis.level.isLow ? "less" : "more") than expected, in the ranking's "
          + "order: recalibrate with `calibration: {method: prior}`; the ranking is still good"
      case .separation:
        "the scores separate \((diagnosis.slope?.slope ?? 1) < 1 ? "less" : "more") than they say: "
          + "retrain; if the slope stays below 1, compare the model with its baselines"
      case .groups:
        "some groups buy less than expected and others more: look at those groups, as a territory may "
          + "have changed hands; retraining does not solve it"
      case .brokenInputs:
        "the purchases are off after inputs moved: repair the feed; the lists since then are suspect"
      }
    return hasAlarm || diagnosis.verdict == .asExpected || diagnosis.verdict == .inputsFollowed
      ? words : "\(words) (only if the alarm confirms it)"
  }

  private static func words(_ reason: MonitorReport.Outcome.Reason) -> String {
    switch reason {
    case .absence:
      "the label is the absence of an event, which is known only when the window ends: "
        + "`holdout outcomes` compares the lists then"
    case .conditional:
      "the label has `among`, so which accounts have a label is known only when the window ends: "
        + "`holdout outcomes` compares the lists then"
    case .noMatureEvents:
      "no window of the model's own cutoffs has an event, so it is unknown how early they happen"
    case .noUnseenWeek(let day):
      "the model was trained on data through \(day), and no list is later: its scores say nothing "
        + "about what it has seen"
    case .noSettledWeek: "no week after a list has ended and settled"
    }
  }

  // MARK: - Estimate

  private var estimate: [Page.Block] {
    guard let estimate = report.estimate else { return [] }
    func row(_ name: String, _ part: MonitorReport.Estimate.Part) -> [String] {
      let (wins, rows) = (part.wins, Double(part.rows))
      return [
        name, part.rows.grouped, NumberText.wins(wins.expected),
        "\(wins.interval.lowerBound.grouped) to \(wins.interval.upperBound.grouped)",
        "\(wins.chanceOnly.lowerBound.grouped) to \(wins.chanceOnly.upperBound.grouped)",
        NumberText.metric(wins.expected / rows), NumberText.metric(part.lift),
      ]
    }
    let level = NumberText.level(estimate.level)
    return [
      .heading("estimate", level: 2),
      .table(
        Table(
          [
            .text("rows"), .number("rows"), .number("expected wins"), .text(level),
            .text("by chance only"), .number("precision"), .number("lift"),
          ],
          rows: [
            row("all", estimate.cohort), row("top \(estimate.top.rows.grouped)", estimate.top),
          ])),
      .paragraph(
        "if the scores are right; "
          + (estimate.refits > 0
            ? "the interval holds chance and the error of the calibrator (\(estimate.refits) refits)"
            : "the interval holds chance only, because the calibrator's rows are not at hand")
          + "; it never raises an alarm"),
    ]
  }

  // MARK: - Words

  private static func words(_ note: MonitorReport.Note) -> String {
    switch note {
    case .noLists:
      "no list has been published; the champion scored the cohort of each week as of its day"
    case .partialLists(let count):
      "\(count.of("published list")) \(count == 1 ? "does" : "do") not have all of the cohort, as "
        + "after `--top-k`; the champion scored the cohort again as of the day where it could"
    case .hindsight(let count):
      "\(count.of("published list")) \(count == 1 ? "was" : "were") made with hindsight and "
        + "\(count == 1 ? "does" : "do") not count"
    case .missedWeeks(let days):
      "no list was published for the \(days.count == 1 ? "week" : "weeks") of "
        + few(days.map(\.description), others: "other")
        + "; the champion scored the cohort as of the day if it has not learned from it, otherwise the "
        + "list before counts until the next one"
    case .fewWeeks(let count, let asked):
      "the sources go back \(count.of("week")), \(asked.grouped) were asked for"
    case .noSeason(let months):
      "\(months.of("month")) before the weeks are too few for a season, which takes 24: every month "
        + "is taken to be alike"
    case .unsettled(let list, let until):
      "the purchases after the list of \(list) are complete on \(until), and do not count yet"
    case .noGroups(let column): "`\(column)` is no category of the model, so it has no groups"
    case .promotions(let promotions):
      "another model made the lists: "
        + promotions.map { "\($0.runIds.inWords("and")) from \($0.list) on" }.inWords("and")
        + "; the comparison goes on with its scores"
    }
  }

  /// The first three of some words, and how many there are besides.
  private static func few(_ words: [String], others noun: String) -> String {
    (words.prefix(3) + (words.count > 3 ? ["\((words.count - 3).of(noun))"] : [])).inWords("and")
  }

  /// A share of rows as a percentage.
  static func share(_ share: Double?) -> String { share.map(\.percent) ?? "-" }

  private static func change(_ relative: Double) -> String {
    (relative < 0 ? "-" : "+") + abs(relative).percent
  }
}

extension EarlyLabels.Level {
  /// Whether there are fewer events than expected.
  var isLow: Bool { Double(observed) < expected }
}
