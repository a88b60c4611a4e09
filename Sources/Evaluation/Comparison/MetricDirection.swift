/// Which way a metric gets better.
public enum MetricDirection: Sendable, Hashable {
  case moreIsBetter
  case lessIsBetter

  /// nil for a metric that cannot decide which of two models is better.
  ///
  /// The base rate belongs to the rows, not to a model. `calibration_intercept`, `calibration_slope` and
  /// `observed_over_expected` are right at one value, and a model far from it on one side is no better
  /// than one as far on the other; `log_loss` and `brier` judge calibration in one direction. The names
  /// are those of pooled metrics and of top lists; whether a list is drawn up is not looked at.
  public init?(of metric: String) {
    switch metric {
    case "roc_auc", "pr_auc", "brier_skill": self = .moreIsBetter
    case "log_loss", "brier", "ece": self = .lessIsBetter
    default:
      let isOfTopList = ["precision_at_", "recall_at_", "lift_at_"].contains(
        where: metric.hasPrefix)
      guard isOfTopList else { return nil }
      self = .moreIsBetter
    }
  }

  /// 1 where more is better, -1 where less is.
  var sign: Double { self == .moreIsBetter ? 1 : -1 }
}
