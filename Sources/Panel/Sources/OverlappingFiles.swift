internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Finds rows of events that are in more than one file of a source, because the exports' periods
/// overlap.
///
/// Equal rows within one file are accepted: two clicks in the same second are two events. The
/// checks go from cheap to expensive: whether files share days, then whether stored rows agree in
/// their stored columns, and only then whether rows agree in the files' columns.
struct OverlappingFiles {
  /// Two files and the rows that are in both.
  struct Pair: Equatable {
    let files: [String]
    /// The number of rows of either file that are also in the other.
    let rows: Int
    /// The range of these rows' days.
    let first: CalendarDate
    let last: CalendarDate
    /// The number of rows within these days in the file that has fewer of them.
    let possible: Int
    /// How many rows would agree by chance if rows of two files agreed as often as rows of one
    /// file.
    let expected: Double

    /// Returns whether one of the files mostly repeats the other on those days.
    ///
    /// Rows with little information, such as a key and a day, sometimes agree by chance.
    /// Overlapping exports agree throughout.
    func isOverlap(share: Double) -> Bool {
      rows >= 3 && (rows == possible || (rows >= 5 && Double(rows) >= share * Double(possible)))
    }

    /// Whether rows with much information agree far more often than by chance, wherever they are.
    var isBeyondChance: Bool { rows >= 5 && Double(rows) > 10 * expected }
  }

  /// The share of rows that must agree when all columns are compared, and when only listed columns
  /// are (a file may have each row's time of export).
  static let share = (allColumns: 0.3, listedColumns: 0.9)
  /// The approximate number of stored rows that are compared.
  private static let sampleSize = 1_000_000

  let source: SourceSpec
  let relation: RawRelation
  let file: String
  /// SQL for a row's day and its key.
  let day: String
  let key: String
  /// SQL for the values of columns that are read, by the column's name in lower case: `9.41` and
  /// `9.410` are the same value.
  let parsed: [String: String]
  let connection: Connection

  /// Returns pairs of files that share rows, those with the most first; empty if any agreement may
  /// be chance.
  func overlaps() throws(WarehouseError) -> [Pair] {
    let all = relation.types.map { value($0.name) }
    let listed = source.columns.values.map { value(($0.from ?? $0.name).value) }
    let sayMuch = try rowsSayMuch()
    let alikeInAll = try pairs(all)
    let found = alikeInAll.filter {
      $0.isOverlap(share: Self.share.allColumns) || (sayMuch && $0.isBeyondChance)
    }
    if !found.isEmpty { return found }
    // A day that ends one export and begins the next gives each pair of files a few rows.
    let borders = alikeInAll.filter { $0.rows == $0.possible }
    let count = borders.reduce(0) { $0 + $1.rows }
    if sayMuch, count >= 5, Double(count) > 10 * borders.reduce(0, { $0 + $1.expected }) {
      return borders
    }
    // A key and a day alone are too little evidence.
    guard !listed.isEmpty else { return [] }
    return try pairs(listed).filter { $0.isOverlap(share: Self.share.listedColumns) }
      .filter { $0.rows >= 20 }
  }

  private func value(_ column: String) -> String {
    parsed[column.lowercased()] ?? SQL.identifier(column)
  }

  /// Returns whether a column besides key and day has many values, such as an amount, a time of day
  /// or an ID per row. Without one, two files may have equal rows for different events.
  private func rowsSayMuch() throws(WarehouseError) -> Bool {
    let own = (source.columns[source.key.value]?.from ?? source.key).value.lowercased()
    let columns = relation.types.map(\.name).filter { $0.lowercased() != own }.map(SQL.identifier)
    guard !columns.isEmpty else { return false }
    let terms = columns.flatMap { column in
      ["approx_count_distinct(\(column))", Self.isDay("min", column), Self.isDay("max", column)]
    }
    let row = try connection.query(
      "SELECT count(*), approx_count_distinct(\(day)), \(terms.joined(separator: ", ")) "
        + "FROM \(relation.sql)"
    ).next()
    guard let row, let rows = row.columns[0].integer(0), let days = row.columns[1].integer(0) else {
      return false
    }
    return columns.indices.contains { index in
      let values = Double(row.columns[3 * index + 2].integer(0) ?? 0)
      // A day has no more information than the event's day, while times of day are rarely equal.
      let isDay = (1...2).allSatisfy { row.columns[3 * index + 2 + $0].integer(0) == 1 }
      return values >= max(20, isDay ? 1.5 * Double(days) : 0.05 * Double(rows))
    }
  }

