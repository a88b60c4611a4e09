import Diagnostics
import Spec

/// Reads values as the documentation says they are read, character by character.
enum SlowParser {
  static func key(_ cell: RawCell) -> String? {
    guard let written = trimmed(cell) else { return nil }
    let text = written.hasSuffix(".0") ? String(written.dropLast(2)) : written
    return text.isEmpty ? nil : text
  }

  static func value(_ cell: RawCell, _ column: ColumnSpec, _ clock: DayClock) -> SlowValue {
    guard let written = trimmed(cell) else { return .null }
    let text = column.jsonField == nil ? written : field(of: written)
    guard let text else { return .null }
    switch column.type {
    case .text: return .text(text)
    case .integer, .number: return SlowValue(Double(text))
    case .flag:
      switch text.lowercased() {
      case "1", "1.0", "t", "true", "y", "yes": return .flag(true)
      case "0", "0.0", "f", "false", "n", "no": return .flag(false)
      default: return .null
      }
    case .date:
      return day(cell, text, SlowClock(clock: column.form.isWholeDays ? DayClock() : clock))
    }
  }

  /// Text without the blanks around it; nil where nothing is left.
  private static func trimmed(_ cell: RawCell) -> String? {
    guard let text = cell.text else { return nil }
    let rest = text.drop { $0 == " " }
    let end = rest.lastIndex { $0 != " " }
    return end.map { String(rest[...$0]) }
  }

  /// What stands in `{"value": "..."}`, or the text itself.
  private static func field(of text: String) -> String? {
    guard text.hasPrefix("{") else { return text }
    let pieces = text.split(separator: "\"", omittingEmptySubsequences: false)
    return pieces.count == 5 ? trimmed(.text(String(pieces[3]))) : nil
  }

  private static func day(_ cell: RawCell, _ text: String, _ clock: SlowClock) -> SlowValue {
    switch cell {
    case .day(let day): return .day(day)
    case .moment(let seconds): return .day(clock.day(ofTime: seconds))
    case .instant(let seconds): return .day(clock.day(ofInstant: seconds))
    default: break
    }
    let slashed = text.split(separator: "/").compactMap { Int($0) }
    if slashed.count == 3 {
      return CalendarDate(year: slashed[2], month: slashed[0], day: slashed[1])
        .map { .day($0.days) } ?? .null
    }
    let dated = text.prefix(10).split(separator: "-").compactMap { Int($0) }
    guard dated.count == 3,
      let date = CalendarDate(year: dated[0], month: dated[1], day: dated[2])
    else { return .null }
    let rest = text.dropFirst(10)
    // A date without a time of day is a day, whatever the clock.
    guard !rest.isEmpty else { return .day(date.days) }
    let (seconds, offset) = time(String(rest))
    let local = date.days * 86_400 + seconds
    return .day(offset.map { clock.day(ofInstant: local - $0) } ?? clock.day(ofTime: local))
  }

  /// The seconds from the day's midnight of ` 21:30:00.250-07:00`, and its offset in seconds; nil
  /// for a time without one.
  private static func time(_ text: String) -> (seconds: Int, offset: Int?) {
    let clock = text.dropFirst()
    let end = clock.firstIndex { "Z+-".contains($0) } ?? clock.endIndex
    let time = clock[..<end].split(separator: ":").compactMap { Double($0) }
    let seconds = Int(zip(time, [3600.0, 60, 1]).reduce(0) { $0 + $1.0 * $1.1 })
    let zone = clock[end...]
    guard let sign = zone.first else { return (seconds, nil) }
    let parts = zone.dropFirst().split(separator: ":").compactMap { Int($0) }
    let offset = zip(parts, [3600, 60]).reduce(0) { $0 + $1.0 * $1.1 }
    return (seconds, sign == "-" ? -offset : offset)
  }
}
