internal import Diagnostics
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Loads sources into the engine: checks their columns and keys, numbers the entities, parses
/// values to their declared types, and stores what is read.
struct SourceLoader {
  let engine: Engine
  var opener: RelationOpener
  var findings: [Finding] = []
  /// Every source of the spec, because a promise about one may refer to another.
  private let sources: OrderedDictionary<String, SourceSpec>
  let alteration: DataAlteration
  /// The only cutoff that will be requested, if there is exactly one. Rows that are not known then,
  /// or no longer valid, are checked but not stored.
  let onlyCutoff: CalendarDate?
  /// Copies of rows that were read before, or where to keep them; nil: sources are always read.
  private let copies: SourceCopies?
  private var relations: [String: RawRelation] = [:]

  /// The table that numbers entities: `entity` is the rank of `key`.
  static let entities = "source.\"entity keys\""

  /// Returns the table that numbers a source's keys, as `entities` does: that of the entities, or
  /// the source's own if its keys are not theirs.
  static func keys(of source: SourceSpec) -> String {
    source.foreignKey == nil
      ? entities : "\(keysPrefix)\(source.name.value)\""
  }

  /// How the names of tables with the keys of a source begin. The space keeps them from equaling a
  /// source's table.
  static let keysPrefix = "source.\"keys of "

  /// The number of rows of the entity source by key; the table exists until that source is loaded.
  static let keyCounts = "source.\"key counts\""

  /// The column that marks rows in which a value is not of its declared type.
  static let unparsed = SQL.identifier("not parsed")

  init(
    engine: Engine, opener: RelationOpener, sources: OrderedDictionary<String, SourceSpec>,
    alteration: DataAlteration = .none, onlyCutoff: CalendarDate? = nil,
    copies: SourceCopies? = nil
  ) throws(WarehouseError) {
    self.engine = engine
    self.copies = copies
    self.alteration = alteration
    self.onlyCutoff = onlyCutoff
    self.sources = sources
    self.opener = opener
    try engine.connection.execute("CREATE SCHEMA source")
  }

  /// Loads one source; the entity source must be first, because it defines the keys.
  /// - Returns: nil if there are findings of severity error.
  mutating func load(_ spec: SourceSpec, uses: ColumnUses, isEntity: Bool) -> LoadedSource? {
    let before = findings.count
    do {
      let relation = try relation(of: spec, uses)
      guard var draft = draft(spec, relation, uses) else { return nil }
      if relation.isRereadable, alteration == .none { try findFiniteDays(&draft) }
      if isEntity { try countKeys(draft) }
      let rowCount = try checkKeys(draft, isEntity: isEntity)
      let isKeyed = !findings[before...].contains { $0.severity == .error }
      if rowCount > 0, alteration == .none { try checkContracts(draft) }
      guard isKeyed else { return nil }
      // Broken promises stop the run in the end, but the other sources are still checked.
      let start = findings.count
      let loaded = try store(draft, uses, rowCount: rowCount, isEntity: isEntity)
      return findings[start...].contains { $0.severity == .error } ? nil : loaded
    } catch {
      report(error, reading: spec)
    }
    return nil
  }

  /// Adds the findings about a source that cannot be read.
  mutating func report(_ error: any Error, reading spec: SourceSpec) {
    switch error {
    case let error as FindingsError: findings += error.findings
    case let error as WarehouseError: findings.append(opener.finding(spec, error))
    default:
      findings.append(
        .unreadableSource(spec, WarehouseError(.query, "\(error)"), at: spec.name.span))
    }
  }

  /// Checks the promises of a source to which only promises of other sources refer.
  mutating func checkPromises(of spec: SourceSpec) {
    do {
      let relation = try relation(of: spec, nil)
      let draft = Draft(spec: spec, relation: relation, columns: [], times: [])
      try checkContracts(draft)
    } catch let error as FindingsError {
      findings += error.findings
    } catch {
      let problem = error as? WarehouseError ?? WarehouseError(.query, "\(error)")
      findings.append(opener.finding(spec, problem))
    }
  }

