import Spec
import Testing

@Suite("The calendar against one that counts days")
struct TimeCalendarTests {
  @Test("every day from 1600 to 2400 has its number, weekday and text")
  func everyDay() throws {
    // 1600-01-01 was a Saturday, 135,140 days before 1970-01-01.
    var number = -135_140
    var weekday = 6
    for year in 1600...2400 {
      let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
      let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
      for (month, length) in lengths.enumerated() {
        for day in 1...length {
          let date = CalendarDate(days: number)
          let text = "\(year)-\(padded(month + 1))-\(padded(day))"
          let isRight =
            date.civil == (year, month + 1, day) && date.weekday == weekday
            && date.isLastOfMonth == (day == length) && date.description == text
            && CalendarDate(text) == date
            && CalendarDate(year: year, month: month + 1, day: day) == date
          if !isRight { Issue.record("\(text): \(date), \(date.weekday), \(number)") }
          number += 1
          weekday = weekday % 7 + 1
        }
        #expect(CalendarDate.lengthOfMonth(month + 1, year: year) == length)
        #expect(CalendarDate(year: year, month: month + 1, day: length + 1) == nil)
      }
    }
  }

  private func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  @Test(
    "days that do not exist, and texts that are no days, are refused",
    arguments: [
      "2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-10",
      "2024-01-00", "2024-1-1", "24-01-01", "2024/01/01", "2024-01-01 ", " 2024-01-01",
      "2024-01-01T00:00", "20240101", "2024-01-0a", "+024-01-01", "", "２024-01-01", "2024-01—01",
    ])
  func noDay(_ text: String) {
    #expect(CalendarDate(text) == nil)
  }

  @Test("days compare as they follow each other")
  func order() throws {
    let earlier = try #require(CalendarDate("1999-12-31"))
    let later = try #require(CalendarDate("2000-01-01"))
    #expect(earlier < later)
    #expect(later.days - earlier.days == 1)
    #expect(CalendarDate(days: 0).description == "1970-01-01")
    #expect(CalendarDate(days: -1).description == "1969-12-31")
    #expect(CalendarDate(year: 33, month: 4, day: 3)?.description == "0033-04-03")
  }
}
