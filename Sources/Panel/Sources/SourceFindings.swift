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
    _ path: Located<String>, _ format: SourceSpec.FileFormat
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
      label: "source `\(source.name.value)` is read through it",
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

  /// A call in a source's own query whose value is not the same on every run.
  static func queryNotDeterministic(_ name: String, at span: SourceSpan) -> Finding {
    Finding(
      306, "`\(name)` may differ from run to run", at: span, label: "not allowed here",
      hints: [
        name == "sample"
          ? "name a seed: `REPEATABLE (42)`"
          : "a source gives the same rows on every run: name the day, or leave it to the cutoffs"
      ])
  }

  private static func whatToCheck(_ source: SourceSpec) -> String {
    switch source.location {
    case .file(_, .csv):
      "is it really CSV? Parquet files are named with `parquet`, JSON files with `json`"
    case .file(_, .parquet):
      "is it really Parquet? CSV files are named with `csv`, JSON files with `json`"
    case .file(_, .json):
      "is it really JSON? CSV files are named with `csv`, Parquet files with `parquet`"
    case .table(_, let connection):
      "check the table's name, and that `\(connection?.value ?? "default")` is the connection that "
        + "holds it"
    case .query: "check the query: the tables, columns and functions that it names"
    }
  }

  /// A connection whose DuckDB file is not there.
  static func missingDatabase(
    _ connection: ConnectionSpec, of source: SourceSpec, folder: String
  ) -> Finding {
    let path = connection.address.written
    let span =
      switch source.location {
      case .file(let path, _): path.span
      case .table(let table, _): table.span
      case .query(let query, _): query.content
      }
    let name = connection.name.value
    return Finding(
      312, "source `\(source.name.value)` cannot be read: connection `\(name)` has no file",
      at: span, notes: ["paths are relative to the project folder, \(folder)"],
      hints: ["make `\(path.value)`, or correct the connection"],
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

  /// A table that names no connection, in a project whose file has no `default`.
  static func noDefaultConnection(known: [String], at span: SourceSpan) -> Finding {
    Finding(
      313, "holdout.yaml has no connection `default`", at: span,
      label: "a table without `connection` is looked for in `default`",
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
    Finding(
      314, "source `\(source.name.value)` has no column `\(name.value)`", at: name.span,
      label: Suggestion.closest(to: name.value, among: actual).map { "did you mean `\($0)`?" },
      notes: ["its columns: \(list(actual))"])
  }

  static func unparsedValues(
    _ column: ColumnSpec, in source: SourceSpec, count: Int, example: String, key: String?
  ) -> Finding {
    let isDate = column.type == .date
    let place = key.map { ", key `\($0)`" } ?? ""
    return Finding(
      315,
      "\(rows(count)) of `\(source.name.value)` \(count == 1 ? "holds" : "hold") a "
        + "`\(column.name.value)` that is not a \(noun(column.type))",
      at: column.name.span, notes: ["for instance `\(example)`\(place)"],
      hints: isDate
        ? ["ISO 8601 is read without being told; name other forms: `formats: [\"%m/%d/%Y\"]`"]
        : ["mend the data, or declare the column as `text`"])
  }

  static func emptySource(_ source: SourceSpec) -> Finding {
    Finding(
      316, "source `\(source.name.value)` has no rows", at: source.name.span,
      hints: ["fill it, or correct the path or the query"])
  }

  static func nullKeys(_ source: SourceSpec, count: Int) -> Finding {
    Finding(
      317, "\(rows(count)) of `\(source.name.value)` \(have(count)) no key", at: source.key.span,
      label: "null or blank",
      hints: ["to leave such rows out, and have them counted, set `null_keys: drop`"])
  }

  static func nullKeysDropped(_ source: SourceSpec, count: Int) -> Finding {
    Finding(
      317, .warning,
      "\(rows(count)) of `\(source.name.value)` without a key \(are(count)) left out",
      at: source.key.span)
  }

  static func duplicateKeys(_ source: SourceSpec, count: Int, examples: [String]) -> Finding {
    let keys = count == 1 ? "key stands" : "keys stand"
    let isHistory = if case .history = source.shape { true } else { false }
    return Finding(
      318,
      "\(count) \(keys) more than once in `\(source.name.value)`"
        + (isHistory ? " with the same first day" : ""),
      at: source.key.span, notes: ["for instance \(list(examples.map { "`\($0)`" }))"],
      hints: [
        isHistory
          ? "a key has one version per first day; remove the others from the data"
          : "an entity has one row; to keep one of several, set `duplicates: first` or "
            + "`duplicates: last` with `order: [column]`"
      ])
  }

  static func overlappingVersions(_ source: SourceSpec, count: Int, examples: [String]) -> Finding {
    Finding(
      319,
      "\(rows(count)) of `\(source.name.value)` \(count == 1 ? "overlaps" : "overlap") another "
        + "version of the same key",
      at: source.name.span, notes: ["for instance \(list(examples.map { "`\($0)`" }))"],
      hints: [
        "a version holds on the days from `valid_from` until the day before `valid_to`: end each on "
          + "the day that the next begins"
      ])
  }

  static func rowsWithoutTime(_ source: SourceSpec, column: Located<String>, count: Int) -> Finding
  {
    Finding(
      411, .warning,
      "\(rows(count)) of `\(source.name.value)` \(have(count)) no `\(column.value)` and "
        + "\(are(count)) left out",
      at: column.span, notes: ["it cannot be told from which cutoff on \(they(count)) known"],
      hints: ["fill in the days, or name another column that dates the rows"])
  }

  static func rowsNeverKnown(_ source: SourceSpec, column: Located<String>, count: Int) -> Finding {
    Finding(
      411, .warning,
      "\(rows(count)) of `\(source.name.value)` \(have(count)) no `\(column.value)`, and no cutoff "
        + "reads \(count == 1 ? "it" : "them")",
      at: column.span, notes: ["it cannot be told from which cutoff on \(they(count)) known"],
      hints: ["fill in the days, or name another column that says when a row became known"])
  }

  static func noRowWithTime(_ source: SourceSpec, column: Located<String>) -> Finding {
    Finding(
      411, "no row of `\(source.name.value)` has a `\(column.value)`", at: column.span,
      label: "so no row can be used",
      notes: ["it cannot be told from which cutoff on they were known"],
      hints: ["fill in the days, or name another column that dates the rows"])
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
