import Diagnostics
import Foundation
import Operations
import Spec
import Testing
import Warehouse

@Suite struct ScoreSinksTests {
  @Test(arguments: SinkCase.Kind.present)
  func `a list stands in the table and in the file as it was staged`(_ kind: SinkCase.Kind) throws {
    try SinkCase.run(kind) { lists in
      let written = try lists.write(3000)
      #expect(written.rows == 3000 && written.replaced == 0 && written.madeTable)
      #expect(written.file == "lists/scores.parquet")
      let fields = """
        customer_id, cutoff_date, score, rank_global, reason_1, scored_at, selected, model
        """
      #expect(
        try lists.rows(
          "SELECT CAST(count(*) AS VARCHAR) FROM (SELECT \(fields) FROM every EXCEPT FROM list)")
          == ["0"])
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 3000 3000"])
      #expect(
        try lists.inFile("SELECT count(*) FROM (FROM FILE EXCEPT FROM list)") == "0")
      #expect(lists.names == ["scores.parquet"])
    }
  }

  @Test(arguments: ["i + 1", "300000 - i"])
  func `the file's rows stand in their order, however they were staged`(_ rank: String) throws {
    try SinkCase.run { lists in
      try lists.write(300_000, rank: rank)
      #expect(
        try lists.inFile(
          "SELECT count(*) FROM (SELECT rank_global, file_row_number AS place FROM "
            + "read_parquet('\(lists.file)', file_row_number = true)) WHERE rank_global <> place + 1"
        )
          == "0")
    }
  }

  @Test(arguments: SinkCase.Kind.present)
  func `writing a cutoff again replaces its rows of the model and no other`(
    _ kind: SinkCase.Kind
  ) throws {
    try SinkCase.run(kind) { lists in
      try lists.write(50)
      try lists.write(60, cutoff: SinkCase.second)
      try lists.write(70, model: "cpe")
      let again = try lists.write(20)
      #expect(again.replaced == 50 && !again.madeTable && again.addedColumns.isEmpty)
      #expect(
        try lists.rows(SinkCase.summary) == [
          "cpe 2024-10-04 70 70", "solidworks 2024-10-04 20 20", "solidworks 2024-11-03 60 60",
        ])
      // A list without rows takes the old one away.
      #expect(try lists.write(0).replaced == 20)
      #expect(try lists.rows(SinkCase.summary).count == 2)
    }
  }

  @Test(arguments: SinkCase.Kind.present)
  func `a table grows by the columns that it lacks, and lacking ones are null`(
    _ kind: SinkCase.Kind
  ) throws {
    try SinkCase.run(kind) { lists in
      try lists.write(5)
      let grown = try lists.write(
        5, cutoff: SinkCase.second, extra: "'west' AS territory, CAST(i AS UTINYINT) AS calls")
      #expect(grown.addedColumns == ["territory", "calls"])
      let territories = """
        SELECT concat_ws(' ', cutoff_date, count(*), count(territory)) FROM every
        GROUP BY cutoff_date ORDER BY cutoff_date
        """
      #expect(try lists.rows(territories) == ["2024-10-04 5 0", "2024-11-03 5 5"])
      try lists.write(3, cutoff: SinkCase.second)
      #expect(try lists.rows(territories) == ["2024-10-04 5 0", "2024-11-03 3 0"])
    }
  }

  @Test(arguments: SinkCase.Kind.present)
  func `a column of another type is told of, and nothing is written`(
    _ kind: SinkCase.Kind
  ) throws {
    try SinkCase.run(kind) { lists in
      try lists.write(5, extra: "CAST(i AS DOUBLE) AS territory")
      let findings = try SinkCase.findings {
        try lists.write(9, extra: "'west' AS territory, 1 AS added")
      }
      #expect(findings.map(\.id.number) == [835])
      #expect(findings.first?.message.contains("`territory`") == true)
      #expect(findings.first?.label?.contains("expected `") == true)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 5 5"])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
      #expect(lists.names == ["scores.parquet"])
      // Fewer bytes fit into more.
      try lists.write(
        4, extra: "CAST(i AS DOUBLE) AS territory, CAST(i AS SMALLINT) AS small")
      try lists.write(4, cutoff: SinkCase.second, extra: "CAST(i AS FLOAT) AS territory")
    }
  }

  @Test func `a table that holds something else is left alone`() throws {
    try SinkCase.run { lists in
      try lists.engine.attach(lists.database, as: "other", .readWrite, lockTimeout: .none)
      try lists.engine.connection.execute(
        "CREATE TABLE other.\(lists.table) AS SELECT 'a' AS customer_id, 'b' AS model")
      let findings = try SinkCase.findings { try lists.write(5) }
      #expect(findings.map(\.id.number) == [834])
      #expect(findings.first?.label == "it has no column `cutoff_date`")
      #expect(lists.names.isEmpty)
      #expect(try SinkCase.findings { _ = try lists.rows("") }.map(\.id.number) == [834])
    }
  }

  @Test(arguments: SinkCase.Kind.present)
  func `a file that cannot be put into its place leaves the table as it was`(
    _ kind: SinkCase.Kind
  ) throws {
    try SinkCase.run(kind) { lists in
      try lists.write(5, to: lists.sinks(parquet: nil))
      // A folder in its place, which no file can be renamed over.
      try FileManager.default.createDirectory(
        atPath: lists.file, withIntermediateDirectories: true)
      let findings = try SinkCase.findings { try lists.write(9, extra: "1 AS added") }
      #expect(findings.map(\.id.number) == [837])
      #expect(findings.first?.notes.first?.contains("it is a folder") == true)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 5 5"])
      #expect(lists.names == ["scores.parquet"])
      try FileManager.default.removeItem(atPath: lists.file)
      #expect(try lists.write(9, extra: "1 AS added").addedColumns == ["added"])
    }
  }

  @Test(arguments: SinkCase.Kind.present.filter { $0 != .postgresql })
  func `a table that refuses a row leaves the file as it was`(_ kind: SinkCase.Kind) throws {
    try SinkCase.run(kind) { lists in
      let definition = """
        (customer_id VARCHAR, cutoff_date DATE, score DOUBLE CHECK (score < 100), model VARCHAR)
        """
      if kind == .duckdb {
        try lists.engine.attach(lists.database, as: "other", .readWrite, lockTimeout: .none)
        try lists.engine.connection.execute("CREATE TABLE other.\(lists.table) \(definition)")
      } else {
        try Connection(driver: "sqlite", uri: lists.database).execute(
          "CREATE TABLE \(lists.table) \(definition)")
      }
      try lists.write(5)
      let findings = try SinkCase.findings { try lists.write(9, score: "i * 20") }
      #expect(findings.map(\.id.number) == [836])
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 5 5"])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "5")
      #expect(lists.names == ["scores.parquet"])
    }
  }

  @Test func `what killed processes left is cleared, and what living ones need is not`() throws {
    try SinkCase.run { lists in
      try lists.write(5)
      let dead = try Self.deadProcess()
      for name in [
        "scores.parquet.\(dead).tmp", "scores.parquet.\(dead).old", "scores.parquet.1.tmp",
        "other.parquet.\(dead).tmp", "scores.parquet.bak.old",
      ] {
        try Data("x".utf8).write(to: URL(filePath: "\(lists.folder)/lists/\(name)"))
      }
      try lists.write(6)
      #expect(
        lists.names == [
          "other.parquet.\(dead).tmp", "scores.parquet", "scores.parquet.1.tmp",
          "scores.parquet.bak.old",
        ])
      #expect(try lists.inFile("SELECT count(*) FROM FILE") == "6")
    }
  }

  /// The number of a process that has ended.
  private static func deadProcess() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  @Test func `sources read from the same file do not stand in the way`() throws {
    try SinkCase.run { lists in
      try lists.write(5)
      try lists.engine.attach(lists.database, as: "curated", .readOnly, lockTimeout: .none)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 5 5"])
      #expect(try lists.engine.attachments(of: lists.database) == ["curated"])
      try lists.write(6)
      #expect(try lists.engine.attachments(of: lists.database).isEmpty)
      #expect(try lists.rows(SinkCase.summary) == ["solidworks 2024-10-04 6 6"])
    }
  }

  @Test func `where there is no table there are no earlier rows`() throws {
    try SinkCase.run { lists in
      let exists = try lists.sinks().fetchEarlier(
        columns: ["customer_id", "cutoff_date", "selected"], model: "solidworks",
        through: SinkCase.first, into: "earlier")
      #expect(!exists)
      #expect(!FileManager.default.fileExists(atPath: lists.database))
      #expect(
        try lists.engine.connection.scalar(
          "SELECT string_agg(data_type, ' ' ORDER BY column_index) FROM duckdb_columns() "
            + "WHERE table_name = 'earlier'") == "VARCHAR DATE BOOLEAN")
      try lists.write(3)
      try lists.write(4, cutoff: SinkCase.second)
      try lists.sinks().fetchEarlier(
        columns: ["customer_id", "nothing"], model: "solidworks", through: SinkCase.first,
        into: "earlier")
      #expect(
        try lists.engine.connection.scalar("SELECT count(*) || ' ' || count(nothing) FROM earlier")
          == "3 0")
    }
  }

  @Test func `the cutoff stands in the file's name`() throws {
    try SinkCase.run { lists in
      let written = try lists.write(
        3, to: lists.sinks(parquet: "lists/scores_{cutoff}.parquet"))
      #expect(written.file == "lists/scores_2024-10-04.parquet")
      #expect(lists.names == ["scores_2024-10-04.parquet"])
    }
  }

  @Test func `a driver that no list can be written through is told of, and secrets are not`() throws
  {
    try SinkCase.run { lists in
      func sinks(_ driver: String, _ uri: EnvironmentText) -> ScoreSinks {
        ScoreSinks(
          project: lists.project, engine: lists.engine,
          table: (
            ConnectionSpec(
              name: SinkCase.located("curated"),
              target: .driver(SinkCase.located(driver), uri: uri)), SinkCase.located("scores")
          ), parquet: nil, lockTimeout: 0)
      }
      let address = EnvironmentText(SinkCase.located("x"))
      let unknown = try SinkCase.findings { try lists.write(1, to: sinks("spark", address)) }
      #expect(unknown.map(\.id.number) == [831])
      let missing = try SinkCase.findings {
        try lists.write(1, to: sinks("/no/libadbc_sqlite.so", address))
      }
      #expect(missing.map(\.id.number) == [832])
    }
  }
}
