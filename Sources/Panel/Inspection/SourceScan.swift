internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Reads the rows of one source: a head in the order of the rows, which suggests what the columns
/// may be, and then all rows, which decide.
struct SourceScan {
  let engine: Engine
  let relation: RawRelation
  /// The names of columns that a header repeats, in lower case.
  let repeated: Set<String>
  /// Columns that are read as the end of a version, by name.
  let openEnded: Set<String>

  /// The number of rows of the head.
  private static let headSize = 2_000
  /// The number of columns in a pass; an expression for each of hundreds would be slow to plan.
  private static let columnsPerPass = 40
  /// The share of values that a reading may miss and still be tried on all rows.
  private static let mostMissed = 0.1
  /// The share of values of another type that is reported as a near miss.
  private static let nearMissShare = 0.05
  /// Distinct values are counted exactly up to this estimate, or in tables of fewer rows.
  private static let exactDistinct = 100_000
  private static let exactRows = 2_000_000
  /// The length at which a value is cut before it leaves the engine.
  private static let valueLength = 200

  /// A column that is being examined.
  private struct Draft {
    var column: InspectedColumn
    let actual: String
    var readings: [ColumnReading] = []
    /// For each reading: the rows that it does not read, and its smallest and largest value.
    var results: [(missed: Int, low: String?, high: String?)] = []

    var isText: Bool { actual == "VARCHAR" }
  }

  /// Returns the number of rows, and the columns in the order of the table.
  func columns() throws(WarehouseError) -> (rowCount: Int, columns: [InspectedColumn]) {
    var drafts = relation.types.map { name, type in draft(name, type) }
    try readHead(&drafts)
    var rowCount = 0
    let readable = drafts.indices.filter { drafts[$0].column.obstacle == nil }
    for chunk in readable.chunks(of: Self.columnsPerPass) {
      rowCount = try readAll(chunk, &drafts)
    }
    if readable.isEmpty {
      rowCount = try engine.connection.count("SELECT count(*) FROM \(relation.sql)") ?? 0
    }
    for index in readable { try decide(&drafts[index]) }
    try countDistinct(&drafts, readable, rowCount)
    return (rowCount, drafts.map(\.column))
  }

  private func draft(_ name: String, _ type: String) -> Draft {
    var column = InspectedColumn(name: name)
    if let kind = relation.nested[name] ?? NestedColumns.kind(of: type) {
      let isJSON = relation.nested[name] != nil
      column.obstacle = .nested(
        isJSON ? "JSON" : type, hasFields: kind == .structure || kind == .map)
    } else if repeated.contains(name.lowercased()) {
      column.obstacle = .repeatedName
    }
    var draft = Draft(column: column, actual: type)
    draft.readings = Self.readings(ofType: type)
    return draft
  }

  /// The readings of a column that has a type already; empty for text.
  private static func readings(ofType type: String) -> [ColumnReading] {
    if type == "BOOLEAN" { return [ColumnReading(.flag)] }
    if type == "DATE" || type.hasPrefix("TIMESTAMP") { return [ColumnReading(.date)] }
    if type.hasSuffix("INT") || type == "INTEGER" || type == "UINTEGER" {
      return [ColumnReading(.integer), ColumnReading(.number)]
    }
    if type == "DOUBLE" || type == "FLOAT" { return [ColumnReading(.number)] }
    guard type.hasPrefix("DECIMAL") else { return [] }
    return (type.hasSuffix(",0)") ? [ColumnReading(.integer)] : []) + [ColumnReading(.number)]
  }

  private func sql(_ reading: ColumnReading, _ draft: Draft) -> ReadingSQL {
    ReadingSQL(
      reading, draft.column.name, actual: draft.actual,
      isOpenEnded: openEnded.contains(draft.column.name))
  }

  // MARK: - The head

  /// Finds examples, and for text the readings to try.
  private func readHead(_ drafts: inout [Draft]) throws(WarehouseError) {
    let readable = drafts.indices.filter { drafts[$0].column.obstacle == nil }
    for chunk in readable.chunks(of: Self.columnsPerPass) {
      let columns = chunk.map { text(of: drafts[$0]) }.joined(separator: ", ")
      let head = try inOrder(
        "SELECT \(columns) FROM \(relation.sql) LIMIT \(Self.headSize)", columns: chunk.count)
      for (index, values) in zip(chunk, head) { try examine(values, &drafts[index]) }
      try dropMisfits(chunk, &drafts)
    }
  }

  private func text(of draft: Draft) -> String {
    "left(\(sql(ColumnReading(.text), draft).raw), \(Self.valueLength))"
  }

