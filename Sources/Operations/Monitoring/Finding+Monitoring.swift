public import Diagnostics
internal import Evaluation
internal import Spec

// Findings about monitors and their alarms: H680 to H684.
extension Finding {
  /// - Parameter first: the first day on which every source is complete; nil if that is unknown.
  static func tooFewWeeks(
    _ model: String, first: CalendarDate?, through: CalendarDate
  ) -> Finding {
    Finding(
      680, "the data of `\(model)` cover fewer than two weeks",
      notes: [
        (first.map { "the sources are complete from \($0)" } ?? "the sources begin later")
          + ", and the data end on \(through)"
      ],
      hints: ["wait, or give a later `--data-through` if the data reach further"])
  }

  static func inputMoved(_ alarm: MonitorReport.Inputs.Alarm) -> Finding {
    let change =
      switch alarm.measure {
      case .moved: "moved"
      case .missing: "gained or lost a value"
      case .unseen: "went to or from levels that no train row had"
      }
    let flows = alarm.flows.map { flow in
      "\(flow.accounts.grouped) \(flow.accounts == 1 ? "account" : "accounts") from "
        + "\(words(flow.from)) to \(words(flow.to))"
    }
    return Finding(
      681, .warning,
      "`\(alarm.feature)`: \(share(alarm.jump.value)) of rows (\(alarm.rows.grouped)) \(change) "
        + "between \(alarm.since) and \(alarm.week), usually \(share(alarm.jump.usual))"
        + (flows.isEmpty ? "" : ": \(flows.inWords("and"))"))
  }

  static func expectedWinsJumped(
    _ shift: ScoreShift, from before: CalendarDate, to after: CalendarDate
  ) -> Finding {
    Finding(
      682, .warning,
      "the expected wins went from \(NumberText.wins(shift.before)) on \(before) to "
        + "\(NumberText.wins(shift.after)) on \(after): \(shift.counts.entered.grouped) rows entered, "
        + "\(shift.counts.left.grouped) left, and the scores of \(shift.counts.stayed.grouped) "
        + "changed by \(NumberText.signedMetric(shift.moved)) wins together")
  }

  static func outcomeOff(
    _ outcome: MonitorReport.KnownOutcome, _ direction: EDetector.Direction, noun: PositiveNoun
  ) -> Finding {
    let observed = outcome.weeks.reduce(0) { $0 + $1.observed }
    let expected = outcome.weeks.reduce(0) { $0 + $1.expected }
    let since = outcome.alarmSince.map { ", and the evidence suffices since \($0)" } ?? ""
    return Finding(
      683, .warning,
      "\(direction == .down ? "fewer" : "more") \(noun.many) than the scores expect: "
        + "\(observed.grouped) of \(NumberText.tenths(expected)) since "
        + "\(outcome.weeks.first?.start.description ?? "-")\(since)")
  }

  static func alarmFile(_ path: String, _ reason: String) -> Finding {
    Finding(
      684, "the acknowledged alarms in `\(path)` cannot be read or written", notes: [reason],
      hints: ["restore the file from git, or remove it: then no alarm is acknowledged"])
  }

  private static func words(_ level: MonitorReport.Inputs.Level) -> String {
    switch level {
    case .missing: "no value"
    case .other: "rare levels"
    case .unseen: "levels that no train row had"
    case .kept(let name): "`\(name)`"
    }
  }

  private static func share(_ share: Double) -> String {
    NumberText.short(share * 100) + " %"
  }
}

extension MonitorReport {
  /// The alarms of the judged day as warnings, which `holdout explain` knows.
  public var alarmFindings: [Finding] {
    var findings = inputs.alarms.filter { $0.week == weeks.last }.map(Finding.inputMoved)
    if list.isAlarm, let shift = list.shift, weeks.count > 1 {
      findings.append(
        .expectedWinsJumped(shift, from: weeks[weeks.count - 2], to: weeks[weeks.count - 1]))
    }
    if case .known(let outcome) = outcome, let alarm = outcome.alarm {
      findings.append(.outcomeOff(outcome, alarm, noun: noun))
    }
    return findings
  }

