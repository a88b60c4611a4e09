internal import CADBC

/// A database opened through a driver.
public final class Database {
  let driver: Driver
  var handle: AdbcDatabase

  /// Opens a database.
  /// - Parameter options: the driver's own options: `path` for DuckDB, `uri` for most others.
  /// - Throws: `WarehouseError` with the driver's message.
  public init(driver: Driver, options: [(key: String, value: String)]) throws(WarehouseError) {
    let functions = driver.functions
    var error = AdbcError()
    var database = AdbcDatabase()
    try check(functions.pointee.DatabaseNew(&database, &error), "AdbcDatabaseNew", &error)
    database.private_driver = functions
    do throws(WarehouseError) {
      for (key, value) in options {
        try check(
          functions.pointee.DatabaseSetOption(&database, key, value, &error),
          "AdbcDatabaseSetOption", &error, code: .connection)
      }
      try check(
        functions.pointee.DatabaseInit(&database, &error), "AdbcDatabaseInit", &error,
        code: .connection)
    } catch {
      var ignored = AdbcError()
      _ = functions.pointee.DatabaseRelease(&database, &ignored)
      ignored.release?(&ignored)
      throw error
    }
    self.driver = driver
    handle = database
  }

  deinit {
    var error = AdbcError()
    _ = driver.functions.pointee.DatabaseRelease(&handle, &error)
    error.release?(&error)
  }
}
