internal import Diagnostics
internal import Spec
internal import Warehouse

/// The SQL that converts a column as it arrives into a value of its declared type, or null.
///
/// Text is trimmed, and blank text is null. A value that is neither null nor of the declared type
/// parses to null; comparing `parsed` with `isPresent` finds it. A day parses to itself even if it
/// is outside the range of valid days, which `isOutside` detects.
struct ColumnParser {
  /// The value as trimmed text; null if it is blank or one of the column's texts for null.
  let raw: String
  /// Whether there is a value, of any type; never null.
  let isPresent: String
  /// The value in its declared type.
  private(set) var parsed: String
  /// Whether parsing can fail, or give a day outside the valid range.
  private(set) var canFail: Bool
  /// The value as it arrives.
  let quoted: String
  /// Whether the value is from a column of days or times that are all known to be in the valid
  /// range.
  private(set) var isFiniteDay = false
  /// Whether the value is the day after the one that is written.
  private var endsInclusively = false
  /// SQL for the JSON object of which the column is a field, null if a value is not an object; nil
  /// for other columns.
  let object: String?
  /// SQL that is true if several of the declared formats read a value, each as another day.
  let isAmbiguous: String?
  private let actual: String
  private let column: ColumnSpec
  private let daySQL: DaySQL
  /// Whether a day far in the future, or an infinite one, means that a version has not ended.
  private let isOpenEnded: Bool

  /// SQL for whether a row has a value that is not of the declared type or not in the valid range.
  var fails: String {
    "\(isPresent) AND ((\(parsed)) IS NULL\(isOutside(parsed).map { " OR \($0)" } ?? ""))"
  }

  /// Creates a parser.
  /// - Parameters:
  ///   - name: the column's name in the table.
  ///   - actual: the engine's type of the column, such as `VARCHAR`.
  ///   - clock: how the source's instants become days.
  ///   - isOpenEnded: whether a day far in the future means that a version has not ended.
  init(
    _ column: ColumnSpec, named name: String, actual: String, clock: DayClock,
    isOpenEnded: Bool = false
  ) {
    self.column = column
    let daySQL = DaySQL(clock: column.form.isWholeDays ? DayClock() : clock)
    self.daySQL = daySQL
    self.actual = actual
    self.isOpenEnded = isOpenEnded
    quoted = SQL.identifier(name)
    let isText = actual == "VARCHAR" || actual.hasPrefix("ENUM") || actual == "JSON"
    let value = Self.withoutNulls(quoted, column.form.nulls, actual: actual, isText: isText)
    let object = column.jsonField.map { _ in Self.object(value, actual: actual) }
    self.object = object
    let raw = Self.text(value, column, object: object, actual: actual, isText: isText)
    self.raw = raw
    // A typed value is never blank, and converting it to text is slow. Text that starts with a
    // nonblank ASCII character (33 to 126) is present, which shows without trimming it.
    isPresent =
      actual == "VARCHAR" && column.jsonField == nil && column.form.nulls.isEmpty
      ? "(CASE WHEN ascii(\(quoted)) BETWEEN 33 AND 126 THEN true ELSE \(raw) IS NOT NULL END)"
      : "(\(Self.isNeverBlank(actual) ? value : raw) IS NOT NULL)"
    var ambiguous: String?
    switch column.type {
    case .text:
      parsed = raw
      canFail = false
    case .integer:
      (parsed, canFail) = Self.integer(
        isText ? Self.dressed(raw, column.form) : value, actual: actual, isText: isText)
    case .number:
      let number = "TRY_CAST(\(isText ? Self.dressed(raw, column.form) : value) AS DOUBLE)"
      parsed = "CASE WHEN isfinite(\(number)) THEN \(number) END"
      canFail = true
    case .flag:
      parsed = actual == "BOOLEAN" ? value : Self.flag(raw)
      canFail = actual != "BOOLEAN"
    case .date:
      if actual == "DATE" || actual.hasPrefix("TIMESTAMP") {
        parsed = Self.day(value, actual: actual, daySQL, isOpenEnded: isOpenEnded)
      } else {
        let reading = DayReading(column.formats.map(\.value), daySQL)
        ambiguous = reading.isAmbiguous(raw)
        let day = reading.sql(raw)
        parsed =
          isOpenEnded
          ? "CASE WHEN lower(\(raw)) = 'infinity' THEN \(Self.farAhead) ELSE \(day) END" : day
      }
      canFail = true
    }
    isAmbiguous = ambiguous
  }

