import Diagnostics
import Spec

/// The timeline by walking over days, one by one, as the design describes it.
struct SlowTimeline {
  /// The cutoffs by role, oldest first; nil where there are not enough.
  private(set) var train: [CalendarDate] = []
  private(set) var calibrate: [CalendarDate] = []
  private(set) var test: [CalendarDate] = []
  /// Every cutoff from the first of a role to the last test cutoff.
  private(set) var all: [CalendarDate] = []
  let last: CalendarDate
  let isComplete: Bool

  private let spec: ExperimentSpec

  /// - Parameter last: the last test cutoff; nil: the last mature one.
  init(
    _ spec: ExperimentSpec, last: CalendarDate? = nil, dataThrough: CalendarDate,
    observedFrom: CalendarDate?
  ) {
    self.spec = spec
    var day = last ?? dataThrough
    while !(Self.isOnGrid(day, spec.cutoffs.cadence) && Self.observed(day, spec) <= dataThrough) {
      day = CalendarDate(days: day.days - 1)
    }
    self.last = day
    let first = observedFrom ?? CalendarDate(days: day.days - 13_000)
    let grid = Self.grid(from: first, through: day, spec)
    test = grid.suffix(spec.cutoffs.test.value)
    calibrate = Self.lastBefore(test.first, spec.cutoffs.calibrate.value, grid, spec)
    let next = calibrate.first ?? test.first
    train = Self.lastBefore(next, spec.cutoffs.train.value, grid, spec)
    isComplete =
      test.count == spec.cutoffs.test.value && calibrate.count == spec.cutoffs.calibrate.value
      && train.count == spec.cutoffs.train.value
    all = grid.filter { $0 >= train.first ?? day }
  }

  /// Every fold, newest first: the last cutoff of each is looked for day by day, from T - (i - 1) x step
  /// back, among the cutoffs that are counted from T.
  static func folds(
    _ spec: ExperimentSpec, last: CalendarDate? = nil, dataThrough: CalendarDate,
    observedFrom: CalendarDate?
  ) -> [SlowTimeline] {
    let newest = SlowTimeline(
      spec, last: last, dataThrough: dataThrough, observedFrom: observedFrom)
    guard spec.cutoffs.folds.value > 1, let step = spec.cutoffs.step?.value else { return [newest] }
    let oldest = SlowCalendar.adding(
      Period(step.count * spec.cutoffs.folds.value, step.unit), to: newest.last, sign: -1,
      spec.cutoffs.monthArithmetic)
    let cutoffs = Set(
      grid(from: CalendarDate(days: oldest.days - 800), through: newest.last, spec))
    return [newest]
      + (1..<spec.cutoffs.folds.value).map { number in
        var day = SlowCalendar.adding(
          Period(step.count * number, step.unit), to: newest.last, sign: -1,
          spec.cutoffs.monthArithmetic)
        while !cutoffs.contains(day) { day = CalendarDate(days: day.days - 1) }
        return SlowTimeline(
          spec, last: day, dataThrough: dataThrough, observedFrom: observedFrom)
      }
  }

  /// The last `count` cutoffs before a role whose windows leave it alone.
  private static func lastBefore(
    _ next: CalendarDate?, _ count: Int, _ grid: [CalendarDate], _ spec: ExperimentSpec
  ) -> [CalendarDate] {
    guard let next else { return [] }
    return grid.filter { cutoff in
      guard cutoff < next else { return false }
      let end = windowEnd(cutoff, spec)
      switch spec.cutoffs.embargo {
      case .none: return true
      case .horizon: return end <= next
      case .extended(let period):
        return SlowCalendar.adding(period, to: end, spec.cutoffs.monthArithmetic) <= next
      }
    }.suffix(count)
  }

  static func windowEnd(_ day: CalendarDate, _ spec: ExperimentSpec) -> CalendarDate {
    SlowCalendar.adding(spec.label.horizon.value, to: day, spec.cutoffs.monthArithmetic)
  }

  static func observed(_ day: CalendarDate, _ spec: ExperimentSpec) -> CalendarDate {
    SlowCalendar.adding(
      spec.label.labelDelay, to: windowEnd(day, spec), spec.cutoffs.monthArithmetic)
  }

  private static func isOnGrid(_ day: CalendarDate, _ cadence: CutoffsSpec.Cadence) -> Bool {
    let (year, month, dayOfMonth) = day.civil
    let isLast = dayOfMonth == SlowCalendar.length(year, month)
    return switch cadence {
    case .monthEnd: isLast
    case .quarterEnd: isLast && [3, 6, 9, 12].contains(month)
    // 1970-01-05 was a Monday.
    case .weekly(let weekday): (day.days - 4 - (weekday - 1)) % 7 == 0
    case .every: true
    }
  }

  /// The cutoffs of a stretch of days, oldest first.
  static func grid(
    from first: CalendarDate, through last: CalendarDate, _ spec: ExperimentSpec
  ) -> [CalendarDate] {
    guard first <= last else { return [] }
    guard case .every(let step) = spec.cutoffs.cadence else {
      return (first.days...last.days).map { CalendarDate(days: $0) }
        .filter { isOnGrid($0, spec.cutoffs.cadence) }
    }
    var found: [CalendarDate] = []
    var steps = 0
    while true {
      let day = SlowCalendar.adding(
        Period(step.count * steps, step.unit), to: last, sign: -1, spec.cutoffs.monthArithmetic)
      if day < first { return found.reversed() }
      found.append(day)
      steps += 1
    }
  }
}
