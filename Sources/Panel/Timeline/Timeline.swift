internal import Diagnostics
public import Spec

/// Every cutoff of an experiment with its role, oldest first.
///
/// Built backwards from the last mature cutoff T: `test` is the last n cutoffs up to T; `calibrate`
/// the last n cutoffs c with c + H <= the first test cutoff; `train` the last n with c + H <= the
/// first calibrate cutoff. Cutoffs in between are `embargoed`, those after T `immature`. Built back from
/// an earlier cutoff that was asked for, mature cutoffs after it are `unused`.
public struct Timeline: Codable, Sendable {
  public let cutoffs: [Cutoff]
  /// The last day that may be treated as known.
  public let dataThrough: CalendarDate
  /// The first day from which on every source can say something, where known.
  public let observedFrom: CalendarDate?

  public subscript(role: Role) -> [Cutoff] { cutoffs.filter { $0.role == role } }

  /// The cutoffs from the first train cutoff to the last test cutoff.
  public var split: [Cutoff] { cutoffs.filter(\.role.isOfSplit) }

  /// Why there is no timeline.
  ///
  /// Only `tooShort` depends on the data; a spec with any of the others is refused when it is checked.
  public enum Problem: Error, Sendable {
    /// The label's source has no last observed day.
    case unobserved(source: String)
    /// `last` names a day on which the cadence puts no cutoff; `nearest` is the one before it.
    case notOnGrid(CalendarDate, nearest: CalendarDate)
    /// The label window of the `last` that was asked for ends after `dataThrough`.
    case immature(CalendarDate, windowEnd: CalendarDate, dataThrough: CalendarDate)
    /// There are fewer cutoffs than the roles and embargoes need, of all folds where there are several.
    case tooShort(available: Int, needed: Int, from: CalendarDate?, to: CalendarDate)
    /// Two folds, one by one further back, end with the same cutoff.
    case standstill(fold: Int, last: CalendarDate)
  }

  /// Lays the roles out.
  /// - Parameters:
  ///   - dataThrough: the last day on which labels are fully observed.
  ///   - observedFrom: cutoffs before this day are not used; nil: no bound.
  /// - Throws: `Timeline.Problem`.
  public init(
    _ spec: CutoffsSpec, label: LabelSpec, dataThrough: CalendarDate, observedFrom: CalendarDate?
  ) throws(Problem) {
    let windows = LabelWindow(label, arithmetic: spec.monthArithmetic)
    let last = try Self.last(
      spec, windows: windows, dataThrough: dataThrough, allowsImmature: label.immature == .negative)
    guard let grid = CutoffGrid(spec.cadence, through: last, arithmetic: spec.monthArithmetic)
    else {
      throw .notOnGrid(last, nearest: CutoffGrid.last(spec.cadence, onOrBefore: last))
    }
    let layout = Layout(spec, grid: grid, windows: windows)
    let roles = layout.roles
    let available = (0..<max(roles.count, 1)).prefix { number in
      observedFrom.map { grid[number] >= $0 } ?? true
    }.count
    guard available >= roles.count else {
      throw .tooShort(
        available: available, needed: roles.count, from: observedFrom, to: last)
    }
    let known = roles.enumerated().reversed().map { number, role in
      Cutoff(date: grid[number], role: role, windowEnd: windows.end(grid[number]))
    }
    let later = (1...).lazy.map { grid[-$0] }.prefix { $0 <= dataThrough }.map { date in
      Cutoff(
        date: date, role: windows.observed(date) > dataThrough ? .immature : .unused,
        windowEnd: windows.end(date))
    }
    cutoffs = known + later
    self.dataThrough = dataThrough
    self.observedFrom = observedFrom
  }

  /// The one cutoff of a score list, whose label window nobody has seen yet.
  init(scoring day: CalendarDate, _ spec: ExperimentSpec) {
    let window = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    self.init(
      cutoffs: [Cutoff(date: day, role: .immature, windowEnd: window.end(day))],
      dataThrough: spec.dataThrough ?? day, observedFrom: nil)
  }

  /// The same timeline, where all of it is known to lie on or after a day.
  func observed(from day: CalendarDate?) -> Timeline {
    Timeline(cutoffs: cutoffs, dataThrough: dataThrough, observedFrom: day)
  }

  private init(cutoffs: [Cutoff], dataThrough: CalendarDate, observedFrom: CalendarDate?) {
    self.cutoffs = cutoffs
    self.dataThrough = dataThrough
    self.observedFrom = observedFrom
  }

  /// The cutoff that the timeline is built backwards from.
  private static func last(
    _ spec: CutoffsSpec, windows: LabelWindow, dataThrough: CalendarDate,
    allowsImmature: Bool
  ) throws(Problem) -> CalendarDate {
    switch spec.last {
    case .date(let date):
      let end = windows.observed(date.value)
      guard end <= dataThrough || (allowsImmature && date.value <= dataThrough) else {
        throw .immature(date.value, windowEnd: end, dataThrough: dataThrough)
      }
      return date.value
    case .latestMature:
      // Window ends grow with the cutoff, so the first mature day met on the way back is the last.
      var candidate = CutoffGrid.last(spec.cadence, onOrBefore: dataThrough)
      while windows.observed(candidate) > dataThrough {
        let dayBefore = CalendarDate(days: candidate.days - 1)
        candidate = CutoffGrid.last(spec.cadence, onOrBefore: dayBefore)
      }
      return candidate
    }
  }
}

/// The roles of a grid's cutoffs, newest first, as many as the counts and embargoes take.
private struct Layout {
  private(set) var roles: [Role] = []
  private let grid: CutoffGrid
  private let windows: LabelWindow
  private let spec: CutoffsSpec

  init(_ spec: CutoffsSpec, grid: CutoffGrid, windows: LabelWindow) {
    self.grid = grid
    self.windows = windows
    self.spec = spec
    append(.test, count: spec.test.value)
    append(.calibrate, count: spec.calibrate.value)
    append(.train, count: spec.train.value)
  }

  private mutating func append(_ role: Role, count: Int) {
    guard count > 0 else { return }
    if !roles.isEmpty {
      let next = grid[roles.count - 1]
      while !spec.keepsApart(windowEnd: windows.end(grid[roles.count]), from: next) {
        roles.append(.embargoed)
      }
    }
    roles.append(contentsOf: repeatElement(role, count: count))
  }
}
