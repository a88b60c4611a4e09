extension EvaluationSpec {
  /// The metrics that have intervals in metrics.json, top lists apart.
  public static let metrics =
    [
      "roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece",
    ] + undirected

  /// Those of which neither more nor less is better.
  public static let undirected = [
    "calibration_intercept", "calibration_slope", "observed_over_expected", "base_rate",
  ]

  /// What is measured of a top list.
  static let listMetrics = ["precision", "recall", "lift"]

  /// The metrics that runs of this spec have, by their names in metrics.json.
  public var metrics: [String] {
    let sizes =
      topK.map(String.init)
      + topPercent.map { percent in
        // A malformed spec may hold any number, an infinite one too.
        (Int(exactly: percent).map(String.init) ?? "\(percent)") + "_percent"
      }
    return Self.metrics
      + Self.listMetrics.flatMap { metric in sizes.map { "\(metric)_at_\($0)" } }
  }
}
