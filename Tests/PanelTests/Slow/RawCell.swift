import Spec

/// A value as it stands in a table.
enum RawCell: Hashable, Sendable {
  case null
  case text(String)
  case integer(Int)
  case number(Double)
  /// Days since 1970-01-01.
  case day(Int)
  /// Seconds since 1970-01-01 of a time without an offset, as if it were in UTC.
  case moment(Int)
  /// Seconds since 1970-01-01, in UTC.
  case instant(Int)

  /// What a cast of the value to text gives; nil for null.
  var text: String? {
    switch self {
    case .null: nil
    case .text(let text): text
    case .integer(let number): String(number)
    case .number(let number): "\(number)"
    case .day(let day): CalendarDate(days: day).description
    case .moment(let seconds):
      "\(CalendarDate(days: Self.day(of: seconds))) \(Self.time(of: seconds))"
    case .instant(let seconds):
      "\(CalendarDate(days: Self.day(of: seconds))) \(Self.time(of: seconds))+00"
    }
  }

  static func day(of seconds: Int) -> Int {
    seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
  }

  /// `HH:MM:SS` of a moment.
  static func time(of seconds: Int) -> String {
    let second = seconds - day(of: seconds) * 86_400
    return [second / 3600, second / 60 % 60, second % 60]
      .map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
  }

  /// Whether this comes before another value of the same column; neither is null.
  func precedes(_ other: RawCell) -> Bool {
    switch (self, other) {
    case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
    case (.integer(let left), .integer(let right)): left < right
    case (.number(let left), .number(let right)): left < right
    case (.day(let left), .day(let right)): left < right
    case (.moment(let left), .moment(let right)): left < right
    case (.instant(let left), .instant(let right)): left < right
    default: false
    }
  }
}
