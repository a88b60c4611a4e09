import HoldoutTestSupport
import Warehouse

enum TestEngine {
  /// A connection to a file of the engine's own kind.
  static func connection(toFile path: String) throws -> Connection {
    let driver = try Driver(
      path: NativeTestLibrary.duckdb.path(), entryPoint: "duckdb_adbc_init")
    return try Connection(Database(driver: driver, options: [("path", path)]))
  }

  /// What a throwing call fails with.
  static func failure(_ body: () throws(WarehouseError) -> Void) -> WarehouseError? {
    do throws(WarehouseError) {
      try body()
      return nil
    } catch {
      return error
    }
  }
}
