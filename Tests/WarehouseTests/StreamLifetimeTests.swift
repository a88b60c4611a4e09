import Foundation
import Testing
import Warehouse

/// Rows are read to their end after the last reference to their connection went away.
@Suite struct StreamLifetimeTests {
  private static func numbers(_ stream: RecordBatchStream) throws -> Int {
    var sum = 0
    while let batch = try stream.next() {
      sum += (0..<batch.rowCount).reduce(0) { $0 + (batch.columns[0].integer($1) ?? 0) }
    }
    return sum
  }

  @Test(.enabled(if: TestEngine.isPresent, "DuckDB is missing: run scripts/setup"))
  func `of the embedded engine`() throws {
    func stream() throws -> RecordBatchStream {
      try TestEngine.open(threads: 1).connection.query("SELECT range FROM range(20000)")
    }
    #expect(try Self.numbers(try stream()) == 199_990_000)
  }

  @Test(.enabled(if: NativeLibrary.isDriverPresent("sqlite"), "the driver of SQLite is missing"))
  func `of SQLite`() throws {
    try TestEngine.withFolder { folder in
      func stream() throws -> RecordBatchStream {
        try Connection(driver: "sqlite", uri: "\(folder)/numbers.sqlite").query(
          """
          WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < 19999)
          SELECT n FROM numbers
          """)
      }
      #expect(try Self.numbers(try stream()) == 199_990_000)
      // A stream that is dropped half read frees everything, in order.
      let half = try stream()
      #expect(try half.next() != nil)
    }
  }

  private static let server = ProcessInfo.processInfo.environment["HOLDOUT_TEST_POSTGRESQL"]

  @Test(.enabled(if: server != nil, "scripts/test-postgresql starts a server"))
  func `of PostgreSQL`() throws {
    let uri = try #require(Self.server)
    func stream() throws -> RecordBatchStream {
      try Connection(driver: "postgresql", uri: uri).query(
        "SELECT CAST(n AS bigint) FROM generate_series(0, 19999) AS numbers(n)")
    }
    #expect(try Self.numbers(try stream()) == 199_990_000)
  }

  @Test(.enabled(if: TestEngine.isPresent, "DuckDB is missing: run scripts/setup"))
  func `a stream that another connection takes in`() throws {
    func stream() throws -> RecordBatchStream {
      try TestEngine.open(threads: 1).connection.query("SELECT range AS n FROM range(20000)")
    }
    let engine = try TestEngine.open()
    try engine.connection.ingest(try stream(), into: "numbers")
    #expect(try engine.connection.count("SELECT sum(n) FROM numbers") == 199_990_000)
  }
}

extension NativeLibrary {
  fileprivate static func isDriverPresent(_ name: String) -> Bool {
    path(of: "libadbc_driver_\(name).so", variable: "HOLDOUT_DRIVER", manifest: name) != nil
  }
}
