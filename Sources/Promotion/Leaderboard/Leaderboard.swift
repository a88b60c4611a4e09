public import Diagnostics
public import Evaluation

/// The latest run of every experiment, sorted among those that answer the same question.
public struct Leaderboard: Sendable {
  public struct Entry: Sendable {
    public let run: ComparedRun
    /// From 1; nil where the run is not ranked.
    public let rank: Int?
    /// nil where the metric is undefined.
    public let value: Double?
    /// Why it is not ranked, a word or two each; empty where it is.
    public let reasons: [String]
    let metrics: SideMetrics
  }

  /// The runs that were judged on the same question and rows.
  public struct Question: Sendable {
    /// Label, horizon and test cutoffs.
    public let heading: String
    /// Test rows, positives and buyers.
    public let rows: String
    /// Ranked runs from the best on, then the others by name.
    public let entries: [Entry]
    /// What the best owes to being the best of several; nil where that cannot be told.
    public let optimism: Optimism?
  }

  /// How much picking the best of several runs on the same rows flatters it.
  public struct Optimism: Sendable {
    /// The runs that could be told apart: those whose predictions are here.
    public let names: [String]
    public let selection: SelectionOptimism
  }

  public let metric: String
  /// Where the metric comes from, unless the user or the standard says it.
  public let notes: [String]
  /// By heading.
  public let questions: [Question]
  /// Why the results of some experiments are not among them.
  public let findings: [Finding]
}
