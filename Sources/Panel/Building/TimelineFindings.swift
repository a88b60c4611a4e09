internal import Diagnostics
internal import Spec

extension Finding {
  /// - Parameters:
  ///   - from: the first day on which every source has a row.
  ///   - source: the source that starts on that day.
  ///   - last: the cutoff that the timeline is built backwards from.
  static func tooFewCutoffs(
    _ available: Int, needed: Int, from: CalendarDate?, limitedBy source: String?,
    last: CalendarDate, _ spec: ExperimentSpec
  ) -> Finding {
    let cutoffs = spec.cutoffs
    let counts =
      "\(cutoffs.train.value) train + \(cutoffs.calibrate.value) calibrate + "
      + "\(cutoffs.test.value) test and the embargoes between them take \(needed)"
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
      ])
  }

  static func labelEndsEarly(
    _ spec: ExperimentSpec, _ source: SourceSpec, _ reach: LabelReach, through: CalendarDate
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
}
