internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Opens the rows of sources: attaches databases, reads files, fetches from other engines.
struct RelationOpener {
  let engine: Engine
  let projectFolder: String
  let project: ProjectSpec
  /// How long to wait for a file that another process is writing.
  let lockTimeout: LockTimeout
  private var attached: Set<String> = []
  /// The opened files of each source, with the format of CSV files.
  var read: [String: [ReadFile]] = [:]
  /// Findings about a source's files that do not prevent reading them.
  var notes: [String: [Finding]] = [:]

  /// A file that was opened.
  struct ReadFile {
    let file: SourceFiles.File
    /// The format of a CSV file.
    let dialect: CSVDialect?
    /// Whether its text was decoded first.
    let isDecoded: Bool
  }

  init(
    engine: Engine, projectFolder: String, project: ProjectSpec, lockTimeout: LockTimeout
  ) {
    self.engine = engine
    self.projectFolder = projectFolder
    self.project = project
    self.lockTimeout = lockTimeout
  }

  private static let describe = "DESCRIBE SELECT * FROM "

  /// Opens a source.
  /// - Parameter others: the columns of the source that promises of other sources refer to.
  /// - Throws: `FindingsError` if the rows cannot be read.
  mutating func open(_ source: SourceSpec, alsoRead others: Set<String> = []) throws -> RawRelation
  {
    if case .file(let files) = source.location {
      do {
        return try open(files, of: source, alsoRead: others)
      } catch let error as WarehouseError {
        throw FindingsError(finding(source, error, offset: -1))
      }
    }
    let sql = try relation(source)
    do throws(WarehouseError) {
      return RawRelation(sql: sql, isRereadable: false, types: try types(of: sql))
    } catch {
      throw FindingsError(finding(source, error, offset: Self.describe.utf8.count + 1))
    }
  }

  /// Returns the columns of anything that can follow FROM.
  func types(of sql: String) throws(WarehouseError) -> [(name: String, type: String)] {
    try engine.connection.query(Self.describe + sql).collect().flatMap { batch in
      (0..<batch.rowCount).map { row in
        (batch["column_name"]?.text(row) ?? "", batch["column_type"]?.text(row) ?? "")
      }
    }
  }

  /// Returns why the rows of a source could not be read completely.
  func finding(_ source: SourceSpec, _ error: WarehouseError) -> Finding {
    if case .file = source.location { return finding(source, error, offset: -1) }
    return .unreadableSource(source, error, at: source.name.span)
  }

  /// Returns why a source cannot be read.
  /// - Parameter offset: where its own query, if it has one, starts in the statement that failed.
  private func finding(
    _ source: SourceSpec, _ error: WarehouseError, offset: Int
  ) -> Finding {
    switch source.location {
    case .file(let files):
      return FileFault(error.message, folder: projectFolder).finding(
        source, files, read[source.name.value] ?? [])
    case .table(let table, _): return .unreadableSource(source, error, at: table.span)
    case .query(let query, _):
      return .unreadableSource(
        source, error, at: SourceQuery(query).span(error, offset: offset))
    }
  }

  private mutating func relation(_ source: SourceSpec) throws -> String {
    switch source.location {
    case .file: preconditionFailure("files are opened by `open`")
    case .table(let table, let connection):
      return try fetch(table, try self.connection(connection, at: table.span), source)
    case .query(let query, let connection):
      let query = SourceQuery(query)
      guard let connection else {
        try check(query, source)
        return "(\(query.text)\n)"
      }
      return try fetch(query, try self.connection(connection, at: query.sql.span), source)
    }
  }

  /// Refuses a query for the embedded engine that cannot be parsed or may differ between runs.
  private func check(_ query: SourceQuery, _ source: SourceSpec) throws {
    let parser = EngineParser(engine: engine)
    if let error = try query.syntaxError(parser) {
      throw FindingsError(finding(source, error, offset: 0))
    }
    // Query the functions again each time, because an attached database may add macros.
    let functions = try SafeFunctions(engine)
    let (findings, tables) = try query.findings(
      parser, ChangingFunctions(engine), functions, access)
    try findings.throwIfErrors()
    try checkViews(tables, source, at: query.sql.content, functions)
  }

  /// Refuses to read views of attached databases that do what a source's own SQL may not.
  private func checkViews(
    _ tables: Set<String>, _ source: SourceSpec, at span: SourceSpan, _ functions: SafeFunctions
  ) throws {
    try DatabaseViews(engine).findings(
      tables, of: source, at: span, EngineParser(engine: engine), functions, access
    ).throwIfErrors()
  }

