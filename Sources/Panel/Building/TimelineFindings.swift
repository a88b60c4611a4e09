internal import Diagnostics
internal import Spec

extension Finding {
  static func noDataThrough(_ source: String, _ spec: ExperimentSpec) -> Finding {
    Finding(
      401, "`\(source)` says nothing about its last observed day", at: spec.label.span,
      label: "labels come from `\(source)`",
      hints: ["set `sources.\(source).data_through` to the last day that its data covers wholly"])
  }

  static func timeline(
    _ problem: Timeline.Problem, _ spec: ExperimentSpec, limitedBy source: String?
  ) -> Finding {
    switch problem {
    case .notOnGrid(let day, let nearest):
      return Finding(
        402, "the last cutoff, \(day), is not a day of this cadence", at: lastSpan(spec),
        label: "did you mean \(nearest)?")
    case .immature(let day, let windowEnd, let dataThrough):
      return Finding(
        403, "the label window of \(day) has not been observed", at: lastSpan(spec),
        notes: ["it is complete on \(windowEnd); the data reaches to \(dataThrough)"],
        hints: ["write `last: latest_mature`, or an earlier day"])
    case .tooShort(let available, let needed, let from, let to):
      let cutoffs = spec.cutoffs
      let counts =
        "\(cutoffs.train.value) train + \(cutoffs.calibrate.value) calibrate + "
        + "\(cutoffs.test.value) test and the embargoes between them"
      let reach = from.map { "from \($0) to \(to)" } ?? "to \(to)"
      let limit = source.map { ["`\(source ?? $0)` starts on \(from.map(\.description) ?? "?")"] }
      return Finding(
        404, "there are \(available) cutoffs, and this spec needs \(needed)", at: cutoffs.span,
        notes: ["\(counts) take \(needed); the data gives \(available), \(reach)"] + (limit ?? []),
        hints: ["lower `train`, shorten the horizon, or bring older data"])
    }
  }

  static func staleSource(
    _ source: SourceSpec, through: Located<CalendarDate>, cutoff: Cutoff
  ) -> Finding {
    Finding(
      405, "`\(source.name.value)` ends before the last cutoff", at: through.span,
      notes: ["it is observed through \(through.value); the last cutoff is \(cutoff.date)"],
      hints: ["bring newer data, or set `cutoffs.last` to an earlier day"])
  }

  private static func lastSpan(_ spec: ExperimentSpec) -> SourceSpan {
    if case .date(let date) = spec.cutoffs.last { return date.span }
    return spec.cutoffs.span
  }
}
