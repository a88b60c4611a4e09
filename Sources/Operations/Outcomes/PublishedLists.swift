internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Runs
internal import Spec
internal import Warehouse

/// Reads a model's published lists from where they were written.
struct PublishedLists {
  enum Place {
    /// A table's name in parts, and its connection.
    case table([String], ConnectionSpec)
    /// Parquet files; `{cutoff}` is replaced by a date.
    case files(String)
  }

  let model: String
  let settings: ScoreSpec
  let place: Place
  /// Whether the spec holds rows back.
  private let hasHoldBack: Bool
  private let project: Project

  /// The embedded engine's table that the rows are copied to.
  static let copy = SQL.identifier("published lists")
  private static let database = SQL.identifier("published database")

  /// - Throws: `FindingsError` if the spec publishes nothing.
  init(_ spec: ExperimentSpec, model: String, project: Project) throws(FindingsError) {
    self.model = model
    self.project = project
    guard let settings = spec.score else {
      throw FindingsError(.publishesNothing(model))
    }
    self.settings = settings
    hasHoldBack = spec.capacity?.holdBack != nil
    let filled = settings.filled(model)
    if let table = filled.table?.value {
      let name = settings.connection?.value ?? Self.connection(of: spec) ?? "default"
      guard let connection = project.spec.connections[name] else {
        throw FindingsError(
          .unreadableLists("table `\(table)`", "holdout.yaml has no connection `\(name)`"))
      }
      place = .table(table.split(separator: ".").map(String.init), connection)
    } else if let files = filled.parquet?.value {
      place = .files(files)
    } else {
      throw FindingsError(.publishesNothing(model))
    }
  }

  /// The connection that the cohort's entities are read from.
  private static func connection(of spec: ExperimentSpec) -> String? {
    switch spec.sources[spec.cohort.entity.value]?.location {
    case .table(_, let connection), .query(_, let connection): connection?.value
    case .file, nil: nil
    }
  }

  /// The place, for people.
  var words: String {
    switch place {
    case .table(let parts, let connection):
      "table `\(parts.joined(separator: "."))` of connection `\(connection.name.value)`"
    case .files(let pattern): "`\(pattern)`"
    }
  }

  // MARK: - Reading

  /// Copies the model's rows into the engine: `key`, `cutoff`, `score`, `rank`, `run_id`,
  /// `selected`, `hold_back` and `g0`, `g1` ..., null if they cannot be read.
  /// - Parameter groups: the columns to group by.
  /// - Returns: which of the optional columns exist; nil if nothing was published.
  /// - Throws: `FindingsError`.
  func load(groups: [String], into engine: Engine) throws(FindingsError) -> PublishedColumns? {
    if case .files(let pattern) = place { try checkFiles(pattern, engine) }
    do throws(WarehouseError) {
      switch place {
      case .files(let pattern): return try copy(files: pattern, groups, engine)
      case .table(let parts, let connection):
        let table = parts.map(SQL.identifier).joined(separator: ".")
        switch connection.target {
        case .duckdb: return try copy(table, ofFile: connection, groups, engine)
        case .driver(let driver, _):
          return try copy(table, driver: driver.value, connection, groups, engine)
        }
      }
    } catch {
      throw FindingsError(.unreadableLists(words, concealed(error.message)))
    }
  }

  /// The SQL literal of the pattern that matches the files of all cutoffs.
  private func glob(_ pattern: String) -> String {
    let path = pattern.hasPrefix("/") ? pattern : "\(project.folder)/\(pattern)"
    // Escapes the pattern characters in the path itself.
    let literal = path.map { "*?[".contains($0) ? "[\($0)]" : "\($0)" }.joined()
    let digits = [4, 2, 2].map { String(repeating: "[0-9]", count: $0) }.joined(separator: "-")
    return SQL.literal(literal.replacing("{cutoff}", with: digits))
  }

  /// Refuses files whose rows have changed since they were written.
  private func checkFiles(_ pattern: String, _ engine: Engine) throws(FindingsError) {
    var findings: [Finding] = []
    do throws(WarehouseError) {
      let files = try engine.connection.texts(
        "SELECT file FROM glob(\(glob(pattern))) ORDER BY 1")
      for file in files where try RowsHash.isIntact(file, engine.connection) == false {
        findings.append(.changedList(file))
      }
    } catch {
      throw FindingsError(.unreadableLists(words, concealed(error.message)))
    }
    try findings.throwIfErrors()
  }

  private func copy(
    files pattern: String, _ groups: [String], _ engine: Engine
  ) throws(WarehouseError) -> PublishedColumns? {
    let glob = glob(pattern)
    guard try engine.connection.count("SELECT count(*) FROM glob(\(glob))") ?? 0 > 0 else {
      return nil
    }
    return try copy("read_parquet(\(glob), union_by_name = true)", groups, engine)
  }

