extension SpecLanguage {
  static let weekdays = [
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
  ]

  static let cutoffs = MapDefinition(
    .cutoffs,
    "The days at which predictions are made, laid out backwards from the last: test, calibrate, "
      + "train, with an embargo in between.",
    example: "cutoffs: {every: month_end, train: 24, calibrate: 3, test: 3}",
    keys: [
      KeyDefinition(
        "every",
        .either([
          .words(
            [
              .init("month_end", "the last day of each month"),
              .init("quarter_end", "the last day of each quarter"),
            ] + weekdays.map { ValueKind.Word($0) }), .period,
        ]), .required,
        "How far apart cutoffs are; a period counts back from the last one."),
      KeyDefinition("train", .integer(1...10_000), .required, "How many cutoffs to learn from."),
      KeyDefinition(
        "calibrate", .integer(0...10_000), .required, "How many cutoffs to calibrate on."),
      KeyDefinition("test", .integer(1...10_000), .required, "How many cutoffs to judge on."),
      KeyDefinition(
        "last",
        .either([.words([.init("latest_mature", "the last whose labels are all in")]), .date]),
        .standard(.scalar("latest_mature")), "The last test cutoff."),
      KeyDefinition(
        "embargo",
        .either([
          .words([
            .init("horizon", "no label window reaches past the next role's first cutoff"),
            .init("none", "roles follow each other without a gap"),
          ]), .period(minimum: 0),
        ]), .standard(.scalar("horizon")),
        "Cutoffs left out between roles; a period is added to the horizon."),
      KeyDefinition(
        "folds", .integer(1...100), .standard(.scalar("1")),
        "How often the whole split is made, each time further back (rolling origin)."),
      KeyDefinition(
        "step", .period, beside: ["folds"],
        "How far back each fold lies behind the one before; required with more than one."),
      KeyDefinition(
        "month_arithmetic",
        .words([
          .init("end_of_month", "a month's last day goes to a month's last day"),
          .init("clip", "the day of the month is kept, clipped to the month's length"),
        ]), .standard(.scalar("end_of_month")), "What a day plus months is at a month's end."),
    ])

  static let cohort = MapDefinition(
    .cohort, "Who is eligible at a cutoff: entities that exist and for which every rule holds.",
    example: """
      cohort:
        entity: customers
        where:
          - not: {happened: customers.ns_first_cre_date}
      """,
    keys: [
      KeyDefinition("entity", .identifier, .required, "The source with one row per entity."),
      KeyDefinition("where", .list(.map(.rule)), .standard(.nothing), "Rules; all must hold."),
    ])

  static let label = MapDefinition(
    .label,
    "What is predicted: an event in the window (cutoff, cutoff + horizon]. A cutoff is mature once "
      + "its window, and `label_delay` after it, lie within data_through.",
    example: "label: {event: customers.ns_first_cre_date, horizon: 6 months}",
    keys: [
      KeyDefinition(
        "event", .either([.column, .map(.eventRows)]), .required,
        "An `event` date column, or rows of an event source."),
      KeyDefinition("horizon", .period, .required, "The length of the label window."),
      KeyDefinition(
        "label_delay", .period(minimum: 0), .standard(.scalar("0 days")), formerly: "settle",
        "How long after the window its events may still arrive."),
      KeyDefinition(
        "immature",
        .words([
          .init("refuse", "a cutoff whose window is not over plays no role"),
          .init(
            "negative",
            "it may play one, and who has not bought yet counts as a negative; the results carry it"
          ),
        ]), .standard(.scalar("refuse")),
        "What a cutoff is whose labels are not all in. `negative` repeats a flow that did so."),
    ])

  static let eventRows = MapDefinition(
    .eventRows, "Rows of an event source: at least one in the window makes the label 1.",
    example: "event: {source: orders, where: \"product = 'solidworks'\"}",
    keys: [
      KeyDefinition("source", .identifier, .required, "The event source."),
      KeyDefinition("where", .sql, "Only rows for which it holds."),
    ])

