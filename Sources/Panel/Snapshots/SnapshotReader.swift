public import Diagnostics
internal import OrderedCollections
public import Spec
public import Warehouse

// Snapshots
//
// - In: the sources of a spec, and files with their rows as they were on an earlier day.
// - Out: such files, whose bytes depend only on the rows; and how today's rows differ from one.
//
// A file has the rows as the program reads them, with every declared column: `entity key` (text),
// the days that place a row in time (`row created`; `valid from` and `valid to`; `event time` and
// `known at`), then the columns in the order of their declaration.

/// Reads the sources of a spec one by one with all of their declared columns, to keep their rows or
/// to compare them with rows that were kept.
public final class SnapshotReader {
  /// The experiment.
  public let spec: ExperimentSpec
  private let engine: Engine
  private var loader: SourceLoader
  /// What the experiment reads. Only these columns must have values of their types.
  private let uses: ColumnUses

  /// Everything found while reading.
  public var findings: [Finding] { loader.findings }

  /// Prepares to read the sources.
  /// - Parameters:
  ///   - engine: an engine in which nothing is loaded; from now on it is confined.
  ///   - copies: rows of sources that a panel has read before.
  /// - Throws: `FindingsError` with findings about expressions, and about files and queries that
  ///   may not be read; otherwise `WarehouseError`.
  public init(
    _ spec: ExperimentSpec, project: ProjectSpec, projectFolder: String, engine: Engine,
    copies: SourceCopies? = nil
  ) throws {
    let plan = try PanelPlan(spec, project: project, folder: projectFolder, engine: engine)
    copies?.admit(engine)
    try engine.confine(project.confinement(folder: projectFolder))
    loader = try SourceLoader(
      engine: engine,
      opener: RelationOpener(
        engine: engine, projectFolder: projectFolder, project: project, lockTimeout: .none),
      sources: spec.sources, copies: copies)
    uses = plan.uses
    self.spec = spec
    self.engine = engine
    try engine.connection.execute("CREATE TABLE \(SourceChanges.positives) (key VARCHAR)")
  }

  /// Lets other processes write to the databases again; no source can be read afterward.
  /// - Throws: `WarehouseError`.
  public func close() throws(WarehouseError) { try loader.opener.close() }

  /// Writes the rows of a source to a Parquet file, sorted by key, days and columns.
  ///
  /// The bytes depend neither on the order of the source's rows nor on the number of threads.
  /// - Returns: the number of rows; nil if the source cannot be read, which `findings` explains.
  /// - Throws: `WarehouseError` if the file cannot be written.
  public func write(_ source: SourceSpec, to path: String) throws(WarehouseError) -> Int? {
    guard loader.storeRows(of: source, uses) else { return nil }
    let names = source.snapshotNames
    let order = names.map { "\($0) NULLS LAST" }.joined(separator: ", ")
    try engine.keepingOrder(onOneThread: true) { () throws(WarehouseError) in
      try engine.copy(
        "SELECT \(names.joined(separator: ", ")) FROM \(SourceLoader.snapshotRows) "
          + "ORDER BY \(order)", to: path, isMarked: true)
    }
    return try engine.connection.count("SELECT count(*) FROM \(SourceLoader.snapshotRows)") ?? 0
  }

  /// Tells which entities have had the label's event since the snapshot.
  /// - Throws: `WarehouseError`.
  public func setPositives(_ keys: [String]) throws(WarehouseError) {
    guard !keys.isEmpty else { return }
    try engine.connection.ingest(
      ExportBatch(rowCount: keys.count, columns: [("key", .text(keys))]),
      into: SourceChanges.positivesName, appending: true)
  }

  /// Compares the rows of a source with those that were kept.
  /// - Returns: nil if the source cannot be read, which `findings` explains.
  /// - Throws: `WarehouseError`.
  public func changes(
    of source: SourceSpec, since kept: KeptRows
  ) throws(WarehouseError) -> SourceChanges? {
    guard loader.storeRows(of: source, uses) else { return nil }
    return try SnapshotComparison(
      source: source, kept: kept, label: spec.label, arithmetic: spec.cutoffs.monthArithmetic,
      connection: engine.connection
    ).changes()
  }
}

