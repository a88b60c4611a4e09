/// The language of the spec: the single definition of every map, key, kind, default and range.
public enum SpecLanguage {
  /// Returns the definition of a map.
  public static func definition(_ name: DefinitionName) -> MapDefinition {
    switch name {
    case .experiment: experiment
    case .source: source
    case .validTo: validTo
    case .csv: csv
    case .column: column
    case .contract: contract
    case .feature: feature
    case .categoryInput: categoryInput
    case .cutoffs: cutoffs
    case .cohort: cohort
    case .rule: rule
    case .membership: membership
    case .label: label
    case .eventRows: eventRows
    case .lookAhead: lookAhead
    case .accept: accept
    case .model: model
    case .earlyStopping: earlyStopping
    case .sample: sample
    case .calibration: calibration
    case .evaluation: evaluation
    case .intervals: intervals
    case .score: score
    case .sentences: sentences
    case .capacity: capacity
    case .retrain: retrain
    case .gates: gates
    case .sweep: sweep
    case .range: range
    case .halving: halving
    case .project: project
    case .connection: connection
    case .registry: registry
    }
  }

  /// The version of the language that this build reads.
  public static let version = 1

  static let anySeed = ValueKind.integer(0...2_147_483_647)
  static let anyCount = ValueKind.integer(0...1_000_000_000)

  static let experiment = MapDefinition(
    .experiment,
    "A whole spec: one experiment. The keys may come from the file itself, from the files it "
      + "`extends`, and from `a.b=value` arguments.",
    example: """
      version: 1
      name: renewals
      extends: bases/netsuite.yaml
      features: [account, engagement, -feat_has_url]
      """,
    keys: [
      KeyDefinition(
        "version", .integer(version...version), .required, "The version of this language."),
      KeyDefinition(
        "name", .text, .required,
        "Names the results folder: letters, digits, `.`, `_` and `-`, at most 200."),
      KeyDefinition(
        "extends", .either([.text, .list(.text, atLeast: 1)]),
        "Specs to start from, as paths relative to this file; a later one wins over an earlier."),
      KeyDefinition("description", .text, "One sentence for people."),
      KeyDefinition(
        "as_of", .date, "Nothing after this day counts as known, even if the data hold it."),
      KeyDefinition(
        "data_through", .date, "The last fully observed day of every source that gives none."),
      KeyDefinition(
        "look_ahead", .map(.lookAhead),
        "`current` columns that may be read all the same, and why."),
      KeyDefinition(
        "accept", .map(.accept),
        "Findings about the data that are accepted, by their ids, and why."),
      KeyDefinition(
        "sources", .names(.map(.source), .identifier), .required,
        "The tables that may be read, by name."),
      KeyDefinition(
        "feature_sets", .names(.list(.entry(.map(.feature))), .identifier), .required,
        "Lists of features, by name; a feature's own name is unique over all sets."),
      KeyDefinition(
        "cutoffs", .map(.cutoffs), .required, "The days predictions are made at, and their roles."),
      KeyDefinition("cohort", .map(.cohort), .required, "Who is eligible at a cutoff."),
      KeyDefinition("label", .map(.label), .required, "What is predicted, and how far ahead."),
      KeyDefinition(
        "features", .list(.text, atLeast: 1), .required,
        "The features used: names of sets or features; `-name` takes one away again."),
      KeyDefinition("model", .map(.model), .standard(.map), "The learner and its settings."),
      KeyDefinition("sample", .map(.sample), "Which of the train rows the learner sees."),
      KeyDefinition(
        "calibration", .map(.calibration), .standard(.map), "How margins become probabilities."),
      KeyDefinition(
        "evaluation", .map(.evaluation), .standard(.map), "What is measured on the test cutoffs."),
      KeyDefinition("score", .map(.score), "The list that scoring publishes, and where."),
      KeyDefinition(
        "capacity", .map(.capacity), "How many rows of the list can be worked on, and which."),
      KeyDefinition(
        "retrain", .map(.retrain), .standard(.map), "What becomes of a retrained model."),
      KeyDefinition("gates", .map(.gates), "What a run has to meet before it may be promoted."),
      KeyDefinition(
        "sweep", .map(.sweep),
        "Values to try; each combination is a run of its own, named `NAME@num_leaves=15`."),
    ])
}

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
        noninferiority_margin: 0.002
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
        "noninferiority_margin", .number(NumberRange(.excluded(0), .open)), beside: ["metric"],
        formerly: "margin",
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

