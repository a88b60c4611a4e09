internal import Foundation

/// Formats numbers for people, the same way everywhere.
public enum NumberText {
  /// A metric's value: four decimals, or three significant digits if it is small; `-` if undefined.
  public static func metric(_ value: Double?) -> String {
    guard let value else { return "-" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(format: abs(value) < 0.01 ? "%.3g" : "%.4f", value)
  }

  /// A difference of metrics, with its sign; 0 has none.
  public static func signed(_ value: Double) -> String {
    if value == 0 { return "0" }
    let isTiny = abs(value) < 0.0001
    return (value > 0 ? "+" : "-") + String(format: isTiny ? "%.1g" : "%.4f", abs(value))
  }

  /// A difference with its sign and as many digits as `metric` shows.
  public static func signedMetric(_ value: Double) -> String {
    (value < 0 ? "" : "+") + metric(value)
  }

  /// An interval of metrics: `0.7670 to 0.8463`.
  public static func interval(_ low: Double, _ high: Double) -> String {
    "\(metric(low)) to \(metric(high))"
  }

  /// An interval of differences: `-0.0011 to +0.0130`.
  public static func signedInterval(_ low: Double, _ high: Double) -> String {
    "\(signed(low)) to \(signed(high))"
  }

  /// A share as a percentage with a given number of decimals: `7.3 %`.
  public static func percent(_ share: Double, decimals: Int = 1) -> String {
    String(format: "%.\(decimals)f %%", share * 100)
  }

  /// The level of an interval as a percentage without trailing zeros: `95 %`, `97.5 %`.
  public static func level(_ level: Double) -> String {
    String(format: "%.2f", level * 100).replacing(#/\.?0+$/#, with: "") + " %"
  }

  /// A p-value: three decimals, or one significant digit if it is small.
  public static func probability(_ value: Double) -> String {
    String(format: value < 0.001 ? "%.1g" : "%.3f", value)
  }

  /// A count or a mean of counts: one decimal if it is not an integer.
  public static func mean(_ value: Double) -> String {
    value == value.rounded() ? Int(value).grouped : tenths(value)
  }

  /// A number with one decimal.
  public static func tenths(_ value: Double) -> String { String(format: "%.1f", value) }

  /// An expected number of wins. Small numbers are not rounded to 0: 0.04 is not 0.
  public static func wins(_ value: Double) -> String {
    value >= 1_000
      ? Int(value.rounded()).grouped : String(format: value >= 10 ? "%.1f" : "%.2f", value)
  }
}

extension NumberText {
  /// At most two decimals, or one significant digit if a nonzero number would round to 0.
  public static func short(_ value: Double) -> String {
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

  /// So many significant digits, and all digits of the integer part; without an exponent.
  public static func significant(_ digits: Int, _ value: Double) -> String {
    figures(digits, value)
  }

  /// The fewest digits that parse to the same number.
  public static func exact(_ value: Double) -> String {
    (1...17).lazy.map { figures($0, value) }.first { Double($0) == value } ?? "\(value)"
  }

  /// Three significant digits of a value below a limit, or as many more as show that it is below.
  public static func below(_ limit: Double, _ value: Double) -> String {
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

extension Int {
  /// The number with commas between thousands: `1,234,567`.
  public var grouped: String {
    let digits = Array(String(magnitude))
    let groups = digits.enumerated().map { index, digit in
      index > 0 && (digits.count - index) % 3 == 0 ? ",\(digit)" : "\(digit)"
    }
    return (self < 0 ? "-" : "") + groups.joined()
  }
}

extension [String] {
  /// The words as a list in a sentence: `a`, `a or b`, `a, b or c`.
  public func inWords(_ conjunction: String) -> String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " \(conjunction) " + last
  }
}
