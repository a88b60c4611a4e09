extension SpecLanguage {
  static let score = MapDefinition(
    .score,
    "The list that scoring publishes, and where. A feature of `columns` that `features` removes "
      + "(`-name`, `-label.event`) is left out of the list too. Changing this key needs no new "
      + "run.",
    example: """
      score:
        table: scores_prospects_{name}
        connection: curated
        parquet: outputs/scores/{name}_{cutoff}.parquet
        rank_within: [cat_territory_standardized]
        columns: [cat_region, feat_contact_score, customer_history.ns_email, rep: owners.full_name]
        sentences:
          feat_days_since_last_contact: {missing: never contacted, otherwise: "last contact {value} days ago"}
        hidden: [cat_terms_value, feat_named_account_*]
      """,
    keys: [
      KeyDefinition(
        "table", .text, "The table to write; `{name}` means the name that is scored."),
      KeyDefinition(
        "connection", .identifier, beside: ["table"],
        "The connection of holdout.yaml whose database has the table; default: that of the "
          + "cohort's source, or `default`."
      ),
      KeyDefinition(
        "parquet", .text,
        "The file to write; `{name}` means the name that is scored, `{cutoff}` the cutoff's date."
      ),
      KeyDefinition(
        "key", .identifier, .default(.scalar("customer_id")),
        "The name of the column with the entity's key."),
      KeyDefinition(
        "rank_within", .list(.identifier), .default(.nothing), formerly: "rank_by",
        "Category features within whose levels rows are ranked."),
      KeyDefinition(
        "columns",
        .list(.either([.identifier, .column, .entry(.either([.identifier, .column]))])),
        .default(.nothing),
        "What is published next to the score, in this order: features, columns of sources as of "
          + "the cutoff, or either under another name. Features of `rank_within` that are not "
          + "listed come first. `current` columns are allowed; before data_through they are null."
      ),
      KeyDefinition(
        "reasons", .integer(0...20), .default(.scalar("3")), "Reasons per row, strongest first."),
      KeyDefinition(
        "sentences", .names(.either([.text, .map(.sentences)]), .identifier), .default(.map),
        "The sentences for reasons, by feature; a single text is used for every value. Without a "
          + "sentence, the feature's name and value are shown."
      ),
      KeyDefinition(
        "hidden", .list(.text), .default(.nothing),
        "Features that are never given as a reason: names, or patterns in which `*` matches any "
          + "characters."
      ),
      KeyDefinition(
        "new_levels",
        .words([
          .init("refuse", "nothing is written"),
          .init("other", "they are scored as the level `other`, and reported"),
        ]), .default(.scalar("refuse")),
        "What to do with rows whose category level the model has never seen."),
    ])

  static let sentences = MapDefinition(
    .sentences,
    "The sentences for one feature's reasons, for readers who do not know the feature. The first "
      + "that is given and fits is used, from top to bottom; `{value}` means the account's value.",
    example: """
      sentences:
        feat_has_email: {zero: no e-mail address, one: has an e-mail address}
        feat_quotes_90d: {zero: no quote in the last 90 days, one: a quote in the last 90 days,
          otherwise: "{value} quotes in the last 90 days"}
      """,
    keys: [
      KeyDefinition("missing", .text, "If the value is missing; cannot contain `{value}`."),
      KeyDefinition("zero", .text, "If it is 0."),
      KeyDefinition("one", .text, "If it is 1."),
      KeyDefinition("raises", .text, "If it raises the score."),
      KeyDefinition("lowers", .text, "If it lowers the score."),
      KeyDefinition("otherwise", .text, "Otherwise."),
    ])

  static let capacity = MapDefinition(
    .capacity,
    "How many rows of the list can be worked on, and which are excluded. The best of the others "
      + "are selected; the list says for every row whether it is selected, and why. Changing this "
      + "key needs no new run.",
    example: """
      capacity:
        per: cat_territory_standardized
        rows: 50
        groups: {"California: San Diego - Poway": 80, Undefined: 0}
        total: 5000
        max_share: 0.05
        min_score: 0.002
        cool_down: 3 months
        exclude: [lists/do_not_call.txt]
        hold_back: 5 %
      """,
    keys: [
      KeyDefinition(
        "per", .identifier,
        "The published column whose values are the groups, such as a territory or a rep: a feature "
          + "of `rank_within` or a name under `score.columns`."),
      KeyDefinition(
        "rows", anyCount, "How many rows each group can have, or the list without `per`."),
      KeyDefinition(
        "groups", .names(anyCount, .text), beside: ["per"],
        "Other numbers of rows for single groups, by the value of `per`."),
      KeyDefinition(
        "total", .integer(1...1_000_000_000), "How many rows all groups can have together."),
      KeyDefinition(
        "max_share", .number(NumberRange(.excluded(0), .included(1))), formerly: "maximum_share",
        "The largest share of `total` that one group can have."),
      KeyDefinition(
        "min_score", .number(NumberRange(.included(0), .included(1))), formerly: "minimum_score",
        "Rows with a lower score are not selected."),
      KeyDefinition(
        "cool_down", .period,
        "Rows that were selected less than this long before the cutoff are not selected again."),
      KeyDefinition(
        "exclude", .list(.text), .default(.nothing),
        "Files of keys that are never selected, one per line."),
      KeyDefinition(
        "hold_back", .share,
        "The share of the accounts that would be selected, but are left alone, so that `holdout "
          + "outcomes` can measure what the work on the list causes. They are drawn at random by "
          + "key and list, and stay the same from list to list; with `evaluation.cluster`, by "
          + "cluster."),
    ],
    constraints: [.needsAll("max_share", ["total", "per"])])

  static let retrain = MapDefinition(
    .retrain,
    "What to do with a retrained model. Changing this key needs no new run.",
    example: "retrain: {promote: unless_fail}",
    keys: [
      KeyDefinition(
        "promote",
        .words([
          .init("pass", "if its gates pass"),
          .init("unless_fail", "if no gate fails, even if some are inconclusive"),
          .init("never", "never automatically; it stays a challenger"),
        ]), .default(.scalar("pass")), "When it replaces the champion.")
    ])
  static let monitor = MapDefinition(
    .monitor,
    "How the model in production is monitored (`holdout monitor`). Changing this key needs no new "
      + "run.",
    example: """
      monitor: {tolerance: 0.2, ignore: [feat_days_since_upload], groups: [cat_region]}
      """,
    keys: [
      KeyDefinition(
        "tolerance", .number(NumberRange(.included(0), .excluded(1))), .default(.scalar("0.2")),
        "How far the purchases may be from the expected ones, relative to them, without an alarm. "
          + "It covers the error of the calibrator and of the season."),
      KeyDefinition(
        "ignore", .list(.identifier), .default(.nothing),
        "Features that are not watched, because they jump for known reasons."),
      KeyDefinition(
        "groups", .list(.identifier), .default(.nothing),
        "Category features whose levels are compared. Default: the capacity's `per`, or the first "
          + "feature of `score.rank_within`."),
      KeyDefinition(
        "years_between_false_alarms", .number(NumberRange(.included(0.5), .included(100))),
        .default(.scalar("4")),
        "The mean time to a false alarm of the purchases, in each direction, at the least."),
    ])
}
