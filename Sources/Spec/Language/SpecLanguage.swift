/// The language of the spec: the single definition of every map, key, kind, default and range.
public enum SpecLanguage {
  /// Returns the definition of a map.
  public static func definition(_ name: DefinitionName) -> MapDefinition {
    switch name {
    case .experiment: experiment
    case .day: day
    case .source: source
    case .validTo: validTo
    case .csv: csv
    case .column: column
    case .contract: contract
    case .feature: feature
    case .categoryInput: categoryInput
    case .eventWindow: eventWindow
    case .cutoffs: cutoffs
    case .trainCutoffs: trainCutoffs
    case .calibrateCutoffs: calibrateCutoffs
    case .cohort: cohort
    case .rule: rule
    case .membership: membership
    case .label: label
    case .eventRows: eventRows
    case .lookAhead: lookAhead
    case .accept: accept
    case .audit: audit
    case .acceptedChecks: acceptedChecks
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
    case .monitor: monitor
    case .gates: gates
    case .segmentGate: segmentGate
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
    "A complete spec: one experiment. The keys can come from the file itself, from the files it "
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
        "as_of", .date, "Nothing after this day counts as known, even if the data contain it."),
      KeyDefinition(
        "data_through", .date, "The last completely observed day of every source without its own."),
      KeyDefinition(
        "day", .map(.day), "How an instant becomes a day: in which time zone, and when a day ends."),
      KeyDefinition(
        "look_ahead", .map(.lookAhead),
        "`current` columns that may still be read, and why."),
      KeyDefinition(
        "accept", .map(.accept),
        "Findings about the data that are accepted, by their ids, and why."),
      KeyDefinition("audit", .map(.audit), "What `holdout audit` accepts."),
      KeyDefinition(
        "sources", .names(.map(.source), .identifier), .required,
        "The tables that may be read, by name."),
      KeyDefinition(
        "references", .names(.column, .sourceKey),
        "Sources whose keys are not the entities': the source with its `key`, and the column that has "
          + "the key of an entity's rows."),
      KeyDefinition(
        "feature_sets", .names(.list(.entry(.map(.feature))), .identifier), .required,
        "Lists of features, by name; feature names are unique across all sets."),
      KeyDefinition(
        "cutoffs", .map(.cutoffs), .required,
        "The days at which predictions are made, and their roles."),
      KeyDefinition("cohort", .map(.cohort), .required, "Who is eligible at a cutoff."),
      KeyDefinition("label", .map(.label), .required, "What is predicted, and how far ahead."),
      KeyDefinition(
        "features", .list(.text, atLeast: 1), .required,
        "The features used: names of sets or features; `-name` removes one."),
      KeyDefinition("model", .map(.model), .default(.map), "The learner and its settings."),
      KeyDefinition("sample", .map(.sample), "Which train rows the learner sees."),
      KeyDefinition(
        "calibration", .map(.calibration), .default(.map), "How margins become probabilities."),
      KeyDefinition(
        "evaluation", .map(.evaluation), .default(.map), "What is measured on the test cutoffs."),
      KeyDefinition("score", .map(.score), "The list that scoring publishes, and where."),
      KeyDefinition(
        "capacity", .map(.capacity), "How many rows of the list can be worked on, and which."),
      KeyDefinition(
        "retrain", .map(.retrain), .default(.map), "What to do with a retrained model."),
      KeyDefinition("monitor", .map(.monitor), "How the model in production is monitored."),
      KeyDefinition("gates", .map(.gates), "The conditions that a run must meet to be promoted."),
      KeyDefinition(
        "sweep", .map(.sweep),
        "Values to try; each combination is a separate run, named `NAME@num_leaves=15`."),
    ])
}

extension SpecLanguage {
  private static let bounds = ValueKind.names(
    .number(NumberRange(.included(-1e15), .included(1e15))), .metric)

  static let baselines: [ValueKind.Word] = [
    .init("prior", "the train rows' base rate for everyone"),
    .init("one_feature", "the best single feature, calibrated like the model"),
    .init(
      "logistic", "a logistic regression on all features, with splines and target encodings"),
  ]

