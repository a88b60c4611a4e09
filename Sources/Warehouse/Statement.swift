internal import CADBC

/// A statement handle, freed with its last reference.
final class Statement {
  private let functions: UnsafeMutablePointer<AdbcDriver>
  private var handle: AdbcStatement

  init(
    _ connection: inout AdbcConnection, _ functions: UnsafeMutablePointer<AdbcDriver>
  ) throws(WarehouseError) {
    var error = AdbcError()
    var statement = AdbcStatement()
    try check(
      functions.pointee.StatementNew(&connection, &statement, &error), "AdbcStatementNew", &error)
    statement.private_driver = functions
    self.functions = functions
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
