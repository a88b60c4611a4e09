internal import Diagnostics
public import Spec

/// The folds of an experiment: its split, and the same split built backward from earlier cutoffs.
///
/// The first fold is the timeline without folds, built backward from the last mature cutoff T. Fold
/// i is built backward from the last cutoff of T's grid on or before T - (i - 1) x step. It equals
/// the timeline of a spec whose `last` is that cutoff, so each fold can be examined separately.
public struct RollingOrigin: Sendable {
  /// The folds, newest first; a single one if the spec requests no more.
  public let folds: [Timeline]
  /// The number of cutoffs up to T that all folds take together.
  public let needed: Int

  /// Lays out the folds.
  /// - Parameters: as for `Timeline`.
  /// - Throws: `Timeline.Problem`.
  public init(
    _ spec: CutoffsSpec, label: LabelSpec, dataThrough: CalendarDate, observedFrom: CalendarDate?
  ) throws(Timeline.Problem) {
    func timeline(last: CalendarDate?) throws(Timeline.Problem) -> Timeline {
      var own = spec
      if let last { own.last = .date(Located(last, at: spec.span)) }
      return try Timeline(own, label: label, dataThrough: dataThrough, observedFrom: nil)
    }
    let newest = try timeline(last: nil)
    guard let last = newest.split.last?.date,
      let grid = CutoffGrid(spec.cadence, through: last, arithmetic: spec.monthArithmetic)
    else { preconditionFailure("a timeline has test cutoffs, on its grid") }
    var folds = [newest]
    var needed = newest.split.count
    var previous = 0
    for fold in 1..<max(spec.folds.value, 1) {
      guard let step = spec.step?.value else { break }
      let back = Period(step.count * fold, step.unit)
      let steps = grid.steps(
        toOnOrBefore: last.adding(back, sign: -1, arithmetic: spec.monthArithmetic))
      guard steps > previous else { throw .standstill(fold: fold + 1, last: grid[steps]) }
      previous = steps
      let older = try timeline(last: grid[steps])
      needed = max(needed, steps + older.split.count)
      folds.append(older)
    }
    if let observedFrom,
      folds.contains(where: { $0.split.first.map { $0.date < observedFrom } ?? false })
    {
      let known = (0..<needed).prefix { grid[$0] >= observedFrom }.count
      // If months are clipped, the days of an older fold may differ from those of T's grid.
      throw .tooShort(
        available: min(known, needed - 1), needed: needed, from: observedFrom, to: last)
    }
    self.folds = folds.map { $0.observed(from: observedFrom) }
    self.needed = needed
  }
}

extension RollingOrigin {
  /// A cutoff that is a test cutoff in one fold and again in the next; nil if there is none.
  public var sharedTestCutoff: CalendarDate? {
    zip(folds, folds.dropFirst()).lazy.compactMap { newer, older in
      Set(older[.test].map(\.date)).intersection(newer[.test].map(\.date)).max()
    }.first
  }
}
