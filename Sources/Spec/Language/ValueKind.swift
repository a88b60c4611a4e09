/// What may stand as the value of a key of the spec.
///
/// The kinds are data: the form check, the filling in of defaults and the reference page all read
/// the same definitions.
public indirect enum ValueKind: Sendable {
  /// Text; a number needs quotes.
  case text
  /// A name that is also usable in SQL: ASCII letters, digits and `_`, not starting with a digit.
  case identifier
  /// A whole number in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case number(NumberRange)
  /// `true` or `false`.
  case boolean
  /// One of a fixed set of words.
  case words([Word])
  /// A day, `YYYY-MM-DD`.
  case date
  /// A length of time of at least so many units.
  case period(minimum: Int)
  /// A count and what it is for each of: `20 per positive`.
  case perPositive
  /// `source.column`.
  case column
  /// A piece of SQL.
  case sql
  /// Any text, number, true or false.
  case scalar
  /// The same taken as text, character by character as written: `010` is not `10`.
  case verbatim
  /// A list of at least so many values of a kind.
  case list(ValueKind, atLeast: Int)
  /// A map that the language defines.
  case map(DefinitionName)
  /// A map whose keys the user chooses.
  case names(ValueKind, NameStyle)
  /// A map of exactly one name and its value.
  case entry(ValueKind)
  /// Any of several kinds.
  case either([ValueKind])

  /// A fixed word of the spec's language.
  public struct Word: Sendable, ExpressibleByStringLiteral {
    /// The word.
    public let name: String
    /// What it means; empty where the word says it.
    public let summary: String

    /// A word and what it means.
    public init(_ name: String, _ summary: String = "") {
      self.name = name
      self.summary = summary
    }

    /// A word that needs no explanation.
    public init(stringLiteral name: String) { self.init(name) }
  }

  /// What the keys of a map of the user's own names look like.
  public enum NameStyle: Sendable {
    /// As `ValueKind.identifier`; unique even without regard to case, as in SQL.
    case identifier
    /// The name of a setting of the learner.
    case parameter
    /// The name of a metric in metrics.json.
    case metric
    /// Any text, such as a level of a category.
    case text
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
