public import Diagnostics

/// How an instant becomes a day: in which time zone days are counted, and when a day ends.
///
/// A day without a time of day keeps its date, whatever the clock.
public struct DayClock: Sendable {
  /// The time zone in which days are counted; nil for UTC.
  public var timeZone: Located<String>?
  /// How many minutes after midnight of the next calendar day a day ends, from 0 to
  /// `latestEnd`. Earlier instants belong to the day before.
  public var endsAt = 0
  /// The time zone of a source's timestamps that are written without one; nil if they are local
  /// times already.
  public var writtenIn: Located<String>?

  /// The latest end of a day: noon. A later one could be meant as the evening of the same day.
  static let latestEnd = 720

  /// Creates the clock of a spec that says nothing: days of UTC that end at midnight.
  public init() {}

  /// The name of the time zone in which days are counted.
  public var zone: String { timeZone?.value ?? "UTC" }

  /// The time zone of timestamps without one, if they have to be converted; nil if they are local
  /// times.
  public var convertedFrom: String? {
    writtenIn.flatMap { $0.value == zone ? nil : $0.value }
  }

  /// Whether a value has the day that is written, or, with an offset, the day in UTC.
  public var isPlain: Bool { zone == "UTC" && endsAt == 0 && convertedFrom == nil }

  /// The time at which a day ends, such as `06:00`.
  public var end: String { "\(Self.padded(endsAt / 60)):\(Self.padded(endsAt % 60))" }

  private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  /// Parses hours and minutes, such as `06:00` or `6:00`, up to 23:59; nil for anything else.
  /// - Returns: the minutes after midnight.
  static func minutes(_ text: String) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hours = Int(parts[0]), let minutes = Int(parts[1]), hours < 24, minutes < 60
    else { return nil }
    return hours * 60 + minutes
  }
}
