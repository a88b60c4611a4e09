internal import CADBC

/// A connection to a database. Only one thread may use it at a time.
public final class Connection {
  private let database: Database
  var handle: AdbcConnection

  var functions: UnsafeMutablePointer<AdbcDriver> { database.driver.functions }

  /// Opens a connection.
  /// - Throws: `WarehouseError` with the driver's message.
  public init(_ database: Database) throws(WarehouseError) {
    let functions = database.driver.functions
    var error = AdbcError()
    var connection = AdbcConnection()
    try check(functions.pointee.ConnectionNew(&connection, &error), "AdbcConnectionNew", &error)
    connection.private_driver = functions
    let status = functions.pointee.ConnectionInit(&connection, &database.handle, &error)
    do throws(WarehouseError) {
      try check(status, "AdbcConnectionInit", &error, code: .connection)
    } catch {
      var ignored = AdbcError()
      _ = functions.pointee.ConnectionRelease(&connection, &ignored)
      ignored.release?(&ignored)
      throw error
    }
    self.database = database
    handle = connection
  }

  deinit {
    var error = AdbcError()
    _ = functions.pointee.ConnectionRelease(&handle, &error)
    error.release?(&error)
  }

  /// Runs a statement and discards its rows.
  /// - Throws: `WarehouseError` with the engine's message and, if known, the position in `sql`.
  public func execute(_ sql: String) throws(WarehouseError) {
    // A lazily evaluated statement runs to its end only if its stream is drained.
    let rows = try query(sql)
    while try rows.next() != nil {}
  }

  /// Runs a statement and returns its rows, batch by batch.
  /// - Throws: `WarehouseError` with the engine's message and, if known, the position in `sql`.
  public func query(_ sql: String) throws(WarehouseError) -> RecordBatchStream {
    let statement = try Statement(self)
    try statement.call("AdbcStatementSetSqlQuery", sql: sql) { handle, functions, error in
      functions.pointee.StatementSetSqlQuery(&handle, sql, &error)
    }
    var stream = ArrowArrayStream()
    try statement.call("AdbcStatementExecuteQuery", sql: sql) { handle, functions, error in
      functions.pointee.StatementExecuteQuery(&handle, &stream, nil, &error)
    }
    return try RecordBatchStream(owning: stream, of: statement, sql: sql)
  }

  /// Parses and binds a statement without running it.
  /// - Throws: `WarehouseError` with the engine's message and, if known, the position in `sql`.
  public func prepare(_ sql: String) throws(WarehouseError) {
    let statement = try Statement(self)
    try statement.call("AdbcStatementSetSqlQuery", sql: sql) { handle, functions, error in
      functions.pointee.StatementSetSqlQuery(&handle, sql, &error)
    }
    try statement.call("AdbcStatementPrepare", sql: sql) { handle, functions, error in
      functions.pointee.StatementPrepare(&handle, &error)
    }
  }

  /// Creates a table, or extends one, with the rows of a batch.
  /// - Throws: `WarehouseError` with the engine's message.
  public func ingest(_ batch: ExportBatch, into table: String, appending: Bool)
    throws(WarehouseError)
  {
    let statement = try ingestion(into: table, appending: appending)
    var (array, schema) = batch.exported()
    try statement.call("AdbcStatementBind", sql: nil) { handle, functions, error in
      functions.pointee.StatementBind(&handle, &array, &schema, &error)
    }
    try statement.executeUpdate()
  }

  /// Creates a table, or extends one, with the rows of a query on another connection, without
  /// decoding them.
  ///
  /// Columns are matched by name. Table columns that the rows lack become null.
  /// - Parameters:
  ///   - catalog: the database that has the table, for drivers with several (SQLite's `main`).
  ///   - schema: the schema that has the table (PostgreSQL's `public`); nil is the connection's
  ///     own.
  /// - Throws: `WarehouseError` with the message of either engine.
  public func ingest(
    _ rows: RecordBatchStream, into table: String, catalog: String? = nil, schema: String? = nil,
    appending: Bool = false
  ) throws(WarehouseError) {
    let statement = try ingestion(
      into: table, catalog: catalog, schema: schema, appending: appending)
    let report = StreamReport()
    var stream = rows.relinquish(reporting: report)
    try statement.call("AdbcStatementBindStream", sql: nil) { handle, functions, error in
      functions.pointee.StatementBindStream(&handle, &stream, &error)
    }
    try statement.executeUpdate()
    if let failure = report.failure {
      throw EngineMessage(failure).error(.query, statement: nil)
    }
    withExtendedLifetime(rows) {}
  }

