internal import Diagnostics
internal import Evaluation
internal import Panel

/// The folds' test metrics for people: a row per fold, newest first, then mean and spread.
public struct FoldTable: Codable, Sendable {
  public let head: [String]
  public let rows: [[String]]
  /// What else is to be known; nil where there is nothing.
  public let note: String?

  private static let metrics = [
    "roc_auc", "pr_auc", "brier_skill", "ece", "observed_over_expected",
  ]

  /// nil where there is one fold.
  init?(_ outcomes: [FoldOutcome]) {
    guard outcomes.count > 1 else { return nil }
    let head = ["fold", "test rows", "positives", "buyers"] + Self.metrics
    let folds = outcomes.map { outcome in
      let counts: [String: Int?] = [
        "test rows": outcome.counts.rows[.test], "positives": outcome.counts.positives[.test],
        "buyers": outcome.counts.buyerCount(.test),
      ]
      return outcome.metrics.pooled.values.filter { Self.metrics.contains($0.key) }
        .merging(counts.mapValues { Double(($0 ?? nil) ?? 0) }) { first, _ in first }
    }
    let spread = MetricSpread(folds.map { MetricTree($0) })
    func row(_ name: String, _ values: MetricValues) -> [String] {
      [name] + head.dropFirst().map { NumberText.metric(values[$0]) }
    }
    rows =
      zip(outcomes, folds).map { row($0.name, $1) }
      + [row("mean", spread.mean.numbers), row("spread", spread.spread.numbers)]
    self.head = head
    let weak = outcomes.filter { !$0.metrics.evidence.isSufficient }
    note = weak.first.map { fold in
      "fewer than \(fold.metrics.evidence.minimumPositives) distinct buyers to judge by: "
        + weak.map(\.name).joined(separator: ", ")
    }
  }
}

extension MetricTree {
  /// The numbers directly below.
  fileprivate var numbers: MetricValues {
    guard case .object(let entries) = self else { return [:] }
    return entries.compactMapValues { if case .number(let number) = $0 { number } else { nil } }
  }
}