  /// The end of a version that has not ended.
  private static let farAhead = "DATE '9999-12-31'"

  /// Returns SQL that is true if a parsed day is outside the valid range; nil if no day can be.
  func isOutside(_ parsed: String) -> String? {
    guard column.type == .date, !isFiniteDay else { return nil }
    let (low, high) = (column.form.days.lowerBound, column.form.days.upperBound)
    return isOpenEnded
      ? "((\(parsed)) < \(ExpressionCompiler.literal(low)))"
      : "((\(parsed)) NOT BETWEEN \(ExpressionCompiler.literal(low)) AND "
        + "\(ExpressionCompiler.literal(high)))"
  }

  /// Returns the key as text: trimmed, without a trailing `.0`, null if blank.
  ///
  /// In a column of fixed-point numbers (`DECIMAL`), a fraction of zeros is not part of the key,
  /// because `1000.00` is the number 1000 there. In text it is.
  static func key(_ name: String, type: String?) -> String {
    key(ofText: "trim(CAST(\(SQL.identifier(name)) AS VARCHAR))", type: type)
  }

  /// The value as a key of another source.
  var key: String { Self.key(ofText: raw, type: actual) }

  private static func key(ofText text: String, type: String?) -> String {
    guard let type, type.hasPrefix("DECIMAL("), !type.hasSuffix(",0)") else {
      return
        "nullif(CASE WHEN ends_with(\(text), '.0') THEN left(\(text), -2) ELSE \(text) END, '')"
    }
    let fraction = "rtrim(split_part(\(text), '.', 2), '0')"
    return "CASE WHEN \(fraction) = '' THEN split_part(\(text), '.', 1) ELSE \(text) END"
  }

  /// Returns SQL for whether a row has no key; never null.
  ///
  /// Text that starts with a digit or a letter (both are within 47 to 126 in ASCII) is a key, which
  /// shows without cleaning it.
  static func isWithoutKey(_ name: String, type: String?) -> String {
    let text = "CAST(\(SQL.identifier(name)) AS VARCHAR)"
    return "CASE WHEN ascii(\(text)) BETWEEN 47 AND 126 THEN false "
      + "ELSE \(key(name, type: type)) IS NULL END"
  }

  private static let integerTypes: Set<String> = [
    "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER",
  ]
  private static let wideTypes: Set<String> = ["UBIGINT", "HUGEINT", "UHUGEINT"]

  private static func isNeverBlank(_ actual: String) -> Bool {
    integerTypes.contains(actual) || wideTypes.contains(actual)
      || ["BOOLEAN", "DATE", "DOUBLE", "FLOAT"].contains(actual)
      || actual.hasPrefix("TIMESTAMP") || actual.hasPrefix("DECIMAL")
  }

  /// Returns whether a type of the engine has named fields.
  static func hasFields(_ actual: String) -> Bool {
    !actual.hasSuffix("]") && (actual.hasPrefix("STRUCT(") || actual.hasPrefix("MAP("))
  }

  // MARK: - Texts and nulls