  static let gates = MapDefinition(
    .gates,
    "The conditions that a run must meet to be promoted. They can be in a spec, in holdout.yaml "
      + "for all specs, or in both: the spec's settings have priority, and the report says if one "
      + "is looser than the project's. Changing this key needs no new run.",
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
        "metric", .text, "The metric that runs are compared by; default `roc_auc`."),
      KeyDefinition(
        "smallest_effect", .number(NumberRange(.excluded(0), .open)),
        "The smallest difference that matters, in the metric's unit; default 0.005."),
      KeyDefinition(
        "noninferiority_margin", .number(NumberRange(.excluded(0), .open)), beside: ["metric"],
        formerly: "margin",
        "How much worse than the champion a run can be; default `smallest_effect`."),
      KeyDefinition(
        "minimum", bounds, "Lower bounds of metrics, which the complete intervals must meet."),
      KeyDefinition(
        "maximum", bounds, "Upper bounds of metrics, which the complete intervals must meet."),
      KeyDefinition(
        "better_than",
        .either([
          .words([.init("none", "no baseline is required")]),
          .list(
            .words(baselines)),
        ]),
        "The baselines that a run must beat by `metric`, with the complete interval of the "
          + "difference; default `[prior, one_feature]`."
      ),
      KeyDefinition(
        "evidence",
        .words([
          .init("required", "test must have `evaluation.min_positives` positive entities"),
          .init("any", "any number is enough"),
        ]), "Whether there must be enough positive entities; default `required`."),
      KeyDefinition(
        "caveats",
        .words([
          .init("refused", "the run has none of the `caveats` in metrics.json"),
          .init("allowed", "caveats are reported, and pass"),
        ]),
        "Whether caveats such as look-ahead and immature labels are allowed; default `refused`."),
      KeyDefinition(
        "audit",
        .words([
          .init("required", "`holdout audit` must pass"),
          .init("none", "no audit is run"),
        ]), "Whether the spec must pass its audit; default `required`."),
      KeyDefinition(
        "segments", .map(.segmentGate),
        "Whether the scores must hold equally well in all levels of a segment; default: no."),
      KeyDefinition(
        "inconclusive",
        .words([
          .init("block", "it is not promoted"),
          .init("allow", "it is reported, and passes"),
        ]), "What to do with an inconclusive run; default `block`."),
    ],
    constraints: [.together(["metric", "smallest_effect"])])

  static let segmentGate = MapDefinition(
    .segmentGate,
    "The segments whose levels must be alike: positives over expected positives must be about the "
      + "same in all of them. A run fails if the levels differ by more than chance and a level "
      + "differs by more than a factor.",
    example: "gates: {segments: {alike: [cat_region], smallest_p: 0.01, largest_ratio: 1.5}}",
    keys: [
      KeyDefinition(
        "alike",
        .either([
          .words([
            .init("all", "every segment of the spec"), .init("none", "no segment"),
          ]), .list(.either([.identifier, .column]), atLeast: 1),
        ]), .required, "Names of `evaluation.segments`."),
      KeyDefinition(
        "smallest_p", .number(NumberRange(.included(0.001), .excluded(1))),
        "Levels whose test has a smaller p-value differ by more than chance; default 0.01."),
      KeyDefinition(
        "largest_ratio", .number(NumberRange(.included(1), .open)),
        "The factor by which a level's shrunken ratio may be above or below that of all levels; "
          + "with 1, any difference beyond chance fails. Default 1.5."),
    ])
}

extension SpecLanguage {
  static let project = MapDefinition(
    .project,
    "The file holdout.yaml in the project folder: where data come from, where results go, and what "
      + "runs must meet. Paths in it and in specs are relative to that folder.",
    example: """
      connections:
        curated: {duckdb: data/netsuite/netsuite.duckdb}
        crm: {driver: postgresql, uri: "postgresql://reader@db/crm"}
      results: results
      gates: {minimum: {roc_auc: 0.7}}
      """,
    keys: [
      KeyDefinition(
        "connections", .names(.map(.connection), .identifier), .default(.map),
        "Databases that sources can name; a source that names none uses `default`."),
      KeyDefinition(
        "results", .text, .default(.scalar("results")), "The folder that results go to."),
      KeyDefinition(
        "cache", .text, .default(.scalar(".holdout/cache")),
        "The folder with cached panels and finished runs."),
      KeyDefinition(
        "cache_size", .text,
        "The largest size of the cache, like `20GB`: beyond it, the least recently used entries "
          + "are removed when a command ends. Default: 10 GB, or a tenth of the free disk if that "
          + "is less."
      ),
      KeyDefinition(
        "roots", .list(.text), .default(.nothing),
        "Folders outside the project in which specs can read files, as sources, bases, or lists."),
      KeyDefinition(
        "timeout", .text,
        "The time after which a command is ended, like `30m` or `2h`; `--timeout` overrides it for "
          + "one call. A spec cannot."
      ),
      KeyDefinition(
        "memory", .text,
        "The memory that a command can use, like `8GB`; the engine gets 60 % of it, and a command "
          + "that uses more is ended. `--memory` overrides it for one call. A spec cannot."
      ),
      KeyDefinition(
        "gates", .map(.gates), "The gates of runs whose specs do not set their own."),
      KeyDefinition(
        "registry", .map(.registry), .default(.map),
        "The keys that must sign the registry."),
    ])

