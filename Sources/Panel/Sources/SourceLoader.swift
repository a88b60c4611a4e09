internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Brings sources into the engine: checks their columns and keys, gives entities numbers, parses
/// values to their declared types, and keeps what is read.
struct SourceLoader {
  let engine: Engine
  var opener: RelationOpener
  var findings: [Finding] = []
  /// Every source of the spec, as a promise about one may look into another.
  private let sources: OrderedDictionary<String, SourceSpec>
  private let alteration: DataAlteration
  /// The only cutoff that is going to be asked for, if there is but one: what is not known then, or no
  /// longer holds, is checked and not kept.
  private let onlyCutoff: CalendarDate?
  private var relations: [String: RawRelation] = [:]

  /// The table that numbers entities: `entity` is the rank of `key`.
  static let entities = "source.\"entity keys\""

  /// Marks rows in which a value is not of its declared type.
  private static let unparsed = SQL.identifier("not parsed")

  init(
    engine: Engine, opener: RelationOpener, sources: OrderedDictionary<String, SourceSpec>,
    alteration: DataAlteration = .none, onlyCutoff: CalendarDate? = nil
  ) throws(WarehouseError) {
    self.engine = engine
    self.alteration = alteration
    self.onlyCutoff = onlyCutoff
    self.sources = sources
    self.opener = opener
    try engine.connection.execute("CREATE SCHEMA source")
  }

  /// Loads one source; the entity source goes first, as it says which keys there are.
  /// - Returns: nil when findings of severity error say why not.
  mutating func load(_ spec: SourceSpec, uses: ColumnUses, isEntity: Bool) -> LoadedSource? {
    let before = findings.count
    do {
      let relation = try relation(of: spec, uses)
      guard let draft = draft(spec, relation, uses) else { return nil }
      let rowCount = try checkKeys(draft)
      let isKeyed = !findings[before...].contains { $0.severity == .error }
      if rowCount > 0, alteration == .none { try checkContracts(draft) }
      guard isKeyed else { return nil }
      // Broken promises stop the run in the end, but not the look at the other sources.
      let start = findings.count
      let loaded = try store(draft, rowCount: rowCount, isEntity: isEntity)
      return findings[start...].contains { $0.severity == .error } ? nil : loaded
    } catch let error as FindingsError {
      findings += error.findings
    } catch let error as WarehouseError {
      findings.append(.unreadableSource(spec, error, at: spec.name.span))
    } catch {
      findings.append(
        .unreadableSource(spec, WarehouseError(.query, "\(error)"), at: spec.name.span))
    }
    return nil
  }

  /// Checks the promises of a source that only another's promise looks into.
  mutating func checkPromises(of spec: SourceSpec) {
    do {
      let relation = try relation(of: spec, nil)
      let key = ColumnParser.key((spec.columns[spec.key.value]?.from ?? spec.key).value)
      let draft = Draft(spec: spec, relation: relation, columns: [], times: [], key: key)
      try checkContracts(draft)
    } catch let error as FindingsError {
      findings += error.findings
    } catch {
      let problem = error as? WarehouseError ?? WarehouseError(.query, "\(error)")
      findings.append(.unreadableSource(spec, problem, at: spec.name.span))
    }
  }

  /// A source's rows as they arrive; fetched once, however many ask for them.
  private mutating func relation(
    of spec: SourceSpec, _ uses: ColumnUses?
  ) throws -> RawRelation {
    if let known = relations[spec.name.value] { return known }
    let relation = RelationAlteration.applying(
      alteration, to: try opener.open(spec), of: spec,
      read: uses?.columns(of: spec).map(\.column) ?? [])
    relations[spec.name.value] = relation
    return relation
  }

  // MARK: - Columns

  /// What is read of a source and how, once its columns are known to exist.
  private struct Draft {
    let spec: SourceSpec
    let relation: RawRelation
    let columns: [(column: ColumnSpec, use: ColumnUse, parser: ColumnParser)]
    /// Holdout's own columns: created, validity or times, and where the source names each.
    let times: [(name: String, column: ColumnSpec, place: Located<String>, parser: ColumnParser)]
    let key: String

