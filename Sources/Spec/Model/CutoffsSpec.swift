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
