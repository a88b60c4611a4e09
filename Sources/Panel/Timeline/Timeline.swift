internal import Diagnostics
public import Spec

/// Every cutoff of an experiment with its role, oldest first.
///
/// It is built backward from the last mature cutoff T. `test` is the last n cutoffs up to T;
/// `calibrate` is the last n cutoffs c with c + H <= the first test cutoff; `train` is the last n
/// cutoffs with c + H <= the first calibrate cutoff, or all of them from a day on. Cutoffs in between
/// are `embargoed`, and those after T are `immature`. If the spec requests an earlier last cutoff,
/// mature cutoffs after it are `unused`. A role with its own grid takes its cutoffs, and the
/// embargoed ones after them, from that grid.
public struct Timeline: Codable, Sendable {
  /// The cutoffs, oldest first.
  public let cutoffs: [Cutoff]
  /// The last day that may be treated as known.
  public let dataThrough: CalendarDate
  /// The first day from which every source has data, if known.
  public let observedFrom: CalendarDate?

  /// The cutoffs with a role, oldest first.
  public subscript(role: Role) -> [Cutoff] { cutoffs.filter { $0.role == role } }

  /// The cutoffs from the first train cutoff to the last test cutoff.
  public var split: [Cutoff] { cutoffs.filter(\.role.isOfSplit) }

  /// The reason that there is no timeline.
  ///
  /// Only `tooShort` depends on the data; a spec with any of the other problems is refused when it
  /// is checked.
  public enum Problem: Error, Sendable {
    /// The label's source has no last observed day.
    case unobserved(source: String)
    /// `last` is a day on which the cadence has no cutoff; `nearest` is the one before it.
    case notOnGrid(CalendarDate, nearest: CalendarDate)
    /// The label window of the requested `last` ends after `dataThrough`.
    case immature(CalendarDate, windowEnd: CalendarDate, dataThrough: CalendarDate)
    /// There are fewer cutoffs than the roles and embargoes of all folds need.
    case tooShort(available: Int, needed: Int, from: CalendarDate?, to: CalendarDate)
    /// Two successive folds end with the same cutoff.
    case standstill(fold: Int, last: CalendarDate)
    /// A fold has no train cutoff from the given day on whose label window leaves the next role's
    /// first cutoff alone, which is `before`.
    case noneSince(CalendarDate, fold: Int, before: CalendarDate)
  }

  /// Lays out the roles.
  /// - Parameters:
  ///   - dataThrough: the last day on which labels are fully observed.
  ///   - observedFrom: the first day of usable cutoffs; nil for no bound.
  /// - Throws: `Timeline.Problem`.
  public init(
    _ spec: CutoffsSpec, label: LabelSpec, dataThrough: CalendarDate, observedFrom: CalendarDate?
  ) throws(Problem) {
    let windows = LabelWindow(label, arithmetic: spec.monthArithmetic)
    let last = try Self.last(
      spec, windows: windows, dataThrough: dataThrough, allowsImmature: label.immature == .negative)
    guard let grid = CutoffGrid(spec.cadence, through: last, arithmetic: spec.monthArithmetic)
    else {
      throw .notOnGrid(last, nearest: CutoffGrid.last(spec.cadence, onOrBefore: last) ?? last)
    }
    let layout = try Layout(spec, grid: grid, windows: windows)
    let needed = layout.split.count + layout.missing
    let available = layout.split.prefix { cutoff in
      observedFrom.map { cutoff.date >= $0 } ?? true
    }.count
    guard available >= needed else {
      throw .tooShort(available: available, needed: needed, from: observedFrom, to: last)
    }
    let known = layout.split.reversed().map { date, role in
      Cutoff(date: date, role: role, windowEnd: windows.end(date))
    }
    let later = (1...).lazy.map { grid[-$0] }.prefix { $0.map { $0 <= dataThrough } ?? false }
      .compactMap(\.self).map { date in
        Cutoff(
          date: date, role: windows.observed(date) > dataThrough ? .immature : .unused,
          windowEnd: windows.end(date))
      }
    cutoffs = known + later
    self.dataThrough = dataThrough
    self.observedFrom = observedFrom
  }

