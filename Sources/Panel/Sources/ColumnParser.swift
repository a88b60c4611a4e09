internal import Diagnostics
internal import Spec
internal import Warehouse

/// The SQL that turns a column as it arrives into a value of its declared type, or null.
///
/// Text is trimmed, and blank text is null. A value that is neither null nor of the declared type
/// parses to null; comparing `parsed` with `raw` finds it.
struct ColumnParser {
  /// The value as trimmed text, null where blank.
  let raw: String
  /// Whether there is a value, of whatever type; never null.
  let isPresent: String
  /// The value in its declared type.
  private(set) var parsed: String
  /// Whether parsing can fail at all.
  private(set) var canFail: Bool
  /// The value as it arrives.
  let quoted: String
  /// Whether the value is a day in a column of days or times, all of which are known to be finite.
  private(set) var isFiniteDay = false
  /// Whether the value is the day after the one that is written.
  private var endsInclusively = false
  private let parsesDate: Bool
  private let actual: String

  /// Whether a row has a value that is not of the declared type.
  var fails: String { "\(isPresent) AND (\(parsed)) IS NULL" }

  /// - Parameters:
  ///   - name: the column's name in the table.
  ///   - actual: the engine's type of it, `VARCHAR`.
  init(_ column: ColumnSpec, named name: String, actual: String) {
    let quoted = SQL.identifier(name)
    let isText = actual == "VARCHAR" || actual.hasPrefix("ENUM") || actual == "JSON"
    let trimmed = "nullif(trim(CAST(\(quoted) AS VARCHAR)), '')"
    let raw =
      column.jsonField.map { field in
        let path = SQL.literal("$.\"\(field.value)\"")
        let inner = "nullif(trim(json_extract_string(\(quoted), \(path))), '')"
        return "CASE WHEN starts_with(ltrim(CAST(\(quoted) AS VARCHAR)), '{') "
          + "AND json_valid(CAST(\(quoted) AS VARCHAR)) THEN \(inner) ELSE \(trimmed) END"
      } ?? trimmed
    self.raw = raw
    self.quoted = quoted
    self.actual = actual
    parsesDate = column.type == .date
    // What has a type of its own is never blank, and to write it out as text takes long.
    // A text that starts with a sign of ASCII other than a blank (33 to 126) need not be trimmed to be seen.
    isPresent =
      actual == "VARCHAR" && column.jsonField == nil
      ? "(CASE WHEN ascii(\(quoted)) BETWEEN 33 AND 126 THEN true ELSE \(raw) IS NOT NULL END)"
      : "(\(Self.isNeverBlank(actual) ? quoted : raw) IS NOT NULL)"
    switch column.type {
    case .text:
      parsed = raw
      canFail = false
    case .integer:
      // By way of a number, so that `7.0` is a whole number and `7.5` is not.
      let number = isText ? "TRY_CAST(\(raw) AS DOUBLE)" : "CAST(\(quoted) AS DOUBLE)"
      let isWhole = "isfinite(\(number)) AND \(number) = trunc(\(number))"
      let isNative = Self.integerTypes.contains(actual)
      parsed =
        isNative
        ? "CAST(\(quoted) AS BIGINT)"
        : "CASE WHEN \(isWhole) THEN TRY_CAST(\(number) AS BIGINT) END"
      canFail = !isNative
    case .number:
      let number = "TRY_CAST(\(isText ? raw : quoted) AS DOUBLE)"
      parsed = "CASE WHEN isfinite(\(number)) THEN \(number) END"
      canFail = true
    case .flag:
      parsed = actual == "BOOLEAN" ? quoted : Self.flag(raw)
      canFail = actual != "BOOLEAN"
    case .date:
      parsed = Self.date(column, quoted: quoted, raw: raw, actual: actual)
      canFail = actual != "DATE"
    }
  }

  /// The key as text: trimmed, without a trailing `.0`, null where blank.
  ///
  /// Of a column of numbers with a fixed count of decimals (`DECIMAL`), a fraction of zeros is no part of the
  /// key, as `1000.00` is the number 1000 there; in a text it stays.
  static func key(_ name: String, type: String?) -> String {
    let text = "trim(CAST(\(SQL.identifier(name)) AS VARCHAR))"
    guard let type, type.hasPrefix("DECIMAL("), !type.hasSuffix(",0)") else {
      return
        "nullif(CASE WHEN ends_with(\(text), '.0') THEN left(\(text), -2) ELSE \(text) END, '')"
    }
    let fraction = "rtrim(split_part(\(text), '.', 2), '0')"
    return "CASE WHEN \(fraction) = '' THEN split_part(\(text), '.', 1) ELSE \(text) END"
  }

