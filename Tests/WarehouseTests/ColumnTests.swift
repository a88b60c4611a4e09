import HoldoutTestSupport
import Testing
import Warehouse

@Suite struct ColumnTests {
  /// The only column of a query, which must come in one batch.
  private func column(_ sql: String) throws -> (column: Column, rowCount: Int) {
    let batches = try NativeTestLibrary.engine().connection.query(sql).collect()
    try #require(batches.count == 1)
    return (try #require(batches[0].columns.first), batches[0].rowCount)
  }

  @Test(arguments: [
    ("TINYINT", "int8", [-128, 0, 127]), ("SMALLINT", "int16", [-32768, 0, 32767]),
    ("INTEGER", "int32", [Int(Int32.min), 0, Int(Int32.max)]),
    ("BIGINT", "int64", [.min, 0, .max]),
    ("UTINYINT", "uint8", [0, 1, 255]), ("USMALLINT", "uint16", [0, 1, 65535]),
    ("UINTEGER", "uint32", [0, 1, Int(UInt32.max)]), ("UBIGINT", "uint64", [0, 1, .max]),
    ("BOOLEAN", "bool", [0, 1, 1]), ("DATE", "date", [-719_162, 0, 20_000]),
  ])
  func `whole numbers arrive with their type, their extremes and their nulls`(
    _ type: String, _ name: String, _ values: [Int]
  ) throws {
    let texts = values.map { value in
      type == "DATE" ? "DATE '1970-01-01' + (\(value))" : "CAST((\(value)) AS \(type))"
    }
    let rows = (texts + ["CAST(NULL AS \(type))"]).map { "(\($0))" }.joined(separator: ", ")
    let (column, rowCount) = try column("SELECT * FROM (VALUES \(rows)) AS rows(value)")
    #expect(rowCount == 4)
    #expect("\(column.values)".hasPrefix("\(name)("), "\(column.values)")
    #expect((0..<3).map(column.integer) == values)
    #expect((0..<3).map(column.number) == values.map { Optional(Double($0)) })
    #expect((0..<3).allSatisfy { !column.isNull($0) })
    #expect(column.isNull(3) && column.integer(3) == nil && column.number(3) == nil)
    #expect(column.text(0) == nil, "a number is no text")
  }

  @Test func `an unsigned number beyond the integers is a number only`() throws {
    let (column, _) = try column("SELECT CAST(18446744073709551615 AS UBIGINT)")
    #expect(column.integer(0) == nil)
    #expect(column.number(0) == 0x1p64)
  }

  @Test(arguments: ["FLOAT", "DOUBLE"])
  func `fractions, infinities and NaN arrive as they are`(_ type: String) throws {
    let (column, _) = try column(
      """
      SELECT CAST(value AS \(type)) FROM (VALUES
        ('0.5'), ('-0.0'), ('inf'), ('-inf'), ('nan'), (NULL), ('3')) AS rows(value)
      """)
    #expect(column.number(0) == 0.5)
    #expect(column.number(1) == 0 && column.number(1)?.sign == .minus)
    #expect(column.number(2) == .infinity && column.number(3) == -.infinity)
    #expect(column.number(4)?.isNaN == true)
    #expect(column.number(5) == nil && column.isNull(5))
    #expect(column.integer(6) == 3)
    #expect([0, 2, 4].allSatisfy { column.integer($0) == nil })
  }

  @Test func `texts arrive as UTF-8, empty ones and nulls apart`() throws {
    let texts = ["", "a", "Größe", "東京 🗼", "e\u{301}", "a\u{0}b", "it's \"quoted\"\n"]
    let rows = texts.map { text in
      text.contains("\u{0}") ? "('a' || chr(0) || 'b')" : "(\(SQL.literal(text)))"
    }
    let (column, rowCount) = try column(
      "SELECT * FROM (VALUES \(rows.joined(separator: ", ")), (NULL)) AS rows(value)")
    #expect(rowCount == texts.count + 1)
    #expect((0..<texts.count).map(column.text) == texts)
    #expect(column.text(texts.count) == nil && column.isNull(texts.count))
    #expect(column.integer(1) == nil && column.number(1) == nil)
    guard case .text(let values) = column.values else {
      Issue.record("\(column.values)")
      return
    }
    #expect(values.count == rowCount)
    #expect(Array(values.utf8(2)) == Array("Größe".utf8))
  }

  @Test func `a column without nulls says so, one with nothing but nulls too`() throws {
    #expect(try column("SELECT * FROM range(5)").column.validity == nil)
    let (empty, _) = try column("SELECT CAST(NULL AS VARCHAR) FROM range(3)")
    #expect(empty.validity == [false, false, false])
    let (untyped, _) = try column("SELECT NULL FROM range(3)")
    #expect((0..<3).allSatisfy { untyped.isNull($0) && untyped.number($0) == nil })
  }

  @Test func `a query without rows still names its columns`() throws {
    let stream = try NativeTestLibrary.engine().connection.query(
      "SELECT 1 AS a, 'x' AS b WHERE false")
    #expect(stream.names == ["a", "b"])
    #expect(try stream.collect().reduce(0) { $0 + $1.rowCount } == 0)
    #expect(try stream.next() == nil)
  }

  @Test func `a statement without a result has no rows`() throws {
    let engine = try NativeTestLibrary.engine()
    #expect(
      try engine.connection.query("CREATE TABLE t (a INTEGER)").collect()
        .reduce(0) { $0 + $1.rowCount } == 0)
    #expect(try engine.connection.count("SELECT count(*) FROM t") == 0)
  }

  @Test func `many batches carry every row once, with nulls where they belong`() throws {
    let count = 350_000
    let stream = try NativeTestLibrary.engine().connection.query(
      """
      SELECT i AS number, CASE WHEN i % 3 > 0 THEN i END AS some,
        CASE WHEN i % 7 > 0 THEN 'ö' || i END AS text, i % 2 = 0 AS even
      FROM range(\(count)) AS rows(i)
      """)
    var seen = [Int](repeating: 0, count: count)
    var wrong = 0
    var batches = 0
    while let batch = try stream.next() {
      batches += 1
      let columns = try ["number", "some", "text", "even"].map { try #require(batch[$0]) }
      #expect(batch["absent"] == nil)
      for index in 0..<batch.rowCount {
        let row = try #require(columns[0].integer(index))
        seen[row] += 1
        let isRight =
          columns[1].integer(index) == (row % 3 > 0 ? row : nil)
          && columns[2].text(index) == (row % 7 > 0 ? "ö\(row)" : nil)
          && columns[3].integer(index) == (row % 2 == 0 ? 1 : 0)
        if !isRight { wrong += 1 }
      }
    }
    #expect(wrong == 0)
    #expect(seen.allSatisfy { $0 == 1 })
    #expect(batches > 1)
  }

  @Test(arguments: ["TIMESTAMP '2024-01-01'", "[1, 2]", "{'a': 1}", "INTERVAL 1 DAY"])
  func `a type that is not read is refused by name`(_ value: String) throws {
    let engine = try NativeTestLibrary.engine()
    let failure = TestEngine.failure { () throws(WarehouseError) in
      _ = try engine.connection.query("SELECT \(value) AS odd").collect()
    }
    #expect(failure?.code == .unsupportedType)
    #expect(failure?.message.contains("`odd`") == true, "\(String(describing: failure))")
  }
}
