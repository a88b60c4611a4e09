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
    Explanation(
      623, "a gate on metrics without their run",
      cause: """
        `results/NAME/metrics.json` is there, as in a fresh checkout, and the run that wrote it is not: \
        `results/NAME/runs/` is not in git. Its spec, its caveats and its audit are part of the run, \
        so nothing vouches for the numbers.
        """,
      example: .commands(
        "holdout run spec.yaml && rm -r results/renewals/runs && holdout gate spec.yaml"),
      mend: "Run the spec on this machine with `holdout run`, then gate it."),
    Explanation(
      624, "an audit of data that have changed since the run",
      cause: """
        A gate audits the spec of a run that is there already. The data that the audit would read are \
        not those that the run was made of: what it found would be about other numbers than those \
        that are to be promoted.
        """,
      example: Example(
        files: [
          Example.File(name: "spec.yaml", text: "extends: base.yaml\n"),
          Example.File(
            name: "fewer.sql",
            text: "COPY (SELECT * FROM 'data/calls.parquet' WHERE minutes > 1) "
              + "TO 'data/fewer.parquet' (FORMAT parquet);\n"),
        ], sql: "",
        command: "holdout run spec.yaml && holdout sql fewer.sql "
          + "&& mv data/fewer.parquet data/calls.parquet && holdout gate spec.yaml"),
      mend: """
        Run the spec again on the data of today. An audit is kept with its run, so that a gate asks \
        for it once.
        """),
  ]
}
