internal import CADBC

/// A statement handle, freed with its last reference; it keeps its connection open.
///
/// Rows that are still read belong to the statement, the statement to the connection, the connection to the
/// database and the database to the driver: each holds on to the one that it depends on, so that the
/// handles are freed in that order whatever reference goes last.
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

  /// Calls one function of the driver on this statement and checks its status.
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
