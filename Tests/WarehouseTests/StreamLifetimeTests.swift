import Foundation
import HoldoutTestSupport
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

  @Test func `of the embedded engine`() throws {
    func stream() throws -> RecordBatchStream {
      try NativeTestLibrary.engine(threads: 1).connection.query("SELECT range FROM range(20000)")
    }
    #expect(try Self.numbers(try stream()) == 199_990_000)
  }

  @Test func `of SQLite`() throws {
    _ = try NativeTestLibrary.sqlite.path()
    try TemporaryFolder.with { folder in
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

  @Test(.needsPostgreSQL) func `of PostgreSQL`() throws {
    let uri = try #require(PostgreSQLServer.uri)
    func stream() throws -> RecordBatchStream {
      try Connection(driver: "postgresql", uri: uri).query(
        "SELECT CAST(n AS bigint) FROM generate_series(0, 19999) AS numbers(n)")
    }
    #expect(try Self.numbers(try stream()) == 199_990_000)
  }

  @Test func `a stream that another connection takes in`() throws {
    func stream() throws -> RecordBatchStream {
      try NativeTestLibrary.engine(threads: 1).connection.query(
        "SELECT range AS n FROM range(20000)")
    }
    let engine = try NativeTestLibrary.engine()
    try engine.connection.ingest(try stream(), into: "numbers")
    #expect(try engine.connection.count("SELECT sum(n) FROM numbers") == 199_990_000)
  }
}
