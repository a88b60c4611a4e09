internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Compares what a spec promises about a source's data with the rows as they arrive.
///
/// Every promise is checked on all rows, and everything that is broken is reported together. A
/// promise that examined no row is broken too: it tells nothing, and often its column was emptied
/// by accident.
struct ContractCheck {
  let engine: Engine
  let source: SourceSpec
  let relation: RawRelation
  /// The SQL of a row's key.
  let key: String

  /// Returns the findings about broken promises.
  /// - Parameter other: returns the rows of another source, for relationships.
  /// - Throws: `WarehouseError` if the rows cannot be read.
  func findings(
    other: (String) -> (source: SourceSpec, relation: RawRelation)?
  ) throws(WarehouseError) -> [Finding] {
    var findings: [Finding] = []
    for contract in source.contracts {
      let columns = contract.promise.columns.map { name in
        (name, ContractColumn(name, of: source, relation))
      }
      let missing = columns.filter { $0.1 == nil }.map(\.0)
      guard missing.isEmpty else {
        findings += missing.map {
          .missingColumn($0, in: source, actual: relation.types.map(\.name))
        }
        continue
      }
      do throws(WarehouseError) {
        findings += try check(contract, columns.compactMap(\.1), other)
      } catch {
        guard error.code == .query else { throw error }
        findings.append(.cannotCheck(contract, error.message))
      }
    }
    return findings
  }

  private func check(
    _ contract: ContractSpec, _ columns: [ContractColumn],
    _ other: (String) -> (source: SourceSpec, relation: RawRelation)?
  ) throws(WarehouseError) -> [Finding] {
    if contract.promise.isAboutDays,
      let other = columns.first(where: { ![nil, .date].contains($0.type) })
    {
      return [.cannotCheck(contract, "`\(other.name.value)` is not declared as a date")]
    }
    switch contract.promise {
    case .notNull:
      var findings: [Finding] = []
      for column in columns {
        let test = RowTest(
          examined: "true", fails: "NOT (\(column.isPresent))", shown: "NULL")
        findings += try rows(contract, test, .null(column.name))
      }
      return findings
    case .unique: return try unique(contract, columns)
    case .acceptedValues(let values, let name):
      let test = RowTest(columns[0]) { $0.differs(from: values) }
      return try rows(contract, test, .outside(name, "not among the accepted values"))
    case .between(let low, let high, let name):
      let test = RowTest(columns[0]) { $0.lies(outside: low.value, high.value) }
      return try rows(contract, test, .outside(name, "not from \(low.value) to \(high.value)"))
    case .matches(let pattern, let name):
      let expression = SQL.literal(pattern.value)
      let test = RowTest(columns[0]) {
        "NOT regexp_full_match(CAST(\($0.value) AS VARCHAR), \(expression))"
      }
      return try rows(contract, test, .outside(name, "not as in `\(pattern.value)`"))
    case .nullRateBelow(let rate, let name):
      return try nullRate(contract, columns[0], rate.value, name)
    case .rowCount(let range):
      let count = try engine.connection.count("SELECT count(*) FROM \(relation.sql)") ?? 0
      return range.contains(count) ? [] : [.rowCount(contract, source, count, range)]
    case .freshWithin(let period, let name):
      return try freshness(contract, columns[0], period.value, name)
    case .noFuture:
      guard let through = source.dataThrough?.value else {
        return [.cannotCheck(contract, "`\(source.name.value)` has no `data_through`")]
      }
      var findings: [Finding] = []
      for column in columns {
        let test = RowTest(column) { "\($0.date) > DATE '\(through)'" }
        findings += try rows(contract, test, .outside(column.name, "after \(through)"))
      }
      return findings
    case .relationship(let reference, let name):
      return try relationship(contract, columns[0], name, reference.value, other)
    }
  }

  // MARK: - Row by row

  /// A promise about each row by itself, as SQL.
  private struct RowTest {
    /// Whether a row is examined.
    let examined: String
    /// Whether a row breaks the promise.
    let fails: String
    /// The value shown as an example.
    let shown: String

    init(examined: String, fails: String, shown: String) {
      self.examined = examined
      self.fails = fails
      self.shown = shown
    }

    /// Creates a promise about the values of a column; rows without a value are not examined. A
    /// value that cannot be read as the column's type breaks the promise, because the comparison
    /// with it is null.
    init(_ column: ContractColumn, fails: (ContractColumn) -> String) {
      examined = column.isPresent
      self.fails = "\(column.isPresent) AND (\(fails(column))) IS NOT FALSE"
      shown = "CAST(\(column.raw) AS VARCHAR)"
    }
  }

