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
  public let positiveEntities: Int
}

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

/// The rows that several runs have all judged, with what each of them says.
struct SharedRows {
  var cutoff: [Int32]
  /// Ranks of keys.
  var entity: [Int32]
  /// One array a side, as all below.
  var labels: [[UInt8]]
  var margins: [[Double]]
  var scores: [[Double]]
  /// The days of the cutoffs, by number.
  var dates: [String] = []

  init(count: Int, sideCount: Int) {
    cutoff = [Int32](repeating: 0, count: count)
    entity = cutoff
    labels = Array(repeating: [UInt8](repeating: 0, count: count), count: sideCount)
    margins = Array(repeating: [Double](repeating: 0, count: count), count: sideCount)
    scores = margins
  }

  var count: Int { cutoff.count }

  /// What a side says by margin and calibrated score, judged by the first side's labels.
  func rows(of side: Int) -> ScoredRows {
    ScoredRows(
      cutoff: cutoff, entity: entity, label: labels[0], margin: margins[side],
      score: scores[side], uncalibrated: scores[side],
      cutoffCount: dates.count)
  }

  /// How many rows have another label than the first side's.
  func differingLabels(of side: Int) -> Int {
    zip(labels[0], labels[side]).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
  }
}
