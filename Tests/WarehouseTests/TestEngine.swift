import Foundation
import Testing
import Warehouse

/// The engine that these tests work on; without DuckDB at hand they are skipped.
enum TestEngine {
  static let library =
    NativeLibrary.path(of: "libduckdb.so", variable: "HOLDOUT_DUCKDB", manifest: "duckdb")

  static var isPresent: Bool { library != nil }

  /// An empty database in memory.
  static func open(threads: Int = 2) throws -> Engine {
    try Engine(Engine.Settings(threads: threads))
  }

  /// A connection to a file of the engine's own kind.
  static func connection(toFile path: String) throws -> Connection {
    let driver = try Driver(path: #require(library), entryPoint: "duckdb_adbc_init")
    return try Connection(Database(driver: driver, options: [("path", path)]))
  }

  /// Runs a body with a folder that is removed afterwards.
  static func withFolder(_ body: (String) throws -> Void) throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "holdout-warehouse-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try body(path)
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
