internal import Diagnostics
internal import Spec
internal import Warehouse

extension Finding {
  static func missingSource(_ path: Located<String>, folder: String) -> Finding {
    Finding(
      311, "there is no file `\(path.value)`", at: path.span,
      notes: ["paths are relative to the project folder, \(folder)"])
  }

  static func sourceIsFolder(
    _ path: Located<String>, _ format: FilesSpec.Format
  ) -> Finding {
    Finding(
      311, "`\(path.value)` is a folder", at: path.span,
      label: "name its files: `\(path.value)/*.\(format.rawValue)`")
  }

  static func noMatchingFile(_ path: Located<String>, folder: String) -> Finding {
    Finding(
      311, "no file matches `\(path.value)`", at: path.span,
      notes: ["paths are relative to the project folder, \(folder)"])
  }

  static func missingDriver(
    _ driver: Located<String>, of source: SourceSpec, _ error: WarehouseError
  ) -> Finding {
    Finding(
      702, "the ADBC driver `\(driver.value)` cannot be loaded", at: driver.span,
      label: "source `\(source.name.value)` needs it",
      notes: error.message.split(separator: "\n").map(String.init),
      hints: [
        "install the driver, or name its file in the environment: "
          + "`HOLDOUT_DRIVER_\(driver.value.uppercased())=/path/to/driver.so`"
      ])
  }

  static func unreadableSource(
    _ source: SourceSpec, _ error: WarehouseError, at span: SourceSpan
  ) -> Finding {
    let lines = EngineRefusal.lines(error.message)
    // Tables of the engine's own catalog are never meant.
    let guess = lines.dropFirst().first {
      $0.hasPrefix("Did you mean") && !$0.contains("pg_") && !$0.contains("duckdb_")
    }
    return Finding(
      312, "source `\(source.name.value)` cannot be read", at: span,
      notes: [lines.first ?? error.message] + [guess].compactMap(\.self),
      hints: [whatToCheck(source)])
  }