  private func examine(_ head: [String], _ draft: inout Draft) throws(WarehouseError) {
    var values = head
    if values.isEmpty {
      // The column's first value is below the head.
      let text = text(of: draft)
      values = try inOrder(
        "SELECT \(text) FROM \(relation.sql) WHERE \(text) IS NOT NULL LIMIT 100", columns: 1)[0]
    }
    let distinct = OrderedSet(values)
    draft.column.examples = Array(distinct.prefix(3))
    draft.column.hasLeadingZeros =
      draft.isText && distinct.contains { $0.wholeMatch(of: #/0[0-9]+/#) != nil }
    if draft.isText { draft.readings = ReadingCandidates(Array(distinct)).readings }
  }

  /// Drops the readings that miss many values of the head.
  private func dropMisfits(
    _ chunk: [Int], _ drafts: inout [Draft]
  ) throws(WarehouseError) {
    var expressions: [String] = []
    for index in chunk where drafts[index].isText {
      expressions.append(count(where: sql(ColumnReading(.text), drafts[index]).isPresent))
      expressions += drafts[index].readings.map { count(where: sql($0, drafts[index]).fails) }
    }
    guard !expressions.isEmpty else { return }
    var counts: [Int] = []
    try engine.keepingOrder { () throws(WarehouseError) in
      counts = try aggregates(
        expressions, of: "(SELECT * FROM \(relation.sql) LIMIT \(Self.headSize))"
      ).map { $0.flatMap { Int($0) } ?? 0 }
    }
    var rest = counts[...]
    for index in chunk where drafts[index].isText {
      let most = Double(rest.removeFirst()) * Self.mostMissed
      let missed = rest.prefix(drafts[index].readings.count)
      rest = rest.dropFirst(missed.count)
      drafts[index].readings = zip(drafts[index].readings, missed)
        .filter { Double($0.1) <= most }.map(\.0)
    }
  }

  /// Returns the values of a query's columns in the order of its rows, without nulls.
  private func inOrder(_ query: String, columns: Int) throws(WarehouseError) -> [[String]] {
    var values = [[String]](repeating: [], count: columns)
    try engine.keepingOrder { () throws(WarehouseError) in
      for batch in try engine.connection.query(query).collect() {
        for (index, column) in batch.columns.enumerated() {
          values[index] += (0..<batch.rowCount).compactMap { column.text($0) }
        }
      }
    }
    return values
  }

  // MARK: - All rows

  /// Counts the values of some columns, and those that each reading misses.
  /// - Returns: the number of rows.
  private func readAll(_ chunk: [Int], _ drafts: inout [Draft]) throws(WarehouseError) -> Int {
    var expressions = ["count(*)"]
    for index in chunk {
      let draft = drafts[index]
      let text = sql(ColumnReading(.text), draft)
      expressions += [
        count(where: text.isPresent),
        "approx_count_distinct(\(draft.isText ? text.raw : quoted(draft)))",
      ]
      for reading in draft.readings {
        let sql = sql(reading, draft)
        let value = "(CASE WHEN NOT (\(sql.fails)) THEN \(sql.parsed) END)"
        expressions += [count(where: sql.fails), "min(\(value))", "max(\(value))"]
      }
    }
    var results = try aggregates(expressions, of: relation.sql)[...]
    func next() -> String? { results.popFirst() ?? nil }
    func nextCount() -> Int { next().flatMap { Int($0) } ?? 0 }
    let rowCount = nextCount()
    for index in chunk {
      drafts[index].column.presentCount = nextCount()
      drafts[index].column.distinctCount = nextCount()
      drafts[index].results = drafts[index].readings.map { _ in (nextCount(), next(), next()) }
    }
    return rowCount
  }

  private func quoted(_ draft: Draft) -> String { SQL.identifier(draft.column.name) }

  private func count(where condition: String) -> String {
    "count(*) FILTER (WHERE \(condition))"
  }

  /// Returns the values of aggregates over rows, as text.
  private func aggregates(
    _ expressions: [String], of rows: String
  ) throws(WarehouseError) -> [String?] {
    let list = expressions.enumerated().map { "CAST(\($1) AS VARCHAR) AS v\($0)" }
    let batch = try engine.connection.query(
      "SELECT \(list.joined(separator: ", ")) FROM \(rows)"
    ).next()
    return expressions.indices.map { batch?.columns[$0].text(0) }
  }

  /// Counts distinct values: exactly, unless there are very many of them.
  private func countDistinct(
    _ drafts: inout [Draft], _ readable: [Int], _ rowCount: Int
  ) throws(WarehouseError) {
    let exact = readable.filter {
      rowCount <= Self.exactRows || drafts[$0].column.distinctCount <= Self.exactDistinct
    }
    for chunk in exact.chunks(of: Self.columnsPerPass / 4) {
      let counts = try aggregates(
        chunk.map { index in
          let draft = drafts[index]
          let value = draft.isText ? sql(ColumnReading(.text), draft).raw : quoted(draft)
          return "count(DISTINCT \(value))"
        }, of: relation.sql)
      for (index, count) in zip(chunk, counts) {
        drafts[index].column.distinctCount = count.flatMap { Int($0) } ?? 0
        drafts[index].column.isDistinctExact = true
      }
    }
  }

  // MARK: - Decisions

  /// Chooses the type that every value has.
  private func decide(_ draft: inout Draft) throws(WarehouseError) {
    guard draft.column.presentCount > 0 else {
      // A column without a value has the type that the table gives it.
      draft.column.reading =
        draft.readings.first.flatMap { draft.isText ? nil : $0 } ?? .init(.text)
      return
    }
    let found = Array(zip(draft.readings, draft.results))
    let fitting = found.filter { reading, result in
      result.missed == 0 && isMeant(reading, result.low, result.high, draft)
    }
    guard let first = fitting.first else {
      // Values such as NaN, or a day in the year 9999, do not change the type of the table.
      if !draft.isText, let own = found.first {
        draft.column.reading = own.0
        draft.column.extremes = Self.extremes(own.1)
      }
      return try reportNearMiss(&draft)
    }
    // The same values as day-first and month-first days, or as `1,234` and `1.234`.
    let rivals =
      first.0.isPlain ? [] : OrderedSet(fitting.map(\.0).filter(first.0.isRival).map(\.form))
    if rivals.count > 1 {
      draft.column.choices = rivals.compactMap { form in
        fitting.first { $0.0.form == form }?.0
      }
      return
    }
    draft.column.reading = first.0
    if first.0.type != .flag { draft.column.extremes = Self.extremes(first.1) }
  }

  private static func extremes(
    _ result: (missed: Int, low: String?, high: String?)
  ) -> (low: String, high: String)? {
    if let low = result.low, let high = result.high { (low, high) } else { nil }
  }

  /// Returns whether a reading that fits every value is what the values mean.
  private func isMeant(
    _ reading: ColumnReading, _ low: String?, _ high: String?, _ draft: Draft
  ) -> Bool {
    guard draft.isText else { return true }
    switch reading.type {
    // A column of one value, such as `N`, may be the first of many codes.
    case .flag: return low == "false" && high == "true"
    case .date:
      // Eight digits are a day only in a column that is named like one.
      return reading.formats != ["%Y%m%d"] || SourceNames.isDay(draft.column.name)
    case .integer where SourceNames.isDay(draft.column.name),
      .number where SourceNames.isDay(draft.column.name):
      return !zip(draft.readings, draft.results).contains { other, result in
        other.formats == ["%Y%m%d"] && result.missed == 0
      }
    default: return true
    }
  }

  private func reportNearMiss(_ draft: inout Draft) throws(WarehouseError) {
    let share = draft.isText ? Self.nearMissShare : 1
    let most = Double(draft.column.presentCount) * share
    let near = zip(draft.readings, draft.results)
      .filter { $0.type != .flag && $1.missed > 0 && Double($1.missed) <= most }
      .min { $0.1.missed < $1.1.missed }
    guard let near else { return }
    let sql = sql(near.0, draft)
    let examples = try engine.connection.texts(
      "SELECT DISTINCT left(\(sql.raw), \(Self.valueLength)) AS value FROM \(relation.sql) "
        + "WHERE \(sql.fails) ORDER BY value LIMIT 4")
    draft.column.nearMiss = InspectedColumn.NearMiss(
      reading: near.0, others: near.1.missed, examples: examples.sorted())
  }
}

extension ColumnReading {
  /// Whether the reading needs no word about the form of values.
  var isPlain: Bool { formats.isEmpty && strip.isEmpty && !hasDecimalComma }

  /// The form of the values, whatever their type.
  fileprivate var form: [String] { formats + [strip, hasDecimalComma ? "," : "."] }

  /// Returns whether another reading with a form of its own may be what the values mean.
  fileprivate func isRival(_ other: ColumnReading) -> Bool {
    !other.isPlain && (type == .date) == (other.type == .date)
      && formats.count == other.formats.count
  }
}

extension Array {
  /// The elements in pieces of at most a given number.
  fileprivate func chunks(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}
