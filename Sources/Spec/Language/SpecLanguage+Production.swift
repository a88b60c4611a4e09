extension SpecLanguage {
  static let score = MapDefinition(
    .score,
    "The list that scoring publishes, and where. A feature of `columns` that `features` takes away "
      + "again (`-name`, `-label.event`) is left out of the list as well. It is no part of what a run "
      + "is made of: changing it needs no new run.",
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
        "table", .text, "The table written; `{name}` stands for the name that is scored."),
      KeyDefinition(
        "connection", .identifier, beside: ["table"],
        "The connection of holdout.yaml whose database has the table; that of the cohort's source, "
          + "else `default`, unless given."),
      KeyDefinition(
        "parquet", .text,
        "The file written; `{name}` stands for the name that is scored, `{cutoff}` for the cutoff's date."
      ),
      KeyDefinition(
        "key", .identifier, .standard(.scalar("customer_id")),
        "The name of the column with the entity's key."),
      KeyDefinition(
        "rank_within", .list(.identifier), .standard(.nothing), formerly: "rank_by",
        "Category features within whose levels rows are ranked."),
      KeyDefinition(
        "columns",
        .list(.either([.identifier, .column, .entry(.either([.identifier, .column]))])),
        .standard(.nothing),
        "What is published beside the score, in this order: features, columns of sources as they "
          + "stood on the cutoff, or either under another name. Features of `rank_within` that are not "
          + "among them stand first. `current` columns may be shown; before data_through they are "
          + "null."),
      KeyDefinition(
        "reasons", .integer(0...20), .standard(.scalar("3")), "Reasons per row, strongest first."),
      KeyDefinition(
        "sentences", .names(.either([.text, .map(.sentences)]), .identifier), .standard(.map),
        "How a reason is said, by feature; a text alone is said whatever the value. Without any, "
          + "the feature's name and value are shown."),
      KeyDefinition(
        "hidden", .list(.text), .standard(.nothing),
        "Features that are never given as a reason: names, or patterns in which `*` stands for any "
          + "characters."),
      KeyDefinition(
        "new_levels",
        .words([
          .init("refuse", "nothing is written"),
          .init("other", "they are scored as the level `other`, and told of"),
        ]), .standard(.scalar("refuse")),
        "What becomes of rows with a category level that the model has never seen."),
    ])

  static let sentences = MapDefinition(
    .sentences,
    "How the reasons of one feature are said, for somebody who has never heard of the feature. The "
      + "first that is there and fits is taken, from top to bottom; `{value}` stands for the value "
      + "of the account.",
    example: """
      sentences:
        feat_has_email: {zero: no e-mail address, one: has an e-mail address}
        feat_quotes_90d: {zero: no quote in the last 90 days, one: a quote in the last 90 days,
          otherwise: "{value} quotes in the last 90 days"}
      """,
    keys: [
      KeyDefinition("missing", .text, "Where the value is missing; has no `{value}`."),
      KeyDefinition("zero", .text, "Where it is 0."),
      KeyDefinition("one", .text, "Where it is 1."),
      KeyDefinition("raises", .text, "Where it raises the score."),
      KeyDefinition("lowers", .text, "Where it lowers the score."),
      KeyDefinition("otherwise", .text, "Everywhere else."),
    ])

  static let capacity = MapDefinition(
    .capacity,
    "How many rows of the list can be worked on, and which are not to be. Of those allowed the best "
      + "are selected; the list says of every row whether, and why. It is no part of what a run is "
      + "made of.",
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
      """,
    keys: [
      KeyDefinition(
        "per", .identifier,
        "The published column whose values are the groups, such as a territory or a rep: a feature "
          + "of `rank_within` or a name under `score.columns`."),
      KeyDefinition("rows", anyCount, "How many rows each group takes, or the list without `per`."),
      KeyDefinition(
        "groups", .names(anyCount, .text), beside: ["per"],
        "How many rows single groups take instead, by the value of `per`."),
      KeyDefinition(
        "total", .integer(1...1_000_000_000), "How many rows all groups together take."),
      KeyDefinition(
        "max_share", .number(NumberRange(.excluded(0), .included(1))), formerly: "maximum_share",
        "The largest part of `total` that one group takes."),
      KeyDefinition(
        "min_score", .number(NumberRange(.included(0), .included(1))), formerly: "minimum_score",
        "Rows of a lower score are not taken."),
      KeyDefinition(
        "cool_down", .period,
        "Rows that were selected less than this long before the cutoff are not taken again."),
      KeyDefinition(
        "exclude", .list(.text), .standard(.nothing),
        "Files of keys that are never taken, one a line."),
    ],
    constraints: [.needsAll("max_share", ["total", "per"])])

  static let retrain = MapDefinition(
    .retrain,
    "What becomes of a model that `holdout retrain` has made and judged. It is no part of what a run "
      + "is made of.",
    example: "retrain: {promote: unless_fail}",
    keys: [
      KeyDefinition(
        "promote",
        .words([
          .init("pass", "where its gates pass"),
          .init("unless_fail", "where no gate fails, also where the data do not tell"),
          .init("never", "never by itself; it stays a challenger"),
        ]), .standard(.scalar("pass")), "When it takes the champion's place.")
    ])
}