  var access: DataAccess {
    DataAccess(roots: project.readingRoots(folder: projectFolder), engine: engine)
  }

  // MARK: - Connections

  private func connection(
    _ name: Located<String>?, at place: SourceSpan
  ) throws -> ConnectionSpec {
    guard let connection = project.connections[name?.value ?? "default"] else {
      let known = Array(project.connections.keys)
      throw FindingsError(
        name.map { .unknownConnection($0, known: known) }
          ?? .noDefaultConnection(known: known, at: place))
    }
    return connection
  }

  /// Returns a table of a connection.
  private mutating func fetch(
    _ table: Located<String>, _ connection: ConnectionSpec, _ source: SourceSpec
  ) throws -> String {
    let name = table.value.split(separator: ".").map { SQL.identifier(String($0)) }
      .joined(separator: ".")
    return try reporting(source, connection, offset: 0) { opener, address in
      if case .driver(let driver, _) = connection.target {
        return try opener.ingest("SELECT * FROM \(name)", driver.value, address, source)
      }
      try opener.attach(connection, address, source)
      let last = table.value.split(separator: ".").last.map { $0.lowercased() }
      try opener.checkViews(
        Set([last].compactMap(\.self)), source, at: table.span, SafeFunctions(opener.engine))
      return "\(SQL.identifier(connection.name.value)).\(name)"
    }
  }

  /// Returns the rows of a query on a connection.
  private mutating func fetch(
    _ query: SourceQuery, _ connection: ConnectionSpec, _ source: SourceSpec
  ) throws -> String {
    if case .driver(let driver, _) = connection.target {
      if let finding = ForeignQuery(query.sql).finding { throw FindingsError(finding) }
      return try reporting(source, connection, offset: 0) { opener, address in
        try opener.ingest(query.text, driver.value, address, source)
      }
    }
    // The embedded engine queries DuckDB files.
    let table = "memory.fetched.\(SQL.identifier(source.name.value))"
    let before = "CREATE OR REPLACE TABLE \(table) AS ("
    return try reporting(source, connection, offset: before.utf8.count) { opener, address in
      try opener.attach(connection, address, source)
      try opener.check(query, source)
      try opener.engine.connection.execute("CREATE SCHEMA IF NOT EXISTS fetched")
      let path = "\(connection.name.value),memory"
      try opener.engine.connection.execute("SET search_path = \(SQL.literal(path))")
      defer { try? opener.engine.connection.execute("RESET search_path") }
      try opener.engine.connection.execute("\(before)\(query.text)\n)")
      return table
    }
  }

  /// Runs work with a connection's address, and removes the address's secrets from messages.
  private mutating func reporting(
    _ source: SourceSpec, _ connection: ConnectionSpec, offset: Int,
    _ work: (inout RelationOpener, String) throws -> String
  ) throws -> String {
    let address = try connection.address.resolved(project.environment)
    do {
      return try work(&self, address)
    } catch let error as WarehouseError {
      var shown = error
      shown.message = connection.address.concealed(error.message, project.environment)
      if error.code == .libraryMissing, case .driver(let driver, _) = connection.target {
        throw FindingsError(.missingDriver(driver, of: source, shown))
      }
      throw FindingsError(finding(source, shown, offset: offset))
    }
  }

  private mutating func attach(
    _ connection: ConnectionSpec, _ path: String, _ source: SourceSpec
  ) throws {
    let name = connection.name.value
    guard !attached.contains(name) else { return }
    let full = absolute(path)
    guard FileManager.default.fileExists(atPath: full) || path.contains("://") else {
      throw FindingsError(.missingDatabase(connection, of: source, folder: projectFolder))
    }
    try engine.attach(full, as: name, .readOnly, lockTimeout: lockTimeout)
    attached.insert(name)
  }

  /// Detaches the databases, so that other processes may write to their files.
  mutating func close() throws(WarehouseError) {
    for name in attached.sorted() { try engine.detach(name) }
    attached = []
  }

  /// Fetches the rows of a query on another engine.
  private func ingest(
    _ query: String, _ driver: String, _ address: String, _ source: SourceSpec
  ) throws(WarehouseError) -> String {
    let remote = try Connection(readingFrom: driver, uri: address, timeout: project.timeout)
    let scratch = Self.fetched(source.name.value)
    let foreign = try ForeignRows(query, driver: driver, on: remote)
    try engine.connection.ingest(try remote.query(foreign.sql), into: scratch)
    return try foreign.relation(of: SQL.identifier(scratch), in: engine)
  }

