extension SpecLanguage {
  static let locationKeys = ["table", "parquet", "csv", "json", "sql"]

  static let day = MapDefinition(
    .day,
    "How an instant becomes a day. A timestamp with an offset is converted to the time zone; one "
      + "without is a local time already, unless its source has a `time_zone`. Dates without a time "
      + "keep their day.",
    example: """
      day: {time_zone: America/New_York, ends_at: "06:00"}
      """,
    keys: [
      KeyDefinition(
        "time_zone", .text,
        "The time zone in which days are counted, by its IANA name; default UTC."),
      KeyDefinition(
        "ends_at", .text, .default(.scalar("00:00")),
        "When a day ends: a time of the next calendar day, at most 12:00. A cutoff is read at that "
          + "time, and earlier instants belong to the day before."),
    ])

  static let source = MapDefinition(
    .source,
    "A table that features, the cohort, or the label reads. With `created` (or none of the three), "
      + "it has one row per key; with `valid_from` and `valid_to`, it has versions of rows; with "
      + "`time`, it has events.",
    example: """
      sources:
        customers:
          table: dim_ns_customer
          connection: curated
          key: internalid
          data_through: 2025-09-18
          created: ns_date_created
          columns:
            ns_date_created: {type: date, class: event}
      """,
    keys: [
      KeyDefinition("table", .text, "A table or view of a connection."),
      KeyDefinition(
        "parquet", files, "Parquet files, relative to the project folder: a path, a glob or a list."
      ),
      KeyDefinition(
        "csv", .either([.text, .list(.text, atLeast: 1), .map(.csv)]),
        "CSV files: a path, a glob, a list, or a map that also describes their format."),
      KeyDefinition(
        "json", files, "JSON files, one object per line or an array: a path, a glob, or a list."),
      KeyDefinition("sql", .sql, "A query; without `connection`, the embedded engine runs it."),
      KeyDefinition(
        "connection", .text, beside: ["table", "sql"],
        "A connection of holdout.yaml; for a table, the default is `default`."),
      KeyDefinition(
        "key", .text, .required,
        "The column with the entity's key, or the key that `references` names; read as text, `.0` "
          + "stripped."),
      KeyDefinition("data_through", .date, "The last day that this source covers completely."),
      KeyDefinition(
        "time_zone", .text,
        "The time zone of its timestamps that have none, such as `UTC`; without it they are local "
          + "times, as `day` means them."),
      KeyDefinition(
        "data_from", .date,
        "The first day from which this source is complete, and so the first possible cutoff; without "
          + "it, the day of its first row. Earlier rows are still read."),
      KeyDefinition("created", .text, "The date column that says when a row was created."),
      KeyDefinition("valid_from", .text, "The first day on which a version is valid."),
      KeyDefinition(
        "valid_to", .either([.text, .map(.validTo)]),
        "The day after a version's last valid day; null: still valid. `{column: ..., inclusive: "
          + "true}` if it is the last day itself."
      ),
      KeyDefinition("time", .text, "The day an event happened."),
      KeyDefinition(
        "known_at", .text, beside: ["time"],
        "The day an event was recorded, if that can be later than the event."),
      KeyDefinition(
        "duplicates",
        .words([
          .init("error", "a key that appears twice is a finding"),
          .init("first", "the first row by `order` is kept"),
          .init("last", "the last row by `order` is kept"),
        ]), .default(.scalar("error")), "What to do with several rows of one key."),
      KeyDefinition(
        "order", .list(.text, atLeast: 1), "The columns that decide which duplicate is kept."),
      KeyDefinition(
        "null_keys",
        .words([
          .init("error", "a row without a key is a finding"),
          .init("drop", "rows without a key are dropped and counted"),
        ]), .default(.scalar("error")), "What to do with rows that have no key."),
      KeyDefinition(
        "columns",
        .names(.either([.words(columnTypes), .map(.column)]), .identifier), .default(.map),
        "The columns that may be read; `name: date` is short for `name: {type: date}`."),
      KeyDefinition(
        "expect", .list(.map(.contract)), "Checks of the source's data."),
    ],
    constraints: [
      .exactlyOne(locationKeys, what: "location"),
      .oneGroup(
        [["created"], ["valid_from", "valid_to"], ["time", "known_at"]], what: "shape"),
      .together(["valid_from", "valid_to"]),
    ])

  static let validTo = MapDefinition(
    .validTo,
    "The column with the end of a version, and whether the version is still valid on that day.",
    example: """
      valid_from: valid_from
      valid_to: {column: valid_to, inclusive: true}
      """,
    keys: [
      KeyDefinition("column", .text, .required, "The column's name."),
      KeyDefinition(
        "inclusive", .boolean, .default(.scalar("false")),
        "Whether a version is valid on the day itself; otherwise until the day before."),
    ])

  private static let files = ValueKind.either([.text, .list(.text, atLeast: 1)])

