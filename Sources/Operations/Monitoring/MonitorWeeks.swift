internal import Evaluation
package import Spec

/// The days whose cohorts a monitor builds: one a week, back from the last observed one.
package struct MonitorWeeks {
  /// Oldest first; the last is the judged day.
  package let days: [CalendarDate]
  /// The number of days that were asked for.
  package let asked: Int

  /// - Parameters:
  ///   - weekday: from 1 (Monday) to 7 (Sunday).
  ///   - dataThrough: the last observed day.
  ///   - reference: the number of weeks to compare with. Four more are needed, because a week is
  ///     compared with the one four weeks before it.
  ///   - first: the first day on which every source is complete; nil if that is unknown.
  package init(weekday: Int, dataThrough: CalendarDate, reference: Int, first: CalendarDate?) {
    let last = dataThrough.days - (dataThrough.weekday - weekday + 7) % 7
    let count = reference + (InputSeries.lags.max() ?? 0) + 1
    asked = count
    days = (0..<count).reversed().map { CalendarDate(days: last - 7 * $0) }
      .filter { day in first.map { day >= $0 } ?? true }
  }
}

extension MonitorWeeks {
  /// The months before a day as pairs of the last day before the month and its own last day, oldest
  /// first.
  package static func months(
    before day: CalendarDate, count: Int, first: CalendarDate?
  ) -> [(cutoff: CalendarDate, end: CalendarDate)] {
    var months: [(CalendarDate, CalendarDate)] = []
    var end = CalendarDate(days: day.days - day.civil.day)
    for _ in 0..<count {
      let cutoff = CalendarDate(days: end.days - end.civil.day)
      if let first, cutoff < first { break }
      months.append((cutoff, end))
      end = cutoff
    }
    return months.reversed()
  }

  /// The number of days of each calendar month after one day, up to and including another.
  package static func monthDays(after start: CalendarDate, through end: CalendarDate) -> [Int] {
    var days = [Int](repeating: 0, count: 12)
    guard end > start else { return days }
    for day in (start.days + 1)...end.days { days[CalendarDate(days: day).civil.month - 1] += 1 }
    return days
  }
}
