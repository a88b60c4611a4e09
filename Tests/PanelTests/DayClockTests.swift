import Diagnostics
import HoldoutTestSupport
import OrderedCollections
import Panel
import Spec
import Testing

@Suite("The day of an instant")
struct DayClockTests {
  /// A time of a call, and the day to which it belongs.
  struct Case: CustomTestStringConvertible {
    let clock: String
    let time: String
    let day: String
    var call = ""
    var column = "date"

    var testDescription: String { "\(time) by \(clock) \(call) \(column)" }

    init(_ clock: String, _ time: String, _ day: String, call: String = "", column: String = "date")
    {
      (self.clock, self.time, self.day, self.call, self.column) = (clock, time, day, call, column)
    }

    static func instant(_ clock: String, _ time: String, _ day: String) -> Case {
      Case(clock, "TIMESTAMPTZ '\(time)+00'", day)
    }
  }

  private static let newYork = "{time_zone: America/New_York}"
  private static let sixOClock = "{time_zone: America/New_York, ends_at: \"06:00\"}"

  /// Clocks in New York went back on 2023-11-05 at 06:00, and forward on 2024-03-10 at 07:00, by UTC.
  static let changes: [Case] = [
    .instant(newYork, "2024-03-10 04:59:59", "2024-03-09"),
    .instant(newYork, "2024-03-10 05:00:00", "2024-03-10"),
    .instant(newYork, "2024-03-11 03:59:59", "2024-03-10"),
    .instant(newYork, "2024-03-11 04:00:00", "2024-03-11"),
    .instant(newYork, "2023-11-05 03:59:59", "2023-11-04"),
    .instant(newYork, "2023-11-05 04:00:00", "2023-11-05"),
    .instant(newYork, "2023-11-06 04:59:59", "2023-11-05"),
    .instant(newYork, "2023-11-06 05:00:00", "2023-11-06"),
    .instant(sixOClock, "2024-03-10 09:59:59", "2024-03-09"),
    .instant(sixOClock, "2024-03-10 10:00:00", "2024-03-10"),
    .instant(sixOClock, "2023-11-05 10:59:59", "2023-11-04"),
    .instant(sixOClock, "2023-11-05 11:00:00", "2023-11-05"),
  ]

  /// A day ends once, even where its end is shown twice or not at all.
  static let ends: [Case] =
    ["05:29:59", "05:31:00", "06:10:00", "06:29:59"].map {
      .instant(
        "{time_zone: America/New_York, ends_at: \"01:30\"}", "2023-11-05 \($0)", "2023-11-04")
    } + [
      .instant(
        "{time_zone: America/New_York, ends_at: \"01:30\"}", "2023-11-05 06:30:00", "2023-11-05"),
      .instant(
        "{time_zone: America/New_York, ends_at: \"02:30\"}", "2024-03-10 07:29:59", "2024-03-09"),
      .instant(
        "{time_zone: America/New_York, ends_at: \"02:30\"}", "2024-03-10 07:30:00", "2024-03-10"),
      .instant(
        "{time_zone: Europe/Berlin, ends_at: \"02:00\"}", "2024-03-31 00:59:59", "2024-03-30"),
      .instant(
        "{time_zone: Europe/Berlin, ends_at: \"02:00\"}", "2024-03-31 01:00:00", "2024-03-31"),
      .instant("{time_zone: Asia/Kolkata}", "2024-03-10 18:29:59", "2024-03-10"),
      .instant("{time_zone: Asia/Kolkata}", "2024-03-10 18:30:00", "2024-03-11"),
      .instant("{ends_at: \"06:00\"}", "2024-03-10 05:59:59", "2024-03-09"),
    ]