    /// The columns whose values may fail to parse, each once.
    var fallible: [(column: ColumnSpec, parser: ColumnParser)] {
      let read = columns.map { ($0.column, $0.parser) }
      let names = Set(read.map(\.0.name.value))
      let others = times.map { ($0.column, $0.parser) }.filter { !names.contains($0.0.name.value) }
      return (others + read).filter(\.1.canFail)
    }
  }

  private mutating func draft(
    _ spec: SourceSpec, _ relation: RawRelation, _ uses: ColumnUses
  ) -> Draft? {
    let actual = relation.types.map(\.name)
    var isComplete = true
    func missing(_ name: Located<String>) -> Finding? {
      relation.type(of: name.value) == nil
        ? .missingColumn(name, in: spec, actual: actual) : nil
    }
    var absent = spec.columns.values.compactMap { missing($0.from ?? $0.name) }
    let times = Self.times(spec)
    absent += ([spec.key] + times.map { $0.column.from ?? $0.column.name })
      .filter { name in spec.columns[name.value] == nil }.compactMap(missing)
    if !absent.isEmpty {
      findings += absent
      isComplete = false
    }
    guard isComplete else { return nil }
    func parser(_ column: ColumnSpec) -> ColumnParser {
      let name = (column.from ?? column.name).value
      return ColumnParser(column, named: name, actual: relation.type(of: name) ?? "VARCHAR")
    }
    return Draft(
      spec: spec, relation: relation,
      columns: uses.columns(of: spec).map { ($0.column, $0.use, parser($0.column)) },
      times: times.map { ($0.name, $0.column, $0.place, parser($0.column)) },
      key: ColumnParser.key((spec.columns[spec.key.value]?.from ?? spec.key).value))
  }

  /// The columns that place a source's rows in time, under Holdout's own names.
  private static func times(
    _ spec: SourceSpec
  ) -> [(name: String, column: ColumnSpec, place: Located<String>)] {
    func time(_ name: String, _ place: Located<String>) -> (String, ColumnSpec, Located<String>) {
      if let declared = spec.columns[place.value], declared.type == .date {
        return (name, declared, place)
      }
      return (name, ColumnSpec(name: place, type: .date, columnClass: .event), place)
    }
    switch spec.shape {
    case .entity(let created): return created.map { [time(LoadedSource.created, $0)] } ?? []
    case .history(let from, let to):
      return [time(LoadedSource.validFrom, from), time(LoadedSource.validTo, to)]
    case .events(let day, let knownAt):
      let known = knownAt.map { [time(LoadedSource.knownAt, $0)] } ?? []
      return [time(LoadedSource.time, day)] + known
    }
  }

  // MARK: - Checks

  /// Counts rows, and keys that are missing.
  private mutating func checkKeys(_ draft: Draft) throws(WarehouseError) -> Int {
    let sql =
      "SELECT count(*), count(*) FILTER (WHERE \(draft.key) IS NULL) FROM \(draft.relation.sql)"
    guard let row = try engine.connection.query(sql).next() else { return 0 }
    let rowCount = row.columns[0].integer(0) ?? 0
    let nullKeys = row.columns[1].integer(0) ?? 0
    if rowCount == 0 { findings.append(.emptySource(draft.spec)) }
    if nullKeys > 0 {
      findings.append(
        draft.spec.dropsNullKeys
          ? .nullKeysDropped(draft.spec, count: nullKeys) : .nullKeys(draft.spec, count: nullKeys))
    }
    return rowCount
  }

  /// Compares the rows with what the spec promises of them.
  private mutating func checkContracts(_ draft: Draft) throws {
    let check = ContractCheck(
      engine: engine, source: draft.spec, relation: draft.relation, key: draft.key)
    let others = draft.spec.contracts.compactMap(\.promise.otherSource)
    var rows: [String: (source: SourceSpec, relation: RawRelation)] = [:]
    for name in Set(others).sorted() {
      guard let other = sources[name] else { continue }
      rows[name] = (other, try relation(of: other, nil))
    }
    findings += try check.findings { rows[$0] }
  }

