/// A range of numbers whose ends may be excluded.
public struct NumberRange: Sendable, CustomStringConvertible {
  /// One end of the range.
  public enum End: Sendable {
    case included(Double)
    case excluded(Double)
    case open
  }

  /// The lower end.
  public let low: End
  /// The upper end.
  public let high: End

  /// A range from one end to the other.
  public init(_ low: End, _ high: End) {
    self.low = low
    self.high = high
  }

  /// Whether a number lies in the range; infinities and NaN never do.
  public func contains(_ value: Double) -> Bool {
    let above =
      switch low {
      case .included(let end): value >= end
      case .excluded(let end): value > end
      case .open: true
      }
    let below =
      switch high {
      case .included(let end): value <= end
      case .excluded(let end): value < end
      case .open: true
      }
    return above && below && value.isFinite
  }

  /// As a person writes it: `above 0 and at most 100`.
  public var description: String {
    let lower: String? =
      switch low {
      case .included(let end): "at least \(Self.text(end))"
      case .excluded(let end): "above \(Self.text(end))"
      case .open: nil
      }
    let upper: String? =
      switch high {
      case .included(let end): "at most \(Self.text(end))"
      case .excluded(let end): "below \(Self.text(end))"
      case .open: nil
      }
    if case .included(let low) = low, case .included(let high) = high {
      return "from \(Self.text(low)) to \(Self.text(high))"
    }
    return [lower, upper].compactMap { $0 }.joined(separator: " and ")
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
