import Diagnostics
import OrderedCollections
import Panel
import Spec
import Testing
import Warehouse

@Suite("Findings of the panel stand where the fault is, and say what to do")
struct FindingTests {
  @Test("free SQL", arguments: FindingCase.sql)
  func sql(_ example: FindingCase) throws { try check(example) }

  @Test("sources", arguments: FindingCase.sources)
  func sources(_ example: FindingCase) throws { try check(example) }

  @Test("time", arguments: FindingCase.time)
  func time(_ example: FindingCase) throws { try check(example) }

  /// The one finding expected, and no other.
  private func check(_ example: FindingCase) throws {
    let findings = try Self.findings(example)
    let rendered = Comment(rawValue: TextRenderer().render(findings))
    try #require(findings.map(\.id.number) == [example.id], rendered)
    let finding = findings[0]
    #expect(finding.severity == example.severity, rendered)
    #expect(finding.span?.text == example.underlined, rendered)
    let help = ([finding.label ?? ""] + finding.notes + finding.hints).joined(separator: "\n")
    #expect(example.mend.isEmpty || help.contains(example.mend), rendered)
    #expect(finding.message.first?.isUppercase == false, rendered)
    #expect(!finding.message.hasSuffix("."), rendered)
  }

  private static func findings(_ example: FindingCase) throws -> [Finding] {
    do {
      return try FindingBench.builder(
        example.overlay, rows: example.rows, change: example.change
      ).findings
    } catch let error as FindingsError {
      return error.findings
    }
  }

  @Test("the sound spec on the sound tables has none")
  func sound() throws {
    let builder = try FindingBench.builder("")
    #expect(builder.findings.isEmpty, "\(TextRenderer().render(builder.findings))")
    let test = try #require(builder.timeline[.test].first)
    #expect(try builder.block(test).labels == [1, 0])
  }

  @Test("all sources are looked at before anything is said")
  func together() throws {
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(
        """
        sources: {calls: {key: customer, columns: {minuts: integer}}, history: {parquet: none.parquet}}
        """)
    }
    #expect(error?.findings.map(\.id.number).sorted() == [311, 314, 314])
  }

  @Test("all expressions are read before anything is said")
  func expressionsTogether() throws {
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(
        """
        feature_sets: {more: [a: {sql: "size"}, b: {sql: "customers.size +"},
          c: {count: calls, where: "minute > 1"}]}
        cohort: {where: [{sql: "getenv('HOME') = 'x'"}]}
        """)
    }
    #expect(error?.findings.map(\.id.number).sorted() == [301, 306, 307, 307])
  }

  @Test("an expression that fails on the rows of a later cutoff is named when that cutoff is built")
  func failsOnData() throws {
    // At 2023-12-31 every region is a number; from 2024-01-01 on one is `North`.
    let builder = try FindingBench.builder(
      """
      feature_sets: {more: [a: {sql: "CAST(history.region AS INTEGER)"}]}
      cutoffs: {train: 8, test: 2}
      """)
    let days = builder.timeline.cutoffs.map(\.date.description)
    #expect(days.first == "2023-10-31")
    let first = try #require(builder.timeline.cutoffs.first)
    #expect(try builder.block(first).rowCount == 2)
    let last = try #require(builder.timeline[.test].last)
    let error = #expect(throws: FindingsError.self) { _ = try builder.block(last) }
    #expect(error?.findings.map(\.id.number) == [308])
    #expect(error?.findings.first?.span?.text == "CAST")
    #expect(error?.findings.first?.message.contains("North") == true)
    let together = #expect(throws: FindingsError.self) {
      _ = try builder.blocks(builder.timeline.cutoffs, threads: 2)
    }
    #expect(together?.findings.first?.message == error?.findings.first?.message)
  }

  @Test("a table of a connection is read, and one that it lacks is a finding at its name")
  func connection() throws {
    let bench = try Bench()
    let path = "\(bench.folder.path)/curated.duckdb"
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
}
