internal import Diagnostics
internal import Spec

extension Finding {
  /// Returns the finding for a timeline that needs more cutoffs than the data has.
  /// - Parameters:
  ///   - from: the first day on which every source has a row.
  ///   - source: the source that starts on that day.
  ///   - last: the cutoff from which the timeline is built backward.
  ///   - choices: the alternatives for the spec, each with the number of cutoffs that it needs.
  static func tooFewCutoffs(
    _ available: Int, needed: Int, from: CalendarDate?, limitedBy source: String?,
    last: CalendarDate, _ spec: ExperimentSpec, choices: [(TimelineChoice, Int)]
  ) -> Finding {
    let cutoffs = spec.cutoffs
    let folds =
      cutoffs.folds.value == 1
      ? "" : ", in \(cutoffs.folds.value) folds \(cutoffs.step.map { "\($0.value) apart," } ?? "")"
    let counts =
      "\(cutoffs.train.value) train + \(cutoffs.calibrate.value) calibrate + "
      + "\(cutoffs.test.value) test and the embargoes between them\(folds) take \(needed)"
    let end = if case .latestMature = cutoffs.last { "last mature cutoff" } else { "last cutoff" }
    var notes: [String]
    if let from, from > last {
      notes = ["\(counts); the \(end), \(last), lies before the first day, \(from)"]
    } else {
      let reach = from.map { "from \($0) to \(last)" } ?? "to \(last)"
      notes = ["\(counts); the data gives \(available), \(reach)"]
    }
    if let source, let from { notes.append("`\(source)` starts on \(from)") }
    return Finding(
      404,
      "there \(available == 1 ? "is 1 cutoff" : "are \(available) cutoffs"), and this spec needs "
        + "\(needed)",
      at: cutoffs.train.span, notes: notes,
      hints: [
        available == 0
          ? "bring older data, or shorten the horizon"
          : "lower `train`, shorten the horizon, or bring older data"
      ]
        + choices.map { choice, needed in
          "\(choice.words) takes \(needed) cutoffs"
            + (choice.isForComparison ? "; \(TimelineChoice.warning)" : "")
        })
  }

  /// Returns the finding for two folds with the same last cutoff.
  /// - Parameter fold: the number, from 1, of the older fold.
  static func foldStandsStill(
    _ fold: Int, last: CalendarDate, _ cutoffs: CutoffsSpec
  ) -> Finding {
    Finding(
      441, "folds \(fold - 1) and \(fold) both end with the cutoff \(last)",
      at: cutoffs.step?.span ?? cutoffs.span, label: "does not move every fold",
      hints: ["write a `step` that is as long as `every`, or a multiple of it"])
  }

  static func sharedTestCutoffs(_ cutoff: CalendarDate, _ cutoffs: CutoffsSpec) -> Finding {
    Finding(
      442, .warning,
      "folds share test cutoffs, such as \(cutoff), so their metrics are not independent",
      at: cutoffs.step?.span ?? cutoffs.span, label: "shorter than the test cutoffs reach",
      hints: ["with a `step` as long as \(cutoffs.test.value) cutoffs each is judged on once"])
  }

  static func labelEndsEarly(
    _ spec: ExperimentSpec, _ source: SourceSpec, _ reach: Reach, through: CalendarDate
  ) -> Finding {
    let gap = through.days - reach.last.days
    return Finding(
      417, .warning,
      "the last event of `\(source.name.value)` is of \(reach.last), and its data are said to be "
        + "whole through \(through)",
      at: source.dataThrough?.span ?? spec.label.span,
      label: "\(gap) days without an event",
      notes: [
        "the year before that day has \(reach.yearCount) of them; who bought in the gap counts as a "
          + "negative"
      ],
      hints: ["write the day through which the export is whole, or bring the newer events"])
  }

  static func staleSource(
    _ source: SourceSpec, through: Located<CalendarDate>, cutoff: Cutoff
  ) -> Finding {
    Finding(
      405, "`\(source.name.value)` ends before the last cutoff", at: through.span,
      notes: ["it is observed through \(through.value); the last cutoff is \(cutoff.date)"],
      hints: ["bring newer data, or set `cutoffs.last` to an earlier day"])
  }

  static func unobservedCutoff(
    _ source: SourceSpec, through: Located<CalendarDate>, cutoff: CalendarDate
  ) -> Finding {
    Finding(
      810, "`\(source.name.value)` ends on \(through.value), before the cutoff \(cutoff)",
      at: through.span, label: "what came later is not in it",
      hints: [
        "bring newer data and write the day that they reach to, or score an earlier cutoff: "
          + "`--cutoff \(through.value)`"
      ])
  }

