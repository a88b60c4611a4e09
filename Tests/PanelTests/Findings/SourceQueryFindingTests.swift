import Diagnostics
import Panel
import Spec
import Testing
import Warehouse

/// A source's own query may differ neither from run to run nor from machine to machine.
@Suite("Queries of sources") struct SourceQueryFindingTests {
  @Test(
    "that read a clock, the engine or Holdout itself are refused",
    arguments: [
      ("FROM query('SELECT 1 AS id, now() AS day')", "query"),
      ("SELECT * FROM duckdb_settings()", "duckdb_settings"),
      ("SELECT * FROM pg_catalog.pg_settings", "pg_catalog.pg_settings"),
      ("SELECT * FROM glob('/tmp/*')", "glob"),
      ("SELECT * FROM source.customers", "source.customers"),
      ("SELECT * FROM duckdb_tables", "duckdb_tables"),
      ("SELECT TIMETZ '12:00:00+00' AS day, '1' AS id", "TIMETZ"),
      ("SELECT * FROM json_execute_serialized_sql('x')", "json_execute_serialized_sql"),
    ])
  func refused(sql: String, name: String) throws {
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(
        "sources:\n  calls:\n    parquet: null\n    sql: |-\n      \(sql)\n")
    }
    let number = ["duckdb_settings", "glob"].contains(name) ? 370 : 306
    #expect(error?.findings.map(\.id.number) == [number])
    #expect(error?.findings.first?.message.contains("`\(name)`") == true)
  }

  @Test("that read files, lists and ranges are run")
  func allowed() throws {
    let builder = try FindingBench.builder(
      """
      sources:
        calls:
          parquet: null
          sql: |-
            SELECT '1' AS id, DATE '2020-05-01' + CAST(n AS INTEGER) AS day, DATE '2020-06-01' AS logged,
              kind, 5 AS minutes
            FROM range(3) AS numbers(n), unnest(['call', 'demo']) AS kinds(kind)
      """)
    #expect(builder.findings.isEmpty)
  }
}