  private func ingestion(
    into table: String, catalog: String? = nil, schema: String? = nil, appending: Bool
  ) throws(WarehouseError) -> Statement {
    let statement = try Statement(self)
    let options = [
      ("adbc.ingest.target_table", table), ("adbc.ingest.target_catalog", catalog),
      ("adbc.ingest.target_db_schema", schema),
      ("adbc.ingest.mode", "adbc.ingest.mode." + (appending ? "append" : "create")),
    ]
    for case (let key, let value?) in options {
      try statement.call("AdbcStatementSetOption", sql: nil) { handle, functions, error in
        functions.pointee.StatementSetOption(&handle, key, value, &error)
      }
    }
    return statement
  }

  /// Requests a read-only connection from the driver; a driver that does not support it is
  /// unaffected.
  func askForReadOnly() {
    var error = AdbcError()
    _ = functions.pointee.ConnectionSetOption(
      &handle, "adbc.connection.readonly", "true", &error)
    error.release?(&error)
  }

  // MARK: - Transactions

  /// Begins a transaction that contains all statements until `commit` or `rollback`.
  ///
  /// For databases behind a driver; the embedded engine takes `BEGIN` and `COMMIT` as statements. A
  /// connection that is closed before the commit changes nothing.
  /// - Throws: `WarehouseError` with the driver's message.
  public func begin() throws(WarehouseError) {
    var error = AdbcError()
    let status = functions.pointee.ConnectionSetOption(
      &handle, "adbc.connection.autocommit", "false", &error)
    try check(status, "AdbcConnectionSetOption", &error)
  }

  /// Commits the transaction.
  /// - Throws: `WarehouseError` with the driver's message.
  public func commit() throws(WarehouseError) {
    var error = AdbcError()
    try check(functions.pointee.ConnectionCommit(&handle, &error), "AdbcConnectionCommit", &error)
  }

  /// Rolls the transaction back.
  /// - Throws: `WarehouseError` with the driver's message.
  public func rollback() throws(WarehouseError) {
    var error = AdbcError()
    try check(
      functions.pointee.ConnectionRollback(&handle, &error), "AdbcConnectionRollback", &error)
  }
}

extension Connection {
  /// Connects to a database through its ADBC driver.
  ///
  /// The driver is searched for by name as described at `NativeLibrary`. The environment variable
  /// HOLDOUT_DRIVER_NAME, with the driver's name in capitals, or HOLDOUT_DRIVER overrides the file.
  /// - Parameters:
  ///   - driver: the driver's name, such as `postgresql` or `sqlite`.
  ///   - uri: the database that the driver connects to.
  /// - Throws: `WarehouseError`, with code `libraryMissing` if there is no such driver.
  public convenience init(driver: String, uri: String) throws(WarehouseError) {
    guard Self.isDriverName(driver) else {
      throw WarehouseError(.libraryMissing, "`\(driver)` is not the name of a driver")
    }
    let library = NativeLibrary(
      "libadbc_driver_\(driver).so",
      variables: [Self.driverVariable(driver), "HOLDOUT_DRIVER"], manifest: driver)
    guard let path = library.path else {
      throw WarehouseError(.libraryMissing, library.looked.joined(separator: "\n"))
    }
    let loaded = try Driver(path: path, entryPoint: "AdbcDriverInit")
    try self.init(Database(driver: loaded, options: [("uri", uri)]))
  }

  /// Returns the name of the environment variable that overrides a driver's file.
  private static func driverVariable(_ driver: String) -> String {
    "HOLDOUT_DRIVER_" + driver.uppercased().replacing("-", with: "_").replacing(".", with: "_")
  }

