/// A day in the proleptic Gregorian calendar, without time of day or time zone.
public struct CalendarDate: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
  /// Days since 1970-01-01.
  public let days: Int

  /// Creates a day from the number of days since 1970-01-01.
  public init(days: Int) { self.days = days }

  /// Creates a day from year, month (1...12) and day of the month (1...); nil if it does not exist.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...12).contains(month), day >= 1, day <= Self.lengthOfMonth(month, year: year) else {
      return nil
    }
    self.init(days: Self.daysFromCivil(year, month, day))
  }

  /// Parses `YYYY-MM-DD` exactly; nil for anything else or for a day that does not exist.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let isDigit: (Int) -> Bool = { bytes[$0] >= 48 && bytes[$0] <= 57 }
    guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45,
      [0, 1, 2, 3, 5, 6, 8, 9].allSatisfy(isDigit)
    else { return nil }
    let number: (Range<Int>) -> Int = { $0.reduce(0) { $0 * 10 + Int(bytes[$1]) - 48 } }
    self.init(year: number(0..<4), month: number(5..<7), day: number(8..<10))
  }

  /// The year, month (1...12) and day of the month (1...31).
  public var civil: (year: Int, month: Int, day: Int) {
    // Days are counted from 0000-03-01, so the leap day is the last day of its year; see E. G.
    // Richards, Mapping Time (1998), on calendar arithmetic in eras of 400 years.
    let shifted = days + 719_468
    let era = Self.floorDivide(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The weekday from 1 (Monday) to 7 (Sunday), as in ISO 8601.
  public var weekday: Int {
    // 1970-01-01 was a Thursday.
    let sinceMonday = (days + 3) % 7
    return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1
  }

  /// Whether the day is the last of its month.
  public var isLastOfMonth: Bool {
    let (year, month, day) = civil
    return day == Self.lengthOfMonth(month, year: year)
  }

  /// The day as `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = civil
    func padded(_ number: Int, _ width: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, width - text.count)) + text
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Returns whether a day is before another.
  public static func < (left: CalendarDate, right: CalendarDate) -> Bool { left.days < right.days }

  /// Returns the number of days in a month (1...12).
  public static func lengthOfMonth(_ month: Int, year: Int) -> Int {
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return switch month {
    case 2: isLeap ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func daysFromCivil(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = floorDivide(marchYear, 400)
    let yearOfEra = marchYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func floorDivide(_ dividend: Int, _ divisor: Int) -> Int {
    let quotient = dividend / divisor
    return dividend % divisor < 0 ? quotient - 1 : quotient
  }
}

extension CalendarDate {
  /// Decodes `YYYY-MM-DD`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let date = CalendarDate(text) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "`\(text)` is not a day")
    }
    self = date
  }

  /// Encodes `YYYY-MM-DD`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
