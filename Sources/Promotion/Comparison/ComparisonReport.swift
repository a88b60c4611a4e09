public import Evaluation

/// A base and its candidates, compared.
public struct ComparisonReport: Sendable {
  public let base: ComparedRun
  public let options: ComparisonOptions
  /// In the order in which they were named.
  public let candidates: [CandidateReport]
}

/// One candidate beside the base.
public struct CandidateReport: Sendable {
  public let run: ComparedRun
  /// nil where predictions of the same rows are not there on both sides; `unpairedReason` says why.
  public let paired: PairedComparison?
  public let unpairedReason: String?
  /// What a reader has to know: rows left out by `--overlap`, whose labels count, and the like.
  public let remarks: [String]
}
