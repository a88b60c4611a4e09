/// The kind of value that a key of the spec may have.
///
/// Kinds are data: the form check, the filling in of defaults, and the reference page all use the
/// same definitions.
public indirect enum ValueKind: Sendable {
  /// Text; a number must be quoted.
  case text
  /// A name that is also valid in SQL: ASCII letters, digits and `_`, not starting with a digit.
  case identifier
  /// An integer in a range.
  case integer(ClosedRange<Int>)
  /// A number in a range.
  case number(NumberRange)
  /// A share above 0 and below 1, as a number or as a percentage: `0.05`, `5 %`.
  case share
  /// `true` or `false`.
  case boolean
  /// One of a fixed set of words.
  case words([Word])
  /// A day, `YYYY-MM-DD`.
  case date
  /// A length of time of at least this many units.
  case period(minimum: Int)
  /// A count per positive: `20 per positive`.
  case perPositive
  /// A column, `source.column`.
  case column
  /// A piece of SQL.
  case sql
  /// Any text, number, or Boolean.
  case scalar
  /// Any scalar taken as text exactly as written: `010` differs from `10`.
  case verbatim
  /// A list of at least this many values of a kind.
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
    /// Its meaning; empty if the word is self-explanatory.
    public let summary: String

    /// Creates a word with its meaning.
    public init(_ name: String, _ summary: String = "") {
      self.name = name
      self.summary = summary
    }

    /// Creates a word that needs no explanation.
    public init(stringLiteral name: String) { self.init(name) }
  }

  /// The form of the keys in a map of user-chosen names.
  public enum NameStyle: Sendable {
    /// As `ValueKind.identifier`; unique ignoring case, as in SQL.
    case identifier
    /// The name of a learner parameter.
    case parameter
    /// The name of a metric in metrics.json.
    case metric
    /// Any text, such as a level of a category.
    case text
    /// A path through the spec, such as `model.params.num_leaves`.
    case path
    /// A source and its key, `source.key`.
    case sourceKey
  }

  /// Any period of at least one unit.
  public static var period: ValueKind { .period(minimum: 1) }

  /// A list of any length.
  public static func list(_ kind: ValueKind) -> ValueKind { .list(kind, atLeast: 0) }
}

/// A range of numbers whose ends may be excluded.
public struct NumberRange: Sendable, CustomStringConvertible {
  /// The range of a share.
  static let share = NumberRange(.excluded(0), .excluded(1))

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

  /// Creates a range from one end to the other.
  public init(_ low: End, _ high: End) {
    self.low = low
    self.high = high
  }

  /// Returns whether a number is in the range; false for infinities and NaN.
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

  /// The range in words: `above 0 and at most 100`.
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
