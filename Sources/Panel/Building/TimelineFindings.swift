internal import Diagnostics
internal import Spec

extension Finding {
  /// Returns the finding for a timeline that needs more cutoffs than the data has.
  /// - Parameters:
  ///   - from: the first day from which every source is complete.
  ///   - source: the source that starts on that day.
  ///   - last: the cutoff from which the timeline is built backward.
  ///   - choices: the alternatives for the spec, each with the number of cutoffs that it needs.
  static func tooFewCutoffs(
    _ available: Int, needed: Int, from: CalendarDate?, limitedBy source: SourceSpec?,
    last: CalendarDate, _ spec: ExperimentSpec, choices: [(TimelineChoice, Int)]
  ) -> Finding {
    let cutoffs = spec.cutoffs
    let folds =
      cutoffs.folds.value == 1
      ? "" : ", in \(cutoffs.folds.value) folds \(cutoffs.step.map { "\($0.value) apart," } ?? "")"
    let train =
      switch cutoffs.train.extent {
      case .count(let count): "\(count) train"
      case .from(let first): "the train cutoffs from \(first) on"
      }
    let counts =
      "\(train) + \(cutoffs.calibrate.count ?? 0) calibrate + \(cutoffs.test.value) "
      + "test cutoffs and the embargoes between them\(folds) need \(needed)"
    let end = if case .latestMature = cutoffs.last { "last mature cutoff" } else { "last cutoff" }
    let isListed = if case .listed = cutoffs.cadence { true } else { false }
    var notes: [String]
    if let from, from > last {
      notes = ["\(counts); the \(end), \(last), is before the first day, \(from)"]
    } else {
      let reach = from.map { "from \($0) to \(last)" } ?? "to \(last)"
      notes = ["\(counts); \(isListed ? "listed are" : "the data have") \(available), \(reach)"]
    }
    if let source, let from {
      notes.append(
        source.dataFrom == nil
          ? "`\(source.name.value)` starts on \(from)"
          : "`\(source.name.value)` is complete from \(from), its `data_from`")
    }
    return Finding(
      404,
      "there \(available == 1 ? "is 1 cutoff" : "are \(available) cutoffs"), and this spec needs "
        + "\(needed)",
      at: cutoffs.train.span, notes: notes,
      hints: [
        available == 0
          ? "\(isListed ? "list earlier cutoffs" : "add older data"), or shorten the horizon"
          : "\(cutoffs.train.count == nil ? "begin `train` later" : "lower `train`"), shorten the "
            + "horizon, or \(isListed ? "list more cutoffs" : "add older data")"
      ]
        + choices.map { choice, needed in
          "\(choice.words) needs \(needed) cutoffs"
            + (choice.isForComparison ? "; \(TimelineChoice.warning)" : "")
        })
  }

  /// Returns the finding for a fold without train cutoffs from a day on.
  /// - Parameters:
  ///   - fold: the number of the fold, from 1.
  ///   - next: the first cutoff of the next role.
  static func noTrainCutoffs(
    since first: CalendarDate, fold: Int, before next: CalendarDate, _ cutoffs: CutoffsSpec
  ) -> Finding {
    Finding(
      404,
      cutoffs.folds.value == 1
        ? "there is no train cutoff from \(first) on"
        : "fold \(fold) of \(cutoffs.folds.value) has no train cutoff from \(first) on",
      at: cutoffs.train.span, label: "at least 1 is needed",
      notes: [
        "the next role begins on \(next), and label windows must end, with the embargo, by then"
      ],
      hints: [
        "write an earlier day"
          + (cutoffs.folds.value == 1 ? ", or shorten the horizon" : ", or ask for fewer folds")
      ])
  }

  /// Returns the finding for two folds with the same last cutoff.
  /// - Parameter fold: the number, from 1, of the older fold.
  static func foldStandsStill(
    _ fold: Int, last: CalendarDate, _ cutoffs: CutoffsSpec
  ) -> Finding {
    Finding(
      441, "folds \(fold - 1) and \(fold) both end with the cutoff \(last)",
      at: cutoffs.step?.span ?? cutoffs.span, label: "does not move every fold",
      hints: ["write a `step` equal to `every`, or a multiple of it"])
  }

  static func sharedTestCutoffs(_ cutoff: CalendarDate, _ cutoffs: CutoffsSpec) -> Finding {
    Finding(
      442, .warning,
      "folds share test cutoffs, such as \(cutoff), so their metrics are not independent",
      at: cutoffs.step?.span ?? cutoffs.span, label: "shorter than the span of the test cutoffs",
      hints: ["with a `step` as long as \(cutoffs.test.value) cutoffs, each is tested once"])
  }

  /// - Parameter isCondition: whether the rows are those of `label.among`.
  static func labelEndsEarly(
    _ spec: ExperimentSpec, _ source: SourceSpec, _ reach: Reach, through: CalendarDate,
    isCondition: Bool
  ) -> Finding {
    let gap = through.days - reach.last.days
    let effect =
      isCondition
      ? "leave out their entities"
      : "make their entities count as "
        + (spec.label.event.isAbsence ? "positives" : "negatives")
    return Finding(
      417, .warning,
      "the last event of `\(source.name.value)` is on \(reach.last), but its `data_through` is "
        + "\(through)",
      at: source.dataThrough?.span ?? spec.label.span,
      label: "\(gap) days without an event",
      notes: [
        "the year before that day has \(reach.yearCount) events; events missing from the gap "
          + effect
      ],
      hints: ["set `data_through` to the last complete day, or add the newer events"])
  }

