public import Diagnostics
public import Spec

/// What became of one cutoff's scoring.
public struct ScoreReport: Sendable {
  public struct Changes: Sendable {
    /// The cutoff of the list before.
    public let since: CalendarDate
    public let list: ListChanges
  }

  /// The champion's name.
  public let name: String
  public let runId: String
  public let cutoff: CalendarDate
  /// How many rows the cohort has.
  public let rowCount: Int
  /// How many of them are published.
  public let publishedCount: Int
  /// nil without a capacity.
  public let allocation: Allocation?
  /// nil where there is no list before.
  public let changes: Changes?
  /// nil where nothing was to be written.
  public let written: WrittenList?
  public let warnings: [Finding]
}