  static let csv = MapDefinition(
    .csv,
    "CSV files and their format. The first record of each file decides what is not given.",
    example: """
      csv:
        file: exports/orders_*.csv
        encoding: windows-1252
        delimiter: ";"
        decimal: ","
        null: ["N/A", "-"]
      """,
    keys: [
      KeyDefinition("file", files, .required, "A path, a glob or a list of them."),
      KeyDefinition(
        "encoding", .words(encodings), "The character encoding; default UTF-8."),
      KeyDefinition(
        "delimiter", .text,
        "The character between fields, or `tab`; default: the one of `,`, `;`, tab, and `|` with "
          + "which the header has the spec's columns."
      ),
      KeyDefinition(
        "quote", .text,
        "The character around fields, or `none`; default: that of the header, or `\"`."),
      KeyDefinition(
        "escape", .text,
        "The character before a quote within a field; by default, the quote is doubled."),
      KeyDefinition(
        "decimal", .words(decimals),
        "The decimal character of every number; default `.`."),
      KeyDefinition("null", nulls, "Texts that mean null in every column."),
      KeyDefinition(
        "header", .either([.boolean, .list(.text, atLeast: 1)]),
        "Whether the first record names the columns (the default), or the names themselves."),
      KeyDefinition("skip", .integer(0...1_000), "How many lines to skip before the header."),
    ])

  /// The encodings in which text files can be read.
  static let encodings: [ValueKind.Word] = [
    .init("utf-8"),
    .init("utf-16", "either byte order; the file's mark decides, otherwise little-endian"),
    .init("latin-1", "ISO 8859-1"), .init("latin-9", "ISO 8859-15"),
    .init("windows-1250", "Central Europe"), .init("windows-1251", "Cyrillic"),
    .init("windows-1252", "Western European: what Excel writes as ANSI"),
    .init("mac-roman"), .init("shift-jis"), .init("gb18030"),
  ]
  private static let decimals: [ValueKind.Word] = [.init("."), .init(",")]
  private static let nulls = ValueKind.either([.verbatim, .list(.verbatim, atLeast: 1)])

  static let columnTypes: [ValueKind.Word] = [
    .init("text"), .init("integer"), .init("number"),
    .init("date", "a day; times are dropped"), .init("flag", "1/0, T/F, true/false, `1.0`"),
  ]

  static let column = MapDefinition(
    .column,
    "A column: its type, and when its values became known. In a source with one row per key, the "
      + "class is required. In a history source it is `history`. In an event source, a date "
      + "without a class is `event`, and any other column is `static`.",
    example: """
      columns:
        ns_first_cre_date: {type: date, class: event, formats: ["%m/%d/%Y"]}
        ns_stage: {type: text, class: current, json_field: value}
      """,
    keys: [
      KeyDefinition("type", .words(columnTypes), .required, "The values' type."),
      KeyDefinition(
        "class",
        .words([
          .init(
            "static",
            "never changes once the row exists; a date that is known from the start, such as a due "
              + "date"),
          .init("event", "a date that is itself the day it became known; null until that day"),
          .init("history", "read from versions as of the cutoff"),
          .init("current", "only today's value exists"),
        ]), "When the values became known."),
      KeyDefinition("from", .text, "The column's name in the table, if it differs."),
      KeyDefinition(
        "formats", .list(.text, atLeast: 1),
        "For dates as text: the only strptime formats to read; `iso` means ISO 8601, which is the "
          + "default."
      ),
      KeyDefinition(
        "json_field", .text,
        "For text that may be a JSON object, and for structs and maps: the field to read."),
      KeyDefinition(
        "null", nulls, "Values that mean null: `[N/A, \"-\"]`, for numbers also `NaN`."),
      KeyDefinition(
        "strip", .text, "For numbers as text: characters to strip, such as `$,%`."),
      KeyDefinition(
        "decimal", .words(decimals),
        "For numbers as text: the decimal character; default `.`."),
      KeyDefinition(
        "time_of_day",
        .words([
          .init("used", "an instant becomes a day as `day` says"),
          .init("ignored", "its times say nothing; the day is the one that is written"),
        ]), "For dates: whether their time of day counts; default `used`."),
      KeyDefinition(
        "range", .list(.date, atLeast: 2),
        "For dates: the first and last possible day; default [1900-01-01, 2200-12-31]."),
    ])

  private static let columns = ValueKind.either([.identifier, .list(.identifier, atLeast: 1)])
  private static let oneColumnContracts = [
    "accepted_values", "between", "matches", "null_rate_below", "fresh_within", "relationship",
  ]

  static let contract = MapDefinition(
    .contract,
    "A check of a source's data. It examines all rows before anything is trained. A check that "
      + "examined no row fails.",
    example: """
      expect:
        - not_null: internalid
        - {null_rate_below: 0.2, column: ns_date_created}
        - {between: [0, 100], column: percent}
        - row_count_between: [1000, 1000000]
      """,
    keys: [
      KeyDefinition("not_null", columns, "These columns are never null."),
      KeyDefinition("unique", columns, "No two rows agree in all of these columns."),
      KeyDefinition(
        "accepted_values", .list(.verbatim, atLeast: 1), "The column has only these values."),
      KeyDefinition("between", .list(.verbatim, atLeast: 2), "Lowest and highest value allowed."),
      KeyDefinition("matches", .text, "A regular expression that every value matches."),
      KeyDefinition(
        "null_rate_below", .number(NumberRange(.excluded(0), .included(1))),
        "The share of nulls is below this."),
      KeyDefinition(
        "row_count_between", .list(anyCount, atLeast: 2), "Fewest and most rows allowed."),
      KeyDefinition(
        "fresh_within", .period, "The column's latest date is at most this far from data_through."),
      KeyDefinition("no_future", columns, "These dates are never after data_through."),
      KeyDefinition("relationship", .column, "Every value of the column occurs in that column."),
      KeyDefinition(
        "column", .identifier, beside: oneColumnContracts, "The column to check."),
    ],
    constraints: [
      .exactlyOne(
        ["not_null", "unique", "row_count_between", "no_future"] + oneColumnContracts,
        what: "contract")
    ])
}
