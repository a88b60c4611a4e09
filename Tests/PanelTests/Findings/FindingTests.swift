import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Spec
import Testing
import Warehouse

@Suite("Findings of the panel stand where the fault is, and say what to do")
struct FindingTests {
  @Test(
    "free SQL",
    arguments: FindingCase.syntax + FindingCase.names + FindingCase.sql + FindingCase.calls)
  func sql(_ example: FindingCase) throws { try check(example) }

  @Test("what is not the same on every run", arguments: FindingCase.clocks)
  func clocks(_ example: FindingCase) throws { try check(example) }

  @Test("what the engine refuses", arguments: FindingCase.engine)
  func engine(_ example: FindingCase) throws { try check(example) }

  @Test(
    "ordinary expressions are taken",
    arguments: [
      "customers.size", "-customers.size + 1.5 * customers.score ** 2", "customers.size::DOUBLE",
      "CASE WHEN customers.named THEN 1 WHEN history.region IN ('7', 'North') THEN 2 ELSE 3 END",
      "coalesce(nullif(customers.size, 0), ifnull(customers.score, 1))", "NULL", "true",
      "cutoff - customers.created", "date_diff('day', customers.created, cutoff)",
      "extract(year FROM cutoff + INTERVAL 6 MONTH) - year(cutoff - INTERVAL '3 days')",
      "year(age(cutoff, customers.created))", "(customers.size).abs()", "if(customers.named, 1, 0)",
      "customers.size BETWEEN 1 AND 5 AND customers.created <= DATE '2024-01-01'",
      "customers.segment LIKE 'a%' OR customers.segment ~ 'b' OR NOT starts_with('a', 'b')",
      "customers.segment COLLATE nocase = 'A' -- said", "try_cast(customers.segment AS INTEGER)",
      "length(to_json(customers.segment) -> '$.a')", "list_sum([customers.size, 2])",
      "{'a': 5}.a + [1][1]",
      "customers.created::TIMESTAMP AT TIME ZONE 'UTC' < TIMESTAMP '2024-01-01'",
      "length(split_part(customers.segment, ';', 1))", "hash(customers.size)",
      "greatest(customers.size, customers.score, 3::DECIMAL(10, 2))",
      "customers.size IS NOT DISTINCT FROM 5", "features.size / 2 + customers.size",
      "ln(1 + features.calls) - ln(1 + features.minutes)", "features.named AND features.calls > 1",
      "CASE WHEN NOT features.named THEN length(features.segment || features.region) END",
    ])
  func ordinary(_ sql: String) throws {
    let builder = try FindingBench.builder(
      FindingCase.sql(0, "", sql, fix: "").overlay)
    let test = try #require(builder.timeline[.test].first)
    _ = try builder.block(test)
  }

  @Test("a column named in a condition may be called as the source is, or as another feature")
  func conditionNames() throws {
    let builder = try FindingBench.builder(
      FindingCase.condition(
        0, "", "calls.kind = 'call' AND minutes > 1 AND cutoff > logged", fix: ""
      )
      .overlay + "sources: {calls: {columns: {logged: date}}}\n")
    #expect(builder.findings.isEmpty)
  }

  @Test("sources", arguments: FindingCase.sources)
  func sources(_ example: FindingCase) throws { try check(example) }

  @Test("promises", arguments: FindingCase.contracts)
  func contracts(_ example: FindingCase) throws { try check(example) }

  @Test("promises that are kept, and values that occur, have none")
  func kept() throws {
    let builder = try FindingBench.builder(
      """
      sources:
        customers:
          expect:
            - not_null: [id, created, size]
            - unique: id
            - {accepted_values: [retail], column: segment}
            - {accepted_values: [1.50], column: score}
            - {accepted_values: [5.0, 6], column: size}
            - {between: [5, 6], column: size}
            - {between: [2020-01-01, 2020-02-01], column: created}
            - {matches: "r.*l", column: segment}
            - {null_rate_below: 0.51, column: segment}
            - row_count_between: [2, 2]
            - {fresh_within: 5 years, column: created}
            - no_future: [created, bought]
            - {relationship: history.id, column: id}
        calls:
          expect: [{relationship: customers.id, column: id}]
      cohort: {where: [{not: {in: {column: history.region, values: ["7"]}}}]}
      """)
    #expect(builder.findings.isEmpty, "\(TextRenderer().render(builder.findings))")
  }

