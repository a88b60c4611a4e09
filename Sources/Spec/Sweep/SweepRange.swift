import Diagnostics
import Glibc
import YAML

/// Numbers that a sweep draws from.
struct SweepRange {
  let low: Located<Double>
  let high: Located<Double>
  let isLogarithmic: Bool
  /// Whether only whole numbers are drawn: both ends were written as such.
  let isWhole: Bool

  /// The range of a map whose form has been checked and whose defaults are in; nil for anything else.
  init?(_ node: Node) {
    guard let fields = Fields(node), let low = fields.number("from"),
      let high = fields.number("to"), let scale = fields.text("scale")
    else { return nil }
    self.low = low
    self.high = high
    isLogarithmic = scale.value == "log"
    isWhole = fields.integer("from") != nil && fields.integer("to") != nil
  }

  /// The number at a share of the range, from 0 (included) to 1 (excluded); every whole number has the
  /// same share of a linear range.
  func value(at share: Double) -> Scalar {
    let upper = isWhole ? high.value + 1 : high.value
    let number =
      isLogarithmic
      ? low.value * exp(share * log(upper / low.value)) : low.value + share * (upper - low.value)
    if isWhole, let whole = Int(exactly: min(number.rounded(.down), high.value)) {
      return Scalar(text: String(whole), style: .plain)
    }
    // Four digits are as fine as any learner's setting needs, and make names that can be read.
    let rounded = min(max(Self.rounded(number), low.value), high.value)
    return Scalar(text: "\(rounded)", style: .plain)
  }

  private static func rounded(_ number: Double) -> Double {
    guard number != 0, number.isFinite else { return number }
    let digits = 3 - Int(log10(abs(number)).rounded(.down))
    // Beyond 10^22 a power of ten is no longer exact, and no setting is so large or so small.
    guard abs(digits) <= 22 else { return number }
    let factor = pow(10, Double(abs(digits)))
    return digits >= 0 ? (number * factor).rounded() / factor : (number / factor).rounded() * factor
  }
}
