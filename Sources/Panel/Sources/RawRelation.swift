internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// A source's rows as they arrive: something that can stand behind FROM, and its columns.
struct RawRelation {
  let sql: String
  /// The engine's type by column name, in the table's order.
  let types: [(name: String, type: String)]

  /// The type of a column; names compare without regard to case, as in the engine.
  func type(of column: String) -> String? {
    types.first { $0.name.lowercased() == column.lowercased() }?.type
  }
}

/// Finds the rows of sources: attaches databases, reads files, fetches from other engines.
struct RelationOpener {
  let engine: Engine
  let projectFolder: String
  let project: ProjectSpec
  private var attached: Set<String> = []

  init(engine: Engine, projectFolder: String, project: ProjectSpec) {
    self.engine = engine
    self.projectFolder = projectFolder
    self.project = project
  }

  /// - Throws: `FindingsError` when the rows cannot be had.
  mutating func open(_ source: SourceSpec) throws -> RawRelation {
    let (sql, span) = try relation(source)
    do throws(WarehouseError) {
      let rows = try engine.connection.query("DESCRIBE SELECT * FROM \(sql)").collect()
      let types = rows.flatMap { batch in
        (0..<batch.rowCount).map { row in
          (batch["column_name"]?.text(row) ?? "", batch["column_type"]?.text(row) ?? "")
        }
      }
      return RawRelation(sql: sql, types: types)
    } catch {
      throw FindingsError(.unreadableSource(source, error, at: span))
    }
  }

  private mutating func relation(_ source: SourceSpec) throws -> (String, SourceSpan) {
    switch source.location {
    case .file(let path, let format):
      return (try file(path, format, source), path.span)
    case .table(let table, let connection):
      let name = table.value.split(separator: ".").map { SQL.identifier(String($0)) }
        .joined(separator: ".")
      return (try fetch("SELECT * FROM \(name)", name, connection, source, table.span), table.span)
    case .query(let query, let connection):
      guard connection != nil else { return ("(\(query.text)\n)", query.span) }
      return (try fetch(query.text, nil, connection, source, query.span), query.span)
    }
  }

  private func file(
    _ path: Located<String>, _ format: SourceSpec.FileFormat, _ source: SourceSpec
  ) throws -> String {
    let full = absolute(path.value)
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
    guard full.contains(where: { "*?[".contains($0) }) || (exists && !isFolder.boolValue) else {
      throw FindingsError(
        exists
          ? .sourceIsFolder(path, format) : .missingSource(path, folder: projectFolder))
    }
    let literal = SQL.literal(full)
    return switch format {
    case .parquet: "read_parquet(\(literal))"
    // Types are the spec's business, so the engine guesses none.
    case .csv: "read_csv(\(literal), all_varchar = true)"
    case .json: "read_json_auto(\(literal))"
    }
  }

  /// A table or query of a connection.
  private mutating func fetch(
    _ query: String, _ table: String?, _ connection: Located<String>?, _ source: SourceSpec,
    _ span: SourceSpan
  ) throws -> String {
    let name = connection?.value ?? "default"
    guard let target = project.connections[name] else {
      throw FindingsError(
        .unknownConnection(
          name, known: Array(project.connections.keys), at: connection?.span ?? span))
    }
    let fetched = "fetched.\(SQL.identifier(source.name.value))"
    do throws(WarehouseError) {
      switch target.target {
      case .duckdb(let path):
        try attach(name, path)
        if let table { return "\(SQL.identifier(name)).\(table)" }
        try engine.connection.execute("CREATE SCHEMA IF NOT EXISTS fetched")
        try engine.connection.execute("SET search_path = \(SQL.literal("\(name),memory"))")
        try engine.connection.execute("CREATE OR REPLACE TABLE memory.\(fetched) AS (\(query)\n)")
        try engine.connection.execute("RESET search_path")
        return "memory.\(fetched)"
      case .driver(let driver, let uri):
        let remote = try Self.connect(driver.value, uri.value)
        let scratch = "fetched \(source.name.value)"
        try engine.connection.ingest(try remote.query(query), into: scratch)
        return SQL.identifier(scratch)
      }
    } catch {
      throw FindingsError(.unreadableSource(source, error, at: span))
    }
  }

  private mutating func attach(_ name: String, _ path: Located<String>) throws(WarehouseError) {
    guard attached.insert(name).inserted else { return }
    let full = absolute(path.value)
    try engine.connection.execute(
      "ATTACH \(SQL.literal(full)) AS \(SQL.identifier(name)) (READ_ONLY)")
  }

  /// Connects to another engine through its ADBC driver.
  private static func connect(_ driver: String, _ uri: String) throws(WarehouseError) -> Connection
  {
    let file = "libadbc_driver_\(driver).so"
    let path =
      driver.contains("/")
      ? driver : NativeLibrary.path(of: file, variable: "HOLDOUT_DRIVER", manifest: driver)
    guard let path else {
      throw WarehouseError(
        .libraryMissing,
        "there is no ADBC driver `\(driver)` (looked for \(file) and \(driver).toml)")
    }
    let loaded = try Driver(path: path, entryPoint: "AdbcDriverInit")
    return try Connection(try Database(driver: loaded, options: [("uri", uri)]))
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(projectFolder)/\(path)"
  }
}