  /// Returns a typed value, with null in place of values that mean null.
  private static func withoutNulls(
    _ quoted: String, _ nulls: [String], actual: String, isText: Bool
  ) -> String {
    guard !nulls.isEmpty, !isText else { return quoted }
    let isFloat = ["DOUBLE", "FLOAT"].contains(actual)
    func equals(_ text: String) -> String {
      "\(quoted) = CAST(\(SQL.literal(text)) AS \(actual))"
    }
    var conditions: [String] = []
    var hasNaN = false
    for text in nulls {
      if isFloat, let number = Double(text) {
        // Positive and negative zero compare as equal.
        if number.isNaN { hasNaN = true } else { conditions.append(equals("\(number)")) }
      } else if actual.hasPrefix("DECIMAL") || wideTypes.contains(actual)
        || integerTypes.contains(actual)
      {
        conditions.append("\(quoted) = TRY_CAST(\(SQL.literal(text)) AS \(actual))")
      } else {
        conditions.append("CAST(\(quoted) AS VARCHAR) = \(SQL.literal(text))")
      }
    }
    let isNull = conditions.joined(separator: " OR ")
    guard hasNaN else { return "CASE WHEN \(isNull) THEN NULL ELSE \(quoted) END" }
    // The engine evaluates `= 'nan'`, `isnan`, and a comparison as text from the minimum and
    // maximum in a Parquet file's statistics, which ignore NaN. Whether a value is finite or
    // infinite is computed, or follows from those statistics.
    let isNumber = "(isfinite(\(quoted)) OR \(equals("inf")) OR \(equals("-inf")))"
    return "CASE WHEN \(isNumber)\(isNull.isEmpty ? "" : " AND NOT (\(isNull))") THEN \(quoted) END"
  }

  private static func object(_ value: String, actual: String) -> String {
    let text = "CAST(\(value) AS VARCHAR)"
    return hasFields(actual)
      ? "to_json(\(value))"
      : "CASE WHEN starts_with(ltrim(\(text)), '{') AND json_valid(\(text)) THEN \(text) END"
  }

  /// The path of the column's field in `object`.
  var path: String? { column.jsonField.map(Self.path) }

  private static func path(_ field: Located<String>) -> String {
    SQL.literal("$.\"\(field.value)\"")
  }

  private static func text(
    _ value: String, _ column: ColumnSpec, object: String?, actual: String, isText: Bool
  ) -> String {
    let trimmed = "nullif(trim(CAST(\(value) AS VARCHAR)), '')"
    var raw = trimmed
    if let field = column.jsonField, let object {
      let own = "nullif(trim(json_extract_string(\(object), \(path(field)))), '')"
      // A value that is not an object is used as it is.
      raw =
        hasFields(actual)
        ? own : "CASE WHEN (\(object)) IS NOT NULL THEN \(own) ELSE \(trimmed) END"
    }
    guard isText || column.jsonField != nil, !column.form.nulls.isEmpty else { return raw }
    let list = column.form.nulls.map(SQL.literal).joined(separator: ", ")
    return "CASE WHEN (\(raw)) NOT IN (\(list)) THEN \(raw) END"
  }

  /// Returns the text of a number in SQL's notation.
  private static func dressed(_ raw: String, _ form: ValueForm) -> String {
    var text = raw
    if !form.strip.isEmpty {
      text = "trim(translate(\(text), \(SQL.literal(form.strip)), ''))"
    }
    guard form.hasDecimalComma else { return text }
    // A period that `strip` does not remove is not part of the number, but would be read as its
    // decimal point.
    return "translate(\(text), '.,', 'x.')"
  }

  // MARK: - Types

