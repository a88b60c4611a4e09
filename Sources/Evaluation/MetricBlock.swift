/// The metrics of one set of rows.
public struct MetricBlock: Sendable, Equatable {
  /// The headline: ranking metrics by margin, probability metrics by calibrated score.
  public var values: MetricValues
  /// The same of the probability before calibration.
  public var raw: MetricValues
  /// `roc_auc` and `pr_auc` when the calibrated score itself ranks, its plateaus being ties.
  public var calibrated: MetricValues

  /// A block of the given values.
  public init(
    values: MetricValues = [:], raw: MetricValues = [:], calibrated: MetricValues = [:]
  ) {
    self.values = values
    self.raw = raw
    self.calibrated = calibrated
  }

  /// The headline's numbers with `raw` and `calibrated` nested beside them.
  public var tree: MetricTree {
    MetricTree(values).adding(["raw": MetricTree(raw), "calibrated": MetricTree(calibrated)])
  }
}
