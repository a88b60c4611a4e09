public import Diagnostics

/// The cutoffs and how many of them have each role.
public struct CutoffsSpec: Sendable {
  /// The days that are cutoffs.
  public enum Cadence: Hashable, Sendable {
    case monthEnd
    case quarterEnd
    /// Every week on a day, from 1 (Monday) to 7 (Sunday).
    case weekly(weekday: Int)
    /// A fixed step backward from the last cutoff.
    case every(Period)
    /// These days, ascending, each once.
    case listed([CalendarDate])
  }

  /// The cutoffs of a role.
  public struct RoleCutoffs: Sendable {
    /// Which cutoffs of a grid, among those that the embargo allows.
    public enum Extent: Hashable, Sendable {
      /// The last ones, so many.
      case count(Int)
      /// All of them from a day on.
      case from(CalendarDate)
    }

    /// Which cutoffs of the grid.
    public var extent: Extent
    /// The role's own grid; nil for that of all roles.
    public var cadence: Cadence?
    /// The position of the number, or of the day.
    public var span: SourceSpan

    /// The number of cutoffs; nil if it follows from a day.
    public var count: Int? { if case .count(let count) = extent { count } else { nil } }

    /// Creates the last cutoffs of the grid of all roles, so many.
    public init(_ count: Located<Int>) { self.init(.count(count.value), at: count.span) }

    init(_ extent: Extent, cadence: Cadence? = nil, at span: SourceSpan) {
      self.extent = extent
      self.cadence = cadence
      self.span = span
    }
  }

  /// The last test cutoff.
  public enum Last: Sendable {
    /// The last cutoff of the cadence whose label window has been observed.
    case latestMature
    case date(Located<CalendarDate>)
  }

  /// The gap between the cutoffs of successive roles.
  public enum Embargo: Hashable, Sendable {
    /// Label windows of a role end by the first cutoff of the next role.
    case horizon
    /// Roles follow each other without a gap.
    case none
    /// One horizon plus this period.
    case extended(Period)
  }

  /// The position of the key `cutoffs`.
  public var span: SourceSpan
  /// The days that are cutoffs.
  public var cadence: Cadence
  /// The training cutoffs.
  public var train: RoleCutoffs
  /// The calibration cutoffs, whose number is always given; it may be 0.
  public var calibrate: RoleCutoffs
  /// The number of test cutoffs.
  public var test: Located<Int>
  /// The last test cutoff.
  public var last: Last
  /// The gap between the cutoffs of successive roles.
  public var embargo: Embargo
  /// The number of times that the entire split is laid out.
  public var folds: Located<Int>
  /// How far each further fold lies before the previous one; nil only if there is one fold.
  public var step: Located<Period>?
  /// How months are added to the last day of a month.
  public var monthArithmetic: MonthArithmetic
}

extension CutoffsSpec {
  /// No calibration cutoffs.
  public var noCalibrate: RoleCutoffs { RoleCutoffs(.count(0), at: calibrate.span) }
}

/// The label: an event in the window (cutoff, cutoff + horizon], or its absence.
public struct LabelSpec: Sendable {
  /// What makes the label 1.
  public enum Event: Sendable {
    /// A date column of an entity source has a day in the window.
    case date(Located<ColumnReference>)
    /// At least one row of an event source that satisfies the condition is in the window.
    case row(source: Located<String>, condition: SQLText?)
    /// No row of an event source that satisfies the condition is in the window.
    case absence(source: Located<String>, condition: SQLText?)

    /// Whether the label is 1 without a row rather than with one.
    public var isAbsence: Bool { if case .absence = self { true } else { false } }
  }

  /// How a cutoff is treated whose label window has not been fully observed.
  public enum Immature: String, CaseIterable, Sendable {
    /// The cutoff has no role.
    case refuse
    /// The cutoff is used like any other: entities that have not bought yet count as negatives.
    case negative
  }

  /// The position of the key `label`.
  public var span: SourceSpan
  /// What makes the label 1.
  public var event: Event
  /// The rows of which an entity needs one in the window to have a label; nil if every entity has
  /// one.
  public var among: EventRows?
  /// The length of the label window.
  public var horizon: Located<Period>
  /// How long after the window's end its events may still arrive in the data.
  public var labelDelay: Period
  /// How a cutoff is treated whose label window has not been fully observed.
  public var immature: Immature
  /// What people call an entity whose label is 1.
  public var noun = PositiveNoun.default
}

/// What people call an entity whose label is 1, such as a buyer.
public struct PositiveNoun: Codable, Hashable, Sendable {
  /// The noun for one of them: `buyer`.
  public let one: String
  /// The noun for several: `buyers`.
  public let many: String

  /// Creates a noun.
  public init(one: String, many: String) {
    self.one = one
    self.many = many
  }

  /// The noun of a spec that has none.
  public static let `default` = PositiveNoun(one: "positive entity", many: "positive entities")

  /// Returns a number of them: `1 buyer`, `1,204 buyers`.
  public func count(_ number: Int) -> String {
    "\(number.grouped) \(number == 1 ? one : many)"
  }

  /// Returns the noun that all of some specs have, otherwise the standard one.
  public static func common(_ nouns: [PositiveNoun]) -> PositiveNoun {
    guard let first = nouns.first, nouns.allSatisfy({ $0 == first }) else { return .default }
    return first
  }

  /// Creates a noun from its singular, with the regular English plural.
  init(_ one: String) {
    let isVowel = one.dropLast().last.map { "aeiou".contains($0) } ?? true
    self.one = one
    many =
      if one.hasSuffix("y"), !isVowel {
        one.dropLast() + "ies"
      } else if ["s", "x", "z", "ch", "sh"].contains(where: one.hasSuffix) {
        one + "es"
      } else {
        one + "s"
      }
  }
}

/// Rows of an event source.
public struct EventRows: Sendable {
  /// The name of the event source.
  public var source: Located<String>
  /// The condition that rows must satisfy; it can use the source's own columns and `cutoff`.
  public var condition: SQLText?
}

extension LabelSpec {
  /// The sources that say what happens in the label window.
  public var sourceNames: [String] {
    [sourceName] + (among.map { [$0.source.value] } ?? [])
  }

  /// The source of the label's event.
  public var sourceName: String {
    switch event {
    case .date(let column): column.value.source
    case .row(let source, _), .absence(let source, _): source.value
    }
  }
}
