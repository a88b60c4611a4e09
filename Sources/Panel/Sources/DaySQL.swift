internal import Spec
internal import Warehouse

/// The SQL for the day to which an instant or a time belongs, by a clock of days.
struct DaySQL {
  let clock: DayClock

  /// Returns SQL for the day of an instant, a value of type TIMESTAMPTZ.
  ///
  /// A day ends at one instant: where clocks go back, at the second time that they show its end, and
  /// where they skip it, as long after the change as it is skipped. So of two instants the later one
  /// never has the earlier day.
  func day(ofInstant instant: String) -> String {
    let zone = SQL.literal(clock.zone)
    let date = "CAST(timezone(\(zone), \(instant)) AS DATE)"
    guard clock.endsAt > 0 else { return date }
    let start = "timezone(\(zone), CAST(\(date) AS TIMESTAMP) + \(interval))"
    return "CASE WHEN \(instant) < \(start) THEN \(date) - 1 ELSE \(date) END"
  }

  /// Returns SQL for the day of a time without a time zone, a value of type TIMESTAMP.
  func day(ofTime time: String) -> String {
    if let zone = clock.convertedFrom {
      return day(ofInstant: "timezone(\(SQL.literal(zone)), \(time))")
    }
    return clock.endsAt > 0 ? "CAST(\(time) - \(interval) AS DATE)" : "CAST(\(time) AS DATE)"
  }

  /// Returns SQL for the day of a finite value in a column of a type for times.
  ///
  /// Days beyond any that is valid are not moved, because the engine's times have an end.
  /// - Parameter actual: the engine's type, such as `TIMESTAMP_NS`.
  func day(of value: String, actual: String) -> String {
    guard !clock.isPlain else { return "CAST(\(value) AS DATE)" }
    let isInstant = Self.isInstant(actual)
    let type = isInstant ? "TIMESTAMPTZ" : "TIMESTAMP"
    let time =
      switch actual {
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE": value
      // A cast of nanoseconds rounds, possibly up to the next day.
      case "TIMESTAMP_NS":
        "make_timestamp((epoch_ns(\(value)) - (epoch_ns(\(value)) % 1000 + 1000) % 1000) // 1000)"
      default: "CAST(\(value) AS \(type))"
      }
    let day = isInstant ? day(ofInstant: time) : day(ofTime: time)
    // Nanoseconds end in 2262, and days of other types cannot be compared with them.
    if actual == "TIMESTAMP_NS" { return day }
    return "CASE WHEN \(value) BETWEEN \(type) '0002-01-01' AND \(type) '9998-12-31' THEN \(day) "
      + "ELSE CAST(\(value) AS DATE) END"
  }

  /// Returns SQL for the day of text in ISO 8601 that has been recognized as such.
  /// - Parameters:
  ///   - raw: the trimmed text.
  ///   - text: the text, null if it is not ISO 8601.
  func day(ofISO raw: String, text: String) -> String {
    let instant = "TRY_CAST(\(text) AS TIMESTAMPTZ)"
    // The session's time zone is UTC, so this is the day as it is written, or with an offset, in UTC.
    let date = "CAST(\(instant) AS DATE)"
    guard !clock.isPlain else { return date }
    return "CASE WHEN NOT \(Self.hasTime(raw)) THEN \(date) "
      + "WHEN \(Self.hasOffset(raw)) THEN \(day(ofInstant: instant)) "
      + "ELSE \(day(ofTime: "timezone('UTC', \(instant))")) END"
  }

  /// Returns SQL for the day of the value of `strptime` with a format.
  func day(ofParsed value: String, _ reading: DateFormat.Reading) -> String {
    guard !clock.isPlain else { return "CAST(\(value) AS DATE)" }
    return switch reading {
    case .day: "CAST(\(value) AS DATE)"
    case .time: day(ofTime: value)
    case .instant: day(ofInstant: value)
    }
  }

  // MARK: - Writing

  /// Returns SQL for an instant of a day, as a TIMESTAMPTZ: local noon.
  func instant(on day: CalendarDate) -> String {
    "timezone(\(SQL.literal(clock.zone)), \(Self.noon(day)))"
  }

  /// Returns SQL for a time of a day as a source writes it, as a TIMESTAMP.
  func time(on day: CalendarDate) -> String {
    clock.convertedFrom.map { "timezone(\(SQL.literal($0)), \(instant(on: day)))" }
      ?? Self.noon(day)
  }

  private static func noon(_ day: CalendarDate) -> String { "TIMESTAMP '\(day) 12:00:00'" }

  /// Returns when the first instant of a day is, as a literal of a column of times; nil if it is
  /// not the same time on every day.
  func start(of day: CalendarDate) -> String? {
    guard clock.convertedFrom == nil else { return nil }
    return clock.endsAt == 0 ? "\(day)" : "\(day) \(clock.end):00"
  }

  // MARK: - Forms of values

  private var interval: String { "INTERVAL \(clock.endsAt) MINUTE" }

  static func isInstant(_ actual: String) -> Bool { actual.hasSuffix("WITH TIME ZONE") }

  /// Returns whether ISO 8601 text has a time of day after its day.
  static func hasTime(_ raw: String) -> String { "regexp_matches(substr(\(raw), 11), '[0-9]')" }

  /// Returns whether ISO 8601 text with a time of day has an offset or a time zone.
  static func hasOffset(_ raw: String) -> String {
    "regexp_matches(substr(\(raw), 12), '[A-Za-z+-]')"
  }
}