  static let connection = MapDefinition(
    .connection,
    "A database: a DuckDB file, or another database through its ADBC driver. `${env:NAME}` in "
      + "`duckdb` and `uri` means an environment variable, which is read when the connection is "
      + "opened; a spec reads none.",
    example: """
      connections:
        curated: {duckdb: data/netsuite/netsuite.duckdb}
        crm: {driver: postgresql, uri: "postgresql://reader:${env:CRM_PASSWORD}@db/crm"}
      """,
    keys: [
      KeyDefinition(
        "duckdb", .text, "A DuckDB file; it is only read, except for the lists that `score` writes."
      ),
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
    "The Ed25519 keys that must sign the registry's records. Without `public_keys`, no signature "
      + "is needed.",
    example: """
      registry: {public_keys: [keys/release.pub.pem], signed_from: 12}
      """,
    keys: [
      KeyDefinition(
        "public_keys", .list(.text), .default(.nothing),
        "Files of public keys, as `openssl pkey -pubout` writes them; one of the keys must have "
          + "signed."
      ),
      KeyDefinition(
        "signed_from", .integer(1...1_000_000_000), .default(.scalar("1")),
        "The number of the first record that must be signed; earlier ones can be unsigned."),
    ])
}

extension SpecLanguage {
  static let aggregates = Aggregate.Function.allCases.map(\.rawValue)
  static let rowExpressions =
    ColumnFunction.allCases.map(\.rawValue) + ["category", "sql"]
    + Combination.Operation.allCases.map(\.rawValue).filter { !aggregates.contains($0) }

  private static let window = ValueKind.either([
    .period, .words([.init("all", "no limit")]), .map(.eventWindow),
  ])

  static let feature = MapDefinition(
    .feature,
    "How a feature's value at a cutoff is computed: exactly one expression, and its options. It "
      + "never sees anything later than the cutoff.",
    example: """
      feature_sets:
        account:
          - feat_account_age_days: {days_since: customers.ns_date_created}
          - feat_has_email: {present: customer_history.ns_email}
          - feat_calls: {count: activities, where: "kind = 'call'", within: [30 days, all]}
          - feat_call_share: {sql: "(1 + features.feat_calls_30d) / (1 + features.feat_calls_all)"}
          - cat_region: {category: customer_history.ns_region, missing: missing, min_frequency: 50}
      """,
    keys: [
      KeyDefinition("value", .column, "A number, unchanged."),
      KeyDefinition("flag", .column, "1 or 0; null if the flag is null."),
      KeyDefinition("present", .column, "1 if the value is neither null nor blank, otherwise 0."),
      KeyDefinition("happened", .column, "1 if the date is on or before the cutoff, otherwise 0."),
      KeyDefinition("days_since", .column, "Whole days from the date to the cutoff, or null."),
      KeyDefinition(
        "sum", .either([.list(.identifier, atLeast: 1), .column]),
        "For a list of features: their sum, with missing values as 0. For a column: its sum over "
          + "events."
      ),
      KeyDefinition(
        "ratio", .list(.identifier, atLeast: 2),
        "The first of several features divided by the others; missing if one is missing, or a "
          + "divisor is 0."),
      KeyDefinition(
        "difference", .list(.identifier, atLeast: 2),
        "The first of several features minus the others; missing if one is missing."),
      KeyDefinition("mean", .column, "The mean of a column over the entity's events."),
      KeyDefinition("median", .column, "The median of a column over the entity's events."),
      KeyDefinition(
        "stddev", .column,
        "The standard deviation (n - 1) of a column over the entity's events; missing for one value."
      ),
      KeyDefinition(
        "mode", .column,
        "The most frequent value over the entity's events; of several the smallest."
      ),
      KeyDefinition("first", .column, "The value of the entity's oldest event that has one."),
      KeyDefinition("last", .column, "The value of the entity's newest event that has one."),
      KeyDefinition(
        "slope", .column,
        "The slope of the least-squares line of a column over time, per day; missing for one day."),
      KeyDefinition("min", .column, "The smallest value over the entity's events."),
      KeyDefinition("max", .column, "The largest value over the entity's events."),
      KeyDefinition("distinct", .column, "How many different values the entity's events have."),
      KeyDefinition("count", .identifier, "How many events the entity has in this source."),
      KeyDefinition(
        "days_since_last", .identifier, "Whole days from the entity's last event to the cutoff."),
      KeyDefinition(
        "days_since_first", .identifier, "Whole days from the entity's first event to the cutoff."),
      KeyDefinition(
        "category", .either([.column, .map(.categoryInput)]),
        "Unordered levels, learned on train rows only."),
      KeyDefinition(
        "sql", .sql,
        "A row-level SQL expression over `source.column`, other features as `features.NAME`, and "
          + "`cutoff`."),
      KeyDefinition(
        "where", .sql, beside: aggregates,
        "Only events that meet this condition; it can use the events' columns, `cutoff`, and "
          + "`source.column` of sources with one row per key as of the event's day."),
      KeyDefinition(
        "within",
        .either([
          .period, .words([.init("all", "no limit")]), .map(.eventWindow),
          .list(window, atLeast: 1),
        ]),
        beside: aggregates,
        "Only events in (cutoff - window, cutoff], or from one time before the cutoff to another. A "
          + "list gives one feature per window, `NAME_30d`, `NAME_180d_91d`, `NAME_all`."
      ),
      KeyDefinition(
        "newest", .integer(1...1_000_000), beside: aggregates,
        "Only the newest events, so many, among those that meet `where` and lie in `within`; all of "
          + "the last one's day."),
      KeyDefinition(
        "missing", .text, beside: ["category", "sql"], "The level for null."),
      KeyDefinition(
        "min_frequency", anyCount, beside: ["category", "sql"], formerly: "min_count",
        "Levels on fewer train rows share the level `other`."),
      KeyDefinition(
        "type",
        .words([
          .init("number"), .init("flag"), .init("category"),
        ]), beside: ["sql"], "The type of the SQL expression; default `number`."),
    ],
    constraints: [.exactlyOne(rowExpressions + aggregates, what: "expression")])

