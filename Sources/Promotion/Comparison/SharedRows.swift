internal import Evaluation

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
