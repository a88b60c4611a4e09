// Settings that contradict each other or do nothing: H250 to H252, H263 and H264.
extension Explanation {
  static let settings: [Explanation] = [
    Explanation(
      250, "calibration without cutoffs",
      cause: """
        The calibration method is fitted on the calibrate cutoffs, and there are none. Fitted on \
        the train cutoffs instead, it would take the model's errors to be smaller than they are.
        """,
      example: .spec("cutoffs: {calibrate: «0»}"),
      mend: """
        Write at least 1 for `cutoffs.calibrate`. Where the history is too short for that, \
        `calibration: {fit: cross_fit}` fits it on out-of-fold margins of the train cutoffs, and \
        `calibration: {method: none}` keeps the learner's own probabilities.
        """),
    Explanation(
      251, "calibrate cutoffs that nothing uses",
      cause: """
        With `method: none` nothing is fitted on the calibrate cutoffs. They are only withheld \
        from train, which leaves the model fewer or older rows to learn from.
        """,
      example: .spec(
        """
        cutoffs: {calibrate: «2»}
        calibration: {method: none}
        """),
      mend: "Write `cutoffs: {calibrate: 0}`, or choose a calibration method."),
    Explanation(
      252, "segments that are not a chosen category",
      cause: """
        `evaluation.by` and `score.rank_by` go by the levels of category features. A number has no \
        levels, and a feature that is not chosen is not in the panel.
        """,
      example: .spec("evaluation: {by: [«size»]}"),
      mend: "Name a category feature that `features` chooses, or leave the name out."),
    Explanation(
      263, "not a range",
      cause: """
        A range has two ends, the lowest value first. With the ends exchanged no data could meet \
        it, and with one end the other is not known.
        """,
      example: .spec("sources: {customers: {expect: [«row_count_between»: [1000, 10]]}}"),
      mend: "Write the lowest and the highest value, in this order: `[10, 1000]`."),
    Explanation(
      264, "contract without a column",
      cause: "This contract is about the values of one column, and it does not say of which.",
      example: .spec("sources: {customers: {expect: [«between»: [0, 100]]}}"),
      mend: "Add `column: NAME` beside it."),
  ]
}
