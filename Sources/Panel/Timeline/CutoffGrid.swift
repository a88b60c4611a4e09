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

  /// The last day on or before `day` that the cadence can put a cutoff on.
  public static func last(
    _ cadence: CutoffsSpec.Cadence, onOrBefore day: CalendarDate
  ) -> CalendarDate {
    switch cadence {
    case .monthEnd: day.isLastOfMonth ? day : monthEnd(day, months: -1)
    case .quarterEnd: quarterEnd(onOrBefore: day)
    case .weekly(let weekday): CalendarDate(days: day.days - (day.weekday - weekday + 7) % 7)
    case .every: day
    }
  }

  private static func monthEnd(_ day: CalendarDate, months: Int) -> CalendarDate {
    let (year, month, _) = day.civil
    let index = year * 12 + month - 1 + months
    let (targetYear, targetMonth) = (index / 12, index % 12 + 1)
    let length = CalendarDate.lengthOfMonth(targetMonth, year: targetYear)
    // The last day of a month exists.
    return CalendarDate(year: targetYear, month: targetMonth, day: length) ?? day
  }

  private static func quarterEnd(onOrBefore day: CalendarDate) -> CalendarDate {
    let month = day.civil.month
    if month % 3 == 0 && day.isLastOfMonth { return day }
    return monthEnd(day, months: -((month - 1) % 3 + 1))
  }
}