  /// Returns SQL for an exact 64-bit integer. Text is read digit by digit: `7.0` is an integer,
  /// `7.5` is not.
  private static func integer(
    _ value: String, actual: String, isText: Bool
  ) -> (sql: String, canFail: Bool) {
    if integerTypes.contains(actual) { return ("CAST(\(value) AS BIGINT)", false) }
    if wideTypes.contains(actual) { return ("TRY_CAST(\(value) AS BIGINT)", true) }
    if actual.hasPrefix("DECIMAL") {
      return ("CASE WHEN \(value) = trunc(\(value)) THEN TRY_CAST(\(value) AS BIGINT) END", true)
    }
    let number = isText ? "TRY_CAST(\(value) AS DOUBLE)" : "CAST(\(value) AS DOUBLE)"
    let isWhole = "isfinite(\(number)) AND \(number) = trunc(\(number))"
    guard isText else {
      return ("CASE WHEN \(isWhole) THEN TRY_CAST(\(number) AS BIGINT) END", true)
    }
    // Below 1e15 a double has digits to spare for a fraction.
    let digits = "nullif(regexp_extract(\(value), '^([+-]?[0-9]+)(\\.0*)?$', 1), '')"
    return (
      "CASE WHEN \(isWhole) THEN CASE WHEN abs(\(number)) < 1e15 THEN CAST(\(number) AS BIGINT) "
        + "ELSE TRY_CAST(\(digits) AS BIGINT) END END", true
    )
  }

  /// Returns SQL for the words for yes and no. A lookup in an enum type is faster than comparing
  /// with two lists.
  private static func flag(_ raw: String) -> String {
    let yes = ["1", "1.0", "t", "true", "y", "yes"]
    let no = ["0", "0.0", "f", "false", "n", "no"]
    let words = (yes + no).map(SQL.literal).joined(separator: ", ")
    return "(enum_code(TRY_CAST(lower(\(raw)) AS ENUM(\(words)))) < \(yes.count))"
  }

  /// The number of nanoseconds in a day.
  private static let nanoseconds = 86_400_000_000_000

  /// Returns SQL for the day of a date or time value. By the plain clock, a value with a time zone is
  /// converted to UTC, and one without is used as it is.
  private static func day(
    _ value: String, actual: String, _ daySQL: DaySQL, isOpenEnded: Bool
  ) -> String {
    // The session's time zone is UTC, so the cast of a zoned value gives its day in UTC. A cast of
    // nanoseconds rounds, possibly up to the next day, so compute their day.
    let day =
      switch actual {
      case "DATE": value
      case "TIMESTAMP_NS" where daySQL.clock.isPlain:
        "DATE '1970-01-01' + CAST((epoch_ns(\(value)) - (epoch_ns(\(value)) % \(nanoseconds) "
          + "+ \(nanoseconds)) % \(nanoseconds)) // \(nanoseconds) AS INTEGER)"
      default: daySQL.day(of: value, actual: actual)
      }
    guard isOpenEnded else { return "CASE WHEN isfinite(\(value)) THEN \(day) END" }
    let high = ExpressionCompiler.literal(ValueForm.usualDays.upperBound)
    return "CASE WHEN \(value) > \(high) THEN \(farAhead) WHEN isfinite(\(value)) THEN \(day) END"
  }

  // MARK: - Days

  /// Whether the column has days or times whose minimum and maximum show whether all are in the
  /// valid range.
  var hasEnds: Bool { column.type == .date && ["DATE", "TIMESTAMP"].contains(actual) }

  /// Whether times become other days than those that are written.
  var isMoved: Bool { column.type == .date && actual != "DATE" && !daySQL.clock.isPlain }

  /// SQL that is true if all days are in the valid range, for columns with `hasEnds`. Without any
  /// value there is no minimum or maximum, and nothing is outside the range.
  var areEndsPossible: String {
    var (low, high) = (column.form.days.lowerBound, column.form.days.upperBound)
    if isMoved {
      // No clock moves a time by more than two days.
      (low, high) = (CalendarDate(days: low.days + 2), CalendarDate(days: high.days - 2))
    }
    let isLate =
      isOpenEnded
      ? "isfinite(max(\(quoted)))"
      : "max(\(quoted)) < \(actual) '\(CalendarDate(days: high.days + 1))'"
    return "coalesce(min(\(quoted)) >= \(actual) '\(low)' AND \(isLate), true)"
  }

