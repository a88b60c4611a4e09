public import Spec

extension Timeline {
  /// The newest timeline of a spec as far as the spec alone tells: wherever its sources begin.
  /// - Throws: `Timeline.Problem`.
  public init(_ spec: ExperimentSpec) throws(Problem) {
    guard let dataThrough = spec.dataThrough else {
      throw .unobserved(source: spec.label.sourceName)
    }
    try self.init(
      spec.cutoffs, label: spec.label, dataThrough: dataThrough, observedFrom: nil)
  }

  /// The first cutoff that a spec's cadence has after a day, and the day by which its labels are in.
  public static func next(
    after day: CalendarDate, _ spec: ExperimentSpec
  ) -> (cutoff: CalendarDate, matures: CalendarDate) {
    var next = CalendarDate(days: day.days + 1)
    // No cadence leaves out more days than a quarter has.
    while CutoffGrid.last(spec.cutoffs.cadence, onOrBefore: next) != next {
      next = CalendarDate(days: next.days + 1)
    }
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    return (next, windows.observed(next))
  }
}