  private func copy(
    _ table: String, ofFile connection: ConnectionSpec, _ groups: [String], _ engine: Engine
  ) throws(WarehouseError) -> PublishedColumns? {
    let path = try address(connection)
    let full = path.hasPrefix("/") ? path : "\(project.folder)/\(path)"
    guard FileManager.default.fileExists(atPath: full) || path.contains("://") else {
      throw WarehouseError(.connection, "there is no database `\(path)`")
    }
    try engine.connection.execute(
      "ATTACH \(SQL.literal(full)) AS \(Self.database) (READ_ONLY)")
    // The panel attaches the same file, which can only be attached once.
    defer { try? engine.connection.execute("DETACH \(Self.database)") }
    do throws(WarehouseError) {
      return try copy("\(Self.database).\(table)", groups, engine)
    } catch {
      if error.kind == "Catalog" { return nil }
      throw error
    }
  }

  private func copy(
    _ table: String, driver: String, _ connection: ConnectionSpec, _ groups: [String],
    _ engine: Engine
  ) throws(WarehouseError) -> PublishedColumns? {
    let remote = try Connection(driver: driver, uri: try address(connection))
    let fetched = "fetched lists"
    try engine.connection.ingest(try remote.query("SELECT * FROM \(table)"), into: fetched)
    defer { try? engine.connection.execute("DROP TABLE \(SQL.identifier(fetched))") }
    return try copy(SQL.identifier(fetched), groups, engine)
  }

  private func copy(
    _ relation: String, _ groups: [String], _ engine: Engine
  ) throws(WarehouseError) -> PublishedColumns? {
    let described = try engine.connection.query("DESCRIBE SELECT * FROM \(relation)").collect()
    let names = described.flatMap { batch in
      (0..<batch.rowCount).compactMap { batch["column_name"]?.text($0) }
    }
    var columns = PublishedColumns(names, key: settings.key.value, groups: groups)
    guard columns.missing.isEmpty else { return columns }
    func read(_ name: String, _ type: String, as alias: String, isThere: Bool = true) -> String {
      let value = isThere ? SQL.identifier(name) : "NULL"
      return "TRY_CAST(\(value) AS \(type)) AS \(alias)"
    }
    let list =
      [
        read(settings.key.value, "VARCHAR", as: "key"),
        read("cutoff_date", "DATE", as: "cutoff"), read("score", "DOUBLE", as: "score"),
        read("rank_global", "INTEGER", as: "rank"),
        read("run_id", "VARCHAR", as: "run_id", isThere: columns.hasRuns),
        read("selected", "BOOLEAN", as: "selected", isThere: columns.hasSelection),
        read(
          ScoreSpec.holdBackColumn, "VARCHAR", as: "hold_back", isThere: columns.hasHoldBack),
      ]
      + columns.groups.enumerated().map { read($0.element, "VARCHAR", as: "g\($0.offset)") }
    let own = columns.hasModel ? " WHERE model = \(SQL.literal(model))" : ""
    try engine.connection.execute(
      "CREATE OR REPLACE TABLE \(Self.copy) AS "
        + "SELECT \(list.joined(separator: ", ")) FROM \(relation)\(own)")
    // Without a hold-back in the spec, a column of this name may have any meaning.
    if columns.hasHoldBack, !hasHoldBack {
      let marks = HoldBackMark.allCases.map { SQL.literal($0.rawValue) }.joined(separator: ", ")
      let others = try engine.connection.count(
        "SELECT count(*) FROM \(Self.copy) WHERE hold_back NOT IN (\(marks))")
      columns.hasHoldBack = others == 0
    }
    return columns
  }

  private func address(_ connection: ConnectionSpec) throws(WarehouseError) -> String {
    do throws(FindingsError) {
      return try connection.address.resolved(project.spec.environment)
    } catch {
      throw WarehouseError(.connection, error.findings.map(\.message).joined(separator: "; "))
    }
  }

  private func concealed(_ message: String) -> String {
    guard case .table(_, let connection) = place else { return message }
    return connection.address.concealed(message, project.spec.environment)
  }
}

/// The columns that the published rows have.
struct PublishedColumns {
  /// Required columns that are missing.
  let missing: [String]
  /// The columns to group by that exist, and those that are missing.
  let groups: [String]
  let missingGroups: [String]
  let hasRuns: Bool
  let hasSelection: Bool
  var hasHoldBack: Bool
  let hasModel: Bool

  /// - Parameters:
  ///   - names: the names of all columns.
  ///   - key: the name of the key column.
  ///   - groups: the columns to group by.
  init(_ names: [String], key: String, groups: [String]) {
    // Databases may change the case of names.
    let known = Set(names.map { $0.lowercased() })
    func has(_ name: String) -> Bool { known.contains(name.lowercased()) }
    missing = [key, "cutoff_date", "score", "rank_global"].filter { !has($0) }
    self.groups = groups.filter(has)
    missingGroups = groups.filter { !has($0) }
    hasRuns = has("run_id")
    hasSelection = has("selected")
    hasHoldBack = has(ScoreSpec.holdBackColumn)
    hasModel = has("model")
  }
}
