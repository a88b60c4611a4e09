import Diagnostics
import Foundation
import Operations
import Testing
import Warehouse

/// Databases that another process holds.
@Suite struct HeldDatabaseTests {
  /// Holds a DuckDB file's lock as another process that writes it does, until its input ends.
  private static func holder(of path: String) throws -> (process: Process, input: Pipe) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    // The lock that DuckDB takes: of the whole file, by fcntl.
    process.arguments = [
      "python3", "-c",
      """
      import fcntl, sys
      file = open(sys.argv[1], "r+b")
      fcntl.lockf(file, fcntl.LOCK_EX)
      print("held", flush=True)
      sys.stdin.read()
      """, path,
    ]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    _ = output.fileHandleForReading.readData(ofLength: 5)
    return (process, input)
  }

  @Test func `a file that stays held is told of with its holder`() throws {
    try SinkCase.run { lists in
      try lists.write(5)
      let (process, input) = try Self.holder(of: lists.database)
      let findings = try SinkCase.findings {
        try lists.write(9, to: lists.sinks(lockTimeout: 0.2))
      }
      #expect(findings.map(\.id.number) == [833])
      #expect(
        findings.first?.notes.first?.contains("(PID \(process.processIdentifier))") == true)
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
      #expect(lists.names == ["scores.parquet"])
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      try lists.write(9)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 9 9"])
    }
  }

  @Test func `a file that is let go of in time is written`() throws {
    try SinkCase.run { lists in
      try lists.write(5)
      let (process, input) = try Self.holder(of: lists.database)
      let release = Thread {
        Thread.sleep(forTimeInterval: 0.3)
        try? input.fileHandleForWriting.close()
      }
      release.start()
      try lists.write(9)
      process.waitUntilExit()
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 9 9"])
    }
  }

  @Test func `an SQLite file that another connection writes is waited for, then told of`() throws {
    try SinkCase.run(.sqlite) { lists in
      try lists.write(5)
      let other = try Connection(driver: "sqlite", uri: lists.database)
      try other.execute("BEGIN IMMEDIATE")
      let findings = try SinkCase.findings {
        try lists.write(9, to: lists.sinks(lockTimeout: 0.2))
      }
      #expect(findings.map(\.id.number) == [833])
      try other.execute("ROLLBACK")
      try lists.write(9)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 9 9"])
    }
  }
}