extension SpecLanguage {
  static let project = MapDefinition(
    .project,
    "The file holdout.yaml in the project folder: where data come from, where results go and what "
      + "runs have to meet. Paths in it and in specs are relative to that folder.",
    example: """
      connections:
        curated: {duckdb: data/netsuite/netsuite.duckdb}
        crm: {driver: postgresql, uri: "postgresql://reader@db/crm"}
      results: results
      gates: {minimum: {roc_auc: 0.7}}
      """,
    keys: [
      KeyDefinition(
        "connections", .names(.map(.connection), .identifier), .standard(.map),
        "Databases that sources may name; a source that names none means `default`."),
      KeyDefinition(
        "results", .text, .standard(.scalar("results")), "The folder that results go to."),
      KeyDefinition(
        "cache", .text, .standard(.scalar(".holdout/cache")),
        "The folder that panels and finished runs are kept in, so that none is made twice."),
      KeyDefinition(
        "cache_size", .text,
        "The most that the cache may take, like `20GB`: beyond it, entries that have not been used "
          + "for the longest are removed when a command ends. Without it: 10 GB, or a tenth of the "
          + "free disk where that is less."),
      KeyDefinition(
        "roots", .list(.text), .standard(.nothing),
        "Folders outside the project that specs may read files of, as sources, bases or lists."),
      KeyDefinition(
        "timeout", .text,
        "The time after which a command is ended, like `30m` or `2h`; `--timeout` says otherwise for one "
          + "call. A spec cannot."),
      KeyDefinition(
        "memory", .text,
        "The memory that a command may take, like `8GB`; the engine gets 60 % of it, and a command that "
          + "takes more is ended. `--memory` says otherwise for one call. A spec cannot."),
      KeyDefinition(
        "gates", .map(.gates), "What runs have to meet of whose specs write nothing else."),
      KeyDefinition(
        "registry", .map(.registry), .standard(.map),
        "Whose signatures the registry of promotions needs."),
    ])

  static let connection = MapDefinition(
    .connection,
    "A database: a DuckDB file, or any other through its ADBC driver. `${env:NAME}` in `duckdb` and "
      + "`uri` stands for an environment variable, looked up when the connection is opened; a spec "
      + "reads none.",
    example: """
      connections:
        curated: {duckdb: data/netsuite/netsuite.duckdb}
        crm: {driver: postgresql, uri: "postgresql://reader:${env:CRM_PASSWORD}@db/crm"}
      """,
    keys: [
      KeyDefinition(
        "duckdb", .text, "A DuckDB file; it is only read, but for the lists that `score` writes."),
      KeyDefinition(
        "driver", .text,
        "An ADBC driver: `postgresql`, `sqlite`, or the name of a driver manifest."),
      KeyDefinition("uri", .text, beside: ["driver"], "What the driver connects to."),
    ],
    constraints: [
      .exactlyOne(["duckdb", "driver"], what: "database"), .together(["driver", "uri"]),
    ])

  static let registry = MapDefinition(
    .registry,
    "Whose Ed25519 signatures the records of the registry need. Without `public_keys` they need none.",
    example: """
      registry: {public_keys: [keys/release.pub.pem], signed_from: 12}
      """,
    keys: [
      KeyDefinition(
        "public_keys", .list(.text), .standard(.nothing),
        "Files of public keys, as `openssl pkey -pubout` writes them; one of them must have signed."
      ),
      KeyDefinition(
        "signed_from", .integer(1...1_000_000_000), .standard(.scalar("1")),
        "The number of the first record that has to be signed; earlier ones may be unsigned."),
    ])
}

extension SpecLanguage {
  static let aggregates = Aggregate.Function.allCases.map(\.rawValue)
  static let rowExpressions = [
    "value", "flag", "present", "happened", "days_since", "category", "sql",
  ]

  private static let window = ValueKind.either([.period, .words([.init("all", "no limit")])])

