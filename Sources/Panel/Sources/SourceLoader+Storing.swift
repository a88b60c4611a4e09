internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

extension SourceLoader {
  mutating func store(
    _ draft: Draft, _ uses: ColumnUses, rowCount: Int, isEntity: Bool
  ) throws(WarehouseError) -> LoadedSource? {
    let connection = engine.connection
    let spec = draft.spec
    let keyed = keyed(draft)
    if isEntity {
      try connection.execute(
        "CREATE TABLE \(Self.entities) AS "
          + "SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS entity, key "
          + "FROM \(Self.keyCounts) WHERE key IS NOT NULL")
    } else if spec.foreignKey != nil {
      try connection.execute(
        "CREATE TABLE \(Self.keys(of: spec)) AS "
          + "SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS entity, key "
          + "FROM (SELECT DISTINCT \(draft.key) AS key FROM \(draft.relation.sql)) "
          + "WHERE key IS NOT NULL")
    }
    guard let single = try singleRows(draft, keyed, isEntity: isEntity) else { return nil }
    let levels = try dictionaries(draft, of: onlyCutoff == nil ? draft.relation.sql : single)
    let table = LoadedSource.table(spec.name.value)
    let rows = checked(draft, single, levels)
    let tally: Tally
    var latest: LoadedSource.Latest?
    if let onlyCutoff, case .events = spec.shape, draft.relation.isRereadable {
      // For one day, most events are needed only once, so they are read again rather than stored.
      try connection.execute("CREATE VIEW \(table) AS \(numbered(rows, draft))")
      // Usually no row has a problem, whether or not its key is known, which is faster to check.
      if let clean = try quickTally(draft) {
        tally = clean
      } else {
        let all = try self.tally(draft, of: rows)
        tally = all.isClean ? all : try self.tally(draft, of: table)
      }
      latest = try uses.earliestStart(ofWindows: spec.name.value, at: onlyCutoff)
        .map { day throws(WarehouseError) in try storeLatest(draft, after: day) }
    } else {
      // Entities are mostly looked up by index, event rows by time; that order lets the engine skip
      // blocks. For a single cutoff there is nothing to skip.
      let order = if case .events = spec.shape { "\(LoadedSource.time), 1" } else { "1" }
      let sorted = onlyCutoff == nil ? " ORDER BY \(order)" : ""
      try connection.execute("CREATE TABLE \(table) AS \(numbered(rows, draft))\(sorted)")
      tally = try self.tally(draft, of: table)
      if tally.untimed > 0 {
        try connection.execute("DELETE FROM \(table) WHERE \(draft.times[0].name) IS NULL")
      }
    }
    if isEntity { try connection.execute("DROP TABLE \(Self.keyCounts)") }
    if tally.unparsed > 0 {
      try reportUnparsed(draft)
      return nil
    }
    // The codes are stored. The type has every text of the data, so drop it.
    for name in levels.keys {
      try connection.execute("DROP TYPE \(Self.dictionary(spec.name.value, name))")
    }
    let firstDay = try settleTimes(draft, table, tally)
    if alteration == .none, onlyCutoff == nil {
      try checkFields(draft)
      // Versions that are never valid are not stored.
      if case .history = spec.shape, tally.rows < rowCount {
        try reportReversed(draft, rowCount: rowCount)
      }
    }
    // The keys of a source with `references` are compared once the referring source is loaded, too.
    if !isEntity, spec.foreignKey == nil {
      // Of one day's rows, and of a history, only a part is stored.
      let isComplete = onlyCutoff == nil
      try checkJoin(draft, rowCount: rowCount, stored: isComplete ? tally.rows : nil)
    }
    try checkMeaning(draft, table)
    let day =
      if case .events = spec.shape { ", \(draft.times[0].parser.parsed) AS day" } else { "" }
    return LoadedSource(
      spec: spec, columns: draft.columns.map { ($0.column, $0.use) }, levels: levels,
      firstDay: firstDay, rowCount: rowCount,
      keys: "SELECT \(draft.key) AS key\(day) FROM \(draft.relation.sql)",
      contentHash: try contentHash(draft), latest: latest)
  }

