internal import Foundation
package import Learning
package import Testing
package import Warehouse

/// The native libraries that tests need. One that is missing fails every test that needs it: a suite that skips
/// them would pass on a machine where nothing works.
package enum NativeTestLibrary: String, Sendable {
  case duckdb = "libduckdb.so"
  case lightGBM = "lib_lightgbm.so"
  case sqlite = "libadbc_driver_sqlite.so"

  package struct Missing: Error, CustomStringConvertible {
    package let description: String
  }

  /// The library's path.
  /// - Throws: `Missing`, which says where it was looked for and what to run.
  package func path() throws -> String {
    let library = NativeLibrary(rawValue, variables: variables, manifest: manifest)
    guard let path = library.path else {
      throw Missing(
        description: "\(rawValue) is missing, run scripts/setup --drivers; looked for in vain:\n"
          + library.looked.joined(separator: "\n"))
    }
    return path
  }

  private var variables: [String] {
    switch self {
    case .duckdb: ["HOLDOUT_DUCKDB"]
    case .lightGBM: ["HOLDOUT_LIGHTGBM"]
    case .sqlite: ["HOLDOUT_DRIVER"]
    }
  }

  private var manifest: String? {
    switch self {
    case .duckdb: "duckdb"
    case .lightGBM: nil
    case .sqlite: "sqlite"
    }
  }

  private static let learner = Result { try LightGBMLibrary(path: lightGBM.path()) }

  /// LightGBM, loaded once.
  package static func loadLightGBM() throws -> LightGBMLibrary { try learner.get() }

  /// An empty DuckDB in memory.
  package static func engine(threads: Int = 2) throws -> Engine {
    _ = try duckdb.path()
    return try Engine(Engine.Settings(threads: threads))
  }
}

/// The server that `scripts/test-postgresql` starts. Elsewhere tests of it are skipped, and say so.
package enum PostgreSQLServer: Sendable {
  /// How to reach it; nil where there is none.
  package static let uri = ProcessInfo.processInfo.environment["HOLDOUT_TEST_POSTGRESQL"]
}

extension Trait where Self == ConditionTrait {
  /// Skips a test where no PostgreSQL server was started for it.
  package static var needsPostgreSQL: Self {
    .enabled(
      if: PostgreSQLServer.uri != nil, "no PostgreSQL server: scripts/test-postgresql starts one")
  }
}
