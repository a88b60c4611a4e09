internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// How the rows of a source differ from those that a snapshot kept.
///
/// Only what was known on the snapshot's day is compared: rows that are dated on or before it, and
/// of dates only those on or before it. Rows are the same if key and, unless they are entities, day
/// agree: the first day of a version, or the day of an event. Several events of one key and day are
/// compared as a multiset; those that differ are paired in the order of their values.
public struct SourceChanges: Sendable {
  /// Rows of one kind: those with another value of a column, those that are gone, or new ones.
  public struct Rows: Sendable {
    /// The number of rows.
    public let count: Int
    /// Those of entities with the label's event since the snapshot; 0 for a source whose keys are not
    /// the entities'.
    public let ofPositives: Int
    /// The first of them by key and day; nil if there are none.
    public let example: Example?
  }

  /// One of the rows.
  public struct Example: Sendable {
    /// The key.
    public let key: String
    /// The value in the snapshot or, of a row that is gone, its day; nil if there was none.
    public let before: String?
    /// The value now or, of a row that is new, its day; nil if there is none.
    public let after: String?
  }

  /// The name of the source.
  public let source: String
  /// The rows of the snapshot that are dated on or before its day.
  public let earlierRows: Int
  /// The rows that both have.
  public let commonRows: Int
  /// The common rows of entities with the label's event since the snapshot; 0 for a source whose keys
  /// are not the entities'.
  public let commonRowsOfPositives: Int
  /// The compared columns, with the common rows whose value differs.
  public let columns: [(name: String, changed: Rows)]
  /// The rows of the snapshot that there are no longer.
  public let gone: Rows
  /// The rows dated on or before the snapshot's day that it does not have; none if rows have no
  /// date.
  public let added: Rows
  /// The columns that are declared now but were not kept, or were kept with another type.
  public let unknownColumns: [String]

  static let positivesName = "positive keys"
  /// The table with the keys of entities with the label's event since the snapshot.
  static let positives = SQL.identifier(positivesName)
}

/// Compares the stored rows of a source with those of a snapshot, in the engine.
struct SnapshotComparison {
  let source: SourceSpec
  let kept: KeptRows
  let label: LabelSpec
  let arithmetic: MonthArithmetic
  let connection: Connection

  /// The table with the rows that differ, one each, with `kind` and the values on both sides.
  private static let differing = "source.\"differing rows\""

  /// What is compared of a row: a column's name and SQL for its value, without what is later than
  /// the snapshot.
  private typealias Compared = (name: String, value: String)

  func changes() throws(WarehouseError) -> SourceChanges {
    let (compared, unknown) = self.compared
    let earlier = rows(
      "read_parquet(\(SQL.literal(kept.path)), hive_partitioning = false)", compared)
    let later = rows(SourceLoader.snapshotRows, compared)
    let isEvents = if case .events = source.shape { true } else { false }
    try connection.execute(
      "CREATE OR REPLACE TABLE \(Self.differing) AS "
        + (isEvents
          ? unmatchedEvents(earlier, later, compared.count)
          : unequalRows(earlier, later, compared.count)))
    let all = try counts(
      "SELECT count(*), count(*) FILTER (WHERE \(isOfPositive)) "
        + "FROM (\(earlier)) AS earlier WHERE is_dated")
    let gone = try found("kind = 'gone'", before: "CAST(day AS VARCHAR)", after: "NULL")
    let added = try found("kind = 'added'", before: "NULL", after: "CAST(day AS VARCHAR)")
    var columns: [(name: String, changed: SourceChanges.Rows)] = []
    for (index, column) in compared.enumerated() {
      columns.append(
        (
          column.name,
          try found(
            "kind = 'changed' AND before\(index) IS DISTINCT FROM after\(index)",
            before: "CAST(before\(index) AS VARCHAR)", after: "CAST(after\(index) AS VARCHAR)")
        ))
    }
    try connection.execute("DROP TABLE \(Self.differing)")
    return SourceChanges(
      source: source.name.value, earlierRows: all[0], commonRows: all[0] - gone.count,
      commonRowsOfPositives: all[1] - gone.ofPositives, columns: columns, gone: gone, added: added,
      unknownColumns: unknown)
  }