  static let forms: [Case] = [
    // Text with an offset, in several spellings.
    Case(newYork, "'2024-03-10T20:00:00-07:00'", "2024-03-10"),
    Case(newYork, "'2024-03-11T03:59:59Z'", "2024-03-10"),
    Case(newYork, "'2024-03-11 04:00:00.000+00'", "2024-03-11"),
    Case(newYork, "'2024-03-11 03:59 UTC'", "2024-03-10"),
    Case("{time_zone: Asia/Kolkata}", "'2024-03-10 14:00:00 America/New_York'", "2024-03-10"),
    Case("{time_zone: Asia/Kolkata}", "'2024-03-10 15:00:00 America/New_York'", "2024-03-11"),
    // A time without one is local.
    Case(newYork, "'2024-03-10 23:59:59'", "2024-03-10"),
    Case(sixOClock, "'2024-03-10 05:59:59'", "2024-03-09"),
    Case(sixOClock, "'2024-03-10T06:00'", "2024-03-10"),
    Case(sixOClock, "TIMESTAMP '2024-03-10 05:59:59'", "2024-03-09"),
    Case(sixOClock, "TIMESTAMP '2024-03-10 06:00:00'", "2024-03-10"),
    Case(sixOClock, "TIMESTAMP_NS '2024-03-10 05:59:59.999999999'", "2024-03-09"),
    Case(sixOClock, "TIMESTAMP_NS '2024-03-10 06:00:00'", "2024-03-10"),
    Case(sixOClock, "CAST('2024-03-10 05:59:59' AS TIMESTAMP_S)", "2024-03-09"),
    // Days keep their day.
    Case(sixOClock, "DATE '2024-03-10'", "2024-03-10"),
    Case(sixOClock, "'2024-03-10'", "2024-03-10"),
    Case(sixOClock, "' 2024-03-10 '", "2024-03-10"),
    // A source whose times are in another zone.
    Case(newYork, "TIMESTAMP '2024-03-10 04:59:59'", "2024-03-09", call: "time_zone: UTC, "),
    Case(newYork, "TIMESTAMP '2024-03-10 05:00:00'", "2024-03-10", call: "time_zone: UTC, "),
    Case(newYork, "'2024-03-11 03:59'", "2024-03-10", call: "time_zone: UTC, "),
    Case(newYork, "'2024-03-10'", "2024-03-10", call: "time_zone: UTC, "),
    Case(sixOClock, "'2024-03-10 09:59:59'", "2024-03-09", call: "time_zone: UTC, "),
    Case(sixOClock, "'2024-03-10 10:00:00'", "2024-03-10", call: "time_zone: UTC, "),
    // An offset says more than the source's zone.
    Case(newYork, "'2024-03-10 04:00:00-05:00'", "2024-03-10", call: "time_zone: UTC, "),
    // Without `day`, days are those of UTC.
    Case("{}", "TIMESTAMP '2024-03-10 00:30:00'", "2024-03-09", call: "time_zone: Europe/Berlin, "),
    Case("{}", "'2024-03-10 00:30:00'", "2024-03-10"),
    // Formats.
    Case(
      sixOClock, "'03/10/2024 05:59'", "2024-03-09",
      column: "{type: date, formats: [\"%m/%d/%Y %H:%M\"]}"),
    Case(sixOClock, "'03/10/2024'", "2024-03-10", column: "{type: date, formats: [\"%m/%d/%Y\"]}"),
    Case(
      newYork, "'2024-03-10 23:00:00 -0400'", "2024-03-10",
      column: "{type: date, formats: [\"%Y-%m-%d %H:%M:%S %z\"]}"),
    Case(
      newYork, "'2024-03-10 04:00'", "2024-03-09", call: "time_zone: UTC, ",
      column: "{type: date, formats: [\"%Y-%m-%d %H:%M\"]}"),
    // Times that say nothing.
    Case(
      sixOClock, "TIMESTAMP '2024-03-10 00:00:00'", "2024-03-10", call: "time_zone: UTC, ",
      column: "{type: date, time_of_day: ignored}"),
  ]

