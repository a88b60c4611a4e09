internal import Foundation

/// Numbers as people write them: no exponents, no needless digits.
enum DecimalText {
  /// At most two decimals; of a number that would read 0 but is not, its first figure.
  static func short(_ value: Double) -> String {
    if let whole = Int(exactly: value) { return "\(whole)" }
    guard value.isFinite else { return "\(value)" }
    guard let hundredths = Int(exactly: (abs(value) * 100).rounded()) else { return "\(value)" }
    if hundredths == 0 { return figures(1, value) }
    let whole = (value < 0 ? "-" : "") + "\(hundredths / 100)"
    return switch hundredths % 100 {
    case 0: whole
    case let tens where tens % 10 == 0: "\(whole).\(tens / 10)"
    case let rest where rest < 10: "\(whole).0\(rest)"
    case let rest: "\(whole).\(rest)"
    }
  }

  /// The fewest figures that make the same number again.
  static func exact(_ value: Double) -> String {
    (1...17).lazy.map { figures($0, value) }.first { Double($0) == value } ?? "\(value)"
  }

  /// Three figures of a value below a limit, or as many more as show that it is below.
  static func below(_ limit: Double, _ value: Double) -> String {
    (3...17).lazy.map { figures($0, value) }.first { Double($0) ?? limit < limit } ?? "\(value)"
  }

  private static func figures(_ count: Int, _ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    let decimals = count - 1 - Int(log10(abs(value)).rounded(.down))
    return trimmed(String(format: "%.\(max(decimals, 0))f", value))
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    let digits = text.reversed().drop { $0 == "0" }
    return String((digits.first == "." ? digits.dropFirst() : digits).reversed())
  }
}
