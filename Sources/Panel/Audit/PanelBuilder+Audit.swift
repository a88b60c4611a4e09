internal import Diagnostics
internal import OrderedCollections
public import Spec
public import Warehouse

/// Queries of the loaded sources for an audit.
extension PanelBuilder {
  /// Returns, for the rows of a block, which rows and values each source with at most one row per
  /// entity has.
  public func presence(of block: PanelBlock) throws(WarehouseError) -> [SourcePresence] {
    var positions = [Int32](repeating: -1, count: entityCount)
    for (row, entity) in block.entities.enumerated() { positions[Int(entity)] = Int32(row) }
    var found: [SourcePresence] = []
    for name in spec.rowSources {
      guard let source = loaded[name], let views = query.views(of: name, at: block.cutoff.date)
      else { continue }
      let read = source.columns.filter { isModeled($0.column, of: source) }
      let terms = read.map { Self.presence($0.column, $0.use) }
      let sql =
        "WITH \(views)\nSELECT \((["entity"] + terms).joined(separator: ", ")) "
        + "FROM \(SQL.identifier(name))"
      var hasRow = [Bool](repeating: false, count: block.rowCount)
      var present = [[Bool]](repeating: hasRow, count: terms.count)
      let rows = try engine.connection.query(sql)
      while let batch = try rows.next() {
        guard case .int32(let entities) = batch.columns[0].values else { continue }
        for (row, entity) in entities.enumerated() {
          let position = Int(positions[Int(entity)])
          guard position >= 0 else { continue }
          hasRow[position] = true
          for index in terms.indices {
            present[index][position] = batch.columns[index + 1].integer(row) == 1
          }
        }
      }
      let columns = zip(read, present).map { column, flags in
        SourcePresence.Column(
          reference: ColumnReference(source: name, column: column.column.name.value),
          isPresent: flags)
      }
      found.append(SourcePresence(source: name, hasRow: hasRow, columns: columns))
    }
    return found
  }

  /// Returns the group of each row of a block in a source to which a column refers: the number of the
  /// key that its entity has there at the cutoff; -1 if it has none.
  public func groups(
    of source: String, _ block: PanelBlock
  ) throws(WarehouseError) -> [Int32] {
    var groups = [Int32](repeating: -1, count: block.rowCount)
    guard let spec = loaded[source]?.spec, let key = spec.foreignKey?.value,
      let link = self.spec.link(to: spec),
      let views = query.views(of: key.source, at: block.cutoff.date)
    else { return groups }
    var positions = [Int32](repeating: -1, count: entityCount)
    for (row, entity) in block.entities.enumerated() { positions[Int(entity)] = Int32(row) }
    let rows = try engine.connection.query("WITH \(views)\n\(link)")
    while let batch = try rows.next() {
      guard case .int32(let entities) = batch.columns[0].values,
        case .int32(let numbers) = batch.columns[1].values
      else { continue }
      for (entity, number) in zip(entities, numbers) where positions[Int(entity)] >= 0 {
        groups[Int(positions[Int(entity)])] = number
      }
    }
    return groups
  }

  /// Returns SQL for whether a column has a value, using whichever form of it is stored.
  private static func presence(_ column: ColumnSpec, _ use: ColumnUse) -> String {
    let forms: [ColumnUse] = [.value, .code, .presence, .key]
    let form = forms.first { use.contains($0) } ?? .value
    let name = SQL.identifier(ColumnUse.name(column.name.value, form))
    return form == .presence ? "coalesce(\(name), false)" : "(\(name) IS NOT NULL)"
  }

