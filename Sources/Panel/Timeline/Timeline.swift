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

extension Timeline.Problem: CustomStringConvertible {
  /// What is wrong, for the case that a spec was not checked first.
  public var description: String {
    switch self {
    case .unobserved(let source): "nobody knows until when `\(source)` has seen events"
    case .notOnGrid(let day, let nearest):
      "the last cutoff, \(day), is not a day of its cadence; \(nearest) is"
    case .immature(let day, let windowEnd, let dataThrough):
      "the labels of \(day) are settled on \(windowEnd), and the data end on \(dataThrough)"
    case .tooShort(let available, let needed, _, _):
      "there are \(available) cutoffs, and \(needed) are needed"
    case .standstill(let fold, let last):
      "folds \(fold - 1) and \(fold) both end with the cutoff \(last)"
    }
  }
}

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

/// What a cutoff's rows are for.
public enum Role: String, CaseIterable, Codable, Sendable {
  case train, calibrate, test
  /// Dropped so that no label window of an earlier role reaches past the next role's first cutoff.
  case embargoed
  /// Mature, but after the cutoff that the timeline is built back from.
  case unused
  /// The label window has not been fully observed.
  case immature

  /// Whether its rows decide a result.
  public var hasRows: Bool {
    switch self {
    case .train, .calibrate, .test: true
    case .embargoed, .unused, .immature: false
    }
  }

  /// Whether a timeline gives the role on purpose: to learn from, to judge on, or to keep these apart.
  public var isOfSplit: Bool {
    switch self {
    case .train, .calibrate, .test, .embargoed: true
    case .unused, .immature: false
    }
  }
}

/// A day with a role, and the label window that opens behind it.
public struct Cutoff: Hashable, Codable, Sendable {
  public let date: CalendarDate
  public let role: Role
  /// The label window is (date, windowEnd].
  public let windowEnd: CalendarDate

  public init(date: CalendarDate, role: Role, windowEnd: CalendarDate) {
    self.date = date
    self.role = role
    self.windowEnd = windowEnd
  }
}

/// The label window (cutoff, cutoff + horizon] and the day by which it has been observed.
public struct LabelWindow: Sendable {
  private let horizon: Period
  private let labelDelay: Period
  private let arithmetic: MonthArithmetic

  public init(_ label: LabelSpec, arithmetic: MonthArithmetic) {
    horizon = label.horizon.value
    labelDelay = label.labelDelay
    self.arithmetic = arithmetic
  }

  /// The window's last day.
  public func end(_ cutoff: CalendarDate) -> CalendarDate {
    cutoff.adding(horizon, arithmetic: arithmetic)
  }

  /// The day from which on all of the window's events are in the data.
  public func observed(_ cutoff: CalendarDate) -> CalendarDate {
    end(cutoff).adding(labelDelay, arithmetic: arithmetic)
  }
}