  /// The alarms of inputs before the judged day as warnings, oldest first.
  public var earlierInputAlarms: [Finding] {
    inputs.alarms.filter { $0.week != weeks.last }.map(Finding.inputMoved)
  }
}

extension Explanation {
  /// A project with a champion, whose data then change.
  static func changed(_ sql: String, arguments: String = "") -> Example {
    published(
      """
      echo "\(sql)" > change.sql
      holdout sql change.sql &> run.log
      [ -f changed.parquet ] && mv changed.parquet data/history.parquet
      holdout monitor renewals\(arguments)
      """)
  }

  /// A champion whose lists are published in files.
  static func published(_ commands: String) -> Example {
    .promotion(
      Example.promoted + commands, spec: "score: {parquet: \"list_{cutoff}.parquet\"}\n")
  }

  /// Gives every account another version from a day on.
  static func version(_ change: String) -> String {
    let rows = "FROM 'data/history.parquet'"
    return "COPY (SELECT * REPLACE (DATE '2025-09-15' AS valid_to) \(rows) UNION ALL "
      + "SELECT * REPLACE (DATE '2025-09-15' AS valid_from, \(change)) \(rows)) "
      + "TO 'changed.parquet'"
  }

  static let monitoringFindings: [Explanation] = [
    Explanation(
      680, "too few weeks to compare",
      cause: """
        A monitor compares the cohort of the last week with those of the weeks before, as of their \
        days. Some source is complete only from a later day, so there is nothing to compare with.
        """,
      example: published(
        """
        holdout monitor renewals --data-through 2024-01-05
        """),
      fix: """
        Wait for the second week. If the data reach further than the spec says, give \
        `--data-through`.
        """),
    Explanation(
      681, "an input that moved",
      cause: """
        More rows of this feature changed than in any usual week. The change is compared with the \
        median and the deviation of up to 26 earlier weeks, so what changes every week raises no \
        alarm. A broken feed, a bulk import, and a reorganization do.
        """,
      example: changed(version("'West' AS region")),
      fix: """
        Find out what happened on that day: the message names the largest flows of accounts between \
        levels. Repair the feed, and score the cutoff again. If the change is right, do nothing: the \
        next weeks raise no alarm about it. A feature that jumps for known reasons can be named \
        under `monitor.ignore`.
        """),
    Explanation(
      682, "expected wins that jumped",
      cause: """
        The sum of the scores changed by more than 5 % since the week before. In usual weeks it \
        changes by less than 1 %. Many accounts entered or left the cohort, or the scores of many \
        changed at once.
        """,
      example: changed(version("ascii(right(id, 1)) % 2 = 0 AS inactive")),
      fix: """
        The report says which part of the change comes from accounts that stayed, entered, and left, \
        and from which groups. If an input raised an alarm too, begin there.
        """),
    Explanation(
      683, "purchases that are not as expected",
      cause: """
        Since the first of these weeks, more or fewer accounts bought than the scores expected, \
        beyond the tolerance of `monitor.tolerance`. Only purchases that have happened so far are \
        counted, each in its own week, so that looking every week costs nothing: a false alarm comes \
        once in four years, at the most, in each direction.
        """,
      example: changed(
        "ATTACH 'data/shop.duckdb' AS shop; UPDATE shop.customers SET first_order = NULL "
          + "WHERE first_order > DATE '2025-08-01'"),
      fix: """
        Read the level, the slope, and the groups in the report together. If all accounts buy less, \
        recalibrate; if the scores separate less, retrain; if a group is off, look at that group; if \
        an input raised an alarm, repair the feed.
        """),
    Explanation(
      684, "acknowledged alarms that cannot be read",
      cause: """
        `holdout monitor NAME --acknowledge ALARM` adds a line to `results/NAME/alarms.jsonl`. The \
        file cannot be read or written, or has a line that the program has not written. Without it, \
        alarms that are known would be raised again.
        """,
      example: published(
        """
        echo "seen by Ada" >> results/renewals/alarms.jsonl
        holdout monitor renewals
        """),
      fix: "Restore the file from git. If nobody needs it, remove it."),
  ]
}