  /// Returns the finding for a call in a source's own query whose value differs between runs.
  static func queryNotDeterministic(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      306, "`\(name)` may differ from run to run", at: span, label: "not allowed here",
      hints: [
        name == "sample"
          ? "name a seed: `REPEATABLE (42)`"
          : "a source must return the same rows on every run: write a fixed day, or let the "
            + "cutoffs select the days"
      ])
  }

  private static func whatToCheck(_ source: SourceSpec) -> String {
    switch source.location {
    case .file: "check the path, and that the key matches the files' format"
    case .table(_, let connection):
      "check the table's name, and that `\(connection?.value ?? "default")` is the connection that "
        + "has it"
    case .query: "check the tables, columns, and functions in the query"
    }
  }

  /// Returns the finding for a connection whose DuckDB file does not exist.
  static func missingDatabase(
    _ connection: ConnectionSpec, of source: SourceSpec, folder: String
  ) -> Finding {
    let path = connection.address.written
    let span =
      switch source.location {
      case .file(let files): files.span
      case .table(let table, _): table.span
      case .query(let query, _): query.content
      }
    let name = connection.name.value
    return Finding(
      312, "source `\(source.name.value)` cannot be read: connection `\(name)` has no file",
      at: span, notes: ["paths are relative to the project folder, \(folder)"],
      hints: ["create `\(path.value)`, or correct the connection"],
      related: [Finding.Related("there is no file `\(path.value)`", at: path.span)])
  }

  static func unknownConnection(_ name: Located<String>, known: [String]) -> Finding {
    Finding(
      313, "holdout.yaml has no connection `\(name.value)`", at: name.span,
      label: Suggestion.closest(to: name.value, among: known).map { "did you mean `\($0)`?" },
      notes: [declared(known)],
      hints: [
        "add it to holdout.yaml: `connections: {\(name.value): {duckdb: path/to/file.duckdb}}`"
      ])
  }

  /// Returns the finding for a table without a connection in a project that has no connection
  /// `default`.
  static func noDefaultConnection(known: [String], at span: SourceSpan) -> Finding {
    Finding(
      313, "holdout.yaml has no connection `default`", at: span,
      label: "a table without `connection` uses `default`",
      notes: [declared(known)],
      hints: [
        known.count == 1
          ? "write `connection: \(known[0])`"
          : known.isEmpty
            ? "add it to holdout.yaml: `connections: {default: {duckdb: path/to/file.duckdb}}`"
            : "write `connection:` and the name of one"
      ])
  }

  private static func declared(_ connections: [String]) -> String {
    connections.isEmpty
      ? "holdout.yaml declares no connections"
      : "connections: \(connections.joined(separator: ", "))"
  }

  static func missingColumn(
    _ name: Located<String>, in source: SourceSpec, actual: [String]
  ) -> Finding {
    var hints: [String] = []
    if case .file(let files) = source.location {
      let isNothingThere = !source.physicalNames.contains { name in
        actual.contains { $0.lowercased() == name.value.lowercased() }
      }
      if files.format == .csv, actual.count == 1 || isNothingThere {
        hints.append(
          "the first record of the file is the header: `csv: {file: ..., skip: 2}` skips lines "
            + "before it, and `delimiter` sets the character between fields"
        )
      }
      let isFolder = files.paths.contains { $0.value.contains("*") }
      if isFolder {
        hints.append(
          "to read a value from folder names, write it in the path: `\(name.value)=*`")
      }
    }
    return Finding(
      314, "source `\(source.name.value)` has no column `\(name.value)`", at: name.span,
      label: Suggestion.closest(to: name.value, among: actual).map { "did you mean `\($0)`?" },
      notes: ["its columns: \(list(actual))"], hints: hints)
  }

  static func missingField(
    _ field: Located<String>, _ column: ColumnSpec, in source: SourceSpec, _ fields: [String]
  ) -> Finding {
    Finding(
      314,
      "no object in `\(column.name.value)` of `\(source.name.value)` has a field `\(field.value)`",
      at: field.span,
      label: Suggestion.closest(to: field.value, among: fields).map { "did you mean `\($0)`?" },
      notes: ["its fields: \(list(fields))"],
      hints: ["for a nested field, write `sql`, with `\(column.name.value)->>'$.one.two'`"])
  }

  /// Values of a column that cannot be read.
  struct Unparsed {
    enum Reason: String, CaseIterable {
      /// They are not of the declared type.
      case type
      /// They are numbers that are not finite.
      case notFinite
      /// They are integers of more than 64 bits.
      case tooWide
      /// They are days outside the valid range.
      case outside
      /// Several of the declared formats read them, each as another day.
      case ambiguous
    }

    let reason: Reason
    let count: Int
    /// The smallest and the largest of them as text.
    let examples: [String]
    let key: String?
    /// Whether other values of the column are valid for its declared type.
    let hasOthers: Bool
  }

  static func unparsed(
    _ column: ColumnSpec, in source: SourceSpec, _ values: Unparsed
  ) -> Finding {
    let count = values.count
    let subject =
      "\(rows(count)) of `\(source.name.value)` \(count == 1 ? "has" : "have") a "
      + "`\(column.name.value)` that is"
    let place = values.key.map { ", key `\($0)`" } ?? ""
    let example = values.examples.first ?? ""
    let notes = ["for example `\(example)`\(place)"]
    let days = column.form.days
    switch values.reason {
    case .type:
      return Finding(
        315, "\(subject) not a \(noun(column.type))", at: column.name.span, notes: notes,
        hints: [
          FormSuggestion(
            column: column, examples: values.examples, hasOthers: values.hasOthers
          ).text
        ])
    case .notFinite:
      return Finding(
        315, "\(subject) not a \(noun(column.type))", at: column.name.span, notes: notes,
        hints: [
          "to read them as null, write `\(column.name.value): {type: \(column.type.rawValue), "
            + "null: [\(values.examples.joined(separator: ", "))]}`"
        ])
    case .tooWide:
      return Finding(
        315, "\(subject) not a 64-bit whole number", at: column.name.span, notes: notes,
        hints: ["declare it as `number`, which rounds it, or as `text`, which keeps every digit"])
    case .outside:
      let isBefore = column.form.days == ValueForm.usualDays
      return Finding(
        340, "\(subject) before \(days.lowerBound) or after \(days.upperBound)",
        at: column.name.span,
        notes: [
          "they range from `\(example)` to `\(values.examples.last ?? "")`"
            + (values.key.map { ", the first at key `\($0)`" } ?? "")
        ],
        hints: [
          isBefore
            ? "for two-digit years, name the format, `formats: [\"%m/%d/%y\"]`; to allow such "
              + "days, write `range: [0001-01-01, 9999-12-31]`; if they mean no date, write `null: "
              + "[\(example)]`"
            : "correct the data, or the column's `range`"
        ])
    case .ambiguous:
      return Finding(
        341, "\(subject) a different day in different formats", at: column.name.span,
        notes: notes + ["the formats: \(column.formats.map(\.value).joined(separator: ", "))"],
        hints: ["keep one format; for a table that mixes them, use a query: `sql: SELECT ...`"])
    }
  }

  static func emptySource(_ source: SourceSpec) -> Finding {
    Finding(
      316, "source `\(source.name.value)` has no rows", at: source.name.span,
      hints: ["add rows, or correct the path or the query"])
  }

  static func nullKeys(_ source: SourceSpec, count: Int) -> Finding {
    Finding(
      317, "\(rows(count)) of `\(source.name.value)` \(have(count)) no key", at: source.key.span,
      label: "null or blank",
      hints: ["to drop such rows and count them, set `null_keys: drop`"])
  }

  static func nullKeysDropped(_ source: SourceSpec, count: Int) -> Finding {
    Finding(
      317, .warning,
      "\(rows(count)) of `\(source.name.value)` without a key \(are(count)) dropped",
      at: source.key.span)
  }

  static func duplicateKeys(_ source: SourceSpec, count: Int, examples: [String]) -> Finding {
    let keys = count == 1 ? "key appears" : "keys appear"
    let isHistory = if case .history = source.shape { true } else { false }
    return Finding(
      318,
      "\(count) \(keys) more than once in `\(source.name.value)`"
        + (isHistory ? " with the same first day" : ""),
      at: source.key.span, notes: ["for example \(list(examples.map { "`\($0)`" }))"],
      hints: [
        isHistory
          ? "a key can have one version per first day; remove the others from the data"
          : "an entity can have one row; to keep one of several, set `duplicates: first` or "
            + "`duplicates: last` with `order: [column]`"
      ])
  }

  static func overlappingVersions(_ source: SourceSpec, count: Int, examples: [String]) -> Finding {
    let isInclusive = if case .history(_, _, true) = source.shape { true } else { false }
    return Finding(
      319,
      "\(rows(count)) of `\(source.name.value)` \(count == 1 ? "overlaps" : "overlap") another "
        + "version of the same key",
      at: source.name.span, notes: ["for example \(list(examples.map { "`\($0)`" }))"],
      hints: [
        isInclusive
          ? "with `inclusive: true`, a version is valid on its last day: remove it if each version "
            + "ends on the day that the next begins"
          : "a version is valid from `valid_from` until the day before `valid_to`: end each "
            + "version on the day that the next begins"
      ])
  }

  static func versionsEndBefore(
    _ source: SourceSpec, count: Int, of total: Int, example: String, last: CalendarDate
  ) -> Finding {
    guard case .history(_, let to, let isInclusive) = source.shape else {
      preconditionFailure("only a history has versions")
    }
    // Show the day as written, not the day after it.
    let day = isInclusive ? CalendarDate(days: last.days - 1) : last
    return Finding(
      351,
      "\(count.grouped) of the \(total.grouped) versions of `\(source.name.value)` "
        + "\(count == 1 ? "ends" : "end") before \(count == 1 ? "it begins" : "they begin")",
      at: to.span, label: "no day is within \(count == 1 ? "it" : "them")",
      notes: ["for example key `\(example)`, which ends on \(day)"],
      hints: [
        "if that day means that the version is still valid, list the column: `\(to.value): {type: "
          + "date, class: event, null: [\(day)]}`; otherwise correct the days, or drop such rows "
          + "with `sql`"
      ])
  }

  static func rowsWithoutTime(_ source: SourceSpec, column: Located<String>, count: Int) -> Finding
  {
    Finding(
      411, .warning,
      "\(rows(count)) of `\(source.name.value)` \(have(count)) no `\(column.value)` and "
        + "\(are(count)) dropped",
      at: column.span, notes: ["nothing says from which cutoff on \(they(count)) known"],
      hints: ["fill in the days, or name another date column"])
  }

  static func rowsNeverKnown(_ source: SourceSpec, column: Located<String>, count: Int) -> Finding {
    Finding(
      411, .warning,
      "\(rows(count)) of `\(source.name.value)` \(have(count)) no `\(column.value)`, and no cutoff "
        + "reads \(count == 1 ? "it" : "them")",
      at: column.span, notes: ["nothing says from which cutoff on \(they(count)) known"],
      hints: ["fill in the days, or name another column that says when a row became known"])
  }

  static func noRowWithTime(_ source: SourceSpec, column: Located<String>) -> Finding {
    Finding(
      411, "no row of `\(source.name.value)` has a `\(column.value)`", at: column.span,
      label: "so no row can be used",
      notes: ["nothing says from which cutoff on they were known"],
      hints: ["fill in the days, or name another date column"])
  }

  private static func have(_ count: Int) -> String { count == 1 ? "has" : "have" }
  private static func are(_ count: Int) -> String { count == 1 ? "is" : "are" }
  private static func they(_ count: Int) -> String { count == 1 ? "it was" : "they were" }

  private static func noun(_ type: ColumnSpec.ColumnType) -> String {
    switch type {
    case .text: "text"
    case .integer: "whole number"
    case .number: "number"
    case .date: "date"
    case .flag: "flag (1/0, true/false, t/f, yes/no)"
    }
  }

  private static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(count) rows" }

  private static func list(_ words: [String]) -> String {
    words.prefix(12).joined(separator: ", ") + (words.count > 12 ? ", ..." : "")
  }
}