  /// Creates the timeline of a score list: one cutoff, whose label window has not been observed
  /// yet.
  init(scoring day: CalendarDate, _ spec: ExperimentSpec) {
    let window = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    self.init(
      cutoffs: [Cutoff(date: day, role: .immature, windowEnd: window.end(day))],
      dataThrough: spec.dataThrough ?? day, observedFrom: nil)
  }

  /// Returns the same timeline, which must be known to start on or after the day.
  func observed(from day: CalendarDate?) -> Timeline {
    Timeline(cutoffs: cutoffs, dataThrough: dataThrough, observedFrom: day)
  }

  private init(cutoffs: [Cutoff], dataThrough: CalendarDate, observedFrom: CalendarDate?) {
    self.cutoffs = cutoffs
    self.dataThrough = dataThrough
    self.observedFrom = observedFrom
  }

  /// Returns the cutoff from which the timeline is built backward.
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
      // Window ends increase with the cutoff, so the first mature day found going backward is the
      // last one.
      var candidate = CutoffGrid.last(spec.cadence, onOrBefore: dataThrough)
      while let day = candidate, windows.observed(day) > dataThrough {
        candidate = CutoffGrid.last(spec.cadence, onOrBefore: CalendarDate(days: day.days - 1))
      }
      guard let candidate else {
        throw .tooShort(
          available: 0, needed: spec.fewestCutoffs, from: nil, to: dataThrough)
      }
      return candidate
    }
  }
}

/// The cutoffs of the split, newest first, as many as the roles and the embargoes between them need.
///
/// Each role is laid out backward on its own grid or on that of all roles. The grids of roles are
/// counted back from the last test cutoff, too.
private struct Layout {
  private(set) var split: [(date: CalendarDate, role: Role)] = []
  /// The number of cutoffs that a list of days lacks, not counting embargoed ones.
  private(set) var missing = 0
  private let grid: CutoffGrid
  private let windows: LabelWindow
  private let spec: CutoffsSpec

  init(
    _ spec: CutoffsSpec, grid: CutoffGrid, windows: LabelWindow
  ) throws(Timeline.Problem) {
    self.grid = grid
    self.windows = windows
    self.spec = spec
    for (role, wanted) in spec.roles where wanted.count != 0 {
      guard missing == 0, try append(role, wanted) else {
        missing += wanted.count ?? 1
        continue
      }
    }
  }

  /// Appends the cutoffs of a role, and those embargoed after it.
  /// - Returns: false if the grid is a list that has none of them.
  private mutating func append(
    _ role: Role, _ wanted: CutoffsSpec.RoleCutoffs
  ) throws(Timeline.Problem) -> Bool {
    guard let grid = grid(of: wanted) else { return false }
    var index = 0
    let next = split.last?.date
    if let next {
      let dayBefore = CalendarDate(days: next.days - 1)
      guard let first = grid.steps(toOnOrBefore: dayBefore) else { return false }
      index = first
      while let day = grid[index], !spec.keepsApart(windowEnd: windows.end(day), from: next) {
        split.append((day, .embargoed))
        index += 1
      }
    }
    let before = split.count
    switch wanted.extent {
    case .count(let count):
      while split.count < before + count, let day = grid[index] {
        split.append((day, role))
        index += 1
      }
      missing += before + count - split.count
    case .from(let first):
      while let day = grid[index], day >= first {
        split.append((day, role))
        index += 1
      }
      if split.count == before { throw .noneSince(first, fold: 1, before: next ?? grid.anchor) }
    }
    return true
  }

  /// Returns the grid of a role; nil if its own is a list without a day on or before the last cutoff.
  private func grid(of wanted: CutoffsSpec.RoleCutoffs) -> CutoffGrid? {
    guard let cadence = wanted.cadence else { return grid }
    return CutoffGrid.last(cadence, onOrBefore: grid.anchor).flatMap {
      CutoffGrid(cadence, through: $0, arithmetic: spec.monthArithmetic)
    }
  }
}