  // MARK: - What is compared

  /// The last day that the snapshot knew completely. Events of the label may arrive later by
  /// `label_delay`.
  private func day(isLabel: Bool) -> String {
    ExpressionCompiler.literal(
      isLabel ? kept.day.adding(label.labelDelay, sign: -1, arithmetic: arithmetic) : kept.day)
  }

  private var compared: (columns: [Compared], unknown: [String]) {
    var columns: [Compared] = []
    var unknown: [String] = []
    let days = source.snapshotDays
    // The day that identifies a row is the same on both sides.
    let identity: String? = if case .entity = source.shape { nil } else { days.first?.stored }
    for day in days where day.stored != identity {
      columns.append((day.column, hidingLater(day.stored, isLabel: false)))
    }
    let places = Set(days.map(\.column))
    for column in source.columns.values where !places.contains(column.name.value) {
      let name = column.name.value
      guard column.columnClass != .current else { continue }
      guard kept.types[name] == column.type else {
        unknown.append(name)
        continue
      }
      let value = SQL.identifier(name)
      columns.append(
        (name, column.columnClass == .event ? hidingLater(value, isLabel: isLabel(name)) : value))
    }
    return (columns, unknown)
  }

  private func isLabel(_ column: String) -> Bool {
    guard case .date(let reference) = label.event else { return false }
    return reference.value == ColumnReference(source: source.name.value, column: column)
  }

  /// SQL for a date that is null before it has come.
  private func hidingLater(_ value: String, isLabel: Bool) -> String {
    "CASE WHEN \(value) <= \(day(isLabel: isLabel)) THEN \(value) END"
  }

  /// A query for `key`, `day`, the compared values as `c0`, `c1` ..., and `is_dated`: whether the
  /// row was known on the snapshot's day. Entities that were not known are returned, too, because
  /// the day of their creation may have been moved.
  private func rows(_ table: String, _ compared: [Compared]) -> String {
    let isLabelSource =
      if case .date = label.event { false } else { label.sourceName == source.name.value }
    let last = day(isLabel: isLabelSource)
    let dates = source.snapshotDays.map(\.stored)
    let isDated: String
    var condition = "true"
    switch source.shape {
    case .entity(nil): isDated = "true"
    // An entity without a day of creation cannot be told from one that was created later.
    case .entity: isDated = "(\(dates[0]) <= \(last) OR \(dates[0]) IS NULL)"
    case .history:
      isDated = "true"
      condition = "\(dates[0]) <= \(last)"
    case .events:
      isDated = "true"
      condition = dates.map { "\($0) <= \(last)" }.joined(separator: " AND ")
    }
    let day = dates.first ?? "CAST(NULL AS DATE)"
    let values = compared.enumerated().map { "\($1.value) AS c\($0)" }
    let selected = ["\(SourceLoader.snapshotKey) AS key", "\(day) AS day"] + values
    return "SELECT \(selected.joined(separator: ", ")), \(isDated) AS is_dated FROM \(table) "
      + "WHERE \(condition)"
  }

  // MARK: - Rows that differ

  /// The columns of `differing`, from rows `e` of the snapshot and `l` of today.
  private static func differences(_ count: Int) -> String {
    let values = (0..<count).map { ", e.c\($0) AS before\($0), l.c\($0) AS after\($0)" }
    return "SELECT coalesce(e.key, l.key) AS key, coalesce(e.day, l.day) AS day, "
      + "CASE WHEN l.key IS NULL THEN 'gone' WHEN e.key IS NULL THEN 'added' ELSE 'changed' END "
      + "AS kind" + values.joined()
  }