  static func silentSource(
    _ source: SourceSpec, _ reach: Reach, cutoff: CalendarDate, _ severity: Severity
  ) -> Finding {
    let gap = cutoff.days - reach.last.days
    return Finding(
      811, severity,
      "the last row of `\(source.name.value)` is of \(reach.last), \(gap) days before the cutoff "
        + "\(cutoff)", at: source.dataThrough?.span ?? source.name.span,
      label: "its export seems to be late",
      notes: ["the year before that day has \(reach.yearCount.grouped) rows"],
      hints: [
        "bring its newer rows, or score an earlier cutoff: `--cutoff \(reach.last)`",
        "where there really are none: `--allow-silent-sources`",
      ])
  }

  /// Returns the warning about a source whose rows end long before its data_through.
  /// - Parameter through: the day up to which its rows are said to be complete.
  static func silentSource(
    _ source: SourceSpec, _ reach: Reach, through: CalendarDate
  ) -> Finding {
    let gap = through.days - reach.last.days
    return Finding(
      811, .warning,
      "the last row of `\(source.name.value)` is of \(reach.last), and its data are said to be whole "
        + "through \(through)", at: source.dataThrough?.span ?? source.name.span,
      label: "\(gap) days without a row",
      notes: ["the year before that day has \(reach.yearCount.grouped) rows"],
      hints: ["bring its newer rows, or write the day through which the export is whole"])
  }
}

extension Explanation {
  static let timelineFindings: [Explanation] = [
    Explanation(
      404, "too few cutoffs in the data",
      cause: """
        The cutoffs of all roles and the embargoes between them reach back to before the first day \
        of a source. On such a cutoff the source would seem empty, and the model would take \
        missing history for a quiet customer.
        """,
      example: .spec("cutoffs: {train: «24»}", Example.checkWithData),
      fix: """
        Lower `train`, shorten the horizon, or bring older data for the source that the note \
        names. `holdout plan` shows the timeline.
        """),
    Explanation(
      405, "a source that ends before the last cutoff",
      cause: """
        `data_through` of the source lies before the last test cutoff. The newest events or \
        versions would be missing just where the result is judged, and the metrics would be those \
        of a model with old data.
        """,
      example: .spec(
        "sources: {calls: {data_through: «2025-06-30»}}", Example.checkWithData),
      fix: """
        Bring newer data and correct `data_through`, or set `cutoffs.last` to an earlier day.
        """),
    Explanation(
      417, "label events that end long before the data do",
      cause: """
        `data_through` says that every event up to that day is in the data, but the last one is so \
        much older that, at the rate of the year before, chance would hardly ever leave such a gap. \
        Most likely the export stopped earlier. Buyers of the missing days would count as \
        negatives, in train and in test. The run carries it as a caveat, which the standard gates refuse, \
        and `holdout retrain` refuses such data at once.
        """,
      example: .spec(
        "data_through: «2026-03-31»", Example.checkWithData),
      fix: """
        Write the last day that the export really covers, or bring the newer events. If events \
        truly ceased, say so in the spec, `accept: {H417: why}`, or to `holdout retrain` with \
        `--accept H417="why"`: the caveat stays, with its reason, and gates let it pass.
        """),
    Explanation(
      442, "folds that share test cutoffs",
      cause: """
        The step is shorter than the test cutoffs of a fold reach, so the same rows are tested on \
        in two folds. Their metrics then move together, and their spread is smaller than that of \
        independent tests.
        """,
      example: .spec(
        "cutoffs: {train: 2, test: 2, folds: 2, step: «1 month»}", Example.checkWithData),
      fix: """
        Lengthen the step to that of all test cutoffs, or lower `test`. To see how metrics drift \
        month by month, the warning can stand.
        """),
    Explanation(
      810, "a source that ends before the list's cutoff",
      cause: """
        A list is made of what was known at the end of its cutoff's day. This source has not observed \
        that day, so some of it would be missing without a word.
        """,
      example: .champion(
        "holdout score renewals",
        spec: "sources: {history: {data_through: «2025-08-31»}}\n" + Example.lists),
      fix: """
        Bring the newer data, and write the day that they reach to. Or score the last day that every \
        source has observed: `--cutoff DATE`.
        """),
    Explanation(
      811, "a source that has fallen silent",
      cause: """
        The source is said to be whole through the cutoff, but its last row became known long before. \
        At the rate of the year before, such a gap would come by chance less than once in a million. \
        Mostly an export has not run. `holdout retrain` asks the same of the day that the data are said to \
        be whole through.
        """,
      example: .champion(
        "holdout score renewals",
        spec: "sources: {history: {data_through: «2025-09-18»}}\n" + Example.lists,
        sql: "DELETE FROM history WHERE valid_from > DATE '2025-01-01';"),
      fix: """
        Bring the rows that are missing. Where there really are none, `--allow-silent-sources` makes the \
        list all the same and warns; `holdout retrain` takes `--accept H811="why"`. A spec that says \
        `accept: {H811: why}` accepts it in both.
        """),
  ]
}
