import Diagnostics
import Panel
import Spec
import Testing

@Suite("A day that is scored alone is warned of what a run is warned of")
struct ScoredDayFindingTests {
  /// Rows of a source, the place that the finding underlines, and whether any of them can be used.
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let source: String
    let rows: String
    let place: String
    let severity: Finding.Severity
    var overlay = ""
  }

  static let cases = [
    Case(
      testDescription: "events with days, all of them after it", source: "calls",
      rows: "('1', NULL, '2020-05-02', 'call', '5'), ('1', '2024-11-01', '2024-11-02', 'a', '5')",
      place: "day", severity: .warning),
    Case(
      testDescription: "events with days, known after it", source: "calls",
      rows: "('1', '', '2020-05-02', 'call', '5'), ('1', '2020-05-01', '2024-11-02', 'a', '5')",
      place: "day", severity: .warning),
    Case(
      testDescription: "events with days, of a source that is not read again", source: "calls",
      rows: "('1', NULL, '2020-05-02', 'call', '5'), ('1', '2024-11-01', '2024-11-02', 'a', '5')",
      place: "day", severity: .warning,
      overlay:
        "sources: {calls: {parquet: null, sql: \"SELECT * FROM 'FOLDER/calls.parquet'\"}}"),
    Case(
      testDescription: "versions with days, over or not begun", source: "history",
      rows: """
        ('1', NULL, DATE '2025-01-01', '7'), ('1', DATE '2020-01-01', DATE '2024-01-01', '8'),
          ('1', DATE '2024-12-01', NULL, 'North')
        """,
      place: "valid_from", severity: .warning),
    Case(
      testDescription: "events without days", source: "calls",
      rows: "('1', NULL, '2020-05-02', 'call', '5'), ('2', NULL, '2024-11-02', 'a', '5')",
      place: "day", severity: .error),
    Case(
      testDescription: "events without days, known after it", source: "calls",
      rows: "('1', NULL, '2024-11-02', 'call', '5')", place: "day", severity: .error),
    Case(
      testDescription: "events with days of nobody who is known", source: "calls",
      rows: "('1', NULL, '2020-05-02', 'call', '5'), ('3', '2020-05-02', '2020-05-02', 'a', '5')",
      place: "day", severity: .error),
    Case(
      testDescription: "versions without days", source: "history",
      rows: "('1', NULL, DATE '2025-01-01', '7'), ('2', CAST(NULL AS DATE), NULL, 'North')",
      place: "valid_from", severity: .error),
  ]

  @Test("rows without a day are an error only where the whole source has none", arguments: cases)
  func untimed(_ example: Case) throws {
    let day = try #require(CalendarDate("2024-09-30"))
    let scored = Self.findings(example, .scoring([day], allowsSilence: true))
    let run = Self.findings(example, .experiment)
    for findings in [scored, run] {
      let rendered = Comment(rawValue: TextRenderer().render(findings))
      let finding = try #require(findings.first { $0.id.number == 411 }, rendered)
      #expect(finding.severity == example.severity, rendered)
      #expect(finding.span?.text == example.place, rendered)
    }
    // What the scored day does not see keeps no cutoff from being scored.
    #expect(scored.contains { $0.severity == .error } == (example.severity == .error))
  }

  private static func findings(_ example: Case, _ purpose: PanelBuilder.Purpose) -> [Finding] {
    do {
      return try FindingBench.builder(
        example.overlay, rows: [example.source: example.rows], purpose: purpose
      ).findings
    } catch let error as FindingsError {
      return error.findings
    } catch {
      Issue.record("\(error)")
      return []
    }
  }
}
