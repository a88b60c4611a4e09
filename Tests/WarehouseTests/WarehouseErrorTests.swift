import HoldoutTestSupport
import Testing
import Warehouse

@Suite struct WarehouseErrorTests {
  @Test(arguments: [
    ("SELECT 1 + absent FROM range(3)", "Binder", "absent"),
    ("SELECT * FROM absent", "Catalog", "absent"),
    ("SELECT nothing_like_this(1)", "Catalog", "nothing_like_this"),
    ("SELECT 1 FORM range(3)", "Parser", "range"),
    ("SELECT 'größe 東', absent FROM range(3)", "Binder", "absent"),
  ])
  func `the engine's kind, words and place come apart`(
    _ sql: String, _ kind: String, _ word: String
  ) throws {
    let connection = try NativeTestLibrary.engine().connection
    let failure = try #require(
      TestEngine.failure { () throws(WarehouseError) in try connection.execute(sql) })
    #expect(failure.code == .query)
    #expect(failure.kind == kind)
    #expect(!failure.message.isEmpty && !failure.message.contains("{"))
    #expect(!failure.message.contains("LINE 1"))
    #expect(failure.statement == sql)
    let position = try #require(failure.position)
    #expect(String(decoding: sql.utf8.dropFirst(position), as: UTF8.self).hasPrefix(word))
  }

  @Test func `preparing finds what is wrong without running anything`() throws {
    let connection = try NativeTestLibrary.engine().connection
    try connection.prepare("CREATE TABLE t AS SELECT 1 AS a")
    #expect(try connection.count("SELECT count(*) FROM duckdb_tables()") == 0)
    let failure = TestEngine.failure { () throws(WarehouseError) in
      try connection.prepare("SELECT a + 1 FROM (SELECT 1 AS b)")
    }
    #expect(failure?.kind == "Binder")
    #expect(failure?.position == 7)
  }

  @Test func `a failure on the way through the rows is told`() throws {
    let connection = try NativeTestLibrary.engine().connection
    let failure = TestEngine.failure { () throws(WarehouseError) in
      try connection.execute(
        "SELECT CAST(CASE WHEN i < 299999 THEN '1' ELSE 'x' END AS INTEGER) FROM range(300000) AS r(i)"
      )
    }
    #expect(failure?.message.contains("Could not convert string 'x'") == true)
    #expect(try connection.count("SELECT 1") == 1, "the connection goes on working")
  }

  @Test func `a driver that is missing or is none`() throws {
    for (path, entry, words) in [
      ("/nowhere/driver.so", "AdbcDriverInit", "/nowhere/driver.so"),
      ("/etc/hostname", "AdbcDriverInit", "/etc/hostname"),
      (try NativeTestLibrary.duckdb.path(), "NoSuchInit", "has no function `NoSuchInit`"),
    ] {
      let failure = TestEngine.failure { () throws(WarehouseError) in
        _ = try Driver(path: path, entryPoint: entry)
      }
      #expect(failure?.code == .libraryMissing)
      #expect(failure?.message.contains(words) == true, "\(String(describing: failure))")
    }
  }

  @Test func `a database that cannot be opened`() throws {
    let driver = try Driver(path: NativeTestLibrary.duckdb.path(), entryPoint: "duckdb_adbc_init")
    for options in [[("path", "/etc/hostname")], [("path", "/nowhere/x.duckdb")]] {
      let failure = TestEngine.failure { () throws(WarehouseError) in
        _ = try Connection(try Database(driver: driver, options: options))
      }
      #expect(failure?.code == .connection)
      #expect(failure?.message.contains(options[0].1) == true, "\(String(describing: failure))")
    }
  }

  @Test func `scalar and count read one value`() throws {
    let connection = try NativeTestLibrary.engine().connection
    #expect(try connection.scalar("SELECT 'x'") == "x")
    #expect(try connection.scalar("SELECT DATE '2024-02-29'") == "2024-02-29")
    #expect(try connection.scalar("SELECT NULL") == nil)
    #expect(try connection.scalar("SELECT 1 WHERE false") == nil)
    #expect(try connection.count("SELECT 42") == 42)
    #expect(try connection.count("SELECT 'x'") == nil)
  }
}