  static let feature = MapDefinition(
    .feature,
    "How a feature's value at a cutoff is computed: exactly one expression, and its options. "
      + "Nothing later than the cutoff is ever seen.",
    example: """
      feature_sets:
        account:
          - feat_account_age_days: {days_since: customers.ns_date_created}
          - feat_has_email: {present: customer_history.ns_email}
          - feat_calls: {count: activities, where: "kind = 'call'", within: [30 days, all]}
          - cat_region: {category: customer_history.ns_region, missing: missing, min_frequency: 50}
      """,
    keys: [
      KeyDefinition("value", .column, "A number as it stands."),
      KeyDefinition("flag", .column, "1 or 0; null where the flag is null."),
      KeyDefinition("present", .column, "1 where the value is neither null nor blank, else 0."),
      KeyDefinition("happened", .column, "1 where the date is on or before the cutoff, else 0."),
      KeyDefinition("days_since", .column, "Whole days from the date to the cutoff, or null."),
      KeyDefinition(
        "sum", .either([.list(.identifier, atLeast: 1), .column]),
        "Of a list of features: their sum, a missing one as 0. Of a column: its sum over events."),
      KeyDefinition("mean", .column, "The mean of a column over the entity's events."),
      KeyDefinition("min", .column, "The smallest value over the entity's events."),
      KeyDefinition("max", .column, "The largest value over the entity's events."),
      KeyDefinition("distinct", .column, "How many different values the entity's events have."),
      KeyDefinition("count", .identifier, "How many events the entity has in this source."),
      KeyDefinition(
        "days_since_last", .identifier, "Whole days from the entity's last event to the cutoff."),
      KeyDefinition(
        "category", .either([.column, .map(.categoryInput)]),
        "Unordered levels, learned on train rows only."),
      KeyDefinition("sql", .sql, "A row-level SQL expression over `source.column` and `cutoff`."),
      KeyDefinition(
        "where", .sql, beside: aggregates,
        "Only events for which it holds; sees the events' columns and `cutoff`."),
      KeyDefinition(
        "within",
        .either([.period, .words([.init("all", "no limit")]), .list(window, atLeast: 1)]),
        beside: aggregates,
        "Only events in (cutoff - window, cutoff]. A list makes one feature per window, "
          + "`NAME_30d`, `NAME_all`."),
      KeyDefinition(
        "missing", .text, beside: ["category", "sql"], "The level that null stands for."),
      KeyDefinition(
        "min_frequency", anyCount, beside: ["category", "sql"], formerly: "min_count",
        "Levels on fewer train rows share the level `other`."),
      KeyDefinition(
        "type",
        .words([
          .init("number"), .init("flag"), .init("category"),
        ]), beside: ["sql"], "What the SQL expression yields; `number` unless given."),
    ],
    constraints: [.exactlyOne(rowExpressions + aggregates, what: "expression")])

  static let categoryInput = MapDefinition(
    .categoryInput, "A category computed by SQL.",
    example: """
      - cat_lead_source:
          category: {sql: "coalesce(customers.lead_source_name, customers.lead_source)"}
      """,
    keys: [KeyDefinition("sql", .sql, .required, "A row-level SQL expression that yields text.")])

  static let ruleKeys = ["not", "any", "all", "happened", "flag", "present", "in", "sql"]

  static let rule = MapDefinition(
    .rule,
    "A condition on an entity at a cutoff. A comparison with null is false, so its `not` is true.",
    example: """
      where:
        - not: {happened: customers.ns_first_cre_date}
        - any:
            - {present: customer_history.ns_email}
            - {in: {column: customer_history.ns_region, values: [Gulf, Southwest]}}
      """,
    keys: [
      KeyDefinition("not", .map(.rule), "The rule does not hold."),
      KeyDefinition("any", .list(.map(.rule), atLeast: 1), "At least one of these holds."),
      KeyDefinition("all", .list(.map(.rule), atLeast: 1), "All of these hold."),
      KeyDefinition("happened", .column, "The date is on or before the cutoff."),
      KeyDefinition("flag", .column, "The flag is set."),
      KeyDefinition("present", .column, "The value is neither null nor blank."),
      KeyDefinition("in", .map(.membership), "The value is one of those listed."),
      KeyDefinition("sql", .sql, "A row-level SQL condition over `source.column` and `cutoff`."),
    ],
    constraints: [.exactlyOne(ruleKeys, what: "rule")])

  static let membership = MapDefinition(
    .membership, "A column and the values it may have.",
    example: "{in: {column: customer_history.ns_region, values: [Gulf, Southwest]}}",
    keys: [
      KeyDefinition("column", .column, .required, "The column."),
      KeyDefinition("values", .list(.verbatim, atLeast: 1), .required, "The values."),
    ])
}