  /// Whether a row has no key; never null.
  ///
  /// A text that starts with a digit or a letter (which ASCII has from 47 to 126) is a key, as is seen
  /// without cleaning it.
  static func isWithoutKey(_ name: String, type: String?) -> String {
    let text = "CAST(\(SQL.identifier(name)) AS VARCHAR)"
    return "CASE WHEN ascii(\(text)) BETWEEN 47 AND 126 THEN false "
      + "ELSE \(key(name, type: type)) IS NULL END"
  }

  private static let integerTypes: Set<String> = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER",
  ]

  private static func isNeverBlank(_ actual: String) -> Bool {
    integerTypes.contains(actual) || ["BOOLEAN", "DATE", "DOUBLE", "FLOAT"].contains(actual)
      || actual.hasPrefix("TIMESTAMP") || actual.hasPrefix("DECIMAL")
  }

  /// The words for yes and for no. A lookup in a type of words is quicker than two lists to compare with.
  private static func flag(_ raw: String) -> String {
    let yes = ["1", "1.0", "t", "true", "y", "yes"]
    let no = ["0", "0.0", "f", "false", "n", "no"]
    let words = (yes + no).map(SQL.literal).joined(separator: ", ")
    return "(enum_code(TRY_CAST(lower(\(raw)) AS ENUM(\(words)))) < \(yes.count))"
  }

  /// The day in UTC. A value with an offset is moved to UTC; one without is taken as it stands.
  private static func date(
    _ column: ColumnSpec, quoted: String, raw: String, actual: String
  ) -> String {
    func finite(_ value: String) -> String { "CASE WHEN isfinite(\(value)) THEN \(value) END" }
    if actual == "DATE" { return finite(quoted) }
    if actual.hasPrefix("TIMESTAMP") {
      // The session's zone is UTC, so the cast of a zoned value is its day in UTC.
      return finite("CAST(\(quoted) AS DATE)")
    }
    // A text that starts with a digit cannot be one of the engine's words, such as `infinity`.
    let digits = "CASE WHEN ascii(\(raw)) BETWEEN 48 AND 57 THEN \(raw) END"
    var readings = ["CAST(TRY_CAST(\(digits) AS TIMESTAMPTZ) AS DATE)"]
    if !column.formats.isEmpty {
      let formats = column.formats.map { SQL.literal($0.value) }.joined(separator: ", ")
      readings.append("CAST(try_strptime(\(digits), [\(formats)]) AS DATE)")
    }
    return "coalesce(\(readings.joined(separator: ", ")))"
  }

  // MARK: - Days

  /// Whether the column is one of days or times, whose ends tell whether all of them are finite.
  var hasEnds: Bool { parsesDate && ["DATE", "TIMESTAMP"].contains(actual) }

  /// The same for a column with ends that are finite, so that no value needs to be looked at.
  var knownFinite: ColumnParser {
    precondition(hasEnds, "only days and times have ends")
    var parser = self
    parser.parsed = actual == "DATE" ? quoted : "CAST(\(quoted) AS DATE)"
    parser.canFail = false
    guard !endsInclusively else { return parser.endingInclusively }
    parser.isFiniteDay = true
    return parser
  }

  /// The same for the last day on which something holds, read as the day after it; what has no end stays so.
  var endingInclusively: ColumnParser {
    var parser = self
    parser.parsed =
      "(CASE WHEN (\(parsed)) < DATE '9999-12-31' THEN (\(parsed)) + 1 ELSE \(parsed) END)"
    parser.endsInclusively = true
    return parser
  }

  /// SQL that is false for a later day, and true for all else, nothing among it.
  func isNotAfter(_ day: CalendarDate) -> String {
    compared(with: day, "<", unended: "infinity")
      ?? "((\(parsed) > \(ExpressionCompiler.literal(day))) IS NOT TRUE)"
  }

  /// SQL that is false for a day that is not later, and true for all else, nothing among it.
  func isNotThrough(_ day: CalendarDate) -> String {
    compared(with: day, ">=", unended: "-infinity")
      ?? "((\(parsed) <= \(ExpressionCompiler.literal(day))) IS NOT TRUE)"
  }

  /// A column of days compared with the start of the next day as it stands, so that the engine passes over
  /// rows before it reads what else they hold; nil where the column has another type.
  ///
  /// - Parameter unended: the value that is no day, and is let through to be found out.
  private func compared(
    with day: CalendarDate, _ comparison: String, unended: String
  ) -> String? {
    guard ["DATE", "TIMESTAMP"].contains(actual), !endsInclusively else { return nil }
    let next = "\(actual) '\(CalendarDate(days: day.days + 1))'"
    return "(\(quoted) \(comparison) \(next) OR \(quoted) IS NULL "
      + "OR \(quoted) = \(actual) '\(unended)')"
  }
}