  /// Returns whether a text is a driver name, which cannot lead to another folder.
  private static func isDriverName(_ text: String) -> Bool {
    !text.isEmpty && text.first != "."
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}

extension Connection {
  /// Connects to a database for reading only: no statement changes it, if the database can
  /// guarantee that.
  ///
  /// SQLite opens the file read-only and does not create it. PostgreSQL's session is read-only.
  /// Other drivers are asked for a read-only connection, which not all of them support.
  /// - Parameters:
  ///   - driver: as for `init(driver:uri:)`.
  ///   - timeout: the seconds after which the database itself cancels a statement, if it can.
  /// - Throws: `WarehouseError`, with code `libraryMissing` if there is no such driver.
  public convenience init(
    readingFrom driver: String, uri: String, timeout: Double? = nil
  ) throws(WarehouseError) {
    let name = driver.lowercased()
    let isSQLite = name.contains("sqlite")
    try self.init(driver: driver, uri: isSQLite ? Self.readOnlySQLite(uri) : uri)
    if isSQLite {
      try execute("PRAGMA query_only = 1")
    } else if name.contains("postgresql") || uri.hasPrefix("postgres") {
      try execute("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY")
      if let timeout { try execute("SET statement_timeout = \(Int(max(1, timeout * 1000)))") }
    } else {
      askForReadOnly()
    }
  }

  /// Returns a path or a `file:` URI as a URI that SQLite opens read-only and does not create.
  static func readOnlySQLite(_ uri: String) -> String {
    guard uri != ":memory:", !uri.isEmpty else { return uri }
    guard uri.hasPrefix("file:") else {
      let escaped = uri.reduce(into: "") { text, character in
        switch character {
        case "%": text += "%25"
        case "?": text += "%3f"
        case "#": text += "%23"
        default: text.append(character)
        }
      }
      return "file:\(escaped)?mode=ro"
    }
    // In SQLite the last `mode` does not override an earlier one, so remove all others.
    let parts = uri.split(separator: "?", maxSplits: 1).map(String.init)
    let options = (parts.count > 1 ? parts[1] : "").split(separator: "&")
      .filter { !$0.hasPrefix("mode=") || $0 == "mode=memory" }.map(String.init)
    let mode = options.contains("mode=memory") ? [] : ["mode=ro"]
    return "\(parts[0])?\((options + mode).joined(separator: "&"))"
  }
}

/// A statement handle, freed with its last reference; it keeps its connection open.
///
/// Rows being read depend on the statement, the statement on the connection, the connection on the
/// database, and the database on the driver. Each retains the one it depends on, so the handles are
/// freed in that order whichever reference is released last.
final class Statement {
  private let connection: Connection
  private var handle: AdbcStatement

  private var functions: UnsafeMutablePointer<AdbcDriver> { connection.functions }

  init(_ connection: Connection) throws(WarehouseError) {
    let functions = connection.functions
    var error = AdbcError()
    var statement = AdbcStatement()
    try check(
      functions.pointee.StatementNew(&connection.handle, &statement, &error), "AdbcStatementNew",
      &error)
    statement.private_driver = functions
    self.connection = connection
    handle = statement
  }

  deinit {
    var error = AdbcError()
    _ = functions.pointee.StatementRelease(&handle, &error)
    error.release?(&error)
  }

  /// Calls one driver function on this statement and checks its status.
  func call(
    _ name: String, sql: String?,
    _ body: (inout AdbcStatement, UnsafeMutablePointer<AdbcDriver>, inout AdbcError) ->
      AdbcStatusCode
  ) throws(WarehouseError) {
    var error = AdbcError()
    let status = body(&handle, functions, &error)
    try check(status, name, &error, statement: sql)
  }

  func executeUpdate() throws(WarehouseError) {
    try call("AdbcStatementExecuteQuery", sql: nil) { handle, functions, error in
      var affected: Int64 = 0
      return functions.pointee.StatementExecuteQuery(&handle, nil, &affected, &error)
    }
  }
}
