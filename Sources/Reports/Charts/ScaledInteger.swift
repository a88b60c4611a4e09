internal import Diagnostics

/// How the numbers of an axis are written.
package enum TickFormat: Sendable {
  case plain, percent
}

/// The number `mantissa * 10^exponent`. A tick is such a number, so its text has no rounding error.
package struct ScaledInteger: Sendable {
  package let mantissa: Int
  package let exponent: Int

  package init(_ mantissa: Int, _ exponent: Int) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// The number, correctly rounded where the power of ten is at most 10^22.
  package var value: Double {
    exponent < 0
      ? Double(mantissa) / Self.power(-exponent) : Double(mantissa) * Self.power(exponent)
  }

  /// Returns 1, 2, or 5 times a power of ten: the first that divides a span into at most `count`
  /// parts.
  static func step(for span: Double, _ count: Int) -> ScaledInteger {
    let least = span / Double(max(count, 1)) * (1 - 1e-9)
    let exponent = DecimalExponent.floor(least)
    let found = [1, 2, 5].lazy.map { ScaledInteger($0, exponent) }.first { $0.value >= least }
    return found ?? ScaledInteger(1, exponent + 1)
  }

  /// The digits of the number, as many as the exponent says: those of an axis are aligned.
  package func text(_ format: TickFormat = .plain) -> String {
    let shown = format == .percent ? exponent + 2 : exponent
    return (mantissa == 0 ? "0" : digits(shown)) + (format == .percent ? " %" : "")
  }

  private func digits(_ exponent: Int) -> String {
    if (0...12).contains(exponent), mantissa.magnitude < 1_000_000 {
      return (mantissa * (0..<exponent).reduce(1) { power, _ in power * 10 }).grouped
    }
    let decimals = -exponent
    guard (1...6).contains(decimals) || (decimals > 0 && mantissa.magnitude > 1_000) else {
      return exponent == 0 ? mantissa.grouped : "\(mantissa)e\(exponent)"
    }
    let digits = String(mantissa.magnitude)
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    return (mantissa < 0 ? "-" : "") + padded.dropLast(decimals) + "." + padded.suffix(decimals)
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
