internal import Evaluation
internal import Experiment

/// Why a run's numbers should not be believed.
struct RunDoubts {
  /// One line each, the evidence first.
  let lines: [String]
  /// A word or two each, for tables.
  let names: [String]

  init(_ run: ComparedRun) {
    let isSufficient = run.metrics[["evidence", "sufficient"]] != 0
    var lines: [String] = []
    if !isSufficient { lines.append(run.run?.record.evidence ?? Self.evidence(run.metrics)) }
    if let record = run.run?.record {
      lines += record.caveats
      names =
        (isSufficient ? [] : [Self.insufficient])
        + record.caveats.map { String($0.prefix { $0 != ":" }) }
    } else {
      let found = Self.caveats(run.metrics)
      lines += found
      names = (isSufficient ? [] : [Self.insufficient]) + found
    }
    self.lines = lines
  }

  private static let insufficient = "insufficient evidence"

  private static func evidence(_ metrics: MetricTree) -> String {
    let buyers = metrics[["test", "pooled", "distinct_buyers"]].map { "\(Int($0))" } ?? "few"
    let needed = metrics[["evidence", "min_positives"]].map { "\(Int($0))" } ?? "more"
    return "\(insufficient): \(buyers) distinct buyers in test, \(needed) are needed"
  }

  /// What the numbers under `caveats` concede, without the reasons, which only a run's record knows.
  private static func caveats(_ metrics: MetricTree) -> [String] {
    let known = [
      ("look_ahead_columns", "look-ahead"), ("immature_cutoffs", "immature labels"),
      ("overlapping_cutoff_pairs", "overlapping windows"),
      ("calibrated_on_test", "calibrated on test"), ("without_creation", "no creation"),
      ("labels_end_early", "labels end early"), ("silent_sources", "silent source"),
    ]
    return known.filter { (metrics[["caveats", $0.0]] ?? 0) > 0 }.map(\.1)
  }
}
