internal import Diagnostics
internal import OrderedCollections
public import Spec
public import Warehouse

/// The rows of a source by their age on the last day of the data and the level of one column.
///
/// A value that is fixed when its row is written has the same distribution in rows of every age,
/// apart from drift. One that is written later is still missing, or still `open`, in the newest.
public struct RowAges: Sendable {
  /// What rows of a column have in common.
  public enum Level: Hashable, Sendable {
    /// There is no value.
    case missing
    /// The number is 0.
    case zero
    /// The number is in this quarter of those that are not 0, from 1, the lowest, to 4.
    case quarter(Int)
    /// The value is this text.
    case text(String)
    /// The value is any text that is too rare to be told apart.
    case other
  }

  /// Rows of one age with one level.
  public struct Count: Sendable {
    /// Days from the row's own date to the last day of the data.
    public let age: Int
    /// The index of the level.
    public let level: Int
    public let rows: Int
    /// The label's events of the entities of these rows, once for each row.
    public let events: Int
  }

  /// What the levels belong to: a column, or the rows of a source.
  public let name: String
  /// The levels that rows have.
  public let levels: [Level]
  /// Sorted by age, then level.
  public let counts: [Count]
  /// Rows per distinct cluster, at least 1; a cluster is an entity, unless the spec has
  /// `evaluation.cluster`. Rows of one cluster are not independent, so a count of rows is divided by
  /// it to get a number of clusters.
  public let rowsPerEntity: Double
}

/// How many entities have rows of an event source from before their creation. Entities of one cluster
/// of `evaluation.cluster` are not independent, and count as one.
public struct RowsBeforeCreation: Sendable {
  /// The name of the event source.
  public let source: String
  /// The entities with the label's event that have rows, and those with a row before creation.
  public let positives: (entities: Int, early: Int)
  /// The same for entities without the event.
  public let others: (entities: Int, early: Int)
}

extension PanelBuilder {
  /// The number of levels of a text column that are told apart; the others count as one.
  private static let levelLimit = 500
  /// The first days of an entity, in which its rows of events are counted.
  private static let firstDays = 14

