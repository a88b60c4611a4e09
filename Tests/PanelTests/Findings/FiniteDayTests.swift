import Diagnostics
import HoldoutTestSupport
import Panel
import Spec
import Testing

@Suite("Days and times that are not finite are found, in whichever row they stand")
struct FiniteDayTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    /// The day and the time of the only row that is not as all others.
    let odd: String
    /// What is found, and what is said of it.
    let id: Int?
    var message = ""
  }

  static let cases = [
    Case(testDescription: "all finite", odd: "DATE '2020-05-01', TIMESTAMP '2020-05-02'", id: nil),
    Case(
      testDescription: "a day without end", odd: "DATE 'infinity', TIMESTAMP '2020-05-02'", id: 315,
      message: "1 row of `calls` has a `day` that is not a date"),
    Case(
      testDescription: "a day without beginning", odd: "DATE '-infinity', TIMESTAMP '2020-05-02'",
      id: 315, message: "1 row of `calls` has a `day` that is not a date"),
    Case(
      testDescription: "no day", odd: "NULL, TIMESTAMP '2020-05-02'", id: 411,
      message: "1 row of `calls` has no `day` and is dropped"),
    Case(
      testDescription: "a time without end", odd: "DATE '2020-05-01', TIMESTAMP 'infinity'",
      id: 315, message: "1 row of `calls` has a `logged` that is not a date"),
    Case(
      testDescription: "a time without beginning", odd: "DATE '2020-05-01', TIMESTAMP '-infinity'",
      id: 315, message: "1 row of `calls` has a `logged` that is not a date"),
    Case(
      testDescription: "no time", odd: "DATE '2020-05-01', NULL", id: 411,
      message: "1 row of `calls` has no `logged`, and no cutoff reads it"),
  ]

  @Test("of events, in a run and for a day that is scored alone", arguments: cases)
  func events(_ example: Case) throws {
    let day = try #require(CalendarDate("2024-09-30"))
    for purpose in [PanelBuilder.Purpose.experiment, .scoring([day], allowsSilence: true)] {
      // The odd row stands in the middle of those that fill more than one group of the file.
      let all = try Self.findings(
        """
        SELECT '1' AS id, day, logged, 'call' AS kind, 5 AS minutes FROM (
          SELECT DATE '2020-05-01' + CAST(i % 900 AS INTEGER) AS day,
            TIMESTAMP '2022-12-31 08:00:00' + to_hours(i % 900) AS logged
          FROM range(150000) AS numbers(i)
          UNION ALL SELECT \(example.odd)
          UNION ALL SELECT DATE '2020-05-01', TIMESTAMP '2020-05-02' FROM range(150000))
        """, purpose)
      // That calls have long fallen silent is another matter.
      let findings = all.filter { [315, 411].contains($0.id.number) }
      #expect(findings.map(\.id.number) == [example.id].compactMap(\.self))
      #expect(findings.allSatisfy { $0.message == example.message })
    }
  }

  private static func findings(
    _ calls: String, _ purpose: PanelBuilder.Purpose
  ) throws -> [Finding] {
    let bench = try Bench()
    try bench.parquet(
      "customers",
      "SELECT '1' AS id, '2020-01-01' AS created, '2024-11-05' AS bought, 5 AS size, 1.5 AS score, "
        + "'T' AS named, 'retail' AS segment")
    try bench.parquet(
      "history",
      "SELECT '1' AS id, DATE '2020-01-01' AS valid_from, DATE 'infinity' AS valid_to, "
        + "'North' AS region")
    try bench.parquet("calls", calls)
    do {
      let builder = try bench.builder(FindingBench.base, purpose: purpose)
      // A version that ends on no day is still in force.
      let day = try #require(CalendarDate("2024-09-30"))
      let block = try builder.block(Cutoff(date: day, role: .immature, windowEnd: day))
      let rows = PanelRows(block, builder, try builder.keys())
      #expect(rows.values("region", of: builder) == ["1": .text("North")])
      return builder.findings
    } catch let error as FindingsError {
      return error.findings
    }
  }
}
