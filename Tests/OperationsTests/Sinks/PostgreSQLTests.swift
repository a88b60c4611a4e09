import Diagnostics
import Foundation
import HoldoutTestSupport
import Operations
import Synchronization
import Testing
import Warehouse

/// Lists in a real server, which `scripts/test-postgresql` starts, and which these tests stop.
@Suite(.needsPostgreSQL, .serialized)
struct PostgreSQLTests {
  private static let server =
    ProcessInfo.processInfo.environment["HOLDOUT_TEST_POSTGRESQL_SERVER"] ?? ""

  /// Starts the server, or stops it as a loss of power would.
  private static func server(_ action: String) throws {
    let result = try RunningProgram(server, [action], in: "/").wait()
    #expect(result.end == .exit(0), "\(result)")
  }

  private static func connect() throws -> Connection {
    try Connection(driver: "postgresql", uri: #require(PostgreSQLServer.uri))
  }

  /// Makes writing the table sleep for 30 seconds: at each statement that inserts, or at the commit.
  private static func slow(_ lists: SinkCase, atCommit: Bool) throws {
    let connection = try connect()
    try connection.execute(
      """
      CREATE OR REPLACE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN PERFORM pg_sleep(30); RETURN NULL; END $$
      """)
    try connection.execute(
      atCommit
        ? """
        CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON \(lists.table) DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.rank_global = 9) EXECUTE FUNCTION slow()
        """
        : "CREATE TRIGGER slow AFTER INSERT ON \(lists.table) EXECUTE FUNCTION slow()")
  }

  /// Stops the server once a session sleeps in the trigger.
  private static func stopWhenAsleep() -> Thread {
    let thread = Thread {
      guard let connection = try? connect() else { return }
      for _ in 0..<1000 {
        let row = try? connection.query(
          "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        ).next()
        if row?.columns.first?.integer(0) == 1 { break }
        usleep(10_000)
      }
      try? server("stop")
    }
    thread.start()
    return thread
  }

  @Test(arguments: [false, true])
  func `a server that stops half-way leaves the old list in table and file`(
    _ atCommit: Bool
  ) throws {
    try SinkCase.run(.postgresql) { lists in
      try lists.write(5)
      try lists.write(7, cutoff: SinkCase.second, to: lists.sinks(parquet: nil))
      try Self.slow(lists, atCommit: atCommit)
      let stopping = Self.stopWhenAsleep()
      let findings = try SinkCase.findings { try lists.write(9, extra: "1 AS added") }
      while !stopping.isFinished { usleep(10_000) }
      // In the commit nobody can tell any longer how it ended.
      #expect(findings.map(\.id.number) == [836])
      #expect(
        findings.first?.notes.contains { $0.hasPrefix("the connection was lost during the commit") }
          == atCommit)
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
      #expect(lists.names == ["scores.parquet"])
      // While it is away, nothing can be written either, and no secret is shown.
      let away = try SinkCase.findings { try lists.write(9) }
      #expect(away.map(\.id.number) == [832])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
      try Self.server("start")
      #expect(
        try lists.rows(SinkCase.summary) == [
          "solidworks 2024-10-04 5 5", "solidworks 2024-11-03 7 7",
        ])
      try Self.connect().execute("DROP TRIGGER slow ON \(lists.table)")
      #expect(try lists.write(9, extra: "1 AS added").replaced == 5)
      #expect(
        try lists.rows(SinkCase.summary) == [
          "solidworks 2024-10-04 9 9", "solidworks 2024-11-03 7 7",
        ])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "9")
    }
  }

  @Test func `a commit that the server refuses puts the old file back`() throws {
    try SinkCase.run(.postgresql) { lists in
      try lists.write(5)
      let connection = try Self.connect()
      try connection.execute(
        """
        CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN RAISE EXCEPTION 'not on a Friday'; END $$
        """)
      try connection.execute(
        """
        CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON \(lists.table)
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
        """)
      let findings = try SinkCase.findings { try lists.write(9) }
      #expect(findings.map(\.id.number) == [836])
      #expect(findings.first?.notes.first?.contains("not on a Friday") == true)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 5 5"])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
      #expect(lists.names == ["scores.parquet"])
      // Where there was no file, there is none afterwards.
      try FileManager.default.removeItem(atPath: lists.file)
      _ = try SinkCase.findings { try lists.write(9) }
      #expect(lists.names.isEmpty)
    }
  }

  @Test func `a session that is ended in the commit is asked about on another connection`() throws {
    try SinkCase.run(.postgresql) { lists in
      try lists.write(5)
      try Self.slow(lists, atCommit: true)
      let ending = Thread {
        guard let connection = try? Self.connect() else { return }
        for _ in 0..<1000 {
          let row = try? connection.query(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
              + "WHERE wait_event = 'PgSleep'"
          ).next()
          if row?.columns.first?.integer(0) == 1 { break }
          usleep(10_000)
        }
      }
      ending.start()
      let findings = try SinkCase.findings { try lists.write(9) }
      #expect(findings.map(\.id.number) == [836])
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 5 5"])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
    }
  }

  @Test func `two scorings of a cutoff at the same time leave one list`() throws {
    try SinkCase.run(.postgresql) { lists in
      let failures = Mutex<[String]>([])
      let (temporary, table) = (lists.temporary, lists.table)
      DispatchQueue.concurrentPerform(iterations: 8) { number in
        do {
          let other = SinkCase(
            kind: .postgresql, temporary: temporary,
            engine: try Engine(Engine.Settings(threads: 1)), table: table)
          // Of one process, files beside the place would have the same name.
          try other.write(100 + number, to: other.sinks(parquet: nil))
        } catch {
          failures.withLock { $0.append("\((error as? FindingsError)?.findings ?? [])") }
        }
      }
      #expect(failures.withLock { $0 } == [])
      let isWhole = try lists.rows(
        "SELECT CAST(count(*) = count(DISTINCT customer_id) AND count(*) >= 100 AS VARCHAR) "
          + "FROM every")
      #expect(isWhole == ["true"])
    }
  }

  @Test func `a lock that is not let go of is told of with its holder`() throws {
    try SinkCase.run(.postgresql) { lists in
      try lists.write(5)
      let other = try Self.connect()
      try other.begin()
      try other.execute("SET application_name = 'a report'")
      try other.execute("LOCK TABLE \(lists.table) IN ACCESS EXCLUSIVE MODE")
      let findings = try SinkCase.findings {
        try lists.write(9, to: lists.sinks(lockTimeout: 0.2))
      }
      #expect(findings.map(\.id.number) == [833])
      #expect(findings.first?.notes.first?.hasSuffix("of holdout (a report)") == true)
      try other.rollback()
      try lists.write(9)
    }
  }
}