  /// Returns a source's rows as they arrive; they are fetched only once.
  mutating func relation(
    of spec: SourceSpec, _ uses: ColumnUses?
  ) throws -> RawRelation {
    if let known = relations[spec.name.value] { return known }
    let relation = RelationAlteration.applying(
      alteration, to: try rows(of: spec), of: spec,
      read: uses?.columns(of: spec).map(\.column) ?? [])
    relations[spec.name.value] = relation
    return relation
  }

  /// Returns a source's rows from their copy, or else opens the source.
  private mutating func rows(of spec: SourceSpec) throws -> RawRelation {
    if let copy = try copies?.rows(of: spec, in: engine) { return copy }
    let opened = try opener.open(spec, alsoRead: columnsLookedInto(of: spec))
    if alteration == .none { findings += opener.notes[spec.name.value] ?? [] }
    return copies?.keeping(opened, of: spec, openedBy: opener) ?? opened
  }

  /// Returns the columns of a source to which promises of other sources refer.
  private func columnsLookedInto(of spec: SourceSpec) -> Set<String> {
    Set(
      sources.values.flatMap(\.contracts).compactMap { contract in
        guard case .relationship(let other, _) = contract.promise,
          other.value.source == spec.name.value
        else { return nil }
        return (spec.columns[other.value.column]?.physicalName.value) ?? other.value.column
      })
  }

  // MARK: - Columns

  /// What is read of a source and how, once its columns are known to exist.
  struct Draft {
    let spec: SourceSpec
    let relation: RawRelation
    var columns: [(column: ColumnSpec, use: ColumnUse, parser: ColumnParser)]
    /// Holdout's own columns (created, validity or times), with the column that the source names
    /// for each.
    var times: [(name: String, column: ColumnSpec, place: Located<String>, parser: ColumnParser)]
    /// Whether versions are read as of days before the only cutoff.
    var isReadInPast = false

    /// SQL for a row's key, null if it has none.
    var key: String { ColumnParser.key(physicalKey, type: relation.type(of: physicalKey)) }
    /// SQL for whether a row has no key, which is faster than computing the key.
    var isWithoutKey: String {
      ColumnParser.isWithoutKey(physicalKey, type: relation.type(of: physicalKey))
    }
    /// The name of the key's column in the table.
    var physicalKey: String { (spec.columns[spec.key.value]?.from ?? spec.key).value }
    /// SQL for the key as it arrives.
    var keyColumn: String { SQL.identifier(physicalKey) }

    /// The columns whose values may fail to parse, without duplicates, with the names under which
    /// they are stored.
    var fallible: [(name: String, column: ColumnSpec, parser: ColumnParser)] {
      let read = columns.map { (SQL.identifier($0.column.name.value), $0.column, $0.parser) }
      let names = Set(read.map(\.1.name.value))
      let others = times.map { ($0.name, $0.column, $0.parser) }
        .filter { !names.contains($0.1.name.value) }
      return (others + read).filter(\.2.canFail)
    }
  }

  mutating func draft(
    _ spec: SourceSpec, _ relation: RawRelation, _ uses: ColumnUses
  ) -> Draft? {
    let actual = relation.types.map(\.name) + relation.others
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
    let nested = NestedColumns.findings(
      spec, relation, times: times.map { $0.column.from ?? $0.column.name })
    if !nested.isEmpty {
      findings += nested
      isComplete = false
    }
    guard isComplete else { return nil }
    let end: String? = if case .history(_, let to, _) = spec.shape { to.value } else { nil }
    func parser(_ column: ColumnSpec) -> ColumnParser {
      let name = column.physicalName.value
      return ColumnParser(
        column, named: name, actual: relation.type(of: name) ?? "VARCHAR", clock: spec.clock,
        isOpenEnded: column.name.value == end)
    }
    return Draft(
      spec: spec, relation: relation,
      columns: uses.columns(of: spec).map { ($0.column, $0.use, parser($0.column)) },
      times: times.map { time in
        let parser = parser(time.column)
        let isInclusive =
          if case .history(_, _, isInclusive: true) = spec.shape {
            time.name == LoadedSource.validTo
          } else { false }
        return (time.name, time.column, time.place, isInclusive ? parser.endingInclusively : parser)
      }, isReadInPast: uses.pastSources.contains(spec.name.value))
  }