  /// Returns how many values became known on each day: rows of event sources, versions, event
  /// dates, and created entities, sorted by source name.
  public func arrivals() throws(WarehouseError) -> [Arrivals] {
    var found: [Arrivals] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      for (column, day) in Self.days(source) {
        var counts: [Int: Int] = [:]
        let rows = try engine.connection.query(
          "SELECT day, CAST(count(*) AS BIGINT) FROM (SELECT \(day) AS day FROM \(source.table)) "
            + "WHERE day IS NOT NULL GROUP BY day")
        while let batch = try rows.next() {
          for row in 0..<batch.rowCount {
            if let day = batch.columns[0].integer(row) {
              counts[day] = batch.columns[1].integer(row)
            }
          }
        }
        found.append(Arrivals(source: source.spec.name.value, column: column, counts: counts))
      }
    }
    return found
  }

  /// Returns SQL for the days on which a source's values became known, with the column that has
  /// them.
  private static func days(_ source: LoadedSource) -> [(column: String, sql: String)] {
    var days: [(column: String, sql: String)] = []
    switch source.spec.shape {
    case .entity(let created):
      if let created { days.append((created.value, LoadedSource.created)) }
    case .history(let from, _, _): days.append((from.value, LoadedSource.validFrom))
    case .events(let time, let knownAt):
      // A row without a `known_at` never becomes known.
      let known = LoadedSource.knownAt
      days.append(
        knownAt.map {
          (
            $0.value,
            "CASE WHEN \(known) IS NOT NULL THEN greatest(\(LoadedSource.time), \(known)) END"
          )
        } ?? (time.value, LoadedSource.time))
    }
    for (column, use) in source.columns
    where column.columnClass == .event && column.type == .date && use.contains(.value)
      && !days.contains(where: { $0.column == column.name.value })
    {
      days.append((column.name.value, SQL.identifier(column.name.value)))
    }
    return days
  }

  /// Returns the creation day of each entity, by entity index; nil for entities without one.
  public func creationDays() throws(WarehouseError) -> [Int?] {
    var days = [Int?](repeating: nil, count: entityCount)
    guard let source = loaded[spec.cohort.entity.value],
      case .entity(.some) = source.spec.shape
    else { return days }
    let rows = try engine.connection.query(
      "SELECT entity, \(LoadedSource.created) FROM \(source.table)")
    while let batch = try rows.next() {
      for row in 0..<batch.rowCount {
        guard let entity = batch.columns[0].integer(row) else { continue }
        days[entity] = batch.columns[1].integer(row)
      }
    }
    return days
  }

  /// Returns, for each date that the experiment reads and that is declared `static`, how many rows
  /// have a value later than the row's own beginning that lies in the days before the end of the
  /// data, and in as many days after it. Rows whose beginning is unknown are left out.
  /// - Parameters:
  ///   - end: the last day of the data.
  ///   - days: the number of days before, and after.
  public func staticDates(
    around end: CalendarDate, days: Int
  ) throws(WarehouseError) -> [StaticDate] {
    var found: [StaticDate] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard let start = Self.ownDay(source) else { continue }
      for (column, use) in source.columns
      where column.columnClass == .static && column.type == .date && use.contains(.value) {
        let value = SQL.identifier(column.name.value)
        func count(_ range: Range<Int>) throws(WarehouseError) -> Int {
          let first = ExpressionCompiler.literal(CalendarDate(days: range.lowerBound))
          let last = ExpressionCompiler.literal(CalendarDate(days: range.upperBound))
          return try engine.connection.count(
            "SELECT count(*) FROM \(source.table) "
              + "WHERE \(value) > \(start) AND \(value) > \(first) AND \(value) <= \(last)") ?? 0
        }
        found.append(
          StaticDate(
            column: ColumnReference(source: source.spec.name.value, column: column.name.value),
            before: try count((end.days - days)..<end.days),
            after: try count(end.days..<(end.days + days))))
      }
    }
    return found
  }

  /// Returns, for each date that the experiment reads and that is declared `static` in a source with
  /// one row per entity, when the rows of a block's entities begin and how long after that the date is.
  /// Rows without a date, or whose beginning is unknown or later than the cutoff, are left out.
  public func staticSpans(of block: PanelBlock) throws(WarehouseError) -> [StaticSpans] {
    var positions = [Int32](repeating: -1, count: entityCount)
    for (row, entity) in block.entities.enumerated() { positions[Int(entity)] = Int32(row) }
    let cutoff = ExpressionCompiler.literal(block.cutoff.date)
    var found: [StaticSpans] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard case .entity(.some) = source.spec.shape, source.spec.foreignKey == nil else { continue }
      for (column, use) in source.columns
      where column.columnClass == .static && column.type == .date && use.contains(.value) {
        let (value, start) = (SQL.identifier(column.name.value), LoadedSource.created)
        let result = try engine.connection.query(
          "SELECT entity, CAST(\(cutoff) - \(start) AS INTEGER), CAST(\(value) - \(start) AS INTEGER) "
            + "FROM \(source.table) WHERE \(value) IS NOT NULL AND \(start) <= \(cutoff)")
        var rows: [StaticSpans.Row] = []
        while let batch = try result.next() {
          for row in 0..<batch.rowCount {
            guard let entity = batch.columns[0].integer(row), positions[entity] >= 0,
              let age = batch.columns[1].integer(row), let span = batch.columns[2].integer(row)
            else { continue }
            rows.append(StaticSpans.Row(row: Int(positions[entity]), age: age, span: span))
          }
        }
        found.append(
          StaticSpans(
            column: ColumnReference(source: source.spec.name.value, column: column.name.value),
            // Streamed rows have no order.
            rows: rows.sorted { $0.row < $1.row }))
      }
    }
    return found
  }

  /// Returns, for each event source with the keys of the entities, how many of its rows belong to no
  /// entity among the newest and among older ones, sorted by source name.
  /// - Parameters:
  ///   - end: the last day of the data; rows after it are left out.
  ///   - newest: rows of fewer days before the end are the newest.
  ///   - older: rows of at least so many days before the end are the older ones.
  public func unmatchedEvents(
    to end: CalendarDate, newest: Int, older: Int
  ) throws(WarehouseError) -> [UnmatchedEvents] {
    var found: [UnmatchedEvents] = []
    let last = ExpressionCompiler.literal(end)
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard case .events = source.spec.shape, source.spec.foreignKey == nil else { continue }
      func terms(_ condition: String) -> String {
        "count(*) FILTER (WHERE \(condition)), "
          + "count(*) FILTER (WHERE \(condition) AND is_unknown), "
          + "count(DISTINCT key) FILTER (WHERE \(condition)), "
          + "count(DISTINCT key) FILTER (WHERE \(condition) AND is_unknown)"
      }
      let row = try engine.connection.query(
        "SELECT \(terms("age < \(newest)")), \(terms("age >= \(older)")) "
          + "FROM (SELECT key, CAST(\(last) - day AS INTEGER) AS age, "
          + "key NOT IN (SELECT key FROM \(SourceLoader.entities)) AS is_unknown "
          + "FROM (\(source.keys)) WHERE key IS NOT NULL AND day <= \(last))"
      ).next()
      func part(_ first: Int) -> UnmatchedEvents.Part {
        func number(_ column: Int) -> Int { row?.columns[first + column].integer(0) ?? 0 }
        return UnmatchedEvents.Part(
          rows: number(0), unmatched: number(1), keys: number(2), unmatchedKeys: number(3))
      }
      found.append(
        UnmatchedEvents(source: source.spec.name.value, newest: part(0), older: part(4)))
    }
    return found
  }

  /// Returns the keys of the entities that had the label's event after a day, in no order.
  /// - Parameter end: the last day of the data.
  public func keysOfPositives(
    after start: CalendarDate, to end: CalendarDate
  ) throws(WarehouseError) -> [String] {
    let label = LabelSQL.buyers(spec, Cutoff(date: start, role: .train, windowEnd: end))
    return try engine.connection.texts(
      "SELECT key FROM \(SourceLoader.entities) WHERE entity IN (\(label))")
  }

  /// Returns how many rows of each source belong to an entity and, for sources in `references`, how
  /// many references lead to a row, sorted by source name.
  public func keyCoverage() throws(WarehouseError) -> [KeyCoverage] {
    var found: [KeyCoverage] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value })
    where source.spec.name.value != spec.cohort.entity.value {
      guard let lookup = KeyLookup(of: source, among: loaded, engine.connection) else { continue }
      found.append(try KeyCoverage(of: source.spec, lookup))
    }
    return found
  }
}