  @Test("ends when clocks in its time zone show its end", arguments: changes + ends + forms)
  func day(_ example: Case) throws {
    let builder = try FindingBench.builder(
      """
      day: \(example.clock)
      sources: {calls: {\(example.call)columns: {day: \(example.column)}}}
      feature_sets: {more: [since: {days_since_last: calls}]}
      """, rows: ["calls": "('1', \(example.time), DATE '2020-01-01', 'call', '5')"])
    let date = try #require(CalendarDate("2024-12-15"))
    let block = try builder.block(Cutoff(date: date, role: .immature, windowEnd: date))
    let since = PanelRows(block, builder, try builder.keys()).values("since", of: builder)
    let expected = try #require(CalendarDate(example.day))
    #expect(since["1"] == .number(Double(date.days - expected.days)))
  }

  @Test("decides which cutoff sees a row, one that is scored alone, too")
  func cutoff() throws {
    for (time, sees) in [("2024-02-16 10:59:59", true), ("2024-02-16 11:00:00", false)] {
      for type in ["TIMESTAMPTZ '\(time)+00'", "TIMESTAMP '\(time)'", "'\(time)'"] {
        let zone = type.hasPrefix("TIMESTAMPTZ") ? "" : "time_zone: UTC"
        let date = try #require(CalendarDate("2024-02-15"))
        for purpose in [PanelBuilder.Purpose.experiment, .scoring([date], allowsSilence: true)] {
          // A single day is read from the files themselves, so they must remain.
          let bench = try Bench()
          let builder = try FindingBench.builder(
            """
            day: \(Self.sixOClock)
            sources: {calls: {\(zone)}}
            feature_sets: {more: [all: {count: calls}]}
            """,
            rows: [
              "calls": "('1', \(type), \(type), 'call', '5'), ('1', \(type), \(type), 'call', '5')"
            ], purpose: purpose, in: bench)
          let block = try builder.block(Cutoff(date: date, role: .immature, windowEnd: date))
          let counts = PanelRows(block, builder, try builder.keys()).values("all", of: builder)
          #expect(counts["1"] == .number(sees ? 2 : 0), "\(type)")
          withExtendedLifetime(bench) {}
        }
      }
    }
  }

  @Test("is not moved where a time is beyond any valid day, which is then reported")
  func extremes() throws {
    let error = #expect(throws: FindingsError.self) {
      _ = try FindingBench.builder(
        "day: \(Self.sixOClock)\nsources: {calls: {time_zone: UTC}}",
        rows: ["calls": "('1', TIMESTAMP '290000-01-01 00:00:00', DATE '2020-01-01', 'call', '5')"])
    }
    #expect(error?.findings.map(\.id.number) == [340])
  }

  @Test("of times that are all midnight is doubted, where a clock moves them")
  func midnights() throws {
    func findings(
      _ clock: String, _ time: (Int) -> String, column: String = "date"
    ) throws -> [Int] {
      let rows = (1...12).map { "('1', \(time($0)), DATE '2020-01-01', 'call', '5')" }
      return try FindingBench.builder(
        "day: \(clock)\nsources: {calls: {columns: {day: \(column)}}}",
        rows: ["calls": rows.joined(separator: ", ")]
      ).findings.map(\.id.number)
    }
    func midnight(_ day: Int) -> String { "TIMESTAMP '2024-03-\(day + 10) 00:00:00'" }
    #expect(try findings(Self.sixOClock, midnight) == [445])
    #expect(try findings(Self.sixOClock, { "'2024-03-\($0 + 10) 00:00'" }) == [445])
    #expect(try findings(Self.sixOClock, { "'2024-03-\($0 + 10)'" }) == [])
    // Local times keep their day where it ends at midnight.
    #expect(try findings(Self.newYork, midnight) == [])
    #expect(try findings("{}", midnight) == [])
    #expect(
      try findings(Self.sixOClock, { $0 == 3 ? "TIMESTAMP '2024-03-13 09:00:00'" : midnight($0) })
        == [])
    #expect(
      try findings(Self.sixOClock, midnight, column: "{type: date, time_of_day: ignored}") == [])
  }
}