extension Timeline.Problem: CustomStringConvertible {
  /// The problem in words, for a spec that was not checked first.
  public var description: String {
    switch self {
    case .unobserved(let source): "the last observed day of `\(source)` is not known"
    case .notOnGrid(let day, let nearest):
      "the last cutoff, \(day), is not a day of its cadence; \(nearest) is"
    case .immature(let day, let windowEnd, let dataThrough):
      "the labels of \(day) are final on \(windowEnd), but the data end on \(dataThrough)"
    case .tooShort(let available, let needed, _, _):
      "there are \(available) cutoffs, but \(needed) are needed"
    case .standstill(let fold, let last):
      "folds \(fold - 1) and \(fold) both end with the cutoff \(last)"
    case .noneSince(let first, let fold, let before):
      "fold \(fold) has no train cutoff from \(first) on that the embargo before \(before) allows"
    }
  }
}

extension Timeline {
  /// Creates the newest timeline of a spec from the spec alone, regardless of where its sources
  /// begin.
  /// - Throws: `Timeline.Problem`.
  public init(_ spec: ExperimentSpec) throws(Problem) {
    guard let dataThrough = spec.dataThrough else {
      throw .unobserved(source: spec.label.sourceName)
    }
    try self.init(
      spec.cutoffs, label: spec.label, dataThrough: dataThrough, observedFrom: nil)
  }

  /// Returns the first cutoff of a spec's cadence after a day, and the day by which its labels are
  /// complete; nil if the cutoffs are listed and none is later.
  public static func next(
    after day: CalendarDate, _ spec: ExperimentSpec
  ) -> (cutoff: CalendarDate, matures: CalendarDate)? {
    var next = CalendarDate(days: day.days + 1)
    if case .listed(let days) = spec.cutoffs.cadence {
      guard let later = days.first(where: { $0 > day }) else { return nil }
      next = later
    }
    // The longest gap between cutoffs of any other cadence is a quarter.
    while CutoffGrid.last(spec.cutoffs.cadence, onOrBefore: next) != next {
      next = CalendarDate(days: next.days + 1)
    }
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    return (next, windows.observed(next))
  }
}

/// The role of a cutoff's rows.
public enum Role: String, CaseIterable, Codable, Sendable {
  case train, calibrate, test
  /// Left out so that no label window of an earlier role ends after the next role's first cutoff.
  case embargoed
  /// Mature, but after the cutoff from which the timeline is built backward.
  case unused
  /// The label window has not been fully observed.
  case immature

  /// Whether its rows affect a result.
  public var hasRows: Bool {
    switch self {
    case .train, .calibrate, .test: true
    case .embargoed, .unused, .immature: false
    }
  }

  /// Whether the role is part of the split: training, calibration, test, or the embargo between
  /// them.
  public var isOfSplit: Bool {
    switch self {
    case .train, .calibrate, .test, .embargoed: true
    case .unused, .immature: false
    }
  }
}

/// A day with a role, and the label window that follows it.
public struct Cutoff: Hashable, Codable, Sendable {
  /// The day.
  public let date: CalendarDate
  /// The role of its rows.
  public let role: Role
  /// The last day of the label window (date, windowEnd].
  public let windowEnd: CalendarDate

  /// Creates a cutoff.
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

  /// Creates the window of a label.
  public init(_ label: LabelSpec, arithmetic: MonthArithmetic) {
    horizon = label.horizon.value
    labelDelay = label.labelDelay
    self.arithmetic = arithmetic
  }

  /// Returns the window's last day.
  public func end(_ cutoff: CalendarDate) -> CalendarDate {
    cutoff.adding(horizon, arithmetic: arithmetic)
  }

  /// Returns the day by which all of the window's events are in the data.
  public func observed(_ cutoff: CalendarDate) -> CalendarDate {
    end(cutoff).adding(labelDelay, arithmetic: arithmetic)
  }
}
