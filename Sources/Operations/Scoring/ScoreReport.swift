public import Diagnostics
public import Spec

/// The outcome of scoring one cutoff.
public struct ScoreReport: Sendable {
  public struct Changes: Sendable {
    /// The cutoff of the previous list.
    public let since: CalendarDate
    public let list: ListChanges
  }

  /// The champion's name.
  public let name: String
  public let runId: String
  public let cutoff: CalendarDate
  /// The number of rows in the cohort.
  public let rowCount: Int
  /// The number of published rows.
  public let publishedCount: Int
  /// nil without a capacity.
  public let allocation: Allocation?
  /// The source of `label.among`, on whose rows the scores are conditional; nil if they are not.
  public let conditionalOn: String?
  /// nil if there is no previous list.
  public let changes: Changes?
  /// nil in a dry run.
  public let written: WrittenList?
  public let warnings: [Finding]
}

/// The options of a scoring.
public struct ScoreRequest: Sendable {
  /// The champion's name.
  public var name: String
  /// The days whose cohorts are scored, ascending; if empty, the last observed day.
  public var cutoffs: [CalendarDate]
  /// The last fully observed day; nil for the spec's.
  public var dataThrough: CalendarDate?
  /// How many rows to publish per group of the first `rank_within`, or in total without one; nil
  /// for all rows.
  public var topK: Int?
  /// Whether to write nothing.
  public var isDryRun: Bool
  /// Whether to ignore experiments/NAME.yaml.
  public var isAsPromoted: Bool
  /// Whether a source whose rows end long before the cutoff causes only a warning.
  public var allowsSilence: Bool
  /// Seconds to wait for a database that another process has locked.
  public var lockTimeout: Double
  /// The creation time in the lists, in UTC, as `2025-09-18 06:00:00`.
  public var scoredAt: String

  public init(
    name: String, cutoffs: [CalendarDate] = [], dataThrough: CalendarDate? = nil,
    topK: Int? = nil, isDryRun: Bool = false, isAsPromoted: Bool = false,
    allowsSilence: Bool = false,
    lockTimeout: Double = 60, scoredAt: String
  ) {
    self.name = name
    self.cutoffs = cutoffs
    self.dataThrough = dataThrough
    self.topK = topK
    self.isDryRun = isDryRun
    self.isAsPromoted = isAsPromoted
    self.allowsSilence = allowsSilence
    self.lockTimeout = lockTimeout
    self.scoredAt = scoredAt
  }
}
