internal import Foundation

/// A length of time as people write a limit: `90s`, `15m`, `2h`, `1.5h`.
public struct TimeLimit: Equatable, Sendable {
  public let seconds: Double

  private static let units: [(name: Character, seconds: Double)] = [
    ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400),
  ]

  /// nil for any other text, and for no time at all.
  public init?(_ text: String) {
    let text = text.lowercased().filter { $0 != " " }
    guard let unit = Self.units.first(where: { $0.name == text.last }),
      let number = Double(text.dropLast()), number > 0, number * unit.seconds < 1e9
    else { return nil }
    seconds = number * unit.seconds
  }

  /// A limit for people, in the largest unit that it has a whole number of.
  public static func text(_ seconds: Double) -> String {
    let unit = units.last {
      seconds >= $0.seconds && seconds.remainder(dividingBy: $0.seconds) == 0
    }
    guard let unit else { return "\(seconds)s" }
    return "\(Int(seconds / unit.seconds))\(unit.name)"
  }
}
