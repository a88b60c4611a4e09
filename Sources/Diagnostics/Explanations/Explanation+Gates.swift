// Gates: H620 to H629.
extension Explanation {
  static let gates: [Explanation] = [
    Explanation(
      620, "a gate on a metric that is not measured",
      cause: """
        A bound, or the metric that runs are compared by, is named as in `metrics.json`. Top lists are \
        measured at the sizes that `evaluation.top_k` and `evaluation.top_percent` name, and at no \
        others; a bound on what is not there could never be met nor missed.
        """,
      example: .spec("gates: {minimum: {«lift_at_20»: 3}}"),
      mend: """
        Take one of the names that the note lists, or add the size to `evaluation`: \
        `evaluation: {top_k: [20]}`.
        """),
    Explanation(
      621, "bounds that no run can meet",
      cause: """
        The minimum of a metric lies above its maximum, so every run would fail.
        """,
      example: .spec("gates: {minimum: {ece: 0.05}, maximum: {ece: «0.01»}}"),
      mend: """
        Raise the maximum or lower the minimum. Of an error such as `ece`, less is better: it needs a \
        maximum only.
        """),
    Explanation(
      622, "a metric that cannot decide which run is better",
      cause: """
        A calibration slope is right at 1 and a base rate belongs to the rows: neither more nor less \
        of them is better, so a difference between two runs says nothing.
        """,
      example: .spec("gates: {metric: «calibration_slope», smallest_effect: 0.05}"),
      mend: """
        Compare by a metric such as `roc_auc`, `pr_auc`, `log_loss` or `lift_at_50`, and keep \
        calibration within bounds: `minimum: {calibration_slope: 0.8}` and \
        `maximum: {calibration_slope: 1.25}`.
        """),
  ]
}
