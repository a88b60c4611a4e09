internal import Diagnostics
internal import Spec

extension Finding {
  /// - Parameters:
  ///   - from: the first day on which every source has a row.
  ///   - source: the source that starts on that day.
  ///   - last: the cutoff that the timeline is built backwards from.
  ///   - choices: what else the spec could ask for, and how many cutoffs that takes.
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

  /// - Parameter fold: the number, from 1, of the older of the two.
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

  /// - Parameter through: the day that its rows are said to reach to.
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
