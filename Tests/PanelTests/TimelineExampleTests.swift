import Diagnostics
import Panel
import Spec
import Testing

@Suite("Timelines worked by hand")
struct TimelineExampleTests {
  @Test("24 train, 3 calibrate and 3 test month ends before 2025-09-18")
  func monthEnds() throws {
    let plan = TimelinePlan(
      train: 24, calibrate: 3, test: 3, horizon: "6 months", dataThrough: "2025-09-18")
    let timeline = try plan.timeline()
    #expect(days(timeline, .test) == ["2024-12-31", "2025-01-31", "2025-02-28"])
    #expect(days(timeline, .calibrate) == ["2024-04-30", "2024-05-31", "2024-06-30"])
    #expect(timeline[.train].count == 24)
    #expect(days(timeline, .train).first == "2021-11-30")
    #expect(days(timeline, .train).last == "2023-10-31")
    #expect(
      days(timeline, .embargoed) == [
        "2023-11-30", "2023-12-31", "2024-01-31", "2024-02-29", "2024-03-31", "2024-07-31",
        "2024-08-31", "2024-09-30", "2024-10-31", "2024-11-30",
      ])
    #expect(
      days(timeline, .immature) == [
        "2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30", "2025-07-31", "2025-08-31",
      ])
    let ends = Dictionary(
      uniqueKeysWithValues: timeline.cutoffs.map { ($0.date.description, "\($0.windowEnd)") })
    // The last train window closes on the first calibrate cutoff, the last of those on the first test.
    #expect(ends["2023-10-31"] == "2024-04-30")
    #expect(ends["2024-06-30"] == "2024-12-31")
    #expect(ends["2025-02-28"] == "2025-08-31")
  }

  @Test("with clipped months, windows that close a day early need no longer embargo")
  func clipped() throws {
    let plan = TimelinePlan(
      train: 1, calibrate: 1, test: 1, horizon: "6 months", arithmetic: .clip,
      dataThrough: "2025-08-28")
    let timeline = try plan.timeline()
    #expect(days(timeline, .test) == ["2025-02-28"])
    #expect(timeline[.test].map(\.windowEnd.description) == ["2025-08-28"])
    // 2024-08-31 + 6 months is 2025-02-28 either way; 2024-02-29 + 6 months is 2024-08-29.
    #expect(days(timeline, .calibrate) == ["2024-08-31"])
    #expect(days(timeline, .train) == ["2024-02-29"])
    #expect(timeline[.train].map(\.windowEnd.description) == ["2024-08-29"])
  }

  @Test("the day on which the last window closes is the first on which its cutoff is mature")
  func lastDay() throws {
    let mature = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "6 months", dataThrough: "2025-08-31")
    #expect(days(try mature.timeline(), .test) == ["2025-02-28"])
    #expect(days(try mature.timeline(), .immature).first == "2025-03-31")
    let dayBefore = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "6 months", dataThrough: "2025-08-30")
    #expect(days(try dayBefore.timeline(), .test) == ["2025-01-31"])
    #expect(days(try dayBefore.timeline(), .immature).first == "2025-02-28")
  }

  @Test("settling puts maturity off, and nothing else")
  func labelDelay() throws {
    let plan = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "6 months", labelDelay: "30 days",
      dataThrough: "2025-09-29")
    let timeline = try plan.timeline()
    // 2025-02-28 settles on 2025-09-30.
    #expect(days(timeline, .test) == ["2025-01-31"])
    #expect(days(timeline, .train) == ["2024-07-31"])
    #expect(timeline[.test].map(\.windowEnd.description) == ["2025-07-31"])
  }

  @Test("without embargo, roles follow each other")
  func noEmbargo() throws {
    let plan = TimelinePlan(
      train: 2, calibrate: 1, test: 1, embargo: CutoffsSpec.Embargo.none, horizon: "6 months",
      dataThrough: "2025-09-18")
    let timeline = try plan.timeline()
    #expect(
      timeline.cutoffs.prefix(4).map { "\($0.date) \($0.role)" } == [
        "2024-11-30 train", "2024-12-31 train", "2025-01-31 calibrate", "2025-02-28 test",
      ])
    #expect(timeline[.embargoed].isEmpty)
  }

  @Test("an extended embargo adds its length to the horizon")
  func extendedEmbargo() throws {
    let plan = TimelinePlan(
      cadence: .every(Period(10, .days)), train: 1, calibrate: 0, test: 1,
      embargo: .extended(Period(11, .days)), horizon: "30 days", dataThrough: "2024-12-31")
    let timeline = try plan.timeline()
    #expect(days(timeline, .test) == ["2024-12-01"])
    // 30 + 11 days before 2024-12-01 is 2024-10-21; the cutoff before that is 50 days before.
    #expect(days(timeline, .train) == ["2024-10-12"])
  }

  @Test("the embargo beyond the horizon follows the same month arithmetic")
  func extendedEmbargoClipped() throws {
    let plan = TimelinePlan(
      cadence: .every(Period(1, .days)), train: 1, calibrate: 0, test: 1,
      embargo: .extended(Period(1, .months)), horizon: "1 day", arithmetic: .clip,
      dataThrough: "2024-03-30")
    // 2024-02-28 + 1 day + 1 month, clipped, is the test cutoff 2024-03-29.
    #expect(days(try plan.timeline(), .test) == ["2024-03-29"])
    #expect(days(try plan.timeline(), .train) == ["2024-02-28"])
  }

  @Test("quarters and weeks end on their days")
  func otherCadences() throws {
    let quarters = TimelinePlan(
      cadence: .quarterEnd, train: 2, calibrate: 0, test: 1, horizon: "1 year",
      dataThrough: "2025-05-31")
    #expect(
      days(try quarters.timeline(), .train) == ["2022-12-31", "2023-03-31"])
    #expect(days(try quarters.timeline(), .test) == ["2024-03-31"])
    let fridays = TimelinePlan(
      cadence: .weekly(weekday: 5), train: 1, calibrate: 0, test: 2, horizon: "2 weeks",
      dataThrough: "2024-03-14")
    #expect(days(try fridays.timeline(), .test) == ["2024-02-16", "2024-02-23"])
    #expect(days(try fridays.timeline(), .train) == ["2024-02-02"])
  }

  @Test("a cutoff asked for by day is on the grid and mature, or says why not")
  func askedFor() throws {
    var plan = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "6 months", dataThrough: "2025-09-18")
    plan.last = "2024-02-29"
    #expect(days(try plan.timeline(), .test) == ["2024-02-29"])
    #expect(days(try plan.timeline(), .train) == ["2023-08-31"])
    // What follows could be judged on, as far as its labels are in; nobody has asked for it.
    #expect(days(try plan.timeline(), .unused).first == "2024-03-31")
    #expect(days(try plan.timeline(), .unused).last == "2025-02-28")
    #expect(days(try plan.timeline(), .immature).first == "2025-03-31")
    plan.last = "2024-02-28"
    guard case .notOnGrid(_, let nearest)? = plan.problem else {
      Issue.record("2024-02-28 is no month end")
      return
    }
    #expect(nearest.description == "2024-01-31")
    plan.last = "2025-03-31"
    guard case .immature(_, let windowEnd, let dataThrough)? = plan.problem else {
      Issue.record("2025-03-31 has no labels yet")
      return
    }
    #expect("\(windowEnd) \(dataThrough)" == "2025-09-30 2025-09-18")
  }

  @Test("too little history says how many cutoffs there are, and how many are needed")
  func tooShort() throws {
    var plan = TimelinePlan(
      train: 24, calibrate: 3, test: 3, horizon: "6 months", dataThrough: "2025-09-18")
    plan.observedFrom = "2021-12-01"
    guard case .tooShort(let available, let needed, let from, let to)? = plan.problem else {
      Issue.record("the first train cutoff, 2021-11-30, is not observed")
      return
    }
    #expect(available == 39)
    #expect(needed == 40)
    #expect("\(from?.description ?? "") \(to)" == "2021-12-01 2025-02-28")
    plan.observedFrom = "2021-11-30"
    #expect(plan.problem == nil)
  }

  @Test("each fold is the split built back from a cutoff a step before the last")
  func folds() throws {
    var plan = TimelinePlan(
      train: 3, calibrate: 1, test: 2, horizon: "2 months", dataThrough: "2025-10-15")
    plan.folds = 3
    plan.step = "2 months"
    let origin = try plan.origin()
    #expect(
      origin.folds.map { days($0, .test).joined(separator: " ") } == [
        "2025-06-30 2025-07-31", "2025-04-30 2025-05-31", "2025-02-28 2025-03-31",
      ])
    #expect(
      origin.folds.map { days($0, .calibrate).joined(separator: " ") } == [
        "2025-04-30", "2025-02-28", "2024-12-31",
      ])
    #expect(days(origin.folds[2], .train) == ["2024-08-31", "2024-09-30", "2024-10-31"])
    #expect(days(origin.folds[2], .unused).first == "2025-04-30")
    #expect(days(origin.folds[2], .immature) == ["2025-08-31", "2025-09-30"])
    // 2024-08-31 to 2025-07-31.
    #expect(origin.needed == 12)
    #expect(origin.sharedTestCutoff == nil)
    plan.step = "1 month"
    #expect(try plan.origin().sharedTestCutoff?.description == "2025-06-30")
    plan.observedFrom = "2024-11-01"
    guard case .tooShort(let available, let needed, _, let to)? = plan.foldProblem else {
      Issue.record("the first cutoffs of the oldest fold are not observed")
      return
    }
    #expect("\(available) \(needed) \(to)" == "9 10 2025-07-31")
  }

  @Test("a step between month ends leads to the month end before")
  func foldsOfDays() throws {
    var plan = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "1 month", dataThrough: "2025-04-30")
    plan.folds = 2
    plan.step = "31 days"
    // 31 days before 2025-03-31 is 2025-02-28 itself; 32 days before is the day before it.
    #expect(try plan.origin().folds.map { days($0, .test)[0] } == ["2025-03-31", "2025-02-28"])
    plan.step = "32 days"
    #expect(try plan.origin().folds.map { days($0, .test)[0] } == ["2025-03-31", "2025-01-31"])
  }

  private static let listed: CutoffsSpec.Cadence = .listed(
    [
      "2020-01-31", "2020-04-30", "2020-09-15", "2020-12-24", "2021-03-01", "2021-06-30",
      "2021-11-11", "2022-02-28",
    ].compactMap { CalendarDate($0) })

  @Test("listed cutoffs are a grid like any other, which ends")
  func listed() throws {
    var plan = TimelinePlan(
      cadence: Self.listed, train: 3, calibrate: 0, test: 1, horizon: "3 months",
      dataThrough: "2022-01-15")
    // 2021-11-11 would be mature on 2022-02-11; the window of 2021-03-01 ends on 2021-06-01.
    let timeline = try plan.timeline()
    #expect(days(timeline, .test) == ["2021-06-30"])
    #expect(days(timeline, .embargoed).isEmpty)
    #expect(days(timeline, .train) == ["2020-09-15", "2020-12-24", "2021-03-01"])
    #expect(days(timeline, .immature) == ["2021-11-11"])
    plan.embargo = .extended(Period(1, .months))
    #expect(days(try plan.timeline(), .embargoed) == ["2021-03-01"])
    plan.train = 5
    guard case .tooShort(let available, let needed, _, let to)? = plan.foldProblem else {
      Issue.record("only four listed cutoffs are left for train")
      return
    }
    #expect("\(available) \(needed) \(to)" == "6 7 2021-06-30")
    plan.train = 1
    plan.folds = 2
    plan.step = "6 months"
    // 6 months before 2021-06-30 is 2020-12-31.
    #expect(
      try plan.origin().folds.map { days($0, .test) + days($0, .train) } == [
        ["2021-06-30", "2020-12-24"], ["2020-12-24", "2020-04-30"],
      ])
    plan.step = "2 years"
    guard case .tooShort(let available, let needed, _, _)? = plan.foldProblem else {
      Issue.record("no cutoff is listed two years before")
      return
    }
    #expect("\(available) \(needed)" == "6 8")
    plan.dataThrough = "2020-03-01"
    guard case .tooShort(0, 2, _, _)? = plan.foldProblem else {
      Issue.record("no listed cutoff is mature")
      return
    }
  }

  @Test("after the last listed cutoff there is no next one")
  func nextListed() throws {
    var spec = try TimelinePlan(
      cadence: Self.listed, train: 1, calibrate: 0, test: 1, horizon: "1 month",
      dataThrough: "2022-01-15"
    ).spec
    func next(_ day: String) throws -> String? {
      Timeline.next(after: try #require(CalendarDate(day)), spec).map {
        "\($0.cutoff) \($0.matures)"
      }
    }
    #expect(try next("2021-06-30") == "2021-11-11 2021-12-11")
    #expect(try next("2022-02-28") == nil)
    spec.cutoffs.cadence = .monthEnd
    #expect(try next("2022-02-28") == "2022-03-31 2022-04-30")
  }

  @Test("a role with a grid of its own takes its cutoffs and those embargoed after them from it")
  func ownGrids() throws {
    var plan = TimelinePlan(
      train: 3, calibrate: 2, test: 2, horizon: "2 weeks", dataThrough: "2024-07-14")
    plan.trainCadence = .weekly(weekday: 5)
    plan.calibrateCadence = .every(Period(10, .days))
    let timeline = try plan.timeline()
    #expect(days(timeline, .test) == ["2024-05-31", "2024-06-30"])
    // Counted back from 2024-06-30; the window of 2024-05-21 would end on 2024-06-04.
    #expect(days(timeline, .calibrate) == ["2024-05-01", "2024-05-11"])
    #expect(days(timeline, .train) == ["2024-03-29", "2024-04-05", "2024-04-12"])
    #expect(days(timeline, .embargoed) == ["2024-04-19", "2024-04-26", "2024-05-21"])
    #expect(days(timeline, .immature).isEmpty)
    plan.observedFrom = "2024-04-01"
    guard case .tooShort(let available, let needed, _, let to)? = plan.foldProblem else {
      Issue.record("the first train cutoff is not observed")
      return
    }
    #expect("\(available) \(needed) \(to)" == "9 10 2024-06-30")
  }

  @Test("with a first day of train, older folds have fewer cutoffs, and at least one")
  func growing() throws {
    var plan = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "1 month", dataThrough: "2024-07-31")
    plan.trainFrom = "2024-01-15"
    plan.folds = 3
    plan.step = "2 months"
    #expect(
      try plan.origin().folds.map { days($0, .train) } == [
        ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"],
        ["2024-01-31", "2024-02-29", "2024-03-31"], ["2024-01-31"],
      ])
    plan.dataThrough = "2024-08-31"
    #expect(try plan.timeline()[.train].count == 6)
    plan.dataThrough = "2024-06-30"
    guard case .noneSince(_, let fold, let before)? = plan.foldProblem else {
      Issue.record("the oldest fold has no train cutoff")
      return
    }
    #expect("\(fold) \(before)" == "3 2024-01-31")
    plan.folds = 1
    plan.trainFrom = "2023-12-01"
    plan.observedFrom = "2024-01-01"
    guard case .tooShort(let available, let needed, _, _)? = plan.foldProblem else {
      Issue.record("the first train cutoff is not observed")
      return
    }
    #expect("\(available) \(needed)" == "5 6")
  }

  @Test("two folds that clipped months lead to one cutoff are refused")
  func standstill() throws {
    var plan = TimelinePlan(
      train: 1, calibrate: 0, test: 1, horizon: "1 month", arithmetic: .clip,
      dataThrough: "2024-05-30")
    plan.folds = 3
    plan.step = "1 month"
    // 2024-04-30 less one month is 2024-03-30, before which 2024-02-29 is the month end; less two
    // months it is 2024-02-29 itself.
    guard case .standstill(let fold, let last)? = plan.foldProblem else {
      Issue.record("folds 2 and 3 end with the same cutoff")
      return
    }
    #expect("\(fold) \(last)" == "3 2024-02-29")
    plan.arithmetic = .endOfMonth
    plan.dataThrough = "2024-05-31"
    #expect(plan.foldProblem == nil)
  }

  @Test("month ends and quarter ends go back before the first year")
  func farBack() throws {
    let day = try #require(CalendarDate("0001-02-28"))
    let months = try #require(CutoffGrid(.monthEnd, through: day, arithmetic: .endOfMonth))
    let (second, fourteenth) = (try #require(months[2]), try #require(months[14]))
    #expect(second.days == day.days - 31 - 28)
    #expect(fourteenth.days == second.days - 366)
    #expect(months.steps(toOnOrBefore: fourteenth) == 14)
    #expect(months.steps(toOnOrBefore: CalendarDate(days: fourteenth.days + 1)) == 14)
    #expect(months.steps(toOnOrBefore: CalendarDate(days: fourteenth.days - 1)) == 15)
    #expect(months.steps(toOnOrBefore: day) == 0)
  }

  private func days(_ timeline: Timeline, _ role: Role) -> [String] {
    timeline[role].map(\.date.description)
  }
}