  /// Drops the rows of a source that opening it has stored in memory.
  func dropFetched(_ source: SourceSpec) throws(WarehouseError) {
    let name = source.name.value
    for table in [
      "fetched.\(SQL.identifier(name))", "main.\(SQL.identifier(Self.fetched(name)))",
    ] {
      try engine.connection.execute("DROP TABLE IF EXISTS memory.\(table)")
    }
  }

  /// The table with the rows that a driver has fetched.
  private static func fetched(_ name: String) -> String { "fetched \(name)" }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(projectFolder)/\(path)"
  }
}

/// Checks views of attached DuckDB files, which are SQL that came with the data. A source may read
/// a view only if it does nothing that a source's own SQL may not.
struct DatabaseViews {
  private let views: [String: [String]]

  /// Collects the definitions of all views by name, in lower case.
  init(_ engine: Engine) throws(WarehouseError) {
    let sql =
      "SELECT lower(view_name), sql FROM duckdb_views() WHERE NOT internal "
      + "AND database_name NOT IN ('memory', 'system', 'temp') AND sql IS NOT NULL"
    var views: [String: [String]] = [:]
    for batch in try engine.connection.query(sql).collect() {
      for row in 0..<batch.rowCount {
        guard let name = batch.columns[0].text(row), let text = batch.columns[1].text(row) else {
          continue
        }
        views[name, default: []].append(text)
      }
    }
    self.views = views
  }

  /// Returns why tables may not be read, if they are views or if views read them.
  /// - Parameter tables: the names that are read, in lower case. Views are found by name only, in
  ///   every database and schema.
  func findings(
    _ tables: Set<String>, of source: SourceSpec, at span: SourceSpan, _ parser: EngineParser,
    _ functions: SafeFunctions, _ access: DataAccess
  ) throws(WarehouseError) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    var left = tables.sorted()
    while let name = left.popLast() {
      guard seen.insert(name).inserted else { continue }
      for text in views[name] ?? [] {
        guard let query = Self.query(text), case .tree(let root) = try parser.parse(query) else {
          findings.append(.viewRefused(name, source, "its SQL cannot be read", at: span))
          continue
        }
        var walk = QueryWalk(functions: functions, access: access, tokens: SQLTokens(query)) { _ in
          span
        }
        walk.visit(statements: root)
        if let first = walk.findings.first {
          findings.append(.viewRefused(name, source, first.message, at: span))
        }
        left += walk.tables.sorted()
      }
    }
    return findings
  }

  /// Returns the query after `CREATE VIEW name (columns) AS`, without the semicolon at the end.
  private static func query(_ text: String) -> String? {
    let tokens = SQLTokens(text)
    var depth = 0
    for (index, token) in tokens.tokens.enumerated() {
      let word = tokens.word(index)
      if word == "(" { depth += 1 }
      if word == ")" { depth -= 1 }
      guard depth == 0, word == "as", token.kind == .word else { continue }
      var end = tokens.tokens.count
      while end > index + 1, tokens.word(end - 1) == ";" { end -= 1 }
      let last = tokens.tokens[end - 1].range.upperBound
      return String(decoding: tokens.bytes[token.range.upperBound..<last], as: UTF8.self)
    }
    return nil
  }
}

extension Finding {
  fileprivate static func viewRefused(
    _ name: String, _ source: SourceSpec, _ reason: String, at span: SourceSpan
  ) -> Finding {
    Finding(
      373, "source `\(source.name.value)` reads the view `\(name)`, whose SQL is not allowed",
      at: span, notes: [reason],
      hints: ["read a table, or change the view: it can do only what a source's own SQL can"])
  }
}

extension Explanation {
  static let relationOpenerFindings: [Explanation] = [
    Explanation(
      373, "a view whose SQL is not allowed",
      cause: """
        The source reads a view of an attached DuckDB file, and the view's SQL does what a \
        source's own SQL cannot: it reads a file outside the project or calls a function that is \
        not allowed.
        """,
      example: Example(
        files: [
          Example.File(
            name: "spec.yaml",
            text: """
              extends: base.yaml
              sources:
                calls: {parquet: null, table: «hosts», connection: shop}

              """)
        ], sql: "",
        command: """
          echo "ATTACH 'data/shop.duckdb' AS s; \
          CREATE VIEW s.hosts AS SELECT * FROM read_text('/etc/hosts');" > view.sql
          holdout sql view.sql && holdout check spec.yaml
          """),
      fix: "Read a table, or change the view: it can do only what a source's own SQL can.")
  ]
}