  private func rows(
    _ contract: ContractSpec, _ test: RowTest, _ breach: ContractBreach
  ) throws(WarehouseError) -> [Finding] {
    let counts =
      "SELECT count(*) FILTER (WHERE \(test.examined)), count(*) FILTER (WHERE \(test.fails)) "
      + "FROM \(relation.sql)"
    guard let row = try engine.connection.query(counts).next() else { return [] }
    guard let examined = row.columns[0].integer(0), examined > 0 else {
      return [.nothingExamined(contract, source)]
    }
    guard let failing = row.columns[1].integer(0), failing > 0 else { return [] }
    // Show the lowest keys, so that the same data gives the same examples in any order of rows.
    let examples = try engine.connection.texts(
      "SELECT coalesce('key `' || \(key) || '`', 'a row without key') || "
        + "coalesce(': `' || \(test.shown) || '`', '') AS example FROM \(relation.sql) "
        + "WHERE \(test.fails) GROUP BY 1 ORDER BY 1 LIMIT 3")
    return [.broken(contract, source, breach, failing: failing, of: examined, examples)]
  }

  // MARK: - All rows together

  private func unique(
    _ contract: ContractSpec, _ columns: [ContractColumn]
  ) throws(WarehouseError) -> [Finding] {
    let values = columns.map(\.value)
    let isWhole = values.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    let examined =
      try engine.connection.count("SELECT count(*) FROM \(relation.sql) WHERE \(isWhole)") ?? 0
    guard examined > 0 else { return [.nothingExamined(contract, source)] }
    let shown = values.map { "CAST(\($0) AS VARCHAR)" }.joined(separator: " || ', ' || ")
    let repeated =
      "SELECT \(shown) AS example FROM \(relation.sql) WHERE \(isWhole) "
      + "GROUP BY \(values.joined(separator: ", ")) HAVING count(*) > 1"
    let count = try engine.connection.count("SELECT count(*) FROM (\(repeated))") ?? 0
    guard count > 0 else { return [] }
    let examples = try engine.connection.texts(
      "SELECT '`' || example || '`' FROM (\(repeated)) ORDER BY 1 LIMIT 3")
    let breach = ContractBreach.repeated(columns.map(\.name))
    return [.broken(contract, source, breach, failing: count, of: examined, examples)]
  }

  private func nullRate(
    _ contract: ContractSpec, _ column: ContractColumn, _ limit: Double, _ name: Located<String>
  ) throws(WarehouseError) -> [Finding] {
    let sql =
      "SELECT count(*), count(*) FILTER (WHERE NOT (\(column.isPresent))) FROM \(relation.sql)"
    guard let row = try engine.connection.query(sql).next(), let count = row.columns[0].integer(0),
      count > 0
    else { return [.nothingExamined(contract, source)] }
    let rate = Double(row.columns[1].integer(0) ?? 0) / Double(count)
    return rate < limit ? [] : [.nullRate(contract, source, name.value, rate, limit)]
  }

  private func freshness(
    _ contract: ContractSpec, _ column: ContractColumn, _ period: Period, _ name: Located<String>
  ) throws(WarehouseError) -> [Finding] {
    guard let through = source.dataThrough?.value else {
      return [.cannotCheck(contract, "`\(source.name.value)` has no `data_through`")]
    }
    let latest = try engine.connection.scalar(
      "SELECT CAST(max(\(column.date)) AS VARCHAR) FROM \(relation.sql)"
    ).flatMap { CalendarDate($0) }
    guard let latest else { return [.nothingExamined(contract, source)] }
    return latest >= through.adding(period, sign: -1)
      ? [] : [.stale(contract, source, name.value, latest, through, period)]
  }

  private func relationship(
    _ contract: ContractSpec, _ column: ContractColumn, _ name: Located<String>,
    _ reference: ColumnReference,
    _ other: (String) -> (source: SourceSpec, relation: RawRelation)?
  ) throws(WarehouseError) -> [Finding] {
    guard let (target, rows) = other(reference.source) else { return [] }
    let place = Located(reference.column, at: contract.span)
    guard let there = ContractColumn(place, of: target, rows) else {
      return [.missingColumn(place, in: target, actual: rows.types.map(\.name))]
    }
    let areNumbers = column.isNumber && there.isNumber
    func compared(_ side: ContractColumn) -> String {
      areNumbers ? side.comparable : "CAST(\(side.value) AS VARCHAR)"
    }
    let known =
      "SELECT \(compared(there)) FROM \(rows.sql) WHERE \(compared(there)) IS NOT NULL"
    let test = RowTest(column) { "\(compared($0)) NOT IN (\(known))" }
    return try self.rows(contract, test, .outside(name, "not in `\(reference)`"))
  }
}

