internal import Diagnostics
internal import OrderedCollections
public import Spec

/// The days on which a cadence puts cutoffs, counted backwards from one of them.
public struct CutoffGrid: Sendable {
  public let cadence: CutoffsSpec.Cadence
  public let arithmetic: MonthArithmetic
  /// The cutoff with number 0.
  public let anchor: CalendarDate

  /// A grid with a cutoff on `anchor`; nil when the cadence has none on that day.
  public init?(
    _ cadence: CutoffsSpec.Cadence, through anchor: CalendarDate, arithmetic: MonthArithmetic
  ) {
    guard Self.last(cadence, onOrBefore: anchor) == anchor else { return nil }
    self.cadence = cadence
    self.anchor = anchor
    self.arithmetic = arithmetic
  }

  /// The cutoff `number` steps before the anchor; negative numbers lie behind it.
  public subscript(number: Int) -> CalendarDate {
    let sign = number < 0 ? 1 : -1
    let steps = abs(number)
    return switch cadence {
    case .monthEnd: Self.monthEnd(anchor, months: sign * steps)
    case .quarterEnd: Self.monthEnd(anchor, months: sign * steps * 3)
    case .weekly: CalendarDate(days: anchor.days + sign * steps * 7)
    case .every(let step):
      // Counted from the anchor in one step, so that clipped months do not add up.
      anchor.adding(
        Period(step.count * steps, step.unit), sign: sign, arithmetic: arithmetic)
    }
  }

  /// How many steps before the anchor the last cutoff on or before a day lies; 0 for the anchor itself
  /// and days after it.
  public func steps(toOnOrBefore day: CalendarDate) -> Int {
    // Cutoffs fall as their numbers rise: doubling finds a number that is far enough, halving the first.
    var enough = 1
    while self[enough] > day { enough *= 2 }
    var (low, high) = (0, enough)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] > day { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The last day on or before `day` that the cadence can put a cutoff on.
  public static func last(
    _ cadence: CutoffsSpec.Cadence, onOrBefore day: CalendarDate
  ) -> CalendarDate {
    switch cadence {
    case .monthEnd: monthEnd(onOrBefore: day)
    case .quarterEnd:
      // A quarter ends with the third, sixth, ninth and twelfth month.
      monthEnd(
        monthEnd(onOrBefore: day), months: -(monthEnd(onOrBefore: day).civil.month % 3))
    case .weekly(let weekday): CalendarDate(days: day.days - (day.weekday - weekday + 7) % 7)
    case .every: day
    }
  }

  private static func monthEnd(onOrBefore day: CalendarDate) -> CalendarDate {
    day.isLastOfMonth ? day : CalendarDate(days: day.days - day.civil.day)
  }

  /// A month's last day moved by so many months, to a month's last day.
  private static func monthEnd(_ day: CalendarDate, months: Int) -> CalendarDate {
    day.adding(
      Period(abs(months), .months), sign: months < 0 ? -1 : 1, arithmetic: .endOfMonth)
  }
}

extension CutoffsSpec {
  /// Whether a label window, and the embargo behind it, end by a later cutoff, so that what is learned
  /// from the one tells nothing of the other.
  public func keepsApart(windowEnd: CalendarDate, from next: CalendarDate) -> Bool {
    switch embargo {
    case .none: true
    case .horizon: windowEnd <= next
    case .extended(let period): windowEnd.adding(period, arithmetic: monthArithmetic) <= next
    }
  }
}

extension ExperimentSpec {
  /// The last day of which the label's source may be taken to know everything.
  public var dataThrough: CalendarDate? {
    sources[label.sourceName]?.dataThrough.map { min($0.value, asOf?.value ?? $0.value) }
  }
}