  static let eventWindow = MapDefinition(
    .eventWindow, "A window of time that ends before the cutoff: (cutoff - from, cutoff - to].",
    example: "within: {from: 180 days, to: 91 days}",
    keys: [
      KeyDefinition("from", .period, .required, "How long before the cutoff it begins."),
      KeyDefinition("to", .period, .required, "How long before the cutoff it ends."),
    ])

  static let categoryInput = MapDefinition(
    .categoryInput, "A category computed by SQL.",
    example: """
      - cat_lead_source:
          category: {sql: "coalesce(customers.lead_source_name, customers.lead_source)"}
      """,
    keys: [
      KeyDefinition(
        "sql", .sql, .required,
        "A row-level SQL expression that gives text; it can read `features.NAME`, too.")
    ])

  static let ruleKeys = ["not", "any", "all", "happened", "flag", "present", "in", "count", "sql"]

  static let rule = MapDefinition(
    .rule,
    "A condition on an entity at a cutoff. A comparison with null is false, so its `not` is true.",
    example: """
      where:
        - not: {happened: customers.ns_first_cre_date}
        - any:
            - {present: customer_history.ns_email}
            - {in: {column: customer_history.ns_region, values: [Gulf, Southwest]}}
        - {count: orders, within: 1 year, at_least: 1}
      """,
    keys: [
      KeyDefinition("not", .map(.rule), "The rule is not met."),
      KeyDefinition("any", .list(.map(.rule), atLeast: 1), "At least one of these is met."),
      KeyDefinition("all", .list(.map(.rule), atLeast: 1), "All of these are met."),
      KeyDefinition("happened", .column, "The date is on or before the cutoff."),
      KeyDefinition("flag", .column, "The flag is set."),
      KeyDefinition("present", .column, "The value is neither null nor blank."),
      KeyDefinition("in", .map(.membership), "The value is in the list."),
      KeyDefinition(
        "count", .identifier, beside: ["at_least", "at_most"],
        "The number of the entity's events in this source is in a range; 0 for an entity without "
          + "events."),
      KeyDefinition(
        "where", .sql, beside: ["count"],
        "Only events that meet this condition; it can use the events' columns, `cutoff`, and "
          + "`source.column` of sources with one row per key as of the event's day."),
      KeyDefinition(
        "within", window, beside: ["count"],
        "Only events in (cutoff - window, cutoff], or from one time before the cutoff to another."),
      KeyDefinition("at_least", anyCount, beside: ["count"], "The smallest number of events."),
      KeyDefinition("at_most", anyCount, beside: ["count"], "The largest number of events."),
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