extension Explanation {
  static let sourceFindings: [Explanation] = [
    Explanation(
      311, "a file that is not there",
      cause: """
        A source names a file that does not exist, a glob that no file matches, or a folder \
        instead of its files. Paths in specs are relative to the project folder, which contains \
        `holdout.yaml`, not to the spec.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/call.parquet»}}", Example.checkWithData),
      fix: """
        Write the path relative to the project folder, and run the script that creates the file \
        first, if there is one. For all files of a folder, write a glob, `data/calls/*.parquet`.
        """),
    Explanation(
      312, "a source that cannot be read",
      cause: """
        Reading the file, table, or query fails: the table does not exist, the file has another \
        format, the connection's database is missing, or the query has a mistake. The note has the \
        engine's message.
        """,
      example: .spec("sources: {customers: {table: «customer»}}", Example.checkWithData),
      fix: """
        Correct what the note names: the table's name, the key for the file's format (`parquet`, \
        `csv`, or `json`), or the query.
        """),
    Explanation(
      313, "an unknown connection",
      cause: """
        A source names a connection that `holdout.yaml` does not have. Databases are declared only \
        there, so that a spec contains no paths or addresses of a machine. A table without a \
        connection uses `default`.
        """,
      example: .spec("sources: {customers: {connection: «shpo»}}", Example.checkWithData),
      fix: "Correct the name, or add the connection under `connections` in `holdout.yaml`."),
    Explanation(
      314, "a column that the table does not have",
      cause: """
        A source lists a column, or uses one as its key or time, and the table has no column with \
        that name. Without it, the feature would be all null.
        """,
      example: .spec(
        "sources: {calls: {columns: {«minuts»: integer}}}", Example.checkWithData),
      fix: """
        Correct the name; the note lists the table's columns. To use another name in the spec, \
        write `from`: `minuts: {type: integer, from: minutes}`.
        """),
    Explanation(
      315, "values of the wrong type",
      cause: """
        A column is declared as a date, a number, or a flag, and some of its values cannot be read \
        as one. Silently reading them as null would change every feature that uses the column.
        """,
      example: .spec(
        "sources: {customers: {columns: {«first_order»: {type: date, class: event}}}}",
        sql: """
          ALTER TABLE customers
          ALTER first_order TYPE VARCHAR USING strftime(first_order, '%d.%m.%Y');
          """,
        Example.checkWithData),
      fix: """
        Name the date format, `formats: ["%d.%m.%Y"]`; `iso` means 2024-05-01. For numbers, name \
        the characters to strip (`strip: "$,"`), a decimal comma (`decimal: ","`), and the values \
        that mean null (`null: [NaN, "N/A"]`).
        """),
    Explanation(
      316, "a source without rows",
      cause: """
        The file or table exists but is empty. Usually an export failed. Every entity would have \
        no events and no history, and the model would learn from that.
        """,
      example: .spec(
        "sources: {«calls»: {parquet: data/calls.parquet}}", sql: "DELETE FROM calls;",
        Example.checkWithData),
      fix: """
        Fill the source again, or correct the path, the table or the query. If there is nothing to \
        read, remove what reads the source.
        """),
    Explanation(
      317, "rows without a key",
      cause: """
        Some rows have null or blank text instead of the entity's key. They belong to no entity. \
        Many of them usually mean that a join before the export went wrong.
        """,
      example: .spec(
        "sources: {calls: {key: «id»}}", sql: "UPDATE calls SET id = NULL WHERE minutes = 50;",
        Example.checkWithData),
      fix: """
        Fix the export. If such rows are expected, write `null_keys: drop`: they are dropped, and \
        a warning with this id counts them.
        """),
    Explanation(
      318, "a key that appears more than once",
      cause: """
        The source should have one row per key, or one version per key and first day, but has \
        several. Which one is read would be left to chance. Keys are compared as text, without \
        surrounding spaces and without `.0`, so `7` and `7.0` are the same key.
        """,
      example: .spec(
        "sources: {customers: {key: «id»}}",
        sql: "INSERT INTO customers SELECT * FROM customers WHERE id = 'C7';",
        Example.checkWithData),
      fix: """
        Remove the duplicates from the data. In a source with one row per key, `duplicates: last` \
        with `order: [column]` keeps the last row by that column.
        """),
    Explanation(
      319, "versions of one key that overlap",
      cause: """
        Two versions of an entity are valid on the same day, so it is unclear which was known at a \
        cutoff. Usually `valid_to` of the earlier version was not set when the later one began.
        """,
      example: .spec(
        "sources: {«history»: {valid_from: valid_from, valid_to: valid_to}}",
        sql: """
          INSERT INTO history
          SELECT * REPLACE (DATE '2025-01-01' AS valid_from) FROM history WHERE id = 'C7';
          """,
        Example.checkWithData),
      fix: """
        End each version on the day that the next begins: `valid_to` is the first day on which a \
        version is no longer valid.
        """),
    Explanation(
      340, "days that are out of range",
      cause: """
        Some days are before 1900, after 2200, or outside the column's `range`. Usually a \
        two-digit year was read as a four-digit year, or a distant day means no date. An age of \
        two thousand years is useless to the model, and an event in the year 24 is in the past at \
        every cutoff.
        """,
      example: .spec(
        "sources: {customers: {columns: {«first_order»: {type: date, class: event}}}}",
        sql: "UPDATE customers SET first_order = DATE '0024-05-01' WHERE id = 'C7';",
        Example.checkWithData),
      fix: """
        Name the format (`formats: ["%m/%d/%y"]`), list the days that mean no date (`null: \
        [0001-01-01]`), or allow them: `range: [1800-01-01, 2200-12-31]`. The end of a version can \
        be any distant day: such a version is still valid.
        """),
    Explanation(
      341, "a day that two formats read differently",
      cause: """
        Several formats are declared, and two of them read a value as different days: `03/04/2024` \
        is in March in one format and in April in the other.
        """,
      example: .spec(
        """
        sources:
          customers:
            columns:
              «first_order»: {type: date, class: event, formats: ["%m/%d/%Y", "%d/%m/%Y"]}
        """,
        sql: """
          ALTER TABLE customers
          ALTER first_order TYPE VARCHAR USING strftime(first_order, '%m/%d/%Y');
          """,
        Example.checkWithData),
      fix: """
        Keep the right format. If the table mixes both, choose by another column in a query, `sql: \
        SELECT ...`.
        """),
    Explanation(
      351, "versions that end before they begin",
      cause: """
        `valid_to` of these versions is before their `valid_from`, so they are valid on no day, \
        and no cutoff sees them. Usually the day means that the version is still valid: some \
        systems write 1900-01-01 there.
        """,
      example: .spec(
        "sources: {history: {valid_to: «valid_to»}}",
        sql: "UPDATE history SET valid_to = DATE '1900-01-01';", Example.checkWithData),
      fix: """
        List the column and read the day as null: `valid_to: {type: date, class: event, null: \
        [1900-01-01]}`. Otherwise correct the days, or drop such rows with `sql`.
        """),
    Explanation(
      411, "rows without a date",
      cause: """
        An entity has no `created`, a version no `valid_from`, or an event no `time`. Nothing says \
        from which cutoff on the row was known, and using it from the beginning would be \
        look-ahead. Such rows are dropped, and this warning counts them. If no row is left, it is \
        an error.
        """,
      example: .spec(
        "sources: {calls: {time: «day»}}", sql: "UPDATE calls SET day = NULL WHERE id = 'C7';",
        Example.checkWithData),
      fix: """
        Fill in the days in the data. If only a few rows are dropped, you can ignore the warning; \
        if many are, look for another date column.
        """),
    Explanation(
      702, "database driver that cannot be loaded",
      cause: """
        The source's connection uses an ADBC driver, a shared library that does not come with \
        Holdout. It is not installed, or not where Holdout looks: next to the program, in a driver \
        manifest, and in the system folders, but never in the project.
        """,
      example: .files(
        [
          (
            "holdout.yaml",
            """
            connections:
              shop: {driver: «snowflake», uri: "reader@account/shop"}

            """
          )
        ], Example.checkWithData),
      fix: """
        `scripts/setup --drivers` installs those of PostgreSQL and SQLite. Install any other \
        driver, or name its file in the environment: \
        `HOLDOUT_DRIVER_SNOWFLAKE=/path/to/driver.so`. Write `duckdb: FILE` if the data are in a \
        DuckDB file.
        """),
  ]
}
