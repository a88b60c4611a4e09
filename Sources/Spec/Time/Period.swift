/// A length of calendar time as users write it: `90 days`, `2 weeks`, `6 months`, `1 year`.
public struct Period: Hashable, Sendable, CustomStringConvertible {
  /// A unit of calendar time.
  public enum Unit: String, CaseIterable, Sendable {
    case days, weeks, months, years

    /// Finds a unit by its singular or plural name.
    public init?(name: String) {
      guard let unit = Self.allCases.first(where: { $0.rawValue == name || $0.singular == name })
      else { return nil }
      self = unit
    }

    var singular: String { String(rawValue.dropLast()) }
  }

  /// The number of units; never negative.
  public let count: Int
  /// The unit.
  public let unit: Unit

  /// Creates a period of `count` units, which must not be negative.
  public init(_ count: Int, _ unit: Unit) {
    precondition(count >= 0, "a period is never negative")
    self.count = count
    self.unit = unit
  }

  /// Parses a count and a unit, such as `6 months` or `1 day`; nil for anything else.
  public init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let count = Int(words[0]), count <= 100_000, let unit = Unit(name: String(words[1]))
    else { return nil }
    self.init(count, unit)
  }

  /// The period as users write it.
  public var description: String { "\(count) \(count == 1 ? unit.singular : unit.rawValue)" }

  /// The suffix for the name of a feature over this window: `90d`, `2w`, `6m`, `1y`.
  public var abbreviation: String { "\(count)\(unit.rawValue.prefix(1))" }
}

/// How months are added to the last day of a month.
public enum MonthArithmetic: String, CaseIterable, Sendable {
  /// The result is the last day of its month, too: 2024-02-29 + 6 months = 2024-08-31.
  case endOfMonth = "end_of_month"
  /// The day of the month is kept, clipped to the month's length: 2024-02-29 + 6 months =
  /// 2024-08-29, as in dateutil's relativedelta.
  case clip
}

extension CalendarDate {
  /// Returns this day moved by a period, forward or (with `sign` -1) backward.
  public func adding(
    _ period: Period, sign: Int = 1, arithmetic: MonthArithmetic = .endOfMonth
  ) -> CalendarDate {
    switch period.unit {
    case .days: CalendarDate(days: days + sign * period.count)
    case .weeks: CalendarDate(days: days + sign * period.count * 7)
    case .months: addingMonths(sign * period.count, arithmetic)
    case .years: addingMonths(sign * period.count * 12, arithmetic)
    }
  }

  private func addingMonths(_ count: Int, _ arithmetic: MonthArithmetic) -> CalendarDate {
    let (year, month, day) = civil
    let months = year * 12 + month - 1 + count
    let targetYear = months >= 0 ? months / 12 : (months - 11) / 12
    let targetMonth = months - targetYear * 12 + 1
    let length = Self.lengthOfMonth(targetMonth, year: targetYear)
    let keepsEnd = arithmetic == .endOfMonth && isLastOfMonth
    let targetDay = keepsEnd ? length : min(day, length)
    // The day was clipped to the month's length, so it exists.
    return CalendarDate(year: targetYear, month: targetMonth, day: targetDay) ?? self
  }
}
