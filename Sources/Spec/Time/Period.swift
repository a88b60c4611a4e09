/// A length of calendar time as a user writes it: `90 days`, `2 weeks`, `6 months`, `1 year`.
public struct Period: Hashable, Sendable, CustomStringConvertible {
  public enum Unit: String, CaseIterable, Sendable {
    case days, weeks, months, years

    /// The unit under its singular or plural name.
    public init?(name: String) {
      guard let unit = Self.allCases.first(where: { $0.rawValue == name || $0.singular == name })
      else { return nil }
      self = unit
    }

    var singular: String { String(rawValue.dropLast()) }
  }

  /// Never negative.
  public let count: Int
  public let unit: Unit

  public init(_ count: Int, _ unit: Unit) {
    precondition(count >= 0, "a period is never negative")
    self.count = count
    self.unit = unit
  }

  /// Parses a count and a unit, `6 months` or `1 day`; nil for anything else.
  public init?(_ text: String) {
    let words = text.split(separator: " ")
    guard words.count == 2, words[0].allSatisfy({ $0.isASCII && $0.isNumber }),
      let count = Int(words[0]), count <= 100_000, let unit = Unit(name: String(words[1]))
    else { return nil }
    self.init(count, unit)
  }

  public var description: String { "\(count) \(count == 1 ? unit.singular : unit.rawValue)" }

  /// The suffix of a feature name over this window: `90d`, `2w`, `6m`, `1y`.
  public var abbreviation: String { "\(count)\(unit.rawValue.prefix(1))" }
}

/// What t plus n months means when t is the last day of its month.
public enum MonthArithmetic: String, CaseIterable, Sendable {
  /// A month's last day goes to a month's last day: 2024-02-29 + 6 months = 2024-08-31.
  case endOfMonth = "end_of_month"
  /// The day of the month is kept and clipped to the month's length: 2024-02-29 + 6 months =
  /// 2024-08-29, as dateutil's relativedelta does.
  case clip
}

extension CalendarDate {
  /// This day moved by a period, forwards or (`sign` -1) backwards.
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
