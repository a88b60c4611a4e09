internal import Diagnostics
internal import OrderedCollections
public import Spec
public import Warehouse

/// What an audit asks of the loaded sources.
extension PanelBuilder {
  /// For the rows of a block, what each source with at most one row per entity has of them.
  public func presence(of block: PanelBlock) throws(WarehouseError) -> [SourcePresence] {
    var places = [Int32](repeating: -1, count: entityCount)
    for (row, entity) in block.entities.enumerated() { places[Int(entity)] = Int32(row) }
    var found: [SourcePresence] = []
    for name in spec.rowSources {
      guard let source = loaded[name], let view = query.view(name, at: block.cutoff.date)
      else { continue }
      let terms = source.columns.map { Self.presence($0.column, $0.use) }
      let sql =
        "WITH \(view)\nSELECT \((["entity"] + terms).joined(separator: ", ")) "
        + "FROM \(SQL.identifier(name))"
      var hasRow = [Bool](repeating: false, count: block.rowCount)
      var present = [[Bool]](repeating: hasRow, count: terms.count)
      let rows = try engine.connection.query(sql)
      while let batch = try rows.next() {
        guard case .int32(let entities) = batch.columns[0].values else { continue }
        for (row, entity) in entities.enumerated() {
          let place = Int(places[Int(entity)])
          guard place >= 0 else { continue }
          hasRow[place] = true
          for index in terms.indices {
            present[index][place] = batch.columns[index + 1].integer(row) == 1
          }
        }
      }
      let columns = zip(source.columns, present).map { column, flags in
        SourcePresence.Column(
          reference: ColumnReference(source: name, column: column.column.name.value),
          isPresent: flags)
      }
      found.append(SourcePresence(source: name, hasRow: hasRow, columns: columns))
    }
    return found
  }

  /// Whether a column has a value, out of whichever form of it is kept.
  private static func presence(_ column: ColumnSpec, _ use: ColumnUse) -> String {
    let forms: [ColumnUse] = [.value, .code, .presence]
    let form = forms.first { use.contains($0) } ?? .value
    let name = SQL.identifier(ColumnUse.name(column.name.value, form))
    return form == .presence ? "coalesce(\(name), false)" : "(\(name) IS NOT NULL)"
  }

  /// How many values became known on which day: rows of event sources, versions, event dates and
  /// the creation of entities, in the order of the sources.
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

  /// SQL of the days on which a source's values became known, by the column that says so.
  private static func days(_ source: LoadedSource) -> [(column: String, sql: String)] {
    var days: [(column: String, sql: String)] = []
    switch source.spec.shape {
    case .entity(let created):
      if let created { days.append((created.value, LoadedSource.created)) }
    case .history(let from, _, _): days.append((from.value, LoadedSource.validFrom))
    case .events(let time, let knownAt):
      // Without a `known_at` a row is never known.
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

  /// How many rows of each source that is read belong to an entity, in the order of their names.
  public func keyCoverage() throws(WarehouseError) -> [KeyCoverage] {
    var found: [KeyCoverage] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value })
    where source.spec.name.value != spec.cohort.entity.value {
      found.append(
        try KeyCoverage(of: source.spec.name.value, keys: source.keys, engine.connection))
    }
    return found
  }
}

/// Which rows of a block have a row of a source, and which values of that row are there.
public struct SourcePresence: Sendable {
  public struct Column: Sendable {
    public let reference: ColumnReference
    /// One per row of the block: whether the value, as known at the cutoff, is not null.
    public let isPresent: [Bool]
  }

  public let source: String
  /// One per row of the block: whether the source has a row of its entity at the cutoff.
  public let hasRow: [Bool]
  /// The columns that the experiment reads, in the order of their declaration.
  public let columns: [Column]
}

/// How many values of a source became known on which day.
public struct Arrivals: Sendable {
  public let source: String
  /// The column that says when a value became known; for rows with two days the later one's.
  public let column: String
  /// The number of values by day, in days since 1970-01-01.
  public let counts: [Int: Int]

  /// How many values became known in a range of days.
  public func count(_ days: ClosedRange<Int>) -> Int {
    days.reduce(0) { $0 + (counts[$1] ?? 0) }
  }

  /// How many values became known after a day.
  public func count(after day: Int) -> Int {
    counts.reduce(0) { $0 + ($1.key > day ? $1.value : 0) }
  }
}
