/// What may stand as the value of a key of the spec.
///
/// The kinds are data: the form check, the filling in of defaults and the reference page all read
/// the same definitions.
public indirect enum ValueKind: Sendable {
  case text
  /// A name that is also usable in SQL: ASCII letters, digits and `_`, not starting with a digit.
  case identifier
  case integer(ClosedRange<Int>)
  case number(NumberRange)
  /// `true` or `false`.
  case boolean
  /// One of a fixed set of words.
  case words([Word])
  /// A day, `YYYY-MM-DD`.
  case date
  /// A length of time of at least so many units.
  case period(minimum: Int)
  /// `source.column`.
  case column
  /// A piece of SQL.
  case sql
  /// Any text, number, true or false.
  case scalar
  case list(ValueKind, atLeast: Int)
  case map(DefinitionName)
  /// A map whose keys the user chooses.
  case names(ValueKind, NameStyle)
  /// A map of exactly one name and its value.
  case entry(ValueKind)
  /// Any of several kinds.
  case either([ValueKind])

  /// A fixed word of the spec's language.
  public struct Word: Sendable, ExpressibleByStringLiteral {
    public let name: String
    public let summary: String

    public init(_ name: String, _ summary: String = "") {
      self.name = name
      self.summary = summary
    }

    public init(stringLiteral name: String) { self.init(name) }
  }

  /// What the keys of a map of the user's own names look like.
  public enum NameStyle: Sendable {
    /// As `ValueKind.identifier`; unique even without regard to case, as in SQL.
    case identifier
    /// The name of a setting of the learner.
    case parameter
    /// A path through the spec, `model.params.num_leaves`.
    case path
  }

  /// Any period that is at least one unit long.
  public static var period: ValueKind { .period(minimum: 1) }

  /// A list of any length.
  public static func list(_ kind: ValueKind) -> ValueKind { .list(kind, atLeast: 0) }
}

/// A range of numbers whose ends may be excluded.
public struct NumberRange: Sendable, CustomStringConvertible {
  public enum End: Sendable {
    case included(Double)
    case excluded(Double)
    case open
  }

  public let low: End
  public let high: End

  public init(_ low: End, _ high: End) {
    self.low = low
    self.high = high
  }

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

  /// As a person writes it: `above 0, at most 100`.
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
    return [lower, upper].compactMap { $0 }.joined(separator: ", ")
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() ? String(Int(value)) : String(value)
  }
}
