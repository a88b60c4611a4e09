import Evaluation
import Foundation
import Operations
import Panel
import Spec
import Testing

@Suite struct OutcomeMonitorTests {
  private static func day(_ text: String) throws -> CalendarDate {
    try #require(CalendarDate(text))
  }

  private static let start = 20_000

  /// Purchases at a constant rate over 100 days, known from 400 accounts.
  private static func timing(leastScore: Double = 1e-9) throws -> OutcomeMonitor.Timing {
    let cohort = ScoredCohort(
      cutoff: Cutoff(
        date: CalendarDate(days: start - 500), role: .train,
        windowEnd: CalendarDate(days: start - 400)),
      entities: (0..<400).map { $0 }, clusters: (0..<400).map { $0 },
      margins: (0..<400).map { Double($0) }, scores: (0..<400).map { _ in 0.5 })
    var timing = try #require(
      OutcomeMonitor.Timing(
        learned: [
          (
            cohort: cohort,
            events: (0..<400).map { entity in
              EntityEvent(
                entity: Int32(entity), day: CalendarDate(days: start - 499 + entity % 100))
            }
          )
        ], months: []))
    timing.leastScore = leastScore
    return timing
  }

  private static func monitor(
    settled: Int, leastScore: Double = 1e-9
  ) throws -> OutcomeMonitor {
    OutcomeMonitor(
      timing: try timing(leastScore: leastScore), settled: CalendarDate(days: start + settled),
      tolerance: 0.2, threshold: 208)
  }

  /// A list on a day with the purchases after it, by entity and day.
  private static func list(
    _ offset: Int, scores: [Double], events: [(Int32, Int)], entities: [Int32]? = nil,
    selected: [Bool]? = nil, isHeldBack: [Bool]? = nil
  ) -> OutcomeMonitor.List {
    OutcomeMonitor.List(
      day: CalendarDate(days: start + offset),
      entities: entities ?? scores.indices.map { Int32($0) },
      scores: scores, runIds: ["run-1"], isPublished: true, selected: selected,
      isHeldBack: isHeldBack,
      events: events.filter { $0.1 > offset }.map {
        EntityEvent(entity: $0.0, day: CalendarDate(days: start + $0.1))
      })
  }

  @Test func `each purchase counts once, in the week in which it happens`() throws {
    let events: [(Int32, Int)] = [(0, 3), (1, 7), (2, 8), (3, 21)]
    let lists = [0, 7, 14].map {
      Self.list($0, scores: [0.4, 0.4, 0.4, 0.4], events: events)
    }
    let (weeks, alarm, since) = try Self.monitor(settled: 21).weeks(lists)
    #expect(weeks.map(\.observed) == [2, 1, 1] && alarm == nil && since == nil)
    // A tenth of the window's purchases happen within 10 of 100 days: 4 rows of 0.4 and 7 days.
    #expect(weeks.allSatisfy { abs($0.expected - 4 * 0.4 * 0.07) < 1e-12 })
    // A day before the purchases of the last list are settled, they do not count.
    #expect(try Self.monitor(settled: 20).weeks(lists).weeks.count == 2)
  }

  @Test func `a missing list leaves its week to the list before`() throws {
    let events: [(Int32, Int)] = [(0, 3), (1, 12)]
    let lists = [0, 14].map { Self.list($0, scores: [0.4, 0.4], events: events) }
    let weeks = try Self.monitor(settled: 21).weeks(lists).weeks
    #expect(weeks.map(\.observed) == [2, 0])
    #expect(abs(weeks[0].expected - 2 * 0.4 * 0.14) < 1e-12)
    #expect(weeks[0].end.days - weeks[0].start.days == 14)
  }

  @Test func `a purchase of a row with score 0 is rare, not impossible`() throws {
    let lists = [Self.list(0, scores: [0, 0.5], events: [(0, 2)])]
    let weeks = try Self.monitor(settled: 10, leastScore: 0.02).weeks(lists).weeks
    #expect(weeks[0].observed == 1 && abs(weeks[0].expected - 0.52 * 0.07) < 1e-12)
  }

  @Test func `missing purchases raise an alarm, which says since when`() throws {
    let scores = [Double](repeating: 0.5, count: 200)
    let lists = (0..<20).map { Self.list(7 * $0, scores: scores, events: []) }
    let (weeks, alarm, since) = try Self.monitor(settled: 140).weeks(lists)
    // 7 expected a week, and none.
    #expect(weeks.count == 20 && alarm == .down)
    let first = try #require(weeks.first { $0.logEvidence.down >= log(208) })
    #expect(since == first.start && weeks[0].logEvidence.down < log(208))
  }

  @Test func `selected rows are compared beside the others`() throws {
    let lists = [
      Self.list(
        0, scores: [0.4, 0.2, 0.2], events: [(0, 2), (2, 3)], selected: [true, false, false])
    ]
    let found = try #require(try Self.monitor(settled: 7).selection(lists))
    #expect(found.selected.observed == 1 && abs(found.selected.expected - 0.4 * 0.07) < 1e-12)
    #expect(found.others.observed == 1 && abs(found.others.expected - 0.4 * 0.07) < 1e-12)
    #expect(found.heldBack == nil)
    #expect(
      try Self.monitor(settled: 7).selection([Self.list(0, scores: [0.4], events: [])]) == nil)
  }

  @Test func `held-back rows are shown by themselves, and stay among the others`() throws {
    let lists = [
      Self.list(
        0, scores: [0.4, 0.2, 0.2], events: [(1, 2), (2, 3)], selected: [true, false, false],
        isHeldBack: [false, true, false])
    ]
    let found = try #require(try Self.monitor(settled: 7).selection(lists))
    #expect(found.others.observed == 2 && abs(found.others.expected - 0.4 * 0.07) < 1e-12)
    let heldBack = try #require(found.heldBack)
    #expect(heldBack.observed == 1 && abs(heldBack.expected - 0.2 * 0.07) < 1e-12)
  }

  @Test func `an open list has the purchases so far, and those expected by now`() throws {
    let list = Self.list(0, scores: [0.4, 0.2, 0.2], events: [(0, 2), (1, 30), (2, 31)])
    let (observed, expected) = try Self.monitor(settled: 30).soFar(list)
    #expect(observed == 2 && abs(expected - 0.8 * 0.3) < 1e-12)
    let ended = try Self.monitor(settled: 300).soFar(list)
    #expect(ended.observed == 3 && abs(ended.expected - 0.8) < 1e-12)
  }

  @Test func `an account is tested once, with its oldest open list`() throws {
    let events: [(Int32, Int)] = [(0, 10), (1, 30)]
    let lists = [
      // Too old, then two in range, then too young.
      Self.list(-150, scores: [0.9, 0.9], events: []),
      Self.list(0, scores: [0.4, 0.4], events: events, entities: [0, 1]),
      Self.list(7, scores: [0.6, 0.6], events: events, entities: [1, 2]),
      Self.list(35, scores: [0.8, 0.8], events: events, entities: [2, 3]),
    ]
    let diagnosis = try #require(
      try Self.monitor(settled: 50).diagnosis(
        lists, clusters: nil,
        groupings: [(column: "region", names: ["a", "b"], ofEntity: [0, 0, 1, 1])], moved: []))
    #expect(diagnosis.rows == 3 && diagnosis.level.observed == 2)
    let expected = 2 * 0.4 * 0.5 + 0.6 * 0.43
    #expect(abs(diagnosis.level.expected - expected) < 1e-9)
    #expect(
      diagnosis.lists.lowerBound == CalendarDate(days: Self.start)
        && diagnosis.lists.upperBound == CalendarDate(days: Self.start + 7))
    #expect(diagnosis.groupings.first?.test.observed == [2, 0])
    // An alarm after the last of these lists has not touched their scores.
    func verdict(_ offset: Int) throws -> EarlyDiagnosis? {
      try Self.monitor(settled: 50).diagnosis(
        lists, clusters: nil, groupings: [], moved: [CalendarDate(days: Self.start + offset)]
      )?.verdict
    }
    #expect(try verdict(5) == .inputsFollowed && verdict(8) == .asExpected)
  }

  @Test func `months and the days of a stretch`() throws {
    let months = MonitorWeeks.months(
      before: try Self.day("2025-03-15"), count: 3, first: nil)
    #expect(
      months.map { "\($0.cutoff) \($0.end)" } == [
        "2024-11-30 2024-12-31", "2024-12-31 2025-01-31", "2025-01-31 2025-02-28",
      ])
    let few = MonitorWeeks.months(
      before: try Self.day("2025-03-31"), count: 36, first: try Self.day("2025-01-01"))
    #expect(few.map(\.end.description) == ["2025-02-28"])
    let days = MonitorWeeks.monthDays(
      after: try Self.day("2024-12-27"), through: try Self.day("2025-01-03"))
    #expect(days[11] == 4 && days[0] == 3 && days.reduce(0, +) == 7)
    let weeks = MonitorWeeks(
      weekday: 4, dataThrough: try Self.day("2025-09-20"), reference: 26, first: nil)
    #expect(weeks.days.count == 31 && weeks.days.last?.description == "2025-09-18")
    #expect(weeks.days.first?.description == "2025-02-20" && weeks.days[0].weekday == 4)
    let late = MonitorWeeks(
      weekday: 4, dataThrough: try Self.day("2025-09-20"), reference: 26,
      first: try Self.day("2025-09-11"))
    #expect(late.days.map(\.description) == ["2025-09-11", "2025-09-18"] && late.asked == 31)
  }
}
