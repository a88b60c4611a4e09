public import Diagnostics

/// A scalar as written, and what YAML 1.2's core schema makes of it.
public struct Scalar: Sendable {
  public enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  /// The core schema's types. `010` is the integer 10, `0o10` is 8, `no` and `1:30` are strings.
  public enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
  }

  /// The scalar's content after quoting, escapes and folding.
  public var text: String
  public var style: Style

  public init(text: String, style: Style) {
    self.text = text
    self.style = style
  }
}