extension ContractSpec.Promise {
  /// The other source that the promise refers to.
  var otherSource: String? {
    if case .relationship(let reference, _) = self { reference.value.source } else { nil }
  }

  fileprivate var isAboutDays: Bool {
    switch self {
    case .freshWithin, .noFuture: true
    default: false
    }
  }

  /// The columns of the source itself that the promise is about.
  fileprivate var columns: [Located<String>] {
    switch self {
    case .notNull(let names), .unique(let names), .noFuture(let names): names
    case .acceptedValues(_, let column), .between(_, _, let column), .matches(_, let column),
      .nullRateBelow(_, let column), .freshWithin(_, let column), .relationship(_, let column):
      [column]
    case .rowCount: []
    }
  }
}

/// A column that a promise is about, as SQL over the rows as they arrive.
struct ContractColumn {
  let name: Located<String>
  /// The value, null if blank, in the declared type if the column is listed.
  let value: String
  /// The value as it arrives.
  let raw: String
  /// Whether there is a value of any type; one that cannot be read as the declared type counts too.
  let isPresent: String
  /// The declared type, if the column is listed.
  let type: ColumnSpec.ColumnType?
  /// Whether values compare as numbers.
  let isNumber: Bool
  /// The value as a day.
  let date: String

  /// Creates a column of a source, listed or not; nil if the table has no column of that name.
  init?(_ name: Located<String>, of source: SourceSpec, _ relation: RawRelation) {
    let listed = source.columns[name.value]
    let physical = (listed?.from ?? name).value
    guard let actual = relation.type(of: physical) else { return nil }
    self.name = name
    raw = SQL.identifier(physical)
    let text = ColumnParser(
      ColumnSpec(
        name: name, type: .text, columnClass: .static, jsonField: listed?.jsonField,
        form: listed?.form ?? ValueForm()),
      named: physical, actual: actual, clock: source.clock)
    isPresent = "(\(text.parsed)) IS NOT NULL"
    type = listed?.type
    isNumber = listed.map { [.integer, .number].contains($0.type) } ?? Self.isNumeric(actual)
    func parsed(_ type: ColumnSpec.ColumnType) -> String {
      let column = ColumnSpec(
        name: name, type: type, columnClass: .static, formats: listed?.formats ?? [],
        jsonField: listed?.jsonField, form: listed?.form ?? ValueForm())
      return ColumnParser(column, named: physical, actual: actual, clock: source.clock).parsed
    }
    // A column that is not listed is used as it arrives, with blank text as null.
    let isText = actual == "VARCHAR"
    value = listed.map { parsed($0.type) } ?? (isText ? parsed(.text) : SQL.identifier(physical))
    date = parsed(.date)
  }

  private static func isNumeric(_ type: String) -> Bool {
    type.hasSuffix("INT") || type.hasSuffix("INTEGER")
      || ["DOUBLE", "FLOAT"].contains(type) || type.hasPrefix("DECIMAL")
  }

  /// The value in the form in which it is compared with others: as a number, or as text.
  var comparable: String { "CAST(\(value) AS \(isNumber ? "DOUBLE" : "VARCHAR"))" }

  /// Returns SQL for whether a value is none of those listed; text that is not a number equals no
  /// number.
  func differs(from values: [String]) -> String {
    let list =
      isNumber
      ? values.compactMap(Double.init).filter(\.isFinite).map { "\($0)" }
      : values.map(SQL.literal)
    return list.isEmpty ? "true" : "\(comparable) NOT IN (\(list.joined(separator: ", ")))"
  }

  /// Returns SQL for whether a value is outside a range of days, numbers, or else texts.
  func lies(outside low: String, _ high: String) -> String {
    if let low = CalendarDate(low), let high = CalendarDate(high) {
      return "\(date) NOT BETWEEN DATE '\(low)' AND DATE '\(high)'"
    }
    if let low = Double(low), let high = Double(high) {
      return "TRY_CAST(\(value) AS DOUBLE) NOT BETWEEN \(low) AND \(high)"
    }
    return "CAST(\(value) AS VARCHAR) NOT BETWEEN \(SQL.literal(low)) AND \(SQL.literal(high))"
  }
}

