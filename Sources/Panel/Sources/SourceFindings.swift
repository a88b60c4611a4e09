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

  static func unreadableSource(
    _ source: SourceSpec, _ error: WarehouseError, at span: SourceSpan
  ) -> Finding {
    if error.code == .libraryMissing {
      return Finding(702, error.message, at: span, hints: ["install the driver, or set its path"])
    }
    return Finding(
      312, "source `\(source.name.value)` cannot be read", at: span,
      notes: [firstLine(error.message)])
  }

  static func unknownConnection(_ name: String, known: [String], at span: SourceSpan) -> Finding {
    Finding(
      313, "holdout.yaml has no connection `\(name)`", at: span,
      label: Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" },
      notes: known.isEmpty ? [] : ["connections: \(known.joined(separator: ", "))"],
      hints: ["add it to holdout.yaml: `connections: {\(name): {duckdb: path/to/file.duckdb}}`"])
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
      "\(rows(count)) of `\(source.name.value)` hold a `\(column.name.value)` that is not a "
        + "\(noun(column.type))",
      at: column.name.span, notes: ["for instance `\(example)`\(place)"],
      hints: isDate
        ? ["ISO 8601 is read without being told; name other forms: `formats: [\"%m/%d/%Y\"]`"]
        : ["mend the data, or declare the column as `text`"])
  }

  static func emptySource(_ source: SourceSpec) -> Finding {
    Finding(316, "source `\(source.name.value)` has no rows", at: source.name.span)
  }

  static func nullKeys(_ source: SourceSpec, count: Int) -> Finding {
    Finding(
      317, "\(rows(count)) of `\(source.name.value)` have no key", at: source.key.span,
      label: "null or blank",
      hints: ["to leave such rows out, and have them counted, set `null_keys: drop`"])
  }

  static func nullKeysDropped(_ source: SourceSpec, count: Int) -> Finding {
    Finding(
      317, .warning, "\(rows(count)) of `\(source.name.value)` without a key are left out",
      at: source.key.span)
  }

  static func duplicateKeys(_ source: SourceSpec, count: Int, examples: [String]) -> Finding {
    Finding(
      318,
      "\(count) \(count == 1 ? "key stands" : "keys stand") more than once in "
        + "`\(source.name.value)`",
      at: source.key.span, notes: ["for instance \(list(examples.map { "`\($0)`" }))"],
      hints: [
        "an entity has one row; to keep one of several, set `duplicates: first` or "
          + "`duplicates: last` with `order: [column]`"
      ])
  }

  static func overlappingVersions(_ source: SourceSpec, count: Int, examples: [String]) -> Finding {
    Finding(
      319, "\(rows(count)) of `\(source.name.value)` overlap another version of the same key",
      at: source.name.span, notes: ["for instance \(list(examples.map { "`\($0)`" }))"],
      hints: [
        "a version holds on the days from `valid_from` until the day before `valid_to`; of several "
          + "versions that start on one day, `duplicates: last` keeps one"
      ])
  }

  static func rowsWithoutTime(_ source: SourceSpec, column: Located<String>, count: Int) -> Finding
  {
    Finding(
      411, .warning,
      "\(rows(count)) of `\(source.name.value)` have no `\(column.value)` and are left out",
      at: column.span, notes: ["it cannot be told from which cutoff on they were known"])
  }

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

  private static func firstLine(_ text: String) -> String {
    text.split(separator: "\n").first.map(String.init) ?? text
  }
}
