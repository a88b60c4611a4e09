// Folds: of the timeline (rolling origin, H440 to H442) and of cross-fitting (H280 to H282, H520).
extension Explanation {
  static let folds: [Explanation] = [
    Explanation(
      280, "folds of a calibration that is not cross-fitted",
      cause: """
        `calibration.folds` says into how many folds entities are dealt for `fit: cross_fit`. With \
        `fit: calibrate` the calibrator is fitted on the calibrate cutoffs as they are, and nothing \
        is dealt.
        """,
      example: .spec("calibration: {fit: calibrate, «folds»: 5}"),
      mend: """
        Leave `folds` out, or write `fit: cross_fit` with `cutoffs.calibrate: 0`. To judge a spec \
        at several times, `cutoffs.folds` is meant.
        """),
    Explanation(
      281, "calibrate cutoffs that the calibrator does not use",
      cause: """
        A cross-fitted calibrator is fitted on margins of the train cutoffs, one with `fit: test` on \
        those of test. Calibrate cutoffs, and \
        the embargo before them, would be withheld from train and used for nothing.
        """,
      example: .spec("calibration: {fit: cross_fit}\ncutoffs: {calibrate: «1»}"),
      mend: """
        Write `cutoffs: {calibrate: 0}`. With history enough for calibrate cutoffs, leave \
        `fit: cross_fit` out: their rows are later than the train rows, as scored rows will be.
        """),
    Explanation(
      282, "a way of fitting without a calibrator",
      cause: """
        With `method: none` no calibrator is fitted, so nothing is done for `fit: cross_fit` or \
        `fit: test`.
        """,
      example: .spec(
        """
        calibration: {method: none, fit: «cross_fit»}
        cutoffs: {calibrate: 0}
        """),
      mend: "Leave `fit` out, or choose a calibration method."),
    Explanation(
      283, "early stopping that takes every train cutoff",
      cause: """
        Early stopping validates on the last train cutoffs, and its first fit learns from those before \
        them. With as many validation cutoffs as there are train cutoffs it has nothing to learn from.
        """,
      example: .spec("model: {early_stopping: {rounds: 5, validation_cutoffs: «4»}}"),
      mend: "Validate on fewer cutoffs, or raise `cutoffs.train`."),
    Explanation(
      440, "several folds without a step",
      cause: """
        Each fold repeats the whole split further back, and `step` says how far. There is no \
        length that would be right for every experiment, so none is assumed.
        """,
      example: .spec("cutoffs: {folds: «3»}"),
      mend: """
        Add `step` beside it. As long as the test cutoffs reach, for instance `3 months` with three \
        month ends, each cutoff is tested on once.
        """),
    Explanation(
      441, "a step that does not move every fold",
      cause: """
        A fold ends with the last cutoff on or before its place. A step shorter than the one \
        between cutoffs brings two folds to the same cutoff; the same rows would then be counted as \
        if they had been judged twice.
        """,
      example: .spec("cutoffs: {folds: 3, step: «10 days»}"),
      mend: """
        Write a step in the unit of `every`, as long as it or a multiple of it: `1 month` for \
        `every: month_end`.
        """),
    Explanation(
      442, "folds that share test cutoffs",
      cause: """
        The step is shorter than the test cutoffs of a fold reach, so the same rows are tested on \
        in two folds. Their metrics then move together, and their spread is smaller than that of \
        independent tests.
        """,
      example: .spec(
        "cutoffs: {train: 2, test: 2, folds: 2, step: «1 month»}", Example.checkWithData),
      mend: """
        Lengthen the step to that of all test cutoffs, or lower `test`. To see how metrics drift \
        month by month, the warning can stand.
        """),
    Explanation(
      520, "a fold of cross-fitting that nothing can be learned for",
      cause: """
        Each fold's margins come from a model of the train rows outside the fold. Where none of \
        these is positive, all the buyers are in this one fold, and there is nothing to learn from.
        """,
      example: .spec(
        """
        cutoffs: {train: 4, calibrate: 0}
        calibration: {method: auto, fit: «cross_fit», folds: 2}
        """,
        sql: "UPDATE customers SET first_order = NULL WHERE first_order < '2025-08-01' "
          + "AND id <> (SELECT min(id) FROM customers WHERE first_order BETWEEN '2025-05-01' "
          + "AND '2025-06-30');", Example.run),
      mend: """
        Look at the buyers with `holdout plan`. Lengthen the horizon or the train period, or write \
        `calibration: {method: none}`: so few buyers calibrate nothing.
        """),
  ]
}
