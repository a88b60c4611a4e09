public import Evaluation

/// A base and its candidates, compared.
public struct ComparisonReport: Sendable {
  public let base: ComparedRun
  public let options: ComparisonOptions
  /// The rows that the pairs were judged on; nil where nothing was paired.
  public let rows: JudgedRows?
  /// In the order in which they were named.
  public let candidates: [CandidateReport]
  /// What a reader has to know of the comparison as a whole.
  public let notes: [String]
}

/// How many rows a comparison rests on.
public struct JudgedRows: Sendable, Equatable {
  /// The days of the test cutoffs, oldest first.
  public let cutoffs: [String]
  public let rows: Int
  public let entities: Int
  public let positives: Int
  /// Different entities with a positive row.
  public let distinctBuyers: Int
}
