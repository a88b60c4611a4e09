import Foundation
import HoldoutTestSupport
import Testing
import Warehouse

@Suite struct WriteParquetTests {
  private func names(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `a query's rows are written in its order, over what was there`() throws {
    try TemporaryFolder.with { folder in
      let engine = try NativeTestLibrary.engine()
      let path = "\(folder)/it's \"odd\" ü.parquet"
      for count in [5, 300_000] {
        try engine.writeParquet("SELECT i FROM range(\(count)) AS r(i) ORDER BY i DESC", to: path)
        let file = "read_parquet(\(SQL.literal(path)), file_row_number = true)"
        #expect(
          try engine.connection.scalar(
            "SELECT count(*) || ' ' || bool_and(i + file_row_number = \(count - 1)) FROM \(file)")
            == "\(count) true")
      }
      #expect(try names(folder).count == 1)
    }
  }

  @Test(arguments: [
    "SELECT absent",
    "SELECT CASE WHEN i < 299999 THEN i ELSE error('boom') END FROM range(300000) AS r(i)",
  ])
  func `a query that fails leaves the file from before`(_ query: String) throws {
    try TemporaryFolder.with { folder in
      let path = "\(folder)/rows.parquet"
      try Data("old".utf8).write(to: URL(filePath: path))
      let engine = try NativeTestLibrary.engine()
      let failure = TestEngine.failure { () throws(WarehouseError) in
        try engine.writeParquet(query, to: path)
      }
      #expect(failure?.code == .query)
      #expect(try Data(contentsOf: URL(filePath: path)) == Data("old".utf8))
      #expect(try names(folder) == ["rows.parquet"])
    }
  }

  @Test func `a place that cannot be written is an error and leaves nothing`() throws {
    try TemporaryFolder.with { folder in
      let engine = try NativeTestLibrary.engine()
      try FileManager.default.createDirectory(
        atPath: "\(folder)/taken/inside", withIntermediateDirectories: true)
      for path in ["\(folder)/taken", "\(folder)/absent/rows.parquet"] {
        let failure = TestEngine.failure { () throws(WarehouseError) in
          try engine.writeParquet("SELECT 1 AS a", to: path)
        }
        #expect(failure != nil)
      }
      #expect(try names(folder) == ["taken"])
      #expect(try names("\(folder)/taken") == ["inside"])
    }
  }
}
