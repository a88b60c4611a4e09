import HoldoutTestSupport
import Testing
import Warehouse

@Suite struct IngestTests {
  private static let batch = ExportBatch(
    rowCount: 3,
    columns: [
      ("tiny", .int8([-128, 0, 127])), ("small", .int32([.min, 0, .max])),
      ("large", .int64([.min, 0, .max])), ("single", .float([0.5, -0.0, .infinity])),
      ("double", .double([.leastNonzeroMagnitude, .nan, -.infinity])),
      ("day", .date([-1, 0, 20_000])), ("wörds \"quoted\"", .text(["", "Größe 🗼", "a\u{0}b"])),
      ("level", .category([2, 0, 2], texts: ["Süd", "unused", "a long name, not kept in place"])),
    ])

  @Test func `every kind of column arrives in a table as it was`() throws {
    let connection = try NativeTestLibrary.engine().connection
    try connection.ingest(Self.batch, into: "odd \"table\"", appending: false)
    let types = try connection.query("DESCRIBE \"odd \"\"table\"\"\"").collect()
    let described = types.flatMap { batch in
      (0..<batch.rowCount).map { row in
        "\(batch["column_name"]?.text(row) ?? "") \(batch["column_type"]?.text(row) ?? "")"
      }
    }
    #expect(
      described == [
        "tiny TINYINT", "small INTEGER", "large BIGINT", "single FLOAT", "double DOUBLE",
        "day DATE", "wörds \"quoted\" VARCHAR", "level VARCHAR",
      ])
    let back = try connection.query("SELECT * FROM \"odd \"\"table\"\"\" ORDER BY tiny").collect()
    try #require(back.count == 1 && back[0].rowCount == 3)
    let columns = back[0].columns
    #expect((0..<3).map(columns[0].integer) == [-128, 0, 127])
    #expect((0..<3).map(columns[1].integer) == [Int(Int32.min), 0, Int(Int32.max)])
    #expect((0..<3).map(columns[2].integer) == [.min, 0, .max])
    #expect((0..<3).map(columns[3].number) == [0.5, -0.0, .infinity])
    #expect(columns[4].number(0) == .leastNonzeroMagnitude)
    #expect(columns[4].number(1)?.isNaN == true)
    #expect(columns[4].number(2) == -.infinity)
    #expect((0..<3).map(columns[5].integer) == [-1, 0, 20_000])
    #expect((0..<3).map(columns[6].text) == ["", "Größe 🗼", "a\u{0}b"])
    let long = "a long name, not kept in place"
    #expect((0..<3).map(columns[7].text) == [long, "Süd", long])
  }

  @Test func `appending extends a table, creating refuses one that is there`() throws {
    let connection = try NativeTestLibrary.engine().connection
    let batch = ExportBatch(rowCount: 2, columns: [("a", .int32([1, 2]))])
    try connection.ingest(batch, into: "t", appending: false)
    try connection.ingest(batch, into: "t", appending: true)
    #expect(try connection.count("SELECT sum(a) FROM t") == 6)
    let failure = TestEngine.failure { () throws(WarehouseError) in
      try connection.ingest(batch, into: "t", appending: false)
    }
    #expect(failure != nil)
    #expect(try connection.count("SELECT sum(a) FROM t") == 6)
  }

  @Test func `many rows and none at all`() throws {
    let connection = try NativeTestLibrary.engine().connection
    let count = 320_000
    let batch = ExportBatch(
      rowCount: count,
      columns: [
        ("a", .int64(Array(0..<Int64(count)))), ("b", .text((0..<count).map { "row \($0)" })),
        (
          "c",
          .category((0..<Int32(count)).map { $0 % 999 }, texts: (0..<999).map { "level no. \($0)" })
        ),
      ])
    try connection.ingest(batch, into: "many", appending: false)
    let isRight = "bool_and(b = 'row ' || a AND c = 'level no. ' || a % 999)"
    #expect(
      try connection.scalar("SELECT count(*) || ' ' || sum(a) || ' ' || \(isRight) FROM many")
        == "\(count) \(count * (count - 1) / 2) true")
    let empty = ExportBatch(
      rowCount: 0,
      columns: [
        ("a", .int32([])), ("b", .text([])), ("c", .category([], texts: [])),
      ])
    try connection.ingest(empty, into: "none", appending: false)
    #expect(try connection.count("SELECT count(*) FROM none") == 0)
  }

  @Test func `rows go from one database to another unseen`() throws {
    try TemporaryFolder.with { folder in
      let other = try TestEngine.connection(toFile: "\(folder)/other.duckdb")
      try other.execute(
        """
        CREATE TABLE t AS SELECT i, CASE WHEN i % 2 = 0 THEN 'ä' || i END AS text,
          TIMESTAMP '2024-01-01' + to_seconds(i) AS moment FROM range(300000) AS rows(i)
        """)
      let here = try NativeTestLibrary.engine().connection
      try here.ingest(try other.query("SELECT * FROM t"), into: "copy")
      #expect(
        try here.scalar("SELECT count(*) || ' ' || count(text) || ' ' || max(moment) FROM copy")
          == "300000 150000 2024-01-04 11:19:59")
    }
  }

  @Test func `a stream that fails on the way fails the ingestion`() throws {
    try TemporaryFolder.with { folder in
      let other = try TestEngine.connection(toFile: "\(folder)/other.duckdb")
      let here = try NativeTestLibrary.engine().connection
      let failure = TestEngine.failure { () throws(WarehouseError) in
        let rows = try other.query(
          "SELECT CASE WHEN i < 299999 THEN i ELSE error('boom') END FROM range(300000) AS r(i)")
        try here.ingest(rows, into: "copy")
      }
      #expect(failure != nil)
    }
  }
}