  /// For sources with at most one row per key, or per key and day.
  private func unequalRows(_ earlier: String, _ later: String, _ count: Int) -> String {
    let isEntity = if case .entity = source.shape { true } else { false }
    let isSame = "e.key = l.key" + (isEntity ? "" : " AND e.day = l.day")
    // Only a row with a day can be dated back.
    let isNew = "(e.key IS NULL AND l.is_dated AND l.day IS NOT NULL)"
    let differs = (0..<count).map { "e.c\($0) IS DISTINCT FROM l.c\($0)" }
    let changed = "(e.key IS NOT NULL AND l.key IS NOT NULL AND (\(Self.any(differs))))"
    return Self.differences(count)
      + " FROM (SELECT * FROM (\(earlier)) WHERE is_dated) AS e FULL JOIN (\(later)) AS l "
      + "ON \(isSame) WHERE \(isNew) OR l.key IS NULL OR \(changed)"
  }

  /// For events: removes the rows that both sides have, as often as both have them, and pairs the
  /// others of each key and day.
  private func unmatchedEvents(_ earlier: String, _ later: String, _ count: Int) -> String {
    let values = (0..<count).map { "c\($0)" }
    let row = (["key", "day"] + values).joined(separator: ", ")
    let order = (values + ["key"]).map { "\($0) NULLS LAST" }.joined(separator: ", ")
    return "WITH unmatched AS (SELECT \(row), CAST(sum(side) AS BIGINT) AS surplus FROM "
      + "(SELECT \(row), 1 AS side FROM (\(earlier)) UNION ALL "
      + "SELECT \(row), -1 AS side FROM (\(later))) GROUP BY \(row) HAVING sum(side) <> 0), "
      + "copies AS (SELECT \(row), surplus > 0 AS is_earlier, row_number() OVER "
      + "(PARTITION BY key, day, surplus > 0 ORDER BY \(order)) AS place "
      + "FROM (SELECT *, unnest(range(abs(surplus))) AS copy FROM unmatched)) "
      + Self.differences(count) + " FROM (SELECT * FROM copies WHERE is_earlier) AS e "
      + "FULL JOIN (SELECT * FROM copies WHERE NOT is_earlier) AS l "
      + "ON e.key = l.key AND e.day = l.day AND e.place = l.place"
  }

  private static func any(_ conditions: [String]) -> String {
    conditions.isEmpty ? "false" : conditions.joined(separator: " OR ")
  }

  // MARK: - Counts

  /// SQL for whether a row is of an entity with the label's event since the snapshot.
  private var isOfPositive: String {
    // A key of a source in `references` may equal an entity's by chance.
    source.foreignKey == nil ? "key IN (SELECT key FROM \(SourceChanges.positives))" : "false"
  }

  /// The integers of a query's only row.
  private func counts(_ sql: String) throws(WarehouseError) -> [Int] {
    guard let row = try connection.query(sql).next() else { return [0, 0] }
    return row.columns.map { $0.integer(0) ?? 0 }
  }

  /// Counts differing rows, with the first of them as an example.
  /// - Parameters:
  ///   - before: SQL for the text of the value before.
  ///   - after: SQL for the text of the value now.
  private func found(
    _ condition: String, before: String, after: String
  ) throws(WarehouseError) -> SourceChanges.Rows {
    let number = try counts(
      "SELECT count(*), count(*) FILTER "
        + "(WHERE \(isOfPositive)) "
        + "FROM \(Self.differing) WHERE \(condition)")
    guard number[0] > 0 else {
      return SourceChanges.Rows(count: 0, ofPositives: 0, example: nil)
    }
    let first = try connection.query(
      "SELECT key, CAST(\(before) AS VARCHAR) AS old, CAST(\(after) AS VARCHAR) AS new "
        + "FROM \(Self.differing) WHERE \(condition) "
        + "ORDER BY key, day, old NULLS LAST, new NULLS LAST LIMIT 1"
    ).next()
    return SourceChanges.Rows(
      count: number[0], ofPositives: number[1],
      example: first.map {
        SourceChanges.Example(
          key: $0.columns[0].text(0) ?? "", before: $0.columns[1].text(0),
          after: $0.columns[2].text(0))
      })
  }
}
