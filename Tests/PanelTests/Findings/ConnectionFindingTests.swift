import Diagnostics
import HoldoutTestSupport
import Panel
import Spec
import Testing
import Warehouse

@Suite("Findings about connections name the place in the spec and in the project file")
struct ConnectionFindingTests {
  @Test("a table of a connection is read, and one that it lacks is a finding at its name")
  func connection() throws {
    let bench = try Bench()
    let path = "\(bench.folder)/curated.duckdb"
    try bench.engine.connection.execute("ATTACH '\(path)' AS made")
    try bench.engine.connection.execute(
      "CREATE TABLE made.calls AS SELECT '1' AS id, 'call' AS kind, "
        + "7 AS minutes, DATE '2020-08-01' AS day, DATE '2020-08-01' AS logged")
    try bench.engine.connection.execute("DETACH made")
    let file = SourceFile(name: "holdout.yaml", text: "connections: {curated: {duckdb: \(path)}}")
    let project = try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) }
    func overlay(_ table: String) -> String {
      "sources: {calls: {parquet: null, table: \(table), connection: curated}}"
    }
    let builder = try FindingBench.builder(overlay("calls"), project: project)
    let block = try builder.block(try #require(builder.timeline[.test].first))
    let rows = PanelRows(block, builder, try builder.keys())
    #expect(rows.values("minutes", of: builder) == ["1": .number(7), "2": .number(0)])
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(overlay("cals"), project: project)
    }
    #expect(error?.findings.map(\.id.number) == [312])
    #expect(error?.findings.first?.span?.text == "cals")
  }

  @Test("a table that names no connection is told where it is looked for, and which there is")
  func defaultConnection() throws {
    func said(_ text: String, _ overlay: String) throws -> [Finding] {
      let file = SourceFile(name: "holdout.yaml", text: text)
      let project = try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) }
      let error = #expect(throws: FindingsError.self) {
        _ = try FindingBench.builder(overlay, project: project)
      }
      return error?.findings ?? []
    }
    let table = "sources: {calls: {parquet: null, table: calls}}"
    let none = try said("results: results", table)
    #expect(none.map(\.id.number) == [313])
    #expect(none.first?.notes == ["holdout.yaml declares no connections"])
    let one = try said("connections: {shop: {duckdb: shop.duckdb}}", table)
    #expect(one.first?.hints == ["write `connection: shop`"])
    let several = try said(
      "connections: {shop: {duckdb: shop.duckdb}, web: {duckdb: web.duckdb}}", table)
    #expect(several.first?.hints == ["write `connection:` and the name of one"])
    #expect(several.first?.notes == ["connections: shop, web"])
  }

  @Test("a connection without its file is told with the file's place in the project file")
  func missingDatabase() throws {
    let file = SourceFile(
      name: "holdout.yaml", text: "connections: {shop: {duckdb: data/shop.duckdb}}")
    let project = try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) }
    for (source, underlined) in [("table: calls", "calls"), ("sql: FROM calls", "FROM calls")] {
      let error = #expect(throws: FindingsError.self) {
        _ = try FindingBench.builder(
          "sources: {calls: {parquet: null, \(source), connection: shop}}", project: project)
      }
      let finding = try #require(error?.findings.first)
      #expect(error?.findings.count == 1 && finding.id.number == 312)
      #expect(finding.message == "source `calls` cannot be read: connection `shop` has no file")
      #expect(finding.span?.text == underlined)
      #expect(finding.related.map(\.span.text) == ["data/shop.duckdb"])
      #expect(finding.related.map(\.span.file.name) == ["holdout.yaml"])
    }
  }

  @Test("a query on a connection is underlined at its token, and may not read a clock")
  func connectionQuery() throws {
    let bench = try Bench()
    let path = "\(bench.folder)/shop.duckdb"
    try bench.engine.connection.execute("ATTACH '\(path)' AS made")
    try bench.engine.connection.execute("CREATE TABLE made.calls AS SELECT '1' AS id")
    try bench.engine.connection.execute("DETACH made")
    let file = SourceFile(name: "holdout.yaml", text: "connections: {shop: {duckdb: \(path)}}")
    let project = try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) }
    for (sql, id, underlined) in [
      ("SELECT kind FROM calls;", 312, "kind"), ("SELECT now() AS day FROM calls", 306, "now()"),
    ] {
      let error = #expect(throws: FindingsError.self) {
        _ = try FindingBench.builder(
          "sources: {calls: {parquet: null, sql: \(sql), connection: shop}}", project: project)
      }
      #expect(error?.findings.map(\.id.number) == [id])
      #expect(error?.findings.first?.span?.text == underlined)
    }
  }
}