/// The rows of a source that a snapshot kept.
public struct KeptRows: Sendable {
  /// The Parquet file that `SnapshotReader.write` wrote.
  public let path: String
  /// The types of its columns by declared name.
  public let types: [String: ColumnSpec.ColumnType]
  /// The last day that the source had observed completely.
  public let day: CalendarDate

  /// Describes rows that were kept.
  public init(path: String, types: [String: ColumnSpec.ColumnType], day: CalendarDate) {
    self.path = path
    self.types = types
    self.day = day
  }
}

extension SourceSpec {
  /// The days that place a row in time: the key of the spec that names the column, and the column.
  public var placingDays: [(key: String, column: String)] {
    snapshotDays.map { ($0.key, $0.column) }
  }

  /// The days that place a row in time, with the names under which the engine stores them.
  var snapshotDays: [(key: String, column: String, stored: String)] {
    switch shape {
    case .entity(let created):
      created.map { [("created", $0.value, LoadedSource.created)] } ?? []
    case .history(let from, let to, _):
      [
        ("valid_from", from.value, LoadedSource.validFrom),
        ("valid_to", to.value, LoadedSource.validTo),
      ]
    case .events(let time, let knownAt):
      [("time", time.value, LoadedSource.time)]
        + (knownAt.map { [("known_at", $0.value, LoadedSource.knownAt)] } ?? [])
    }
  }

  /// The quoted names of a snapshot's columns, in their order.
  fileprivate var snapshotNames: [String] {
    [SourceLoader.snapshotKey] + snapshotDays.map(\.stored) + columns.keys.map(SQL.identifier)
  }
}

extension SourceLoader {
  /// The table with the rows of the source that was read last.
  static let snapshotRows = "source.\"snapshot rows\""
  /// The column with a row's key as text.
  static let snapshotKey = "\"entity key\""

  /// Stores the rows of a source with all of its declared columns in `snapshotRows`: every row with
  /// a key and, except for entities, a day. Rows of unknown entities are among them.
  ///
  /// Values of columns that the experiment does not read are null if they are not of their types.
  /// - Returns: whether the source can be read; if not, there are findings.
  fileprivate mutating func storeRows(of spec: SourceSpec, _ uses: ColumnUses) -> Bool {
    let before = findings.count
    do {
      let isStored = try store(spec, uses)
      return isStored && !findings[before...].contains { $0.severity == .error }
    } catch {
      report(error, reading: spec)
    }
    return false
  }

  private mutating func store(_ spec: SourceSpec, _ uses: ColumnUses) throws -> Bool {
    var declared = ColumnUses()
    func reference(_ column: ColumnSpec) -> ColumnReference {
      ColumnReference(source: spec.name.value, column: column.name.value)
    }
    for column in spec.columns.values { declared.add(reference(column), .value) }
    let relation = try relation(of: spec, declared)
    guard var draft = draft(spec, relation, declared) else { return false }
    if relation.isRereadable { try findFiniteDays(&draft) }
    let places = Set(draft.times.map(\.column.name.value))
    for index in draft.columns.indices {
      let column = draft.columns[index].column
      if uses.uses[reference(column)] == nil, !places.contains(column.name.value) {
        draft.columns[index].parser = draft.columns[index].parser.lenient
      }
    }
    _ = try checkKeys(draft, isEntity: false)
    guard let rows = try singleRows(draft, keyed(draft), isEntity: false) else { return false }
    let names = (spec.snapshotNames + [Self.unparsed]).joined(separator: ", ")
    let table = Self.snapshotRows
    try engine.connection.execute(
      "CREATE OR REPLACE TABLE \(table) AS SELECT \(names) FROM \(checked(draft, rows, [:])) "
        + "WHERE \(Self.snapshotKey) IS NOT NULL")
    let unparsed = try engine.connection.count(
      "SELECT count(*) FROM \(table) WHERE \(Self.unparsed)")
    guard unparsed == 0 else {
      try reportUnparsed(draft)
      return false
    }
    // No cutoff sees an event or a version without a day.
    let isEntity = if case .entity = spec.shape { true } else { false }
    if !isEntity {
      try engine.connection.execute("DELETE FROM \(table) WHERE \(draft.times[0].name) IS NULL")
    }
    return true
  }
}