  /// Says which columns hold values that are not of their declared type, with an example of each.
  private mutating func reportUnparsed(_ draft: Draft) throws(WarehouseError) {
    let fallible = draft.fallible
    let terms = fallible.flatMap { _, parser in
      ["count(*)", "min(\(parser.raw))", "min_by(\(draft.key), \(parser.raw))"].map {
        "\($0) FILTER (WHERE \(parser.fails))"
      }
    }
    let sql = "SELECT \(terms.joined(separator: ", ")) FROM \(draft.relation.sql)"
    guard let row = try engine.connection.query(sql).next() else { return }
    for (index, (column, _)) in fallible.enumerated() {
      guard let count = row.columns[index * 3].integer(0), count > 0 else { continue }
      findings.append(
        .unparsedValues(
          column, in: draft.spec, count: count, example: row.columns[index * 3 + 1].text(0) ?? "",
          key: row.columns[index * 3 + 2].text(0)))
    }
  }

  // MARK: - Storing

  private mutating func store(
    _ draft: Draft, rowCount: Int, isEntity: Bool
  ) throws(WarehouseError) -> LoadedSource? {
    let connection = engine.connection
    let spec = draft.spec
    var keyed = "(SELECT *, \(draft.key) AS \"entity key\" FROM \(draft.relation.sql))"
    if case .history = spec.shape {
      // A version that ends on the day it starts on was never in force at the end of a day.
      let (from, to) = (draft.times[0].parser.parsed, draft.times[1].parser.parsed)
      keyed = "(SELECT * FROM \(keyed) WHERE (\(to) <= \(from)) IS NOT TRUE)"
    }
    if let onlyCutoff {
      let conditions = Self.conditions(draft, at: ExpressionCompiler.literal(onlyCutoff))
      keyed = "(SELECT * FROM \(keyed) WHERE \(conditions.joined(separator: " AND ")))"
    }
    if isEntity {
      try connection.execute(
        "CREATE TABLE \(Self.entities) AS "
          + "SELECT CAST(row_number() OVER (ORDER BY key) - 1 AS INTEGER) AS entity, key FROM "
          + "(SELECT DISTINCT \"entity key\" AS key FROM \(keyed) WHERE \"entity key\" IS NOT NULL)"
      )
    }
    guard let single = try singleRows(draft, keyed) else { return nil }
    let levels = try dictionaries(draft, of: onlyCutoff == nil ? draft.relation.sql : single)
    let columns =
      draft.times.map { "\($0.parser.parsed) AS \($0.name)" }
      + draft.columns.flatMap { column, use, parser in
        Self.stored(column, use, parser, spec, levelCount: levels[column.name.value]?.count ?? 0)
      }
    // Parsed and checked in one pass; only when something fails is it looked at column by column.
    let failures = draft.fallible.map { "(\($0.parser.fails))" }.joined(separator: " OR ")
    let unparsed = "\(failures.isEmpty ? "false" : failures) AS \(Self.unparsed)"
    let selected = (["keys.\"entity number\" AS entity"] + columns + [unparsed]).joined(
      separator: ", ")
    // Entities are looked up most, event rows by time: the order lets the engine skip blocks.
    // For a single cutoff there is nothing to skip.
    let order = if case .events = spec.shape { "\(LoadedSource.time), 1" } else { "1" }
    let sorted = onlyCutoff == nil ? " ORDER BY \(order)" : ""
    let table = LoadedSource.table(spec.name.value)
    try connection.execute(
      "CREATE TABLE \(table) AS SELECT \(selected) FROM \(single) AS raw "
        // Under names that no column of the table has, so that none of them is ambiguous.
        + "JOIN (SELECT entity AS \"entity number\", key AS \"known key\" FROM \(Self.entities)) "
        + "AS keys ON keys.\"known key\" = raw.\"entity key\"\(sorted)")
    let stored = try connection.count("SELECT count(*) FROM \(table)") ?? 0
    let failed = try connection.count("SELECT count(*) FROM \(table) WHERE \(Self.unparsed)") ?? 0
    if failed > 0 {
      try reportUnparsed(draft)
      return nil
    }
    // The codes are stored; a type that holds every text of the data is nothing to leave behind.
    for name in levels.keys {
      try connection.execute("DROP TYPE \(Self.dictionary(spec.name.value, name))")
    }
    let firstDay = try settleTimes(draft, table, rowCount: stored)
    return LoadedSource(
      spec: spec, columns: draft.columns.map { ($0.column, $0.use) }, levels: levels,
      firstDay: firstDay, rowCount: rowCount,
      keys: "SELECT \(draft.key) AS key FROM \(draft.relation.sql)",
      contentHash: try contentHash(draft))
  }

