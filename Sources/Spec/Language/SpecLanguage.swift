/// The language of the spec: every map, key, kind, default and range, described once.
public enum SpecLanguage {
  /// The definition of a map.
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
