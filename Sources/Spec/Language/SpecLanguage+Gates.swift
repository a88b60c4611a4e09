extension SpecLanguage {
  private static let bounds = ValueKind.names(
    .number(NumberRange(.included(-1e15), .included(1e15))), .metric)

  static let gates = MapDefinition(
    .gates,
    "What a run has to meet before it may be promoted. It stands in a spec, in holdout.yaml for all "
      + "specs, or in both: the spec's own settings go first, and the report says where one is looser "
      + "than the project's. It is no part of what a run is made of: changing it needs no new run.",
    example: """
      gates:
        metric: pr_auc
        smallest_effect: 0.003
        margin: 0.002
        minimum: {roc_auc: 0.75, lift_at_1_percent: 5, calibration_slope: 0.8}
        maximum: {ece: 0.01, calibration_slope: 1.25}
      """,
    keys: [
      KeyDefinition(
        "metric", .text, "The metric that runs are compared by; `roc_auc` unless given."),
      KeyDefinition(
        "smallest_effect", .number(NumberRange(.excluded(0), .open)),
        "The smallest difference worth having, in the metric's unit; 0.005 unless given."),
      KeyDefinition(
        "margin", .number(NumberRange(.excluded(0), .open)), beside: ["metric"],
        "How much worse than the champion a run may be; `smallest_effect` unless given."),
      KeyDefinition(
        "minimum", bounds, "What metrics must reach, with the whole of their intervals."),
      KeyDefinition(
        "maximum", bounds, "What metrics may not exceed, with the whole of their intervals."),
      KeyDefinition(
        "better_than",
        .either([
          .words([.init("none", "no baseline is asked after")]),
          .list(
            .words([
              .init("prior", "the train rows' base rate for everyone"),
              .init("one_feature", "the best single feature, calibrated as the model is"),
            ])),
        ]),
        "The baselines that a run must be shown to be better than, by `metric`, with the whole of the "
          + "difference's interval; `[prior, one_feature]` unless given."),
      KeyDefinition(
        "evidence",
        .words([
          .init("required", "test must have `evaluation.min_positives` buyers"),
          .init("any", "however few there are"),
        ]), "Whether there must be enough buyers; `required` unless given."),
      KeyDefinition(
        "caveats",
        .words([
          .init("refused", "nothing that `caveats` of metrics.json counts"),
          .init("allowed", "look-ahead and the like are told, and pass"),
        ]),
        "Whether the spec may allow itself look-ahead, immature labels and the like; "
          + "`refused` unless given."),
      KeyDefinition(
        "audit",
        .words([
          .init("required", "`holdout audit` must pass"),
          .init("none", "no audit is made"),
        ]), "Whether the spec must pass its audit; `required` unless given."),
      KeyDefinition(
        "inconclusive",
        .words([
          .init("block", "it is not promoted"),
          .init("allow", "it is told, and passes"),
        ]), "What becomes of a run of which the data do not tell; `block` unless given."),
    ],
    constraints: [.together(["metric", "smallest_effect"])])
}