  /// What the rows that a cutoff sees fulfil. Rows without a day pass, to be counted and told of.
  private static func conditions(_ draft: Draft, at day: String) -> [String] {
    let days = draft.times.map(\.parser.parsed)
    switch draft.spec.shape {
    // Who was created later may still be a key that other sources speak of.
    case .entity: return ["true"]
    case .history:
      return ["(\(days[0]) > \(day)) IS NOT TRUE", "(\(days[1]) <= \(day)) IS NOT TRUE"]
    case .events: return days.map { "(\($0) > \(day)) IS NOT TRUE" }
    }
  }

  /// While the rows' database is open; files are identified by their bytes.
  private func contentHash(_ draft: Draft) throws(WarehouseError) -> String? {
    if case .file = draft.spec.location { return nil }
    guard onlyCutoff == nil, alteration == .none else { return nil }
    return try engine.connection.scalar(
      "SELECT sum(CAST(hash(rows) AS HUGEINT)) FROM \(draft.relation.sql) AS rows")
  }

  private static func stored(
    _ column: ColumnSpec, _ use: ColumnUse, _ parser: ColumnParser, _ source: SourceSpec,
    levelCount: Int
  ) -> [String] {
    ColumnUse.named.filter { use.contains($0.use) }.map { form, _ in
      let name = SQL.identifier(ColumnUse.name(column.name.value, form))
      switch form {
      case .presence: return "(\(parser.raw)) IS NOT NULL AS \(name)"
      case .code:
        let type = Self.dictionary(source.name.value, column.name.value)
        let width = levelCount <= Int(Int16.max) ? "SMALLINT" : "INTEGER"
        return "CAST(enum_code(CAST(\(parser.parsed) AS \(type))) AS \(width)) AS \(name)"
      default: return "\(parser.parsed) AS \(name)"
      }
    }
  }

  private static func dictionary(_ source: String, _ column: String) -> String {
    "source.\(SQL.identifier("\(source).\(column) levels"))"
  }

  /// Numbers the texts of each column that is kept as codes, in the order of the texts.
  private func dictionaries(
    _ draft: Draft, of rows: String
  ) throws(WarehouseError) -> [String: [String]] {
    var levels: [String: [String]] = [:]
    for (column, use, parser) in draft.columns where use.contains(.code) {
      let type = Self.dictionary(draft.spec.name.value, column.name.value)
      try engine.connection.execute(
        "CREATE TYPE \(type) AS ENUM (SELECT DISTINCT level FROM "
          + "(SELECT \(parser.parsed) AS level FROM \(rows) AS raw) "
          + "WHERE level IS NOT NULL ORDER BY level)")
      let rows = try engine.connection.query("SELECT unnest(enum_range(NULL::\(type)))").collect()
      levels[column.name.value] = rows.flatMap { batch in
        (0..<batch.rowCount).map { batch.columns[0].text($0) ?? "" }
      }
    }
    return levels
  }