  static let lookAhead = MapDefinition(
    .lookAhead,
    "`current` columns that may be read although they hold today's value at every cutoff. Metrics, "
      + "report and summary carry it.",
    example: """
      look_ahead:
        allow: [customers.ns_stage_value, customers.ns_region]
        because: repeats the published flow, to show what it adds
      """,
    keys: [
      KeyDefinition("allow", .list(.column, atLeast: 1), .required, "The columns."),
      KeyDefinition("because", .text, .required, "Why, for those who read the results."),
    ])

  static let accept = MapDefinition(
    .accept,
    "Findings about incomplete data that are accepted in writing. The results carry each of them with its "
      + "reason, and gates that refuse caveats let it pass.",
    example: """
      accept:
        H417: the shop was closed all summer, so nobody could buy
      """,
    keys: [
      KeyDefinition("H417", .text, "Why label events may end long before the data do."),
      KeyDefinition(
        "H811", .text,
        "Why a source may have fallen silent; `holdout retrain` asks for it, and `holdout score` "
          + "then only warns."),
    ])

  static let model = MapDefinition(
    .model, "The learner and its settings.",
    example: "model: {class_weight: balanced, params: {learning_rate: 0.05, num_leaves: 31}}",
    keys: [
      KeyDefinition(
        "learner", .words([.init("lightgbm", "gradient-boosted trees")]),
        .standard(.scalar("lightgbm")), "The learner."),
      KeyDefinition(
        "class_weight",
        .either([
          .words([
            .init("none", "every row weighs 1"),
            .init("balanced", "both classes weigh the same in sum"),
          ]), .number(NumberRange(.excluded(0), .open)),
        ]), .standard(.scalar("none")), "What a positive weighs; a number: against 1."),
      KeyDefinition(
        "params", .names(.either([.scalar, .list(.scalar, atLeast: 1)]), .parameter),
        .standard(.map), "LightGBM's own parameters by their own names or aliases."),
      KeyDefinition(
        "quantized_gradients", .boolean,
        "`true`: trees are grown on gradients rounded to a few whole numbers, in less time but on one "
          + "thread."),
      KeyDefinition(
        "early_stopping", .map(.earlyStopping),
        "Finds the number of trees; without it, `params.num_iterations` is the number."),
      KeyDefinition(
        "seed", anySeed, .standard(.scalar("42")), "Seeds everything the learner draws."),
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
    "Which of the train rows the learner sees: every positive, and of the negatives as many as are "
      + "asked for, by weights standing for all. Calibration, evaluation and baselines take all rows.",
    example: "sample: {negatives: 20 per positive}",
    keys: [
      KeyDefinition(
        "negatives",
        .either([.perPositive, .number(NumberRange(.excluded(0), .included(1)))]), .required,
        "How many negatives are kept: so many for each positive, or a share of them such as `0.05`."
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
        ]), .standard(.scalar("auto")), "The calibrator."),
      KeyDefinition(
        "fit",
        .words([
          .init("calibrate", "on the calibrate cutoffs"),
          .init(
            "cross_fit",
            "on out-of-fold margins of the train cutoffs; needs no calibrate cutoffs"),
          .init(
            "test", "on the test rows, on which it is then judged; the results carry it"),
        ]), .standard(.scalar("calibrate")), "What the calibrator is fitted on."),
      KeyDefinition(
        "folds", .integer(2...50), beside: ["fit"],
        "For `cross_fit`: into how many folds entities are dealt; 5 unless given."),
      KeyDefinition(
        "bounds",
        .words([
          .init(
            "jeffreys", "half a buyer in one more account at either end, so that no score is 0 or 1"
          ),
          .init("none", "scikit-learn's own values, 0 and 1 among them"),
        ]), "What keeps the ends of `isotonic` from 0 and 1; `jeffreys` unless given."),
    ])

  private static let percent = ValueKind.number(NumberRange(.excluded(0), .included(100)))

  static let evaluation = MapDefinition(
    .evaluation, "What is measured on the test cutoffs.",
    example: "evaluation: {top_k: [50, 100], segments: [cat_region], intervals: {resamples: 1000}}",
    keys: [
      KeyDefinition(
        "top_k", .list(.integer(1...1_000_000_000)), .standard(.list(["50", "100", "500"])),
        "Lengths of the lists whose precision and recall are reported, per cutoff."),
      KeyDefinition(
        "top_percent", .list(percent), .standard(.list(["1", "5", "10"])),
        "Shares of the cohort, in percent, whose lift is reported, per cutoff."),
      KeyDefinition(
        "segments", .list(.identifier), .standard(.nothing), formerly: "by",
        "Category features whose levels are reported one by one."),
      KeyDefinition(
        "intervals", .map(.intervals), .standard(.map), "Confidence intervals by bootstrap."),
      KeyDefinition(
        "min_positives", anyCount, .standard(.scalar("20")),
        "Distinct buyers in test below which the evidence is insufficient."),
    ])

  static let intervals = MapDefinition(
    .intervals, "The bootstrap by entity behind the confidence intervals.",
    example: "intervals: {resamples: 500, level: 0.95}",
    keys: [
      KeyDefinition(
        "resamples", .integer(0...100_000), .standard(.scalar("500")),
        "How many resamples; 0: no intervals."),
      KeyDefinition(
        "level", .number(NumberRange(.excluded(0), .excluded(1))), .standard(.scalar("0.95")),
        "The intervals' coverage."),
      KeyDefinition("seed", anySeed, .standard(.scalar("42")), "Seeds the bootstrap."),
    ])

  static let sweep = MapDefinition(
    .sweep,
    "Values to try, by the path of the key they stand for. Each combination is a run of its own, "
      + "`NAME@num_leaves=15,learning_rate=0.1`; with `random`, so many combinations drawn at random.",
    example: """
      sweep:
        random: 20
        model.params.num_leaves: [7, 15, 31]
        model.params.learning_rate: {from: 0.01, to: 0.3, scale: log}
      """,
    keys: [
      KeyDefinition(
        "random", .integer(1...1_000), "How many combinations are drawn; without it, all are run."),
      KeyDefinition("seed", anySeed, beside: ["random"], "Seeds the drawing; 42 unless given."),
      KeyDefinition(
        "halving", .map(.halving),
        "Drops combinations that do worst after few trees on few cutoffs; only the rest are run."),
    ],
    others: MapDefinition.Others(
      style: .path, kind: .either([.list(.scalar, atLeast: 1), .map(.range)]),
      summary: "The values to try for the key at this path; a range needs `random`."))

  static let halving = MapDefinition(
    .halving,
    "Successive halving: all combinations of a sweep are tried with few trees on few of the train cutoffs, "
      + "the best part of them goes on to the next round, with more of both, and what is left in the end "
      + "is run. Rounds are judged by `pr_auc` on the last train cutoffs, which no trial learns "
      + "from; calibrate and test cutoffs play no part.",
    example: "halving: {factor: 3, trees: 30, cutoffs: 4}",
    keys: [
      KeyDefinition(
        "factor", .integer(2...100), .standard(.scalar("3")),
        "One of so many goes on; each round has so many times the trees and cutoffs of the one before."
      ),
      KeyDefinition(
        "trees", .integer(1...100_000), .required, "Trees of a trial of the first round."),
      KeyDefinition(
        "cutoffs", .integer(1...10_000), .required,
        "Cutoffs that a trial of the first round learns from, the latest there are."),
      KeyDefinition(
        "validation_cutoffs", .integer(1...10_000), .standard(.scalar("2")), formerly: "watched",
        "How many of the last train cutoffs the rounds are judged on."),
    ])

  /// Numbers among which a `Double` represents every integer exactly.
  private static let drawable = NumberRange(.included(-1e15), .included(1e15))

  static let range = MapDefinition(
    .range,
    "Numbers to draw from: whole numbers where both ends are whole, else rounded to 4 digits.",
    example: "model.params.learning_rate: {from: 0.01, to: 0.3, scale: log}",
    keys: [
      KeyDefinition("from", .number(drawable), .required, "The lowest."),
      KeyDefinition("to", .number(drawable), .required, "The highest."),
      KeyDefinition(
        "scale",
        .words([
          .init("linear", "every number is as likely"),
          .init("log", "every factor is as likely; for numbers above 0"),
        ]), .standard(.scalar("linear")), "How the numbers are spread."),
    ])
}
