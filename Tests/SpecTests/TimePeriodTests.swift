import Spec
import Testing

@Suite("Periods, and days moved by them")
struct TimePeriodTests {
  @Test(
    "a count and a unit make a period",
    arguments: [
      ("90 days", 90, Period.Unit.days, "90 days", "90d"), ("1 day", 1, .days, "1 day", "1d"),
      ("1 days", 1, .days, "1 day", "1d"), ("2 week", 2, .weeks, "2 weeks", "2w"),
      ("6 months", 6, .months, "6 months", "6m"), ("1 year", 1, .years, "1 year", "1y"),
      ("0 days", 0, .days, "0 days", "0d"), ("  3   years ", 3, .years, "3 years", "3y"),
      ("100000 days", 100_000, .days, "100000 days", "100000d"),
    ] as [(String, Int, Period.Unit, String, String)])
  func parses(_ text: String, count: Int, unit: Period.Unit, printed: String, short: String) throws
  {
    let period = try #require(Period(text))
    #expect(period == Period(count, unit))
    #expect(period.description == printed)
    #expect(period.abbreviation == short)
    #expect(Period(printed) == period)
  }

  @Test(
    "anything else is none",
    arguments: [
      "", "days", "90", "90days", "90 Days", "-1 days", "+1 days", "1.5 months", "1e3 days",
      "six months", "90 days ago", "1 day 2", "100001 days", "99999999999999999999 days", "٣ days",
      "1 dayss", "1\tday",
    ])
  func refuses(_ text: String) {
    #expect(Period(text) == nil)
  }

  @Test(
    "months are added from the end of a month to the end of a month, or clipped",
    arguments: [
      ("2024-02-29", "6 months", "2024-08-31", "2024-08-29"),
      ("2023-02-28", "12 months", "2024-02-29", "2024-02-28"),
      ("2024-02-29", "1 year", "2025-02-28", "2025-02-28"),
      ("2024-02-28", "6 months", "2024-08-28", "2024-08-28"),
      ("2023-08-31", "6 months", "2024-02-29", "2024-02-29"),
      ("2023-08-30", "6 months", "2024-02-29", "2024-02-29"),
      ("2024-04-30", "1 month", "2024-05-31", "2024-05-30"),
      ("2024-04-29", "1 month", "2024-05-29", "2024-05-29"),
      ("2024-12-31", "2 months", "2025-02-28", "2025-02-28"),
      ("2024-01-31", "0 months", "2024-01-31", "2024-01-31"),
      ("2024-02-29", "90 days", "2024-05-29", "2024-05-29"),
      ("2024-02-29", "2 weeks", "2024-03-14", "2024-03-14"),
      ("2000-02-29", "100 years", "2100-02-28", "2100-02-28"),
    ])
  func examples(_ day: String, _ period: String, endOfMonth: String, clipped: String) throws {
    let day = try #require(CalendarDate(day))
    let period = try #require(Period(period))
    #expect(day.adding(period).description == endOfMonth)
    #expect(day.adding(period, arithmetic: .clip).description == clipped)
  }

  @Test(
    "and taken away likewise",
    arguments: [
      ("2024-08-31", "6 months", "2024-02-29", "2024-02-29"),
      ("2024-08-29", "6 months", "2024-02-29", "2024-02-29"),
      ("2024-02-29", "1 month", "2024-01-31", "2024-01-29"),
      ("2024-03-01", "1 day", "2024-02-29", "2024-02-29"),
      ("2024-01-15", "13 months", "2022-12-15", "2022-12-15"),
    ])
  func backwards(_ day: String, _ period: String, endOfMonth: String, clipped: String) throws {
    let day = try #require(CalendarDate(day))
    let period = try #require(Period(period))
    #expect(day.adding(period, sign: -1).description == endOfMonth)
    #expect(day.adding(period, sign: -1, arithmetic: .clip).description == clipped)
  }

  @Test("a later day never moves to an earlier one", arguments: MonthArithmetic.allCases)
  func monotone(_ arithmetic: MonthArithmetic) {
    // Five years with two leap years; the timeline's search for the last mature cutoff rests on it.
    for months in 0...25 {
      for sign in [1, -1] {
        let moved = (19_000..<20_826).map { number in
          CalendarDate(days: number)
            .adding(Period(months, .months), sign: sign, arithmetic: arithmetic)
        }
        #expect(zip(moved, moved.dropFirst()).allSatisfy { $0 <= $1 }, "\(sign * months) months")
      }
    }
  }
}