/// Which rows of a block have a row in a source, and which values that row has.
public struct SourcePresence: Sendable {
  /// The values of one column.
  public struct Column: Sendable {
    /// The column.
    public let reference: ColumnReference
    /// For each row of the block, whether the value, as known at the cutoff, is not null.
    public let isPresent: [Bool]
  }

  /// The name of the source.
  public let source: String
  /// For each row of the block, whether the source has a row for its entity at the cutoff.
  public let hasRow: [Bool]
  /// The columns that the experiment reads, in the order of their declaration.
  public let columns: [Column]
}

/// How many values of a `static` date lie just before the end of the data, and just after it.
public struct StaticDate: Sendable {
  /// The column.
  public let column: ColumnReference
  /// The number of values in the days before the end of the data.
  public let before: Int
  /// The number of values in as many days after it.
  public let after: Int
}

/// How long after the beginning of their rows the values of a `static` date are.
public struct StaticSpans: Sendable {
  /// One row with a value.
  public struct Row: Sendable {
    /// The row of the block.
    public let row: Int
    /// The days from the row's beginning to the cutoff.
    public let age: Int
    /// The days from the row's beginning to the date.
    public let span: Int
  }

  /// The column.
  public let column: ColumnReference
  /// In the order of the block.
  public let rows: [Row]
}

/// How many rows of an event source belong to no entity, by their age.
public struct UnmatchedEvents: Sendable {
  /// Rows of some ages.
  public struct Part: Sendable {
    /// The number of rows with a key.
    public let rows: Int
    /// The number of rows whose key is that of no entity.
    public let unmatched: Int
    /// The number of distinct keys.
    public let keys: Int
    /// The number of distinct keys that are those of no entity.
    public let unmatchedKeys: Int

    /// The share of rows that belong to no entity.
    public var share: Double { rows > 0 ? Double(unmatched) / Double(rows) : 0 }
  }

  /// The name of the source.
  public let source: String
  /// The newest rows.
  public let newest: Part
  /// The older rows.
  public let older: Part
}

/// The number of values of a source that became known on each day.
public struct Arrivals: Sendable {
  /// The name of the source.
  public let source: String
  /// The column that gives the day; for rows with two days, the column of the later one.
  public let column: String
  /// The number of values by day, in days since 1970-01-01.
  public let counts: [Int: Int]

  /// Returns how many values became known in a range of days.
  public func count(_ days: ClosedRange<Int>) -> Int {
    days.reduce(0) { $0 + (counts[$1] ?? 0) }
  }

  /// Returns how many values became known after a day.
  public func count(after day: Int) -> Int {
    counts.reduce(0) { $0 + ($1.key > day ? $1.value : 0) }
  }
}