  /// Returns SQL for rows with the number of their key instead of the key: the index of their
  /// entity, unless the source has keys of its own. Rows with unknown keys are left out.
  private func numbered(_ rows: String, _ draft: Draft) -> String {
    "SELECT keys.entity AS entity, rows.* EXCLUDE (\"entity key\") FROM \(rows) AS rows "
      + "JOIN \(Self.keys(of: draft.spec)) AS keys ON keys.key = rows.\"entity key\""
  }

  /// Stores the events after a day, which most windows of a cutoff read.
  private func storeLatest(
    _ draft: Draft, after day: CalendarDate
  ) throws(WarehouseError) -> LoadedSource.Latest {
    let table = LoadedSource.table("latest \(draft.spec.name.value)")
    let rows = checked(draft, keyed(draft, after: day), [:])
    try engine.connection.execute("CREATE TABLE \(table) AS \(numbered(rows, draft))")
    return LoadedSource.Latest(table: table, after: day)
  }

  /// Returns SQL for the rows with their keys, without those that no cutoff sees.
  /// - Parameters:
  ///   - start: also leaves out events through that day.
  ///   - isWhole: keeps rows that the only cutoff does not see.
  func keyed(
    _ draft: Draft, after start: CalendarDate? = nil, isWhole: Bool = false
  ) -> String {
    let times = draft.times.map(\.parser)
    var conditions: [String] = []
    if case .history = draft.spec.shape {
      // A version that ends on the day it starts on was never in force at the end of a day.
      conditions.append("(\(times[1].parsed) <= \(times[0].parsed)) IS NOT TRUE")
    }
    if let onlyCutoff, !isWhole {
      // Keep rows without a day, so that they are counted and reported.
      switch draft.spec.shape {
      // An entity created later may still have a key to which other sources refer.
      case .entity: break
      case .history:
        conditions.append(times[0].isNotAfter(onlyCutoff))
        if !draft.isReadInPast { conditions.append(times[1].isNotThrough(onlyCutoff)) }
      case .events: conditions += times.map { $0.isNotAfter(onlyCutoff) }
      }
    }
    if let start { conditions.append(times[0].isNotThrough(start)) }
    let filter = conditions.isEmpty ? "" : " WHERE \(conditions.joined(separator: " AND "))"
    let file = rowFile(draft).map { ", \($0) AS \(Self.rowFile)" } ?? ""
    return "(SELECT *, \(draft.key) AS \"entity key\"\(file) FROM \(draft.relation.sql)\(filter))"
  }

  /// Returns SQL for the rows with parsed values and a mark if one is not of its declared type.
  ///
  /// Values are parsed and checked in one pass; columns are examined separately only if something
  /// fails. A query within a query makes the engine parse each value once. It does so before rows
  /// are joined, while columns are still compressed as in the file and their distinct values can be
  /// parsed.
  func checked(_ draft: Draft, _ rows: String, _ levels: [String: [String]]) -> String {
    let stored =
      draft.times.map { ($0.name, $0.parser.parsed) }
      + draft.columns.flatMap { column, use, parser in
        Self.stored(column, use, parser, draft.spec, levels[column.name.value]?.count ?? 0)
      }
    let own = ["\"entity key\""] + (rowFile(draft) == nil ? [] : [Self.rowFile])
    let names = own + stored.map(\.0)
    let present = draft.fallible.indices.map { SQL.identifier("present \($0)") }
    let failures = zip(draft.fallible, present).flatMap { fallible, present in
      ["(\(present) AND \(fallible.name) IS NULL)"]
        + [fallible.parser.isOutside(fallible.name)].compactMap(\.self)
    }
    let values = stored.map { "\($1) AS \($0)" }
    let presences = zip(draft.fallible, present).map { "\($0.parser.isPresent) AS \($1)" }
    let parsed = (own + values + presences).joined(separator: ", ")
    let failed = failures.isEmpty ? "false" : failures.joined(separator: " OR ")
    return "(SELECT \(names.joined(separator: ", ")), \(failed) AS \(Self.unparsed) "
      + "FROM (SELECT \(parsed) FROM \(rows) AS raw))"
  }

