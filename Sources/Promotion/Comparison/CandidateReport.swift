public import Evaluation

/// One candidate beside the base.
public struct CandidateReport: Sendable {
  public let run: ComparedRun
  /// nil where predictions of the same rows are not there on both sides; `unpairedReason` says why.
  public let paired: PairedComparison?
  public let unpairedReason: String?
  /// Where nothing was paired: what the metrics of both sides allow to say.
  public let unpaired: UnpairedComparison?
  /// What a reader has to know: rows left out by `--overlap`, whose labels count, and the like.
  public let remarks: [String]
  /// Whether its probabilities are of another label, so that only its ranking can be compared.
  public let isRankingOnly: Bool
  /// Every feature of either side, the greatest change first.
  public let importance: [ImportanceChange]
  /// What the lists of the highest-ranked rows share; empty where nothing was paired.
  public let lists: [ListOverlap]
  /// What differs between the two specs; nil where one of them is not there, as of a git revision.
  public var specDifferences: SpecDifferences?

  /// nil where the metrics do not allow one.
  public var verdict: Verdict? { paired?.verdict ?? unpaired?.verdict }
}
