internal import CADBC

/// A connection to a database; used by one thread at a time.
public final class Connection {
  private let database: Database
  var handle: AdbcConnection

  var functions: UnsafeMutablePointer<AdbcDriver> { database.driver.functions }

  /// Connects.
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

  /// Runs a statement and drops its rows.
  /// - Throws: `WarehouseError` with the engine's message and, where known, the position in `sql`.
  public func execute(_ sql: String) throws(WarehouseError) {
    // Draining the stream is what makes a lazily evaluated statement run to its end.
    let rows = try query(sql)
    while try rows.next() != nil {}
  }

  /// Runs a statement and returns its rows, batch by batch.
  /// - Throws: `WarehouseError` with the engine's message and, where known, the position in `sql`.
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

  /// Has the engine read and bind a statement without running it.
  /// - Throws: `WarehouseError` with the engine's message and, where known, the position in `sql`.
  public func prepare(_ sql: String) throws(WarehouseError) {
    let statement = try Statement(self)
    try statement.call("AdbcStatementSetSqlQuery", sql: sql) { handle, functions, error in
      functions.pointee.StatementSetSqlQuery(&handle, sql, &error)
    }
    try statement.call("AdbcStatementPrepare", sql: sql) { handle, functions, error in
      functions.pointee.StatementPrepare(&handle, &error)
    }
  }

  /// Creates or extends a table with rows of columns.
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

  /// Creates or extends a table with the rows of a query on another connection, without looking at them.
  ///
  /// The columns are found by name; those of the table that the rows lack become null.
  /// - Parameters:
  ///   - catalog: the database that has the table, for drivers that know several (SQLite's `main`).
  ///   - schema: the schema that has it (PostgreSQL's `public`); nil: the connection's own.
  /// - Throws: `WarehouseError` with either engine's message.
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

  /// Asks the driver for a connection that changes nothing; a driver that has none goes on as before.
  func askForReadOnly() {
    var error = AdbcError()
    _ = functions.pointee.ConnectionSetOption(
      &handle, "adbc.connection.readonly", "true", &error)
    error.release?(&error)
  }

  // MARK: - Transactions

  /// From now on all statements belong to a transaction, which `commit` or `rollback` ends.
  ///
  /// For databases behind a driver; the embedded engine takes `BEGIN` and `COMMIT` as statements. A
  /// connection that goes before its transaction was committed has changed nothing.
  /// - Throws: `WarehouseError` with the driver's message.
  public func begin() throws(WarehouseError) {
    var error = AdbcError()
    let status = functions.pointee.ConnectionSetOption(
      &handle, "adbc.connection.autocommit", "false", &error)
    try check(status, "AdbcConnectionSetOption", &error)
  }

  /// Makes what the transaction changed stay.
  /// - Throws: `WarehouseError` with the driver's message.
  public func commit() throws(WarehouseError) {
    var error = AdbcError()
    try check(functions.pointee.ConnectionCommit(&handle, &error), "AdbcConnectionCommit", &error)
  }

  /// Takes what the transaction changed back.
  /// - Throws: `WarehouseError` with the driver's message.
  public func rollback() throws(WarehouseError) {
    var error = AdbcError()
    try check(
      functions.pointee.ConnectionRollback(&handle, &error), "AdbcConnectionRollback", &error)
  }
}
