internal import Diagnostics
public import Spec

/// The folds of an experiment: its split, and the same split built backward from earlier cutoffs.
///
/// The first fold is the timeline without folds, built backward from the last mature cutoff T. Fold
/// i is built backward from the last cutoff of T's grid on or before T - (i - 1) x step, whatever
/// grids of their own the roles have. It equals the timeline of a spec whose `last` is that cutoff, so
/// each fold can be examined separately.
public struct RollingOrigin: Sendable {
  /// The folds, newest first; a single one if the spec requests no more.
  public let folds: [Timeline]
  /// The number of cutoffs up to T that all folds take together; with roles on grids of their own,
  /// the number of distinct days.
  public let needed: Int

  /// Lays out the folds.
  /// - Parameters: as for `Timeline`.
  /// - Throws: `Timeline.Problem`.
  public init(
    _ spec: CutoffsSpec, label: LabelSpec, dataThrough: CalendarDate, observedFrom: CalendarDate?
  ) throws(Timeline.Problem) {
    /// Lays out a fold that ends so many steps before the newest.
    func timeline(
      _ fold: Int, last: CalendarDate? = nil, steps: Int = 0, through newest: CalendarDate? = nil
    ) throws(Timeline.Problem) -> Timeline {
      var own = spec
      if let last { own.last = .date(Located(last, at: spec.span)) }
      do throws(Timeline.Problem) {
        return try Timeline(own, label: label, dataThrough: dataThrough, observedFrom: nil)
      } catch {
        switch error {
        case .tooShort(let available, let needed, _, let last):
          // A list of cutoffs has ended. The history may begin even later.
          throw .tooShort(
            available: steps + available, needed: steps + needed, from: observedFrom,
            to: newest ?? last)
        case .noneSince(let first, _, let before):
          throw .noneSince(first, fold: fold, before: before)
        default: throw error
        }
      }
    }
    let newest = try timeline(1)
    guard let last = newest.split.last?.date,
      let grid = CutoffGrid(spec.cadence, through: last, arithmetic: spec.monthArithmetic)
    else { preconditionFailure("a timeline has test cutoffs, on its grid") }
    var folds = [newest]
    var needed = newest.split.count
    var previous = 0
    for fold in 1..<max(spec.folds.value, 1) {
      guard let step = spec.step?.value else { break }
      let back = last.adding(
        Period(step.count * fold, step.unit), sign: -1, arithmetic: spec.monthArithmetic)
      guard let steps = grid.steps(toOnOrBefore: back), let end = grid[steps] else {
        let listed = (0...).lazy.map { grid[$0] }.prefix { $0 != nil }.count
        throw .tooShort(
          available: listed, needed: listed + spec.fewestCutoffs, from: observedFrom, to: last)
      }
      guard steps > previous else { throw .standstill(fold: fold + 1, last: end) }
      previous = steps
      let older = try timeline(fold + 1, last: end, steps: steps, through: last)
      needed = max(needed, steps + older.split.count)
      folds.append(older)
    }
    // Cutoffs of several grids have no common count of steps.
    var days: Set<CalendarDate>?
    if spec.roles.contains(where: { $0.wanted.cadence != nil }) {
      let all = Set(folds.flatMap(\.split).map(\.date))
      needed = all.count
      days = all
    }
    if let observedFrom,
      folds.contains(where: { $0.split.first.map { $0.date < observedFrom } ?? false })
    {
      let known =
        days.map { $0.count { $0 >= observedFrom } }
        ?? (0..<needed).prefix { grid[$0].map { $0 >= observedFrom } ?? false }.count
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
