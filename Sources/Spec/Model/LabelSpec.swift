public import Diagnostics

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
  public var settle: Period
  public var immature: Immature
}
