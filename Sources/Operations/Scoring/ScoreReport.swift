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

/// What is asked of a scoring.
public struct ScoreRequest: Sendable {
  /// The champion's name.
  public var name: String
  /// The days whose cohorts are scored, ascending; none: the last observed day.
  public var cutoffs: [CalendarDate]
  /// The last day that is fully observed; nil: as the spec says.
  public var dataThrough: CalendarDate?
  /// How many rows of each group of the first `rank_within` are published, or of all; nil: every row.
  public var topK: Int?
  /// Whether nothing is written.
  public var isDryRun: Bool
  /// Whether experiments/NAME.yaml is not looked at.
  public var isAsPromoted: Bool
  /// Whether a source whose rows end long before the cutoff is told of, and no more.
  public var allowsSilence: Bool
  /// Seconds to wait for a database that another process holds.
  public var patience: Double
  /// The moment that the lists say they were made at, in UTC, as `2025-09-18 06:00:00`.
  public var scoredAt: String

  public init(
    name: String, cutoffs: [CalendarDate] = [], dataThrough: CalendarDate? = nil,
    topK: Int? = nil, isDryRun: Bool = false, isAsPromoted: Bool = false,
    allowsSilence: Bool = false,
    patience: Double = 60, scoredAt: String
  ) {
    self.name = name
    self.cutoffs = cutoffs
    self.dataThrough = dataThrough
    self.topK = topK
    self.isDryRun = isDryRun
    self.isAsPromoted = isAsPromoted
    self.allowsSilence = allowsSilence
    self.patience = patience
    self.scoredAt = scoredAt
  }
}