  /// Returns the columns that place a source's rows in time, with Holdout's own names.
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
    case .history(let from, let to, _):
      return [time(LoadedSource.validFrom, from), time(LoadedSource.validTo, to)]
    case .events(let day, let knownAt):
      let known = knownAt.map { [time(LoadedSource.knownAt, $0)] } ?? []
      return [time(LoadedSource.time, day)] + known
    }
  }

  /// Checks the minimum and maximum of columns of days and times, which a Parquet file stores in
  /// its statistics: if they are in the valid range, so is everything between them.
  func findFiniteDays(_ draft: inout Draft) throws(WarehouseError) {
    let parsers = (draft.times.map(\.parser) + draft.columns.map(\.parser)).filter(\.hasEnds)
    let names = Set(parsers.map(\.quoted)).sorted()
    guard !names.isEmpty else { return }
    let terms = names.map { name in
      let tests = parsers.filter { $0.quoted == name }.map(\.areEndsPossible)
      return "CAST(\(Set(tests).sorted().joined(separator: " AND ")) AS TINYINT)"
    }
    let row = try engine.connection.query(
      "SELECT \(terms.joined(separator: ", ")) FROM \(draft.relation.sql)"
    ).next()
    let finite = Set(names.indices.filter { row?.columns[$0].integer(0) == 1 }.map { names[$0] })
    func settled(_ parser: ColumnParser) -> ColumnParser {
      parser.hasEnds && finite.contains(parser.quoted) ? parser.knownFinite : parser
    }
    for index in draft.times.indices {
      draft.times[index].parser = settled(draft.times[index].parser)
    }
    for index in draft.columns.indices {
      draft.columns[index].parser = settled(draft.columns[index].parser)
    }
  }

  // MARK: - Checks

  /// Counts the entity source's rows by key, to find missing and repeated keys.
  private func countKeys(_ draft: Draft) throws(WarehouseError) {
    try engine.connection.execute(
      "CREATE TABLE \(Self.keyCounts) AS SELECT \(draft.key) AS key, count(*) AS n "
        + "FROM \(draft.relation.sql) GROUP BY 1")
  }

  /// Counts rows and missing keys.
  mutating func checkKeys(
    _ draft: Draft, isEntity: Bool
  ) throws(WarehouseError) -> Int {
    // A repeated header, which only CSV has, has the name of a column as its key.
    let names = draft.relation.types.map { SQL.literal($0.name.lowercased()) }.joined(
      separator: ", ")
    func isNamed(_ key: String) -> String {
      draft.spec.isCSV ? "lower(\(key)) IN (\(names))" : "false"
    }
    let sql =
      isEntity
      ? "SELECT CAST(coalesce(sum(n), 0) AS BIGINT), "
        + "CAST(coalesce(sum(n) FILTER (WHERE key IS NULL), 0) AS BIGINT), "
        + "count(*) FILTER (WHERE \(isNamed("key"))) FROM \(Self.keyCounts)"
      : "SELECT count(*), count(*) FILTER (WHERE \(draft.isWithoutKey)), "
        + "count(*) FILTER (WHERE \(isNamed("CAST(\(draft.keyColumn) AS VARCHAR)"))) "
        + "FROM \(draft.relation.sql)"
    guard let row = try engine.connection.query(sql).next() else { return 0 }
    let rowCount = row.columns[0].integer(0) ?? 0
    let nullKeys = row.columns[1].integer(0) ?? 0
    if rowCount == 0 { findings.append(.emptySource(draft.spec)) }
    if let named = row.columns[2].integer(0), named > 0 {
      findings += opener.secondHeaders(of: draft.spec)
    }
    if nullKeys > 0 {
      findings.append(
        draft.spec.dropsNullKeys
          ? .nullKeysDropped(draft.spec, count: nullKeys) : .nullKeys(draft.spec, count: nullKeys))
    }
    try checkKeyType(draft)
    return rowCount
  }

  /// Refuses keys of a floating-point column that are too large to be distinguished.
  private mutating func checkKeyType(_ draft: Draft) throws(WarehouseError) {
    let name = draft.physicalKey
    guard let type = draft.relation.type(of: name),
      let isAmbiguous = NestedColumns.isAmbiguous(name, type: type),
      let row = try engine.connection.query(
        "SELECT count(*), CAST(min(\(SQL.identifier(name))) AS VARCHAR) FROM \(draft.relation.sql) "
          + "WHERE \(isAmbiguous)"
      ).next(), let count = row.columns[0].integer(0), count > 0
    else { return }
    findings.append(
      .ambiguousKeys(draft.spec, type: type, count: count, example: row.columns[1].text(0) ?? ""))
  }

  /// Compares the rows with what the spec promises about them.
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

  /// Reports the columns that have values that cannot be read, with examples of each.
  mutating func reportUnparsed(_ draft: Draft) throws(WarehouseError) {
    let fallible = draft.fallible
    let terms = fallible.map { "count(*) FILTER (WHERE \($0.parser.fails))" }
    let sql = "SELECT \(terms.joined(separator: ", ")) FROM \(draft.relation.sql)"
    guard let row = try engine.connection.query(sql).next() else { return }
    for (index, (_, column, parser)) in fallible.enumerated() {
      guard let count = row.columns[index].integer(0), count > 0 else { continue }
      findings += try unparsed(column, parser, draft)
    }
  }

  /// Returns why values of a column cannot be read, with examples of each reason.
  private func unparsed(
    _ column: ColumnSpec, _ parser: ColumnParser, _ draft: Draft
  ) throws(WarehouseError) -> [Finding] {
    let number = "TRY_CAST(\(parser.raw) AS DOUBLE)"
    let isNumeric = column.type == .integer || column.type == .number
    let reasons: [(Finding.Unparsed.Reason, String?)] = [
      (.ambiguous, parser.isAmbiguous),
      (.outside, parser.isOutside(parser.parsed)),
      (.notFinite, isNumeric ? "NOT isfinite(\(number))" : nil),
      (.tooWide, column.type == .integer ? "abs(\(number)) >= 1e15" : nil),
    ]
    let cases = reasons.compactMap { reason, condition in
      condition.map { "WHEN \($0) THEN '\(reason.rawValue)'" }
    }
    let reason = cases.isEmpty ? "'type'" : "CASE \(cases.joined(separator: " ")) ELSE 'type' END"
    let rows = try engine.connection.query(
      "SELECT reason, count(*), min(raw), max(raw), min_by(key, raw) FROM (SELECT \(reason) AS reason, "
        + "coalesce(\(parser.raw), '') AS raw, \(draft.key) AS key FROM \(draft.relation.sql) "
        + "WHERE \(parser.fails)) GROUP BY 1 ORDER BY 1"
    ).collect()
    // If other values can be read, a suggested line of the spec must read both.
    let readable = try engine.connection.count(
      "SELECT count(*) FILTER (WHERE \(parser.isPresent) AND NOT (\(parser.fails))) "
        + "FROM \(draft.relation.sql)")
    return rows.flatMap { batch in
      (0..<batch.rowCount).map { row in
        let examples = [2, 3].map { batch.columns[$0].text(row) ?? "" }
        return .unparsed(
          column, in: draft.spec,
          Finding.Unparsed(
            reason: batch.columns[0].text(row).flatMap(Finding.Unparsed.Reason.init) ?? .type,
            count: batch.columns[1].integer(row) ?? 0,
            examples: examples[0] == examples[1] ? [examples[0]] : examples,
            key: batch.columns[4].text(row), hasOthers: (readable ?? 0) > 0))
      }
    }
  }
}
