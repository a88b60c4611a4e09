extension EvaluationOptions {
  /// The metrics of which more, or less, is better, so that two models can be held against each other by
  /// them: those of all rows together, then those of the top lists.
  public var decidingMetrics: [String] {
    ["roc_auc", "pr_auc", "brier_skill", "brier", "log_loss", "ece"]
      + topLists.flatMap { list in
        ["precision", "recall", "lift"].map { "\($0)_at_\(list.suffix)" }
      }
  }

  /// All top lists, those by count first.
  public var topLists: [TopListSize] { lists }

  /// Whether a metric is about the order of the rows alone, and not about probabilities.
  public static func isOfRanking(_ metric: String) -> Bool {
    metric == "roc_auc" || metric == "pr_auc" || metric.contains("_at_")
  }
}