  /// Returns the rows of each source by age and level: for each `static` column that the experiment
  /// reads, and for each event source, whether an entity has rows in its first 14 days.
  ///
  /// The rows of a source in `references` belong to groups of entities. A group then takes the place
  /// of the entity, with the label's events of all its entities on the last day. Whether it has rows
  /// in the first days of its entities is not asked, because entities of one group have the same rows.
  /// - Parameters:
  ///   - start: the day after which the label's events count.
  ///   - end: the last day of the data.
  public func rowAges(
    from start: CalendarDate, to end: CalendarDate
  ) throws(WarehouseError) -> [RowAges] {
    var found: [RowAges] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard let day = Self.ownDay(source) else { continue }
      let last = ExpressionCompiler.literal(end)
      let label = labelDays(of: source, from: start, to: end)
      for (column, use) in source.columns
      where column.columnClass == .static && isModeled(column, of: source) {
        let value = Self.levelSQL(column, use, day: day)
        let rows =
          "SELECT CAST(\(last) - \(day) AS INTEGER) AS age, entity, \(value.sql) AS value "
          + "FROM \(source.table) WHERE \(day) <= \(last)"
        found.append(
          try rowAges(
            "\(source.spec.name.value).\(column.name.value)", rows, isNumber: value.isNumber,
            texts: value.isCode ? source.levels[column.name.value] ?? [] : [], label: label))
      }
      if case .events = source.spec.shape, let rows = firstRows(source, end) {
        found.append(
          try rowAges(source.spec.name.value, rows, isNumber: false, texts: [], label: label))
      }
    }
    return found
  }

  /// A query for the `entity` of every event of the label in a stretch of days, as a source numbers
  /// it: the number of the entity, or of the group to which it belongs on the last day.
  private func labelDays(
    of source: LoadedSource, from start: CalendarDate, to end: CalendarDate
  ) -> String {
    let label = LabelSQL.eventDays(spec, Cutoff(date: start, role: .train, windowEnd: end))
    guard let key = source.spec.foreignKey?.value, let link = spec.link(to: source.spec),
      let views = query.views(of: key.source, at: end)
    else { return label }
    return "SELECT link.\(ExperimentSpec.keyNumber) AS entity FROM (\(label)) AS positive "
      + "JOIN (WITH \(views) \(link)) AS link ON link.entity = positive.entity"
  }

  /// The column with the day on which a row begins; nil if it has none.
  static func ownDay(_ source: LoadedSource) -> String? {
    switch source.spec.shape {
    case .entity(.some): LoadedSource.created
    case .events: LoadedSource.time
    case .entity(nil), .history: nil
    }
  }

  /// SQL for the value of a column that is divided into levels: dates as days since the row's own.
  private static func levelSQL(
    _ column: ColumnSpec, _ use: ColumnUse, day: String
  ) -> (sql: String, isNumber: Bool, isCode: Bool) {
    func name(_ form: ColumnUse) -> String {
      SQL.identifier(ColumnUse.name(column.name.value, form))
    }
    if use.contains(.value) {
      return switch column.type {
      case .integer, .number: ("CAST(\(name(.value)) AS DOUBLE)", true, false)
      case .date: ("CAST(\(name(.value)) - \(day) AS DOUBLE)", true, false)
      case .text, .flag: ("CAST(\(name(.value)) AS VARCHAR)", false, false)
      }
    }
    if use.contains(.code) { return ("CAST(\(name(.code)) AS VARCHAR)", false, true) }
    if use.contains(.key) { return (name(.key), false, false) }
    return ("CAST(coalesce(\(name(.presence)), false) AS VARCHAR)", false, false)
  }

  /// A query for every entity that was created at least 14 days before the end, with its age and
  /// whether it has rows of an event source in its first 14 days; nil if creation is unknown, or if
  /// the rows belong to groups.
  private func firstRows(_ source: LoadedSource, _ end: CalendarDate) -> String? {
    guard source.spec.foreignKey == nil, let entity = loaded[spec.cohort.entity.value],
      case .entity(.some) = entity.spec.shape
    else { return nil }
    let last = ExpressionCompiler.literal(CalendarDate(days: end.days - Self.firstDays))
    let created = "entities.\(LoadedSource.created)"
    let time = "events.\(LoadedSource.time)"
    return "SELECT CAST(\(last) - \(created) AS INTEGER) AS age, entity, CASE WHEN entity IN "
      + "(SELECT entities.entity FROM \(source.table) AS events JOIN \(entity.table) AS entities "
      + "ON events.entity = entities.entity WHERE \(time) >= \(created) "
      + "AND \(time) <= \(created) + \(Self.firstDays)) "
      + "THEN 'rows in the first \(Self.firstDays) days' ELSE 'no rows' END AS value "
      + "FROM \(entity.table) AS entities WHERE \(created) <= \(last)"
  }

  /// A level of a column's values, the condition for it if none before it is met, and its word; nil
  /// for texts, which are their own words.
  private typealias LevelCondition = (condition: String, word: String?, level: RowAges.Level?)

  private static let numberLevels: [LevelCondition] = [
    ("value IS NULL", "missing", .missing), ("value = 0", "zero", .zero),
    ("value <= quarters[1]", "the lowest quarter", .quarter(1)),
    ("value <= quarters[2]", "the second quarter", .quarter(2)),
    ("value <= quarters[3]", "the third quarter", .quarter(3)),
    ("true", "the highest quarter", .quarter(4)),
  ]

  private static let textLevels: [LevelCondition] = [
    ("value IS NULL", "missing", .missing),
    (
      "value IN (SELECT value FROM rows GROUP BY value ORDER BY count(*) DESC, value "
        + "LIMIT \(levelLimit))", nil, nil
    ),
    ("true", "other", .other),
  ]

  /// - Parameters:
  ///   - rows: a query for `age`, `entity` and `value`.
  ///   - label: a query for the `entity` of every event of the label.
  private func rowAges(
    _ name: String, _ rows: String, isNumber: Bool, texts: [String], label: String
  ) throws(WarehouseError) -> RowAges {
    let quarters = "(SELECT quantile_disc(value, [0.25, 0.5, 0.75]) FROM rows WHERE value <> 0)"
    let division = isNumber ? Self.numberLevels : Self.textLevels
    let kinds = division.enumerated().map { "WHEN \($1.condition) THEN \($0)" }
    // A text may be the word for another level, so the number of the condition tells them apart. The
    // words sort the levels.
    let words = division.enumerated().map {
      "WHEN \($0) THEN \($1.word.map(SQL.literal) ?? "value")"
    }
    let result = try engine.connection.query(
      "WITH rows AS (\(rows)), label AS "
        + "(SELECT entity, count(*) AS events FROM (\(label)) GROUP BY entity) "
        + "SELECT age, CASE kind \(words.joined(separator: " ")) END AS level, kind, "
        + "CAST(count(*) AS BIGINT), CAST(coalesce(sum(events), 0) AS BIGINT) "
        + "FROM (SELECT age, entity, value, CASE \(kinds.joined(separator: " ")) END AS kind FROM rows"
        + (isNumber ? ", \(quarters) AS q(quarters)" : "")
        + ") AS levels LEFT JOIN label ON label.entity = levels.entity GROUP BY ALL ORDER BY ALL")
    var levels: [RowAges.Level] = []
    var indices: [RowAges.Level: Int] = [:]
    var counts: [RowAges.Count] = []
    while let batch = try result.next() {
      guard case .text(let words) = batch.columns[1].values else { continue }
      for row in 0..<batch.rowCount {
        let text = Int(words[row]).flatMap { texts.indices.contains($0) ? texts[$0] : nil }
        let level =
          division[batch.columns[2].integer(row) ?? 0].level ?? .text(text ?? words[row])
        let index = indices[level] ?? levels.count
        if index == levels.count {
          indices[level] = index
          levels.append(level)
        }
        counts.append(
          RowAges.Count(
            age: batch.columns[0].integer(row) ?? 0, level: index,
            rows: batch.columns[3].integer(row) ?? 0,
            events: batch.columns[4].integer(row) ?? 0))
      }
    }
    let (unit, join) =
      unitSQL.map { ("unit", " JOIN (\($0)) AS units ON units.entity = rows.entity") }
      ?? ("entity", "")
    let total = try engine.connection.query(
      "SELECT CAST(count(*) AS BIGINT), CAST(count(DISTINCT \(unit)) AS BIGINT) "
        + "FROM (\(rows)) AS rows\(join)"
    ).next()
    let entities = total?.columns[1].integer(0) ?? 0
    return RowAges(
      name: name, levels: levels, counts: counts,
      rowsPerEntity: entities == 0
        ? 1 : Double(total?.columns[0].integer(0) ?? 0) / Double(entities))
  }

  /// Returns, for each event source, how many entities have rows from before their creation. Sources in
  /// `references` are left out: a group is older than its newest entities.
  /// - Parameters:
  ///   - start: the day after which the label's events count.
  ///   - end: the last day of the data.
  public func rowsBeforeCreation(
    from start: CalendarDate, to end: CalendarDate
  ) throws(WarehouseError) -> [RowsBeforeCreation] {
    guard let entity = loaded[spec.cohort.entity.value], case .entity(.some) = entity.spec.shape
    else { return [] }
    let label = LabelSQL.buyers(spec, Cutoff(date: start, role: .train, windowEnd: end))
    let (counted, unit, join) =
      unitSQL.map { ("count(DISTINCT unit)", "unit, ", " JOIN (\($0)) USING (entity)") }
      ?? ("count(*)", "", "")
    var found: [RowsBeforeCreation] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard case .events = source.spec.shape, source.spec.foreignKey == nil else { continue }
      let rows = try engine.connection.query(
        "WITH positives AS (\(label)), firsts AS (SELECT events.entity AS entity, "
          + "min(events.\(LoadedSource.time)) < any_value(entities.\(LoadedSource.created)) AS early "
          + "FROM \(source.table) AS events JOIN \(entity.table) AS entities "
          + "ON events.entity = entities.entity GROUP BY events.entity) "
          + "SELECT CAST(\(counted) FILTER (WHERE positive) AS BIGINT), "
          + "CAST(\(counted) FILTER (WHERE positive AND early) AS BIGINT), "
          + "CAST(\(counted) FILTER (WHERE NOT positive) AS BIGINT), "
          + "CAST(\(counted) FILTER (WHERE NOT positive AND early) AS BIGINT) "
          + "FROM (SELECT \(unit)early, entity IN (SELECT entity FROM positives) AS positive "
          + "FROM firsts\(join))"
      ).next()
      func number(_ column: Int) -> Int { rows?.columns[column].integer(0) ?? 0 }
      found.append(
        RowsBeforeCreation(
          source: source.spec.name.value, positives: (number(0), number(1)),
          others: (number(2), number(3))))
    }
    return found
  }
}
