internal import Diagnostics
public import Promotion
internal import Spec

extension Remark {
  /// The remark for people, without a period at the end.
  public var words: String {
    switch self {
    case .noHashes(let reference, let runId):
      "`\(reference)`: run \(runId) has no hashes of its files, so changes to them go unnoticed; run "
        + "the spec again"
    case .otherResults(let reference, let runId):
      "`\(reference)`: this is run \(runId), the latest on this machine; its metrics.json differs "
        + "from the one in the results folder, which may come from elsewhere"
    case .warning(let message): message
    case .differentData(let paths):
      "the data are not the same: the two runs read different versions of "
        + paths.map { "`\($0)`" }.joined(separator: ", ")
    case .differentClusters(let sides):
      "the runs have different clusters ("
        + sides.map { "\($0.column ?? "none") in `\($0.reference)`" }.joined(separator: ", ")
        + "): entities that share one in any of them are resampled together"
    case .scoredAgain(let reference):
      "`\(reference)` was scored again on these rows: its stored predictions are for other rows, "
        + "changed, or missing"
    case .differentQuestions(let parts):
      "the questions differ: "
        + parts.map { "\($0.name) \($0.base) | \($0.candidate)" }.joined(separator: "; ")
    case .leftOut(let sides):
      "left out because not all sides have them: "
        + sides.map { "\($0.count) of \($0.total) rows of `\($0.reference)`" }.inWords("and")
    case .differentLabels(let rows, let base):
      "\(rows.count) of \(rows.total) shared rows have another label in `\(rows.reference)`; both "
        + "sides are evaluated on the labels of `\(base)`"
    case .rankingOnly(let reference):
      "the probabilities of `\(reference)` are for its own label, so only ranking metrics are "
        + "compared"
    case .insufficientEvidence(let count, let needed, let noun):
      "insufficient evidence: \(count) distinct \(noun.many) among the rows compared, \(needed) are "
        + "needed"
    }
  }
}

extension Judging.Note {
  /// The note for people, without a period at the end.
  var words: String {
    switch self {
    case .gatesDiffer(let sides):
      "the gates of the candidates compare differently ("
        + sides.map { "`\($0.reference)`: \($0.metric) by \($0.smallestEffect)" }
        .joined(separator: ", ") + "); --metric and --smallest-effect choose"
    case .decides(let metric, let effect, let gates):
      "\(metric) decides," + (effect.map { " and the smallest effect is \($0)," } ?? "")
        + " as the gates of \(gates.words) say"
    case .metricsDiffer(let metrics):
      "the gates of the specs compare by \(metrics.inWords("and")); --metric chooses"
    case .sorted(let metric, let gates):
      "sorted by \(metric), as the gates of \(gates.words) say"
    }
  }
}

extension Judging.Origin {
  fileprivate var words: String {
    switch self {
    case .run(let reference): "`\(reference)`"
    case .specs: "the specs"
    case .project: "holdout.yaml"
    }
  }
}

extension GateReport {
  /// What a reader must know about the run it was compared with, each line once.
  var remarks: [String] {
    let doubts = (champion?.doubts ?? []).map { "\(champion?.reference ?? ""): \($0)" }
    let remarks = comparison?.candidates.first?.remarks ?? champion?.remarks ?? []
    return (doubts + remarks.map(\.words)).unique
  }
}
