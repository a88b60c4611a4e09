public import Diagnostics

/// Which cutoffs there are and how many of them play which role.
public struct CutoffsSpec: Sendable {
  public enum Cadence: Hashable, Sendable {
    case monthEnd
    case quarterEnd
    /// Every week on a day, 1 (Monday) to 7 (Sunday).
    case weekly(weekday: Int)
    /// A fixed step backwards from the last cutoff.
    case every(Period)
  }

  public enum Last: Sendable {
    /// The last cutoff of the cadence whose label window has been observed.
    case latestMature
    case date(Located<CalendarDate>)
  }

  public enum Embargo: Hashable, Sendable {
    /// Label windows of a role end by the first cutoff of the next.
    case horizon
    /// Roles follow each other without a gap.
    case none
    /// One horizon and this much more.
    case extended(Period)
  }

  public var span: SourceSpan
  public var cadence: Cadence
  public var train: Located<Int>
  public var calibrate: Located<Int>
  public var test: Located<Int>
  public var last: Last
  public var embargo: Embargo
  /// How often the whole split is laid out; 1: once.
  public var folds: Located<Int>
  /// How far back each further fold lies; nil only where there is one.
  public var step: Located<Period>?
  public var monthArithmetic: MonthArithmetic
}

/// What is predicted: an event in the label window (cutoff, cutoff + horizon].
public struct LabelSpec: Sendable {
  public enum Event: Sendable {
    /// A date column of an entity source falls into the window.
    case date(Located<ColumnReference>)
    /// At least one row of an event table, that the condition holds for, falls into the window.
    case row(source: Located<String>, condition: SQLText?)
  }

  /// What a cutoff is whose label window has not been fully observed.
  public enum Immature: String, CaseIterable, Sendable {
    /// It plays no role.
    case refuse
    /// A cutoff like any other: who has not bought yet counts as a negative.
    case negative
  }

  public var span: SourceSpan
  public var event: Event
  public var horizon: Located<Period>
  /// How long after the window's end its events may still arrive in the data.
  public var labelDelay: Period
  public var immature: Immature
}
