internal import Diagnostics
internal import Spec

// H540 to H542.
extension Finding {
  static func tooFewToTune(_ spec: ExperimentSpec, _ count: Int, _ least: Int) -> Finding {
    Finding(
      540,
      "tuning needs at least \(least) positive entities at train cutoffs, and there are \(count)",
      at: spec.label.span,
      notes: [
        "with so few, the trial with the smallest loss is mostly the one that was lucky"
      ],
      hints: [
        "add train cutoffs, or a longer horizon; or use a plain model: few leaves, and a large "
          + "`min_sum_hessian_in_leaf`"
      ])
  }

  static func noTimeFold(_ spec: ExperimentSpec, train: Int) -> Finding {
    Finding(
      541, "the \(train) train cutoffs leave no fold over time to judge by",
      at: spec.cutoffs.span,
      notes: ["no label window with positive rows ends, with the embargo, before the last of them"],
      hints: ["raise `cutoffs.train`, or use `--judge account`"])
  }

  /// A tuned spec that must not be replaced.
  static func tunedSpecExists(_ path: String) -> Finding {
    Finding(
      542, "`\(path)` exists, and it is not as `holdout tune` wrote it",
      notes: ["nothing was done"],
      hints: ["rename it, or replace it with `--force`"])
  }
}

extension Explanation {
  static let tuneFindings: [Explanation] = [
    Explanation(
      540, "too few positives to tune",
      cause: """
        `holdout tune` compares trials by their log loss on train rows of other accounts. Fewer \
        than 100 positive entities cannot tell good parameters apart. The best of many trials \
        would be the luckiest, and worse than the spec.
        """,
      example: .spec("«label»: {horizon: 14 days}", "holdout tune spec.yaml"),
      fix: """
        Add train cutoffs or lengthen the horizon. Otherwise use a plain model: few leaves, a \
        small learning rate, a large `min_sum_hessian_in_leaf`.
        """),
    Explanation(
      541, "no fold over time to judge by",
      cause: """
        `--judge time` learns from early train cutoffs and is judged by the last ones. No label \
        window of an earlier train cutoff ends, with the embargo, before the last one.
        """,
      example: .spec("«cutoffs»: {train: 1}", "holdout tune spec.yaml --judge time"),
      fix: "Raise `cutoffs.train`, or leave out `--judge time`."),
    Explanation(
      542, "a tuned spec that would be overwritten",
      cause: """
        `holdout tune` writes its choice to `NAME_tuned.yaml` beside the spec. A file of that name \
        exists, and it was edited or written by something else.
        """,
      example: .commands("touch renewals_tuned.yaml; holdout tune spec.yaml"),
      fix: "Rename the file, or replace it with `--force`."),
  ]
}