  /// Returns SQL for whether the minimum or maximum of a column is a day without a time.
  private static func isDay(_ end: String, _ column: String) -> String {
    let formats = [
      "%Y-%m-%d", "%m/%d/%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%y", "%Y%m%d", "%Y/%m/%d",
    ]
    let list = formats.map(SQL.literal).joined(separator: ", ")
    return
      "CAST(try_strptime(CAST(\(end)(\(column)) AS VARCHAR), [\(list)]) IS NOT NULL AS TINYINT)"
  }

  /// Returns the pairs of files with equal rows, those with the most first.
  private func pairs(_ columns: [String]) throws(WarehouseError) -> [Pair] {
    let values = ([key, "CAST(\(day) AS DATE)"] + columns).joined(separator: ", ")
    try connection.execute(
      "CREATE TEMP TABLE \"rows by file\" AS SELECT \(file) AS file, \(day) AS day, "
        + "hash(\(values)) AS content, count(*) AS n FROM \(relation.sql) GROUP BY ALL"
    )
    defer { try? connection.execute("DROP TABLE \"rows by file\"") }
    let found = try connection.query(
      """
      WITH twins AS (
        SELECT a.file AS one, b.file AS other, sum(least(a.n, b.n)) AS n, min(a.day) AS first,
          max(a.day) AS last
        FROM "rows by file" AS a JOIN "rows by file" AS b USING (content, day)
        WHERE a.file < b.file AND a.day IS NOT NULL GROUP BY 1, 2),
      sizes AS (SELECT file, sum(n) AS n, sum(n * (n - 1) / 2.0) AS alike
        FROM "rows by file" GROUP BY 1)
      SELECT CAST(one AS VARCHAR), CAST(other AS VARCHAR), CAST(n AS BIGINT), CAST(first AS VARCHAR), CAST(last AS VARCHAR),
        CAST(least(
          (SELECT sum(r.n) FROM "rows by file" AS r WHERE r.file = one AND r.day BETWEEN first AND last),
          (SELECT sum(r.n) FROM "rows by file" AS r WHERE r.file = other AND r.day BETWEEN first AND last)
        ) AS BIGINT),
        (SELECT sum(alike) / sum(n * n / 2.0) FROM sizes)
          * (SELECT n FROM sizes WHERE file = one) * (SELECT n FROM sizes WHERE file = other)
      FROM twins ORDER BY 3 DESC, 1, 2 LIMIT 1000
      """
    ).collect()
    return found.flatMap { batch in
      (0..<batch.rowCount).compactMap { row in
        guard let one = batch.columns[0].text(row), let other = batch.columns[1].text(row),
          let count = batch.columns[2].integer(row), let possible = batch.columns[5].integer(row),
          let first = batch.columns[3].text(row).flatMap({ CalendarDate($0) }),
          let last = batch.columns[4].text(row).flatMap({ CalendarDate($0) })
        else { return nil }
        return Pair(
          files: [one, other], rows: count, first: first, last: last, possible: possible,
          expected: batch.columns[6].number(row) ?? 0)
      }
    }.sorted { ($1.rows, $0.files[0], $0.files[1]) < ($0.rows, $1.files[0], $1.files[1]) }
  }

  /// Returns whether stored rows of different files agree in their stored columns; if there are
  /// many rows, only those of some entities are compared.
  static func mayOverlap(
    _ table: String, _ connection: Connection
  ) throws(WarehouseError) -> Bool {
    let (time, file) = (LoadedSource.time, SourceLoader.rowFile)
    // Exports of one period each share no day.
    let shared = try connection.query(
      """
      SELECT CAST(min(a.first) AS VARCHAR), CAST(max(a.last) AS VARCHAR), count(*)
      FROM (SELECT \(file) AS file, min(\(time)) AS first, max(\(time)) AS last, FROM \(table)
        GROUP BY 1) AS a
      WHERE EXISTS (SELECT 1 FROM (SELECT \(file) AS file, min(\(time)) AS first,
          max(\(time)) AS last, FROM \(table) GROUP BY 1) AS b
        WHERE b.file <> a.file AND b.first <= a.last AND a.first <= b.last)
      """
    ).next()
    guard let shared, shared.columns[2].integer(0) ?? 0 > 0 else { return false }
    let count = try connection.count("SELECT count(*) FROM \(table)") ?? 0
    let step = max(1, count / sampleSize)
    let columns = try connection.texts("DESCRIBE \(table)").map(SQL.identifier)
      .filter { $0 != file }.joined(separator: ", ")
    let twins = try connection.count(
      "SELECT count(*) FROM (SELECT 1 FROM (SELECT hash(\(columns)) AS content, \(file) AS file "
        + "FROM \(table) WHERE entity % \(step) = 0) GROUP BY content HAVING min(file) <> max(file) "
        + "LIMIT 2)")
    return twins ?? 0 > 0
  }
}