  static func staleSource(
    _ source: SourceSpec, through: Located<CalendarDate>, cutoff: Cutoff
  ) -> Finding {
    Finding(
      405, "`\(source.name.value)` ends before the last cutoff", at: through.span,
      notes: ["it is complete through \(through.value); the last cutoff is \(cutoff.date)"],
      hints: ["add newer data, or set `cutoffs.last` to an earlier day"])
  }

  static func unobservedCutoff(
    _ source: SourceSpec, through: Located<CalendarDate>, cutoff: CalendarDate
  ) -> Finding {
    Finding(
      810, "`\(source.name.value)` ends on \(through.value), before the cutoff \(cutoff)",
      at: through.span, label: "later rows are missing",
      hints: [
        "add newer data and update `data_through`, or score an earlier cutoff: `--cutoff "
          + "\(through.value)`"
      ])
  }

  static func silentSource(
    _ source: SourceSpec, _ reach: Reach, cutoff: CalendarDate, _ severity: Severity
  ) -> Finding {
    let gap = cutoff.days - reach.last.days
    return Finding(
      811, severity,
      "the last row of `\(source.name.value)` is from \(reach.last), \(gap) days before the cutoff "
        + "\(cutoff)",
      at: source.dataThrough?.span ?? source.name.span,
      label: "its export may be late",
      notes: ["the year before that day has \(reach.yearCount.grouped) rows"],
      hints: [
        "add its newer rows, or score an earlier cutoff: `--cutoff \(reach.last)`",
        "if there really are none: `--allow-silent-sources`",
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
      "the last row of `\(source.name.value)` is from \(reach.last), but its `data_through` is "
        + "\(through)",
      at: source.dataThrough?.span ?? source.name.span,
      label: "\(gap) days without a row",
      notes: ["the year before that day has \(reach.yearCount.grouped) rows"],
      hints: ["add its newer rows, or set `data_through` to the last complete day"])
  }
}

extension Explanation {
  static let timelineFindings: [Explanation] = [
    Explanation(
      404, "too few cutoffs in the data",
      cause: """
        The cutoffs of all roles and the embargoes between them start before the first day of a \
        source, or its `data_from`. At those cutoffs the source would look empty, and the model \
        would confuse missing history with inactive customers.
        """,
      example: .spec("cutoffs: {train: «24»}", Example.checkWithData),
      fix: """
        Lower `train`, shorten the horizon, or add older data for the source in the note. If it is \
        complete although its first row is later, say so with `data_from`. With `train: {from: \
        ...}`, move the day, so that every fold has at least one train cutoff. `holdout plan` shows \
        the timeline.
        """),
    Explanation(
      405, "a source that ends before the last cutoff",
      cause: """
        `data_through` of the source is before the last test cutoff. The newest events or versions \
        would be missing exactly where the model is tested, so the metrics would describe a model \
        with outdated data.
        """,
      example: .spec(
        "sources: {calls: {data_through: «2025-06-30»}}", Example.checkWithData),
      fix: """
        Add newer data and correct `data_through`, or set `cutoffs.last` to an earlier day.
        """),
    Explanation(
      417, "label events that end long before `data_through`",
      cause: """
        `data_through` says that every event up to that day is in the data, but the last event is \
        much older: at the rate of the year before, chance would hardly ever leave such a gap. \
        Most likely the export stopped earlier. Buyers in the missing days would count as \
        negatives, in train and in test, or as positives if the label is `absent`. If the events of \
        `among` end early, their entities would be left out. The run gets a caveat, which fails the \
        standard gates, and `holdout retrain` rejects such data.
        """,
      example: .spec(
        "data_through: «2026-03-31»", Example.checkWithData),
      fix: """
        Write the last day that the export really covers, or add the newer events. If there really \
        were no events, say so in the spec with `accept: {H417: why}`, or to `holdout retrain` \
        with `--accept H417="why"`. The caveat and its reason stay in the record, and the gates \
        accept it.
        """),
    Explanation(
      442, "folds that share test cutoffs",
      cause: """
        The step is shorter than the span of a fold's test cutoffs, so two folds test the same \
        rows. Their metrics are correlated, and their spread is smaller than that of independent \
        tests.
        """,
      example: .spec(
        "cutoffs: {train: 2, test: 2, folds: 2, step: «1 month»}", Example.checkWithData),
      fix: """
        Lengthen the step to cover all test cutoffs, or lower `test`. If you want to see metrics \
        drift month by month, you can ignore the warning.
        """),
    Explanation(
      810, "a source that ends before the list's cutoff",
      cause: """
        A list uses what was known at the end of its cutoff's day. The source's data do not cover \
        that day, so rows would be silently missing.
        """,
      example: .champion(
        "holdout score renewals",
        spec: "sources: {history: {data_through: «2025-08-31»}}\n" + Example.lists),
      fix: """
        Add the newer data and update `data_through`, or score the last day that every source \
        covers: `--cutoff DATE`.
        """),
    Explanation(
      811, "a source whose rows end early",
      cause: """
        The source should be complete through the cutoff, but its last row became known long \
        before. At the rate of the year before, such a gap would occur by chance less than once in \
        a million. Usually an export did not run. `holdout retrain` makes the same check at \
        `data_through`.
        """,
      example: .champion(
        "holdout score renewals",
        spec: "sources: {history: {data_through: «2025-09-18»}}\n" + Example.lists,
        sql: "DELETE FROM history WHERE valid_from > DATE '2025-01-01';"),
      fix: """
        Add the missing rows. If there really are none, `--allow-silent-sources` makes the list \
        with a warning, and `holdout retrain` takes `--accept H811="why"`. `accept: {H811: why}` \
        in the spec works for both.
        """),
  ]
}