/// How rows break a promise.
enum ContractBreach {
  case null(Located<String>)
  case outside(Located<String>, String)
  case repeated([Located<String>])
}

// Findings about promises: H320 to H322.
extension Finding {
  static func broken(
    _ contract: ContractSpec, _ source: SourceSpec, _ breach: ContractBreach, failing: Int,
    of examined: Int, _ examples: [String]
  ) -> Finding {
    let table = "`\(source.name.value)`"
    let rows = "\(failing) of \(examined) rows of \(table)"
    let message =
      switch breach {
      case .null(let name): "\(rows) have no `\(name.value)`"
      case .outside(let name, let how): "\(rows) have a `\(name.value)` that is \(how)"
      case .repeated(let names):
        "\(failing) \(failing == 1 ? "value" : "values") of "
          + names.map { "`\($0.value)`" }.joined(separator: ", ")
          + " \(failing == 1 ? "appears" : "appear") more than once in \(table)"
      }
    return Finding(
      320, message, at: contract.span, label: "expected by the spec",
      notes: ["for example \(examples.joined(separator: ", "))"], hints: [fixHint])
  }

  static func nullRate(
    _ contract: ContractSpec, _ source: SourceSpec, _ column: String, _ rate: Double,
    _ limit: Double
  ) -> Finding {
    let share = String(format: "%.4g", rate * 100)
    return Finding(
      320, "\(share) % of the rows of `\(source.name.value)` have no `\(column)`",
      at: contract.span, label: "expected below \(String(format: "%.4g", limit * 100)) %",
      hints: [fixHint])
  }

  static func rowCount(
    _ contract: ContractSpec, _ source: SourceSpec, _ count: Int, _ range: ClosedRange<Int>
  ) -> Finding {
    Finding(
      320, "`\(source.name.value)` has \(count) rows", at: contract.span,
      label: "expected \(range.lowerBound) to \(range.upperBound)", hints: [fixHint])
  }

  static func stale(
    _ contract: ContractSpec, _ source: SourceSpec, _ column: String, _ latest: CalendarDate,
    _ through: CalendarDate, _ period: Period
  ) -> Finding {
    Finding(
      320,
      "the latest `\(column)` of `\(source.name.value)` is \(latest), "
        + "\(through.days - latest.days) days before data_through",
      at: contract.span, label: "expected at most \(period)", hints: [fixHint])
  }

  static func nothingExamined(_ contract: ContractSpec, _ source: SourceSpec) -> Finding {
    Finding(
      321, "the check examined no row of `\(source.name.value)`", at: contract.span,
      label: "every value is null, or there is no row",
      hints: ["look at the column, or remove the check"])
  }

  static func cannotCheck(_ contract: ContractSpec, _ reason: String) -> Finding {
    let line = reason.split(separator: "\n").first.map(String.init) ?? reason
    return Finding(
      322, "this check cannot run: \(line)", at: contract.span,
      hints: ["fix it, or remove it"])
  }

  private static let fixHint = "fix the data, or change the check under `expect`"
}

extension Explanation {
  static let contractCheckFindings: [Explanation] = [
    Explanation(
      320, "data that fail a check",
      cause: """
        `expect` lists checks of a source's data, and the data fail one. All rows are checked \
        before training, so that a broken export shows up here and not as a strange metric.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{accepted_values: [retail], column: segment}»]}}",
        Example.checkWithData),
      fix: "Fix the data, or change the check."),
    Explanation(
      321, "a check that examined no row",
      cause: """
        Every value that the check covers is null, or the source has no rows. Such a check cannot \
        fail and proves nothing. Often the column was emptied by accident.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{between: [0, 100], column: size}»]}}",
        sql: "UPDATE customers SET size = NULL;", Example.checkWithData),
      fix: "Look at the column. Remove the check if the column should be empty."),
    Explanation(
      322, "a check that cannot run",
      cause: """
        The engine cannot compute the check: a malformed regular expression, or a freshness check \
        of a source without `data_through`.
        """,
      example: .spec(
        "sources: {customers: {expect: [«{matches: '[a-z', column: segment}»]}}",
        Example.checkWithData),
      fix: "Fix the check, or remove it."),
  ]
}
