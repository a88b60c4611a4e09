extension SpecLanguage {
  static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  /// The largest number of cutoffs of a role.
  static let maximumCutoffs = 10_000

  private static let grid = ValueKind.either([
    .words(
      [
        .init("month_end", "the last day of each month"),
        .init("quarter_end", "the last day of each quarter"),
      ] + weekdays.map { ValueKind.Word($0) }), .period, .list(.date, atLeast: 2),
  ])

  static let cutoffs = MapDefinition(
    .cutoffs,
    "The days at which predictions are made, counted backward from the last: test, calibrate, "
      + "train, with an embargo between them.",
    example: "cutoffs: {every: month_end, train: 24, calibrate: 3, test: 3}",
    keys: [
      KeyDefinition(
        "every", grid, .required,
        "How far apart cutoffs are; a period counts back from the last one. A list names the days "
          + "themselves, ascending."),
      KeyDefinition(
        "train", .either([.integer(1...maximumCutoffs), .map(.trainCutoffs)]), .required,
        "How many cutoffs to train on; a map can give them a grid of their own, or all of them from a "
          + "day on."),
      KeyDefinition(
        "calibrate", .either([.integer(0...maximumCutoffs), .map(.calibrateCutoffs)]), .required,
        "How many cutoffs to calibrate on; a map can give them a grid of their own."),
      KeyDefinition(
        "test", .integer(1...maximumCutoffs), .required, "How many cutoffs to test on."),
      KeyDefinition(
        "last",
        .either([.words([.init("latest_mature", "the last cutoff with complete labels")]), .date]),
        .default(.scalar("latest_mature")), "The last test cutoff."),
      KeyDefinition(
        "embargo",
        .either([
          .words([
            .init("horizon", "no label window overlaps the next role's cutoffs"),
            .init("none", "roles follow each other without a gap"),
          ]), .period(minimum: 0),
        ]), .default(.scalar("horizon")),
        "Cutoffs left out between roles; a period is added to the horizon."),
      KeyDefinition(
        "folds", .integer(1...100), .default(.scalar("1")),
        "How many times the complete split is made, each time further back (rolling origin)."),
      KeyDefinition(
        "step", .period, beside: ["folds"],
        "How much further back each fold is; required with more than one fold."),
      KeyDefinition(
        "month_arithmetic",
        .words([
          .init("end_of_month", "the last day of a month maps to the last day of a month"),
          .init("clip", "the day of the month is kept, clipped to the month's length"),
        ]), .default(.scalar("end_of_month")), "How months are added to a day at a month's end."),
    ])

  private static let ownGrid = KeyDefinition(
    "every", grid,
    "The grid of these cutoffs, if it is not that of the others; a period counts back from the last "
      + "test cutoff.")

  static let trainCutoffs = MapDefinition(
    .trainCutoffs,
    "The train cutoffs: the last ones, so many, or all of them from a day on. With `from`, older folds "
      + "have fewer, and a later run has more (an expanding window).",
    example: """
      cutoffs: {every: month_end, train: {from: 2015-01-31}, calibrate: 3, test: 3}
      """,
    keys: [
      ownGrid,
      KeyDefinition("count", .integer(1...maximumCutoffs), "How many cutoffs."),
      KeyDefinition("from", .date, "The first day on which there can be one."),
    ], constraints: [.exactlyOne(["count", "from"], what: "extent")])

  static let calibrateCutoffs = MapDefinition(
    .calibrateCutoffs, "The calibrate cutoffs, on a grid of their own.",
    example: """
      cutoffs:
        every: month_end
        train: {every: friday, count: 104}
        calibrate: {every: friday, count: 8}
        test: 3
      """,
    keys: [
      ownGrid,
      KeyDefinition("count", .integer(1...maximumCutoffs), .required, "How many cutoffs."),
    ])

  static let cohort = MapDefinition(
    .cohort, "Who is eligible at a cutoff: entities that exist and meet every rule.",
    example: """
      cohort:
        entity: customers
        where:
          - not: {happened: customers.ns_first_cre_date}
      """,
    keys: [
      KeyDefinition("entity", .identifier, .required, "The source with one row per entity."),
      KeyDefinition(
        "where", .list(.map(.rule)), .default(.nothing),
        "Rules; an entity must meet all of "
          + "them."),
    ])

  static let label = MapDefinition(
    .label,
    "What is predicted: an event in the window (cutoff, cutoff + horizon], or that there is none. A "
      + "cutoff is mature when its window plus `label_delay` ends on or before data_through.",
    example: "label: {event: customers.ns_first_cre_date, horizon: 6 months}",
    keys: [
      KeyDefinition(
        "event", .either([.column, .map(.eventRows)]),
        "The label is 1 with this event: an `event` date column, or rows of an event source."),
      KeyDefinition(
        "absent", .map(.eventRows),
        "The label is 1 without any such row of an event source: customers who stop buying."),
      KeyDefinition(
        "among", .map(.eventRows),
        "Only entities with such a row in the label window have a label: who wins, among those who "
          + "start. The others are left out of train, calibrate, and test, and counted."),
      KeyDefinition("horizon", .period, .required, "The length of the label window."),
      KeyDefinition(
        "label_delay", .period(minimum: 0), .default(.scalar("0 days")), formerly: "settle",
        "How long after the window its events may still arrive."),
      KeyDefinition(
        "immature",
        .words([
          .init("refuse", "a cutoff whose window is not over is not used"),
          .init(
            "negative",
            "it can be used, and entities without the event so far count as negatives; the results "
              + "say so"
          ),
        ]), .default(.scalar("refuse")),
        "How to use a cutoff with incomplete labels. `negative` reproduces a workflow that did "
          + "so; not with `absent`."),
      KeyDefinition(
        "noun", .text,
        "What reports call an entity with the event, such as `buyer`; default `positive entity`."),
      KeyDefinition(
        "plural", .text, beside: ["noun"],
        "The plural of `noun`, if it is irregular, such as `people`."),
    ], constraints: [.exactlyOne(["event", "absent"], what: "outcome")])

  static let eventRows = MapDefinition(
    .eventRows, "Rows of an event source in the label window.",
    example: "event: {source: orders, where: \"product = 'solidworks'\"}",
    keys: [
      KeyDefinition("source", .identifier, .required, "The event source."),
      KeyDefinition("where", .sql, "Only rows that meet this condition."),
    ])

  static let lookAhead = MapDefinition(
    .lookAhead,
    "`current` columns that may be read although they have today's value at every cutoff. The "
      + "metrics, report, and summary say so.",
    example: """
      look_ahead:
        allow: [customers.ns_stage_value, customers.ns_region]
        because: repeats the published flow, to show what it adds
      """,
    keys: [
      KeyDefinition("allow", .list(.column, atLeast: 1), .required, "The columns."),
      KeyDefinition("because", .text, .required, "The reason, shown with the results."),
    ])

  static let accept = MapDefinition(
    .accept,
    "Findings about incomplete data that are accepted. The results show each with its reason, and "
      + "gates that refuse caveats accept it.",
    example: """
      accept:
        H417: the shop was closed all summer, so nobody could buy
      """,
    keys: [
      KeyDefinition("H417", .text, "Why it is right that label events end long before the data."),
      KeyDefinition(
        "H811", .text,
        "Why it is right that a source's rows end early; `holdout retrain` then accepts it, and "
          + "`holdout score` only warns."
      ),
    ])

  static let audit = MapDefinition(
    .audit, "What `holdout audit` accepts.",
    example: """
      audit:
        accept: {unseen_levels: "new pages every month"}
      """,
    keys: [
      KeyDefinition(
        "accept", .map(.acceptedChecks), .required,
        "Checks that may fail or be inconclusive, and why. The audit shows each with its reason, and "
          + "every run has it as a caveat.")
    ])

  static let acceptedChecks = MapDefinition(
    .acceptedChecks, "Checks of the audit that are accepted, and why.",
    example: "accept: {unseen_levels: \"new pages every month\"}",
    keys: AuditCheckID.allCases.map { KeyDefinition($0.rawValue, .text, $0.summary) })

  static let model = MapDefinition(
    .model, "The learner and its settings.",
    example: "model: {class_weight: balanced, params: {learning_rate: 0.05, num_leaves: 31}}",
    keys: [
      KeyDefinition(
        "learner",
        .words([
          .init("lightgbm", "gradient-boosted trees"),
          .init(
            "logistic",
            "a logistic regression on splines of numbers and encoded categories, "
              + "without `trainer`, `monotone`, `interactions`, `quantized_gradients`, and `early_stopping`"
          ),
        ]),
        .default(.scalar("lightgbm")), "The learner."),
      KeyDefinition(
        "trainer",
        .words([
          .init("auto", "the panel trainer where it grows the library's trees, else the library"),
          .init("panel", "the panel trainer; parameters that it does not support are an error"),
          .init("library", "LightGBM's library"),
        ]), .default(.scalar("auto")),
        "What grows the trees. Both grow the same ones; the panel trainer is faster."),
      KeyDefinition(
        "class_weight",
        .either([
          .words([
            .init("none", "every row has weight 1"),
            .init("balanced", "both classes have the same total weight"),
          ]), .number(NumberRange(.excluded(0), .open)),
        ]), .default(.scalar("none")),
        "The weight of a positive; as a number, relative to a negative's weight of 1."),
      KeyDefinition(
        "preset",
        .words([
          .init(
            "rare_events",
            "small trees and broad leaves, for outcomes of less than one row in twenty"
          ),
          .init("balanced", "small trees, more of them, for outcomes that are common"),
          .init("none", "the learner's defaults, as without the key"),
        ]),
        "Starting values for the parameters that `params` does not set."),
      KeyDefinition(
        "params", .names(.either([.scalar, .list(.scalar, atLeast: 1)]), .parameter),
        .default(.map),
        "LightGBM parameters by name or alias; for `logistic`, `penalty` (`auto`, or a number above "
          + "0) and `knots` (3 to 7)."),
      KeyDefinition(
        "monotone",
        .names(
          .words([
            .init("increasing", "a higher value never lowers the margin"),
            .init("decreasing", "a higher value never raises the margin"),
          ]), .identifier),
        "Chosen numeric features and the only direction in which each may move the margin: "
          + "`increasing` or `decreasing`."),
      KeyDefinition(
        "interactions", .list(.list(.identifier, atLeast: 1), atLeast: 1),
        "Groups of chosen features: only features of one group may be combined on a path of a tree. "
          + "All features that no group names form one more group."),
      KeyDefinition(
        "quantized_gradients", .boolean,
        "`true`: trees are grown on gradients rounded to a few whole numbers, which is faster but "
          + "uses one thread."
      ),
      KeyDefinition(
        "early_stopping", .map(.earlyStopping),
        "Finds the number of trees; without it, the number is `params.num_iterations`."),
      KeyDefinition(
        "seed", anySeed, .default(.scalar("42")), "The seed of all random draws of the learner."),
    ])

  static let earlyStopping = MapDefinition(
    .earlyStopping,
    "Finds the number of trees on validation cutoffs, the last of the train cutoffs: a first fit sees only "
      + "cutoffs whose label windows end before them. The model is then fitted on all train cutoffs with "
      + "the number of trees that had the lowest log loss. `params.num_iterations` is the upper limit.",
    example: "early_stopping: {rounds: 50, validation_cutoffs: 2}",
    keys: [
      KeyDefinition(
        "rounds", .integer(1...100_000), .required,
        "Training stops after this many trees without a lower validation log loss."),
      KeyDefinition(
        "validation_cutoffs", .integer(1...10_000), .required, formerly: "cutoffs",
        "How many of the last train cutoffs the first fit is validated on."),
    ])

  static let sample = MapDefinition(
    .sample,
    "Which train rows the learner sees: every positive and a weighted sample of the negatives. "
      + "Calibration, evaluation, and baselines use all rows.",
    example: "sample: {negatives: 20 per positive}",
    keys: [
      KeyDefinition(
        "negatives",
        .either([.perPositive, .number(NumberRange(.excluded(0), .included(1)))]), .required,
        "How many negatives are kept: a number per positive, or a share such as `0.05`."
      )
    ])

  static let calibration = MapDefinition(
    .calibration, "How margins become probabilities.",
    example: "calibration: {method: isotonic}",
    keys: [
      KeyDefinition(
        "method",
        .words([
          .init("auto", "isotonic, sigmoid or prior, by the number of calibration positives"),
          .init("isotonic", "a monotone step function"),
          .init("sigmoid", "a logistic curve"),
          .init("prior", "a shift to the observed base rate"),
          .init("none", "the learner's own probability"),
        ]), .default(.scalar("auto")), "The calibrator."),
      KeyDefinition(
        "fit",
        .words([
          .init("calibrate", "on the calibrate cutoffs"),
          .init(
            "cross_fit",
            "on out-of-fold margins of the train cutoffs; needs no calibrate cutoffs"),
          .init(
            "test", "on the test rows, on which it is then evaluated; the results say so"),
        ]), .default(.scalar("calibrate")), "What the calibrator is fitted on."),
      KeyDefinition(
        "folds", .integer(2...50), beside: ["fit"],
        "For `cross_fit`: the number of folds of entities; default 5."),
      KeyDefinition(
        "bounds",
        .words([
          .init(
            "jeffreys",
            "adds half a positive and one row at either end, so that no score is 0 or 1"
          ),
          .init("none", "the same values as scikit-learn, which can be 0 and 1"),
        ]), "Keeps the ends of `isotonic` away from 0 and 1; default `jeffreys`."),
    ])

  private static let percent = ValueKind.number(NumberRange(.excluded(0), .included(100)))

  static let evaluation = MapDefinition(
    .evaluation, "What is measured on the test cutoffs.",
    example: """
      evaluation:
        top_k: [50, 100]
        segments: [cat_region, customer_history.ns_territory]
        intervals: {resamples: 1000}
      """,
    keys: [
      KeyDefinition(
        "top_k", .list(.integer(1...1_000_000_000)), .default(.list(["50", "100", "500"])),
        "Sizes of the top lists whose precision and recall are reported, per cutoff."),
      KeyDefinition(
        "top_percent", .list(percent), .default(.list(["1", "5", "10"])),
        "Shares of the cohort, in percent, whose lift is reported, per cutoff."),
      KeyDefinition(
        "segments", .list(.either([.identifier, .column])), .default(.nothing), formerly: "by",
        "What divides the test rows into levels that are reported one by one: chosen features, or "
          + "columns of sources as of the cutoff, which the model need not learn from. Numbers are "
          + "divided into ranges."),
      KeyDefinition(
        "intervals", .map(.intervals), .default(.map), "Confidence intervals by bootstrap."),
      KeyDefinition(
        "min_positives", anyCount, .default(.scalar("20")),
        "With fewer distinct positive entities in test, the evidence is insufficient."),
      KeyDefinition(
        "cluster", .column,
        "A `static` column of the cohort's source, such as the account of an opportunity: entities "
          + "with the same value are never treated as independent. Without it, or where it is null, "
          + "every entity is a cluster of its own."),
      KeyDefinition(
        "baselines", .list(.words(baselines)),
        .default(.list(["prior", "one_feature", "logistic"])),
        "The simpler models that are evaluated on the same test rows; `[]`: none."),
    ])

  static let intervals = MapDefinition(
    .intervals, "The bootstrap by entity, or by cluster, behind the confidence intervals.",
    example: "intervals: {resamples: 500, level: 0.95}",
    keys: [
      KeyDefinition(
        "resamples", .integer(0...100_000), .default(.scalar("500")),
        "How many resamples; 0: no intervals."),
      KeyDefinition(
        "level", .number(NumberRange(.excluded(0), .excluded(1))), .default(.scalar("0.95")),
        "The confidence level of the intervals."),
      KeyDefinition("seed", anySeed, .default(.scalar("42")), "The seed of the bootstrap."),
    ])

  static let sweep = MapDefinition(
    .sweep,
    "Values to try, by the path of their key. Each combination is a separate run, "
      + "`NAME@num_leaves=15,learning_rate=0.1`; with `random`, that many combinations are drawn "
      + "at random.",
    example: """
      sweep:
        random: 20
        model.params.num_leaves: [7, 15, 31]
        model.params.learning_rate: {from: 0.01, to: 0.3, scale: log}
      """,
    keys: [
      KeyDefinition(
        "random", .integer(1...1_000), "How many combinations are drawn; without it, all are run."),
      KeyDefinition("seed", anySeed, beside: ["random"], "The seed of the draws; default 42."),
      KeyDefinition(
        "halving", .map(.halving),
        "Drops the combinations that do worst with few trees on few cutoffs; only the rest are run."
      ),
    ],
    others: MapDefinition.Others(
      style: .path, kind: .either([.list(.scalar, atLeast: 1), .map(.range)]),
      summary: "The values to try for the key at this path; a range needs `random`."))

  static let halving = MapDefinition(
    .halving,
    "Successive halving: all combinations of a sweep are tried with few trees on few of the train "
      + "cutoffs, the best of them go on to the next round, with more of both, and the last ones "
      + "left are run. Rounds are compared by `pr_auc` on the last train cutoffs, which no trial "
      + "is trained on; calibrate and test cutoffs are not used.",
    example: "halving: {factor: 3, trees: 30, cutoffs: 4}",
    keys: [
      KeyDefinition(
        "factor", .integer(2...100), .default(.scalar("3")),
        "One in this many goes on; each round multiplies the trees and cutoffs by this number."
      ),
      KeyDefinition(
        "trees", .integer(1...100_000), .required, "Trees per trial in the first round."),
      KeyDefinition(
        "cutoffs", .integer(1...10_000), .required,
        "Cutoffs that a trial in the first round is trained on: the latest ones."),
      KeyDefinition(
        "validation_cutoffs", .integer(1...10_000), .default(.scalar("2")), formerly: "watched",
        "How many of the last train cutoffs the rounds are evaluated on."),
    ])

  /// Numbers among which a `Double` represents every integer exactly.
  private static let drawable = NumberRange(.included(-1e15), .included(1e15))

  static let range = MapDefinition(
    .range,
    "Numbers to draw from: whole numbers if both ends are whole, otherwise rounded to 4 digits.",
    example: "model.params.learning_rate: {from: 0.01, to: 0.3, scale: log}",
    keys: [
      KeyDefinition("from", .number(drawable), .required, "The lowest."),
      KeyDefinition("to", .number(drawable), .required, "The highest."),
      KeyDefinition(
        "scale",
        .words([
          .init("linear", "every number is equally likely"),
          .init("log", "every factor is equally likely; for numbers above 0"),
        ]), .default(.scalar("linear")), "The distribution of the numbers."),
    ])
}
