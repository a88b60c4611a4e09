// What cannot be learned or calibrated, and the learner's parameters: H501 to H516, H521 to H525,
// H530 to H532.
extension Explanation {
  static let learning: [Explanation] = [
    Explanation(
      501, "no positive train rows",
      cause: """
        No entity of the cohort has the label's event in the label window of a train cutoff. From \
        rows that are all negative nothing can be learned.
        """,
      example: .spec(
        #"«label»: {event: {source: calls, where: "kind = 'visit'"}}"#, Example.run),
      mend: """
        Look at the positives of every cutoff with `holdout plan`. Correct the event, its `where` \
        or the cohort, or lengthen the horizon or the train period.
        """),
    Explanation(
      502, "only positive train rows",
      cause: """
        Every entity of the cohort has the label's event in the label window of every train \
        cutoff. From rows that are all positive nothing can be learned.
        """,
      example: .spec(
        """
        «label»: {event: {source: calls}, horizon: 6 months}
        cutoffs: {train: 1}
        """, Example.run),
      mend: """
        Look at the positives of every cutoff with `holdout plan`. Narrow the event with `where`, \
        shorten the horizon, or check that the sources also hold entities without the event.
        """),
    Explanation(
      503, "calibration that cannot be fitted",
      cause: """
        The calibrate rows do not allow the method that was asked for: there are none, they are \
        all of one class, they all have the same margin, or a higher margin goes with fewer \
        positives. Another method is not put in its place in silence.
        """,
      example: .spec(
        "calibration: {method: «isotonic»}",
        sql: "DELETE FROM customers WHERE first_order BETWEEN '2025-07-01' AND '2025-07-31';",
        Example.run),
      mend: """
        Raise `cutoffs.calibrate`, or write `method: auto`, which picks what the calibrate rows \
        allow.
        """),
    Explanation(
      504, "empty cohort",
      cause: """
        No entity exists and meets every rule of `cohort.where` at any train cutoff, so the model \
        has no rows to learn from. Often a rule compares with a value that the data spell in \
        another way.
        """,
      example: .spec(
        """
        cohort:
          entity: «customers»
          where: [in: {column: history.region, values: [north]}]
        """, Example.run),
      mend: """
        Look at the rows of every cutoff with `holdout plan`, and take the rules out one by one to \
        find the one that leaves nothing.
        """),
    Explanation(
      521, "a sample without negatives",
      cause: """
        `sample` keeps every positive train row and a share of the negatives, each by a draw of its \
        own. The share is so small, or the negatives so few, that none was drawn, and from rows that \
        are all positive nothing can be learned.
        """,
      example: .spec("sample: {negatives: «0.0000001»}", Example.run),
      mend: """
        Keep more of them: `negatives: 20 per positive` is enough for most. Without `sample` the \
        model learns from every train row.
        """),
    Explanation(
      522, "early stopping with nothing to fit on",
      cause: """
        The first fit of early stopping learns from train cutoffs whose label windows, and the \
        embargo behind them, are over by the first validation cutoff: the number of trees would else be \
        found on labels that the fit has seen in part. No train cutoff is over by then.
        """,
      example: .spec(
        """
        label: {horizon: 3 months}
        cutoffs: {train: 3}
        model: {early_stopping: {rounds: 5, validation_cutoffs: «1»}}
        """, Example.checkWithData),
      mend: "Raise `cutoffs.train`, validate on fewer cutoffs, or shorten the horizon."),
    Explanation(
      523, "early stopping on rows of one class",
      cause: """
        The number of trees is found by the log loss of the validation rows, after a fit on the rows \
        before them. Where either has no positive row, or no other, there is nothing to learn, or \
        nothing to be wrong about.
        """,
      example: .spec(
        "model: {«early_stopping»: {rounds: 5, validation_cutoffs: 1}}",
        sql: "DELETE FROM customers WHERE first_order BETWEEN '2025-06-01' AND '2025-06-30';",
        Example.run),
      mend:
        "Validate on more cutoffs, so that positives fall into them, or leave `early_stopping` out."
    ),
    Explanation(
      510, "parameter that Holdout sets",
      cause: """
        Holdout decides this parameter itself: from another key of the spec, or in the same way in \
        every run. Set here too, it would contradict that key, or make results depend on the \
        machine.
        """,
      example: .spec("model: {params: {«seed»: 7}}"),
      mend: "Leave the parameter out, and use the key that the message names, if it names one."),
    Explanation(
      533, "a model that LightGBM cannot train",
      cause: """
        LightGBM accepted the parameters and gave up while it grew trees. It does so with rounded \
        gradients (`quantized_gradients`) where the rows of a split, as rounding counts them, are not \
        those that are there.
        """,
      example: .commands(
        """
        holdout init shop &> init.log; cd shop
        holdout run experiments/first_order.yaml --threads 1 '«model»={quantized_gradients: true, seed: 2, params: {num_leaves: 7, min_data_in_leaf: 20}}'
        """),
      mend: """
        Leave `quantized_gradients` out, which costs time and nothing else, or change \
        `min_data_in_leaf`. Another seed may train, and is luck.
        """),
    Explanation(
      512, "parameter that changes nothing",
      cause: """
        LightGBM reads many parameters only together with others: `bagging_fraction` where \
        `bagging_freq` is above 0, `drop_rate` with `boosting: dart`, `cat_l2` where a feature holds \
        categories. Alone, every value gives the same model, and a sweep over it runs with the same \
        numbers.
        """,
      example: .spec("model: {params: {«bagging_fraction»: 0.8}}"),
      mend: "Add what the hint names, here `bagging_freq: 1`, or leave the parameter out."),
    Explanation(
      513, "unknown learner parameter",
      cause: """
        LightGBM has no parameter of this name. It would pass over it and train with the default \
        of the parameter that was meant.
        """,
      example: .spec("model: {params: {«num_leafs»: 7}}"),
      mend: "Write the name, or an alias, from LightGBM's list of parameters."),
    Explanation(
      514, "learner parameter given twice",
      cause: """
        Two of LightGBM's names for the same parameter are given. It would use one value and drop \
        the other.
        """,
      example: .spec("model: {params: {num_leaves: 7, «max_leaves»: 15}}"),
      mend: """
        Leave one of them out. To replace an inherited parameter, write it under the name that it \
        has there.
        """),
    Explanation(
      515, "malformed parameter value",
      cause: """
        LightGBM takes its parameters as one line of `name=value`, divided by spaces. A value that \
        is empty, or has a space or `=` in it, would be read as something else.
        """,
      example: .spec(#"model: {params: {interaction_constraints: «"[0,1], [2,3]"»}}"#),
      mend: "Write the value without spaces, or several values as a YAML list."),
    Explanation(
      516, "parameter refused by the learner",
      cause: """
        LightGBM refuses the value. Before any data are read, one tree is grown on made-up rows \
        with these parameters, so that this shows at once and not in the middle of a run.
        """,
      example: .spec("model: {params: {num_leaves: «1»}}"),
      mend: """
        Write a value that LightGBM's documentation allows. The note gives its own words: a check \
        such as `(num_leaves) > (1)` is the condition that must hold.
        """),
    Explanation(
      530, "list that the learner would misread",
      cause: """
        LightGBM does not check its lists. One that is shorter than the features is read past its end, and \
        the index of a feature that is not there damages its memory. So a list has one number for each \
        feature, or names features that exist, before LightGBM sees it.
        """,
      example: .spec(#"model: {params: {interaction_constraints: «"[0,1],[9]"»}}"#),
      mend: """
        Write one number per feature, in the order of the spec's features, or groups of features by \
        index from 0: `"[0,1],[2]"`.
        """),
    Explanation(
      531, "value that the learner would take for another",
      cause: """
        LightGBM reads a whole number of more than 32 bits as another number, takes `inf` and `nan` for \
        numbers, and an unknown word for its default, without a word.
        """,
      example: .spec("model: {params: {max_bin: «4294967297»}}"),
      mend: "Write a finite number within the range that the message gives, or one of the words."),
    Explanation(
      532, "bounds without isotonic regression",
      cause: """
        `calibration.bounds` says what keeps the ends of an isotonic function from 0 and 1. A sigmoid and a \
        shift of the log odds never come there, so that it changes nothing.
        """,
      example: .spec("calibration: {method: sigmoid, bounds: «none»}"),
      mend: "Leave `bounds` out, or write `method: isotonic`."),
    Explanation(
      524, "race on different rows",
      cause: """
        `halving` compares the combinations of a sweep on the last train cutoffs. These differ in cohort, \
        label or cutoffs, so that their numbers would be about different rows.
        """,
      example: .spec(
        """
        cutoffs: {train: 6}
        sweep:
          label.horizon: [1 month, 2 months]
          halving: {trees: 2, cutoffs: 1, validation_cutoffs: «1»}
        """, Example.run),
      mend: """
        Sweep only what decides features and model, or leave `halving` out.
        """),
    Explanation(
      525, "race without rows to learn from",
      cause: """
        The last train cutoffs are set aside to judge the combinations of a sweep on. Of the others none is \
        left whose label window is over, with the embargo, by the first of them.
        """,
      example: .spec(
        """
        sweep:
          model.params.num_leaves: [3, 7]
          halving: {trees: 2, cutoffs: 1, validation_cutoffs: «4»}
        """, Example.run),
      mend: """
        Validate on fewer cutoffs, or ask for more of them with `cutoffs.train`.
        """),
  ]
}