  /// Returns the hash of a source's rows. Call it while their database is open. Files are
  /// identified by their bytes.
  private func contentHash(_ draft: Draft) throws(WarehouseError) -> String? {
    if case .file = draft.spec.location { return nil }
    guard onlyCutoff == nil, alteration == .none else { return nil }
    return try Self.contentHash(draft.relation, engine.connection)
  }

  /// Returns a hash of the contents of rows that is independent of their order.
  static func contentHash(
    _ relation: RawRelation, _ connection: Connection
  ) throws(WarehouseError) -> String? {
    try connection.scalar(
      "SELECT sum(CAST(hash(rows) AS HUGEINT)) FROM \(relation.sql) AS rows")
  }

  private static func stored(
    _ column: ColumnSpec, _ use: ColumnUse, _ parser: ColumnParser, _ source: SourceSpec,
    _ levelCount: Int
  ) -> [(name: String, sql: String)] {
    ColumnUse.named.filter { use.contains($0.use) }.map { form, _ in
      let name = SQL.identifier(ColumnUse.name(column.name.value, form))
      switch form {
      case .presence: return (name, parser.isPresent)
      case .key: return (name, parser.key)
      case .code:
        let type = Self.dictionary(source.name.value, column.name.value)
        let width = levelCount <= Int(Int16.max) ? "SMALLINT" : "INTEGER"
        return (name, "CAST(enum_code(CAST(\(parser.parsed) AS \(type))) AS \(width))")
      default: return (name, parser.parsed)
      }
    }
  }

  private static func dictionary(_ source: String, _ column: String) -> String {
    "source.\(SQL.identifier("\(source).\(column) levels"))"
  }

  /// Numbers the texts of each column that is stored as codes, in the order of the texts.
  private func dictionaries(
    _ draft: Draft, of rows: String
  ) throws(WarehouseError) -> [String: [String]] {
    let coded = draft.columns.filter { $0.use.contains(.code) }
    guard !coded.isEmpty else { return [:] }
    let table = "source.\"distinct values\""
    // Query all columns at once, because each query reads the rows.
    let lists = coded.enumerated().map { "list(DISTINCT \($1.parser.parsed)) AS c\($0)" }
    try engine.connection.execute(
      "CREATE TABLE \(table) AS SELECT \(lists.joined(separator: ", ")) FROM \(rows) AS raw")
    var levels: [String: [String]] = [:]
    for (index, (column, _, _)) in coded.enumerated() {
      let type = Self.dictionary(draft.spec.name.value, column.name.value)
      try engine.connection.execute(
        "CREATE TYPE \(type) AS ENUM (SELECT level FROM "
          + "(SELECT unnest(c\(index)) AS level FROM \(table)) WHERE level IS NOT NULL ORDER BY level)"
      )
      levels[column.name.value] = try engine.connection.texts(
        "SELECT unnest(enum_range(NULL::\(type)))")
    }
    try engine.connection.execute("DROP TABLE \(table)")
    return levels
  }