  /// The same parser for a column whose days are all in the valid range, so that no value needs to
  /// be checked.
  var knownFinite: ColumnParser {
    precondition(hasEnds, "only days and times have ends")
    guard column.form.nulls.isEmpty else { return self }
    var parser = self
    parser.parsed = actual == "DATE" ? quoted : daySQL.day(of: quoted, actual: actual)
    parser.canFail = false
    guard !endsInclusively else { return parser.endingInclusively }
    parser.isFiniteDay = true
    return parser
  }

  /// SQL for the first day of a column whose days are all in the valid range.
  var firstDay: String {
    let first = "min(\(quoted))"
    return actual == "DATE" ? "CAST(\(first) AS DATE)" : daySQL.day(of: first, actual: actual)
  }

  /// SQL for whether a value has a time of day, and whether it is midnight; nil if the clock does
  /// not move the column's times. Values with an offset are not examined in text.
  var midnights: (hasTime: String, isMidnight: String)? {
    guard isMoved else { return nil }
    func isMidnight(_ time: String) -> String { "CAST(\(time) AS TIME) = TIME '00:00:00'" }
    if actual.hasPrefix("TIMESTAMP") {
      let isInstant = DaySQL.isInstant(actual)
      guard isInstant ? daySQL.clock.zone != "UTC" || daySQL.clock.endsAt > 0 : movesTimes else {
        return nil
      }
      let time =
        isInstant ? "timezone('UTC', \(quoted))" : "CAST(\(quoted) AS TIMESTAMP)"
      return ("isfinite(\(quoted))", isMidnight("CASE WHEN isfinite(\(quoted)) THEN \(time) END"))
    }
    let formats = column.formats.map(\.value)
    guard movesTimes, formats.isEmpty || formats == [DateFormat.iso] else { return nil }
    let time = "TRY_CAST(\(raw) AS TIMESTAMP)"
    return (
      "(\(DaySQL.hasTime(raw)) AND NOT \(DaySQL.hasOffset(raw)) AND \(time) IS NOT NULL)",
      isMidnight(time)
    )
  }

  /// Whether times without a time zone become other days than those that are written.
  private var movesTimes: Bool {
    daySQL.clock.endsAt > 0 || daySQL.clock.convertedFrom != nil
  }

  /// The same parser for a column that nothing reads: a value that is not of its type is null, and
  /// that is not a problem.
  var lenient: ColumnParser {
    var parser = self
    parser.canFail = false
    return parser
  }

  /// The same parser for the last day on which something is valid, read as the day after it; a
  /// value without an end is unchanged.
  var endingInclusively: ColumnParser {
    var parser = self
    parser.parsed =
      "(CASE WHEN (\(parsed)) < DATE '9999-12-31' THEN (\(parsed)) + 1 ELSE \(parsed) END)"
    parser.endsInclusively = true
    return parser
  }

  /// Returns SQL that is false for a later day and true for anything else, including null.
  func isNotAfter(_ day: CalendarDate) -> String {
    let high = CalendarDate(days: column.form.days.upperBound.days + 1)
    return compared(with: day, "<", outside: (">=", high))
      ?? "((\(parsed) > \(ExpressionCompiler.literal(day))) IS NOT TRUE"
      + (isOutside(parsed).map { " OR \($0))" } ?? ")")
  }

  /// Returns SQL that is false for a day that is not later and true for anything else, including
  /// null.
  func isNotThrough(_ day: CalendarDate) -> String {
    let low = column.form.days.lowerBound
    return compared(with: day, ">=", outside: ("<", low))
      ?? "((\(parsed) <= \(ExpressionCompiler.literal(day))) IS NOT TRUE"
      + (isOutside(parsed).map { " OR \($0))" } ?? ")")
  }

