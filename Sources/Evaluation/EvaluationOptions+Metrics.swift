extension EvaluationOptions {
  /// All top lists, those by count first.
  public var topLists: [TopListSize] { lists }

  /// Whether a metric is about the order of the rows alone, and not about probabilities.
  public static func isOfRanking(_ metric: String) -> Bool {
    metric == "roc_auc" || metric == "pr_auc" || metric.contains("_at_")
  }
}