  /// Returns the rows with one per key (entities) or per key and first day (history), or nil after
  /// a finding.
  mutating func singleRows(
    _ draft: Draft, _ keyed: String, isEntity: Bool
  ) throws(WarehouseError) -> String? {
    let spec = draft.spec
    var identity = ["\"entity key\""]
    switch spec.shape {
    case .events: return keyed
    case .entity: break
    case .history: identity.append(draft.times[0].parser.parsed)
    }
    let isPlaced =
      (["NOT \(draft.isWithoutKey)"] + identity.dropFirst().map { "\($0) IS NOT NULL" })
      .joined(separator: " AND ")
    let tuple = identity.joined(separator: ", ")
    let repeated =
      isEntity
      ? "SELECT key FROM \(Self.keyCounts) WHERE n > 1 AND key IS NOT NULL"
      : "SELECT \"entity key\" AS key FROM \(keyed) WHERE \(isPlaced) "
        + "GROUP BY \(tuple) HAVING count(*) > 1"
    let count = try engine.connection.count("SELECT count(*) FROM (\(repeated))") ?? 0
    guard count > 0 else { return keyed }
    guard spec.duplicates != .error else {
      let examples = try engine.connection.texts(
        "SELECT DISTINCT key FROM (\(repeated)) ORDER BY key LIMIT 3")
      findings.append(.duplicateKeys(spec, count: count, examples: examples))
      return nil
    }
    let direction = spec.duplicates == .last ? "DESC" : "ASC"
    let chosen = spec.duplicateOrder.map { name in
      let column = spec.columns[name.value]
      let physical = (column?.from ?? name).value
      let type = draft.relation.type(of: physical) ?? "VARCHAR"
      let parsed = column.map {
        ColumnParser($0, named: physical, actual: type, clock: spec.clock).parsed
      }
      return "\(parsed ?? SQL.identifier(physical)) \(direction) NULLS LAST"
    }
    let rest = draft.relation.types.map { "\(SQL.identifier($0.name)) \(direction) NULLS LAST" }
    let order = (chosen + rest).joined(separator: ", ")
    // Sort only keys that repeat, because sorting by every column of a wide table is slow.
    let keys = "(SELECT key FROM (\(repeated)))"
    return "(SELECT * FROM \(keyed) WHERE \"entity key\" NOT IN \(keys) UNION ALL "
      + "SELECT * FROM (SELECT * FROM \(keyed) WHERE \"entity key\" IN \(keys) "
      + "QUALIFY row_number() OVER (PARTITION BY \(tuple) ORDER BY \(order)) = 1))"
  }

  /// The number of rows, and how many of them have each problem.
  private struct Tally {
    let rows: Int
    let unparsed: Int
    let untimed: Int
    /// The number of rows that have a time but no day on which they became known.
    let neverKnown: Int
    let firstDay: CalendarDate?

    var isClean: Bool { unparsed == 0 && untimed == 0 && neverKnown == 0 }
  }

  /// Returns the tally of rows without any problem; nil if there may be one, or if that takes long
  /// to find out.
  ///
  /// For a Parquet file the engine knows the number of days and the first day without reading it.
  private func quickTally(_ draft: Draft) throws(WarehouseError) -> Tally? {
    let times = draft.times.map(\.parser)
    guard let first = times.first, times.allSatisfy(\.isFiniteDay) else { return nil }
    let rows = keyed(draft)
    let counts = times.map { "count(\($0.quoted))" }.joined(separator: ", ")
    let row = try engine.connection.query(
      "SELECT count(*), CAST(\(first.firstDay) AS VARCHAR), \(counts) FROM \(rows)"
    ).next()
    guard let row, let count = row.columns[0].integer(0),
      times.indices.allSatisfy({ row.columns[$0 + 2].integer(0) == count })
    else { return nil }
    let failures = draft.fallible.map { "(\($0.parser.fails))" }
    if !failures.isEmpty {
      let failed = failures.joined(separator: " OR ")
      let unparsed = try engine.connection.count(
        "SELECT count(*) FILTER (WHERE \(failed)) FROM \(rows)")
      guard unparsed == 0 else { return nil }
    }
    return Tally(
      rows: count, unparsed: 0, untimed: 0, neverKnown: 0,
      firstDay: row.columns[1].text(0).flatMap { CalendarDate($0) })
  }

