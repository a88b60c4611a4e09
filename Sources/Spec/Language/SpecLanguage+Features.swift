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
          - cat_region: {category: customer_history.ns_region, missing: missing, min_count: 50}
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
        "min_count", anyCount, beside: ["category", "sql"],
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