  /// The rows with one per key (entities) or per key and first day (history), or nil after a finding.
  private mutating func singleRows(_ draft: Draft, _ keyed: String) throws(WarehouseError)
    -> String?
  {
    let spec = draft.spec
    var identity = ["\"entity key\""]
    switch spec.shape {
    case .events: return keyed
    case .entity: break
    case .history: identity.append(draft.times[0].parser.parsed)
    }
    let isPlaced = identity.map { "\($0) IS NOT NULL" }.joined(separator: " AND ")
    let tuple = identity.joined(separator: ", ")
    let repeated =
      "SELECT \"entity key\" AS key, count(*) AS n FROM \(keyed) WHERE \(isPlaced) "
      + "GROUP BY \(tuple) HAVING count(*) > 1"
    let count = try engine.connection.count("SELECT count(*) FROM (\(repeated))") ?? 0
    guard count > 0 else { return keyed }
    guard spec.duplicates != .error else {
      let examples = try texts("SELECT DISTINCT key FROM (\(repeated)) ORDER BY key LIMIT 3")
      findings.append(.duplicateKeys(spec, count: count, examples: examples))
      return nil
    }
    let direction = spec.duplicates == .last ? "DESC" : "ASC"
    let chosen = spec.duplicateOrder.map { name in
      let column = spec.columns[name.value]
      let physical = (column?.from ?? name).value
      let type = draft.relation.type(of: physical) ?? "VARCHAR"
      let parsed = column.map { ColumnParser($0, named: physical, actual: type).parsed }
      return "\(parsed ?? SQL.identifier(physical)) \(direction) NULLS LAST"
    }
    let rest = draft.relation.types.map { "\(SQL.identifier($0.name)) \(direction) NULLS LAST" }
    let order = (chosen + rest).joined(separator: ", ")
    // Only keys that repeat are sorted, as a sort by every column of a wide table is slow.
    let keys = "(SELECT key FROM (\(repeated)))"
    return "(SELECT * FROM \(keyed) WHERE \"entity key\" NOT IN \(keys) UNION ALL "
      + "SELECT * FROM (SELECT * FROM \(keyed) WHERE \"entity key\" IN \(keys) "
      + "QUALIFY row_number() OVER (PARTITION BY \(tuple) ORDER BY \(order)) = 1))"
  }

  /// Drops rows that no cutoff can place, checks that versions do not overlap, finds the first day.
  private mutating func settleTimes(
    _ draft: Draft, _ table: String, rowCount: Int
  ) throws(WarehouseError) -> CalendarDate? {
    guard let first = draft.times.first else { return nil }
    let connection = engine.connection
    let untimed = "\(first.name) IS NULL"
    let count = try connection.count("SELECT count(*) FROM \(table) WHERE \(untimed)") ?? 0
    if count > 0, count == rowCount {
      findings.append(.noRowWithTime(draft.spec, column: first.place))
      return nil
    }
    if count > 0 {
      findings.append(.rowsWithoutTime(draft.spec, column: first.place, count: count))
      try connection.execute("DELETE FROM \(table) WHERE \(untimed)")
    }
    if case .events(_, .some) = draft.spec.shape, let known = draft.times.last {
      let unknown =
        try connection.count(
          "SELECT count(*) FROM \(table) WHERE \(known.name) IS NULL") ?? 0
      if unknown > 0 {
        findings.append(.rowsNeverKnown(draft.spec, column: known.place, count: unknown))
      }
    }
    if case .history = draft.spec.shape {
      let from = LoadedSource.validFrom
      let to = LoadedSource.validTo
      let overlaps =
        "SELECT entity FROM (SELECT entity, \(to) AS ended, lead(\(from)) OVER "
        + "(PARTITION BY entity ORDER BY \(from)) AS next FROM \(table)) "
        + "WHERE next < coalesce(ended, DATE '9999-12-31')"
      let overlapping = try connection.count("SELECT count(*) FROM (\(overlaps))") ?? 0
      if overlapping > 0 {
        let examples = try texts(
          "SELECT key FROM \(Self.entities) WHERE entity IN (\(overlaps)) ORDER BY key LIMIT 3")
        findings.append(.overlappingVersions(draft.spec, count: overlapping, examples: examples))
      }
    }
    return try connection.scalar("SELECT min(\(first.name)) FROM \(table)")
      .flatMap { CalendarDate($0) }
  }

  private func texts(_ sql: String) throws(WarehouseError) -> [String] {
    try engine.connection.query(sql).collect().flatMap { batch in
      (0..<batch.rowCount).compactMap { batch.columns[0].text($0) }
    }
  }
}