  private func tally(_ draft: Draft, of rows: String) throws(WarehouseError) -> Tally {
    let time = draft.times.first?.name ?? "DATE '1970-01-01'"
    var known = time
    if case .events(_, .some) = draft.spec.shape { known = LoadedSource.knownAt }
    let row = try engine.connection.query(
      "SELECT count(*), count(*) FILTER (WHERE \(Self.unparsed)), "
        + "count(*) FILTER (WHERE \(time) IS NULL), "
        + "count(*) FILTER (WHERE \(time) IS NOT NULL AND \(known) IS NULL), "
        + "CAST(min(\(time)) AS VARCHAR) FROM \(rows)"
    ).next()
    func count(_ column: Int) -> Int { row?.columns[column].integer(0) ?? 0 }
    return Tally(
      rows: count(0), unparsed: count(1), untimed: count(2), neverKnown: count(3),
      firstDay: draft.times.isEmpty ? nil : row?.columns[4].text(0).flatMap { CalendarDate($0) })
  }

  /// Reports rows that no cutoff can place, and versions that overlap.
  /// - Returns: the first day; nil if there is none.
  private mutating func settleTimes(
    _ draft: Draft, _ table: String, _ tally: Tally
  ) throws(WarehouseError) -> CalendarDate? {
    guard let first = draft.times.first else { return nil }
    if tally.untimed == tally.rows, try isWithoutTimes(draft, tally) {
      findings.append(.noRowWithTime(draft.spec, column: first.place))
      return nil
    }
    if tally.untimed > 0 {
      findings.append(.rowsWithoutTime(draft.spec, column: first.place, count: tally.untimed))
    }
    if tally.neverKnown > 0, let known = draft.times.last {
      findings.append(
        .rowsNeverKnown(draft.spec, column: known.place, count: tally.neverKnown))
    }
    if case .history = draft.spec.shape {
      let from = LoadedSource.validFrom
      let to = LoadedSource.validTo
      let gaps = try VersionGaps(of: table, engine.connection)
      if gaps.endInclusively, onlyCutoff == nil {
        findings.append(.versionsEndInclusively(draft.spec, gaps))
      }
      let overlapping = gaps.overlaps
      if overlapping > 0 {
        let overlaps =
          "SELECT entity FROM (SELECT entity, \(to) AS ended, lead(\(from)) OVER "
          + "(PARTITION BY entity ORDER BY \(from)) AS next FROM \(table)) "
          + "WHERE next < coalesce(ended, DATE '9999-12-31')"
        let examples = try engine.connection.texts(
          "SELECT key FROM \(Self.keys(of: draft.spec)) WHERE entity IN (\(overlaps)) "
            + "ORDER BY key LIMIT 3")
        findings.append(.overlappingVersions(draft.spec, count: overlapping, examples: examples))
      }
    }
    return try firstDay(draft, tally)
  }

  /// Returns the first day with data. All rows of the source are read if one cutoff sees only a
  /// part of them: of a history the versions in force, of events perhaps none.
  private func firstDay(_ draft: Draft, _ tally: Tally) throws(WarehouseError) -> CalendarDate? {
    switch draft.spec.shape {
    case .history where onlyCutoff != nil: break
    case .events where onlyCutoff != nil && tally.firstDay == nil: break
    case .entity, .history, .events: return tally.firstDay
    }
    return try engine.connection.scalar(
      "SELECT min(\(draft.times[0].parser.parsed)) FROM \(keyed(draft, isWhole: true))"
    ).flatMap { CalendarDate($0) }
  }

  /// Returns whether there are rows and none has a time; all rows of the source count, even if one
  /// cutoff sees only a few of them.
  private func isWithoutTimes(_ draft: Draft, _ tally: Tally) throws(WarehouseError) -> Bool {
    guard onlyCutoff != nil else { return tally.rows > 0 }
    let isUntimed = "\(draft.times[0].parser.parsed) IS NULL"
    return try engine.connection.scalar(
      "SELECT bool_and(\(isUntimed)) FROM \(keyed(draft, isWhole: true)) "
        + "WHERE \"entity key\" IN (SELECT key FROM \(Self.keys(of: draft.spec)))") == "true"
  }

}
