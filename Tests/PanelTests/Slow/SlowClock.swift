import Diagnostics
import Spec

/// Days of a clock, by the rules of a few time zones written out by hand. Moments are seconds since
/// 1970-01-01.
struct SlowClock {
  let clock: DayClock

  /// The day of a moment in UTC.
  func day(ofInstant instant: Int) -> Int {
    let date = RawCell.day(of: instant + SlowZone(clock.zone).offset(at: instant))
    guard clock.endsAt > 0 else { return date }
    let end = SlowZone(clock.zone).instant(of: date * 86_400 + clock.endsAt * 60)
    return instant < end ? date - 1 : date
  }

  /// The day of a time that is written without an offset, as if it were in UTC.
  func day(ofTime time: Int) -> Int {
    if let written = clock.writtenIn?.value, written != clock.zone {
      return day(ofInstant: SlowZone(written).instant(of: time))
    }
    return RawCell.day(of: time - clock.endsAt * 60)
  }
}

/// The offsets of a time zone in the years of `RandomWorld`.
private struct SlowZone {
  /// The offset in winter, in seconds.
  private let standard: Int
  /// The moments between which clocks are an hour ahead, by year; nil if they never are.
  private let summer: ((_ year: Int) -> ClosedRange<Int>)?

  init(_ name: String) {
    switch name {
    case "America/New_York":
      standard = -5 * 3600
      // From the second Sunday of March to the first one of November, at 02:00.
      summer = { year in
        let start = Self.sunday(2, month: 3, year: year) * 86_400 + 7 * 3600
        return start...(Self.sunday(1, month: 11, year: year) * 86_400 + 6 * 3600 - 1)
      }
    case "Europe/Berlin":
      standard = 3600
      // From the last Sunday of March to that of October, at 01:00 in UTC.
      summer = { year in
        let start = Self.lastSunday(month: 3, year: year) * 86_400 + 3600
        return start...(Self.lastSunday(month: 10, year: year) * 86_400 + 3600 - 1)
      }
    case "Asia/Kolkata": (standard, summer) = (19_800, nil)
    case "UTC": (standard, summer) = (0, nil)
    default: preconditionFailure("the rules of \(name) are not written out")
    }
  }

  func offset(at instant: Int) -> Int {
    let year = CalendarDate(days: RawCell.day(of: instant)).civil.year
    return summer?(year).contains(instant) == true ? standard + 3600 : standard
  }

  /// The moment at which clocks show a time: the later of two, and after a gap the time moved by it.
  func instant(of local: Int) -> Int {
    let candidates = [local - standard, local - standard - 3600]
    return candidates.filter { $0 + offset(at: $0) == local }.max() ?? candidates.max() ?? local
  }

  /// The n-th Sunday of a month, as a day; 1970-01-01 was a Thursday.
  private static func sunday(_ number: Int, month: Int, year: Int) -> Int {
    let first = CalendarDate(year: year, month: month, day: 1)?.days ?? 0
    return first + (7 - (first + 4) % 7) % 7 + 7 * (number - 1)
  }

  private static func lastSunday(month: Int, year: Int) -> Int {
    let fifth = sunday(5, month: month, year: year)
    return CalendarDate(days: fifth).civil.month == month ? fifth : fifth - 7
  }
}
