import Spec

/// Days by counting: no formula but the length of a month.
enum SlowCalendar {
  /// A day moved by a period; months one by one.
  static func adding(
    _ period: Period, to day: CalendarDate, sign: Int = 1, _ arithmetic: MonthArithmetic
  ) -> CalendarDate {
    switch period.unit {
    case .days: return CalendarDate(days: day.days + sign * period.count)
    case .weeks: return CalendarDate(days: day.days + sign * period.count * 7)
    case .months, .years:
      var (year, month, dayOfMonth) = day.civil
      let isLast = dayOfMonth == length(year, month)
      for _ in 0..<(period.unit == .years ? period.count * 12 : period.count) {
        month += sign
        if month == 13 { (year, month) = (year + 1, 1) }
        if month == 0 { (year, month) = (year - 1, 12) }
      }
      let last = length(year, month)
      dayOfMonth = isLast && arithmetic == .endOfMonth ? last : min(dayOfMonth, last)
      return CalendarDate(year: year, month: month, day: dayOfMonth) ?? day
    }
  }

  static func length(_ year: Int, _ month: Int) -> Int {
    let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
    return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }
}