  @Test("a value that cannot be read as its column's type keeps no promise")
  func unreadable() throws {
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(
        """
        sources:
          customers:
            columns: {note: {type: integer, class: static, from: segment}}
            expect: [{between: [0, 9], column: note}, {not_null: [note]}, {no_future: bought}]
        """, rows: ["customers": "('1', '2020-01-01', 'never', '5', '1.5', 'T', 'many')"])
    }
    // The promise about presence is kept; the label's unreadable day is a finding of its own.
    #expect(error?.findings.map(\.id.number) == [320, 320, 315])
  }

  @Test("everything that is broken is told at once")
  func broken() throws {
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(
        """
        sources:
          customers: {expect: [{not_null: [score, segment]}, {row_count_between: [5, 9]}]}
          calls: {expect: [{unique: nothing}, {between: [9, 10], column: minutes}]}
        """)
    }
    #expect(error?.findings.map(\.id.number) == [320, 320, 320, 314, 320])
  }

  @Test("time", arguments: FindingCase.time)
  func time(_ example: FindingCase) throws { try check(example) }

  /// The one finding expected, and no other.
  private func check(_ example: FindingCase) throws {
    // The few rows of an example often belong to no entity, which has a finding of its own.
    let findings = try Self.findings(example).filter { $0.id.number != 392 || example.id == 392 }
    let rendered = Comment(rawValue: TextRenderer().render(findings))
    try #require(findings.map(\.id.number) == [example.id], rendered)
    let finding = findings[0]
    #expect(finding.severity == example.severity, rendered)
    #expect(finding.span?.text == example.underlined, rendered)
    let said = [finding.message, finding.label ?? ""] + finding.notes + finding.hints
    let help = said.joined(separator: "\n")
    #expect(example.fix.isEmpty || help.contains(example.fix), rendered)
    #expect(finding.message.first?.isUppercase == false, rendered)
    #expect(!finding.message.hasSuffix("."), rendered)
    // Nothing of the statements around the user's SQL, and nothing of the engine's layout.
    #expect(said.allSatisfy { !$0.contains("\n") && !$0.contains("\t") }, rendered)
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

  @Test("a conversion that fails on the data is underlined at its sign")
  func failsAtSign() throws {
    let builder = try FindingBench.builder(
      FindingCase.sql(0, "", "history.region::INTEGER + 1", fix: "").overlay)
    let last = try #require(builder.timeline[.test].last)
    let error = #expect(throws: FindingsError.self) { _ = try builder.block(last) }
    #expect(error?.findings.first?.span?.text == "::")
  }

  @Test(
    "a spec with errors that reading it has found is refused, not built",
    arguments: [
      ("cutoffs: {last: latest_mature}", "the last observed day of `customers` is not known"),
      ("cutoffs: {last: 2024-08-31}", "the last cutoff, 2024-08-30, is not a day of its cadence"),
      ("cutoffs: {last: 2024-09-30}", "the labels of 2024-10-31 are final on 2025-01-31"),
    ])
  func unchecked(_ overlay: String, _ message: String) throws {
    let error = #expect(throws: Timeline.Problem.self) {
      _ = try FindingBench.builder(overlay) { spec in
        guard case .date(var date) = spec.cutoffs.last else {
          spec.sources["customers"]?.dataThrough = nil
          return
        }
        date.value = CalendarDate(days: date.value.days + (date.value.civil.month == 8 ? -1 : 31))
        spec.cutoffs.last = .date(date)
      }
    }
    #expect(error.map { "\($0)" }?.hasPrefix(message) == true)
  }

  @Test("an `as_of` after the data is told what to do about")
  func lateAsOf() throws {
    let finding = try #require(
      Bench.load(FindingBench.base + "as_of: 2025-12-31\n").findings.first)
    #expect(finding.id.number == 426 && finding.severity == .warning)
    #expect(finding.span?.text == "2025-12-31")
    #expect(finding.hints == ["remove `as_of`, or write an earlier day"])
  }

  @Test("a source's query may end with a semicolon")
  func semicolon() throws {
    for end in [";", " ; -- all", "\n;;\n"] {
      let builder = try FindingBench.builder(
        "sources: {calls: {parquet: null, sql: \"SELECT * FROM 'FOLDER/calls.parquet'\(end)\"}}")
      #expect(builder.findings.isEmpty)
    }
  }
}