  /// Returns SQL that compares the raw column with the start of the next day, so that the engine
  /// can skip rows before it reads their other columns; nil if the column has another type.
  ///
  /// - Parameter outside: the comparison for days outside the valid range, which are kept so that
  ///   they are reported.
  private func compared(
    with day: CalendarDate, _ comparison: String, outside: (comparison: String, day: CalendarDate)
  ) -> String? {
    guard ["DATE", "TIMESTAMP"].contains(actual), column.form.nulls.isEmpty, !endsInclusively,
      let next = start(of: CalendarDate(days: day.days + 1)), let end = start(of: outside.day)
    else { return nil }
    return "(\(quoted) \(comparison) \(next) OR \(quoted) IS NULL "
      + "OR \(quoted) \(outside.comparison) \(end))"
  }

  /// Returns the start of a day as a literal of the column's type; nil if it differs from day to
  /// day.
  private func start(of day: CalendarDate) -> String? {
    if actual == "DATE" { return "\(actual) '\(day)'" }
    return daySQL.start(of: day).map { "\(actual) '\($0)'" }
  }
}

/// How text is read as a day: in the declared formats only or, if there are none, as ISO 8601 with
/// a four-digit year.
private struct DayReading {
  private let formats: [String]
  private let daySQL: DaySQL

  init(_ formats: [String], _ daySQL: DaySQL) {
    self.formats = formats.isEmpty ? [DateFormat.iso] : formats
    self.daySQL = daySQL
  }

  /// Returns SQL for the day that a text means; null if it means none or more than one.
  func sql(_ raw: String) -> String {
    let readings = readings(raw)
    guard mayDisagree else {
      return readings.count == 1 ? readings[0] : "coalesce(\(readings.joined(separator: ", ")))"
    }
    return
      "list_transform([\(days(raw))], lambda days: CASE WHEN len(days) = 1 THEN days[1] END)[1]"
  }

  /// Returns SQL that is true if a text means more than one day; nil if no text can.
  func isAmbiguous(_ raw: String) -> String? {
    mayDisagree ? "len(\(days(raw))) > 1" : nil
  }

  private func readings(_ raw: String) -> [String] {
    formats.map { $0 == DateFormat.iso ? iso(raw) : strptime(raw, $0) }
  }

  /// Returns SQL for the distinct days that the formats read. `%Y` reads `24` as the year 24, which
  /// is never meant.
  private func days(_ raw: String) -> String {
    "list_filter(list_distinct([\(readings(raw).joined(separator: ", "))]), "
      + "lambda day: day >= DATE '1000-01-01')"
  }

  private func iso(_ raw: String) -> String {
    // The engine also accepts `12/05/23` and `24-5-1`, whose meaning is ambiguous.
    let text =
      "CASE WHEN \(raw) LIKE '____-__-__%' AND ascii(\(raw)) BETWEEN 48 AND 57 THEN \(raw) END"
    return daySQL.day(ofISO: raw, text: text)
  }

  private func strptime(_ raw: String, _ format: String) -> String {
    // The engine accepts `epoch` and `infinity` in any format.
    let text =
      "CASE WHEN ascii(\(raw)) BETWEEN 48 AND 57 OR regexp_matches(\(raw), '[0-9]') THEN \(raw) END"
    return daySQL.day(
      ofParsed: "try_strptime(\(text), \(SQL.literal(format)))", DateFormat.reading(format))
  }

  /// Whether two formats may read the same text: only if they have the same separators.
  private var mayDisagree: Bool {
    let skeletons = formats.map(Self.skeleton)
    return Set(skeletons).count < skeletons.count
  }

  private static func skeleton(_ format: String) -> String {
    // ISO 8601 allows many forms of a time of day after the day.
    if format == DateFormat.iso { return "#-#-#" }
    var result = ""
    var rest = Substring(format)
    while let sign = rest.popFirst() {
      guard sign == "%" else {
        if !sign.isWhitespace { result.append(sign) }
        continue
      }
      if rest.first == "-" { rest.removeFirst() }
      guard let letter = rest.popFirst() else { break }
      result += "aAbBhp".contains(letter) ? "@" : letter == "%" ? "%" : "#"
    }
    return result.hasPrefix("#-#-#") ? "#-#-#" : result
  }
}