extension SourceLoader {
  /// The column of stored rows with their file, which exists while they are checked.
  static let rowFile = SQL.identifier("row file")

  /// Returns SQL for a row's file if a source's rows are stored with it.
  func rowFile(_ draft: Draft) -> String? {
    guard alteration == .none, onlyCutoff == nil, case .events = draft.spec.shape,
      let column = draft.relation.fileColumn
    else { return nil }
    return column
  }

  /// Counts the rows that are in two files, and drops the column with each row's file.
  mutating func checkOverlaps(_ draft: Draft, _ table: String) throws(WarehouseError) {
    guard let file = rowFile(draft) else { return }
    let mayOverlap = try OverlappingFiles.mayOverlap(table, engine.connection)
    try engine.connection.execute("ALTER TABLE \(table) DROP COLUMN \(Self.rowFile)")
    guard mayOverlap else { return }
    let files = OverlappingFiles(
      source: draft.spec, relation: draft.relation, file: file,
      day: draft.times[0].parser.parsed, key: draft.key,
      parsed: Dictionary(
        draft.columns.filter { $0.column.jsonField == nil }
          .map { ($0.column.physicalName.value.lowercased(), $0.parser.parsed) },
        uniquingKeysWith: { first, _ in first }),
      connection: engine.connection)
    let overlaps = try files.overlaps()
    if !overlaps.isEmpty { findings.append(.overlappingFiles(draft.spec, overlaps)) }
  }
}

extension Finding {
  static func overlappingFiles(
    _ source: SourceSpec, _ pairs: [OverlappingFiles.Pair]
  ) -> Finding {
    let pair = pairs[0]
    let total = pairs.reduce(0) { $0 + $1.rows }
    let columns = source.physicalNames.map { SQL.identifier($0.value) }.joined(separator: ", ")
    let names = pair.files.map { "`\(($0 as NSString).lastPathComponent)`" }
    let days =
      pair.first == pair.last ? "of \(pair.first)" : "of \(pair.first) to \(pair.last)"
    var notes = [
      "\(pair.rows.grouped) of the \(pair.possible.grouped) rows \(days) in one of them are in the "
        + "other, so they count twice"
    ]
    if pairs.count > 1 {
      notes.append(
        pairs.count == 2
          ? "another pair of files shares rows as well"
          : "\((pairs.count - 1).grouped) other pairs of files share rows as well")
    }
    return Finding(
      393, .warning,
      "\(total.grouped) rows of `\(source.name.value)` are in two of its files",
      at: source.fileSpan ?? source.name.span, label: "\(names[0]) and \(names[1])", notes: notes,
      hints: [
        "export periods that do not overlap, or remove duplicate rows by the columns that the spec "
          + "reads: `sql: SELECT DISTINCT \(columns) FROM ...`"
      ])
  }
}

extension Explanation {
  static let overlappingFilesFindings: [Explanation] = [
    Explanation(
      393, "event files with the same rows",
      cause: """
        Two files of this source share days, and most rows of one file on those days are also in \
        the other, equal in every column: the exports overlap. Every event in both counts twice. \
        Equal rows within one file are not reported.
        """,
      example: .spec(
        "sources: {calls: {parquet: «data/calls*.parquet»}}",
        sql: """
          COPY (SELECT * FROM calls WHERE day >= DATE '2025-03-01')
          TO 'data/calls_spring.parquet' (FORMAT parquet);
          """, Example.checkWithData),
      fix: """
        Export periods that do not overlap, or remove duplicate rows: `sql: SELECT DISTINCT * FROM \
        read_parquet('data/calls*.parquet')`.
        """)
  ]
}
