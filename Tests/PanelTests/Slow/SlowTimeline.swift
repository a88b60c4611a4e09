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
    let cutoffs = spec.cutoffs
    var day = last ?? dataThrough
    // No list of cutoffs goes back so far.
    let bound = day.days - 20_000
    while !(Self.isOnGrid(day, cutoffs.cadence) && Self.observed(day, spec) <= dataThrough) {
      day = CalendarDate(days: day.days - 1)
      guard day.days > bound else {
        self.last = last ?? dataThrough
        isComplete = false
        return
      }
    }
    self.last = day
    let first = CalendarDate(days: day.days - 13_000)
    let main = Self.grid(from: first, through: day, spec)
    func grid(_ role: CutoffsSpec.RoleCutoffs) -> [CalendarDate] {
      role.cadence.map { Self.grid(from: first, through: day, spec, $0) } ?? main
    }
    let (calibrateGrid, trainGrid) = (grid(cutoffs.calibrate), grid(cutoffs.train))
    let test = main.suffix(cutoffs.test.value).map(\.self)
    let calibrate = Self.lastBefore(test.first, cutoffs.calibrate, calibrateGrid, spec)
    let train = Self.lastBefore(calibrate.first ?? test.first, cutoffs.train, trainGrid, spec)
    let isWhole =
      test.count == cutoffs.test.value && calibrate.count == cutoffs.calibrate.count
      && (cutoffs.train.count.map { train.count == $0 } ?? !train.isEmpty)
    isComplete = isWhole && train[0] >= observedFrom ?? train[0]
    (self.test, self.calibrate, self.train) = (test, calibrate, train)
    // Between two roles there are cutoffs of the earlier one's grid.
    func between(_ earlier: [CalendarDate], _ later: [CalendarDate], _ grid: [CalendarDate])
      -> [CalendarDate]
    {
      guard let last = earlier.last, let first = later.first else { return [] }
      return grid.filter { $0 > last && $0 < first }
    }
    all =
      train + between(train, calibrate.isEmpty ? test : calibrate, trainGrid) + calibrate
      + between(calibrate, test, calibrateGrid) + test
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
    let first = CalendarDate(days: oldest.days - 800)
    let cutoffs = Set(grid(from: first, through: newest.last, spec))
    return [newest]
      + (1..<spec.cutoffs.folds.value).map { number in
        var day = SlowCalendar.adding(
          Period(step.count * number, step.unit), to: newest.last, sign: -1,
          spec.cutoffs.monthArithmetic)
        // Beyond the first day of a list there is nothing, which makes the fold incomplete.
        while !cutoffs.contains(day), day > first { day = CalendarDate(days: day.days - 1) }
        return SlowTimeline(
          spec, last: day, dataThrough: dataThrough, observedFrom: observedFrom)
      }
  }

  /// The last cutoffs before a role whose windows leave it alone, so many or from a day on.
  private static func lastBefore(
    _ next: CalendarDate?, _ role: CutoffsSpec.RoleCutoffs, _ grid: [CalendarDate],
    _ spec: ExperimentSpec
  ) -> [CalendarDate] {
    guard let next else { return [] }
    let allowed = grid.filter { cutoff in
      guard cutoff < next else { return false }
      let end = windowEnd(cutoff, spec)
      switch spec.cutoffs.embargo {
      case .none: return true
      case .horizon: return end <= next
      case .extended(let period):
        return SlowCalendar.adding(period, to: end, spec.cutoffs.monthArithmetic) <= next
      }
    }
    switch role.extent {
    case .count(let count): return allowed.suffix(count)
    case .from(let first): return allowed.filter { $0 >= first }
    }
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
    case .listed(let days): days.contains(day)
    }
  }

  /// The cutoffs of a stretch of days, oldest first.
  /// - Parameter cadence: nil: that of all roles.
  static func grid(
    from first: CalendarDate, through last: CalendarDate, _ spec: ExperimentSpec,
    _ cadence: CutoffsSpec.Cadence? = nil
  ) -> [CalendarDate] {
    let cadence = cadence ?? spec.cutoffs.cadence
    guard first <= last else { return [] }
    if case .listed(let days) = cadence { return days.filter { $0 >= first && $0 <= last } }
    guard case .every(let step) = cadence else {
      return (first.days...last.days).map { CalendarDate(days: $0) }
        .filter { isOnGrid($0, cadence) }
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
