import Diagnostics
import HoldoutTestSupport
import Panel
import Randomness
import Spec
import Testing

@Suite("Random timelines")
struct TimelinePropertyTests {
  static let periods = [
    "1 day", "10 days", "90 days", "1 week", "13 weeks", "1 month", "3 months", "6 months",
    "7 months", "1 year",
  ]

  private static func plan(_ generator: inout SplitMix64) -> TimelinePlan {
    let cadences: [CutoffsSpec.Cadence] = [
      .monthEnd, .monthEnd, .quarterEnd, .weekly(weekday: generator.number(1...7)),
      .every(Period(generator.number(1...40), .days)),
      .every(Period(generator.number(1...5), .weeks)),
      .every(Period(generator.number(1...4), .months)), .every(Period(1, .years)),
    ]
    let further = generator.pick([Period(0, .days), Period(17, .days), Period(1, .months)])
    // Twenty years, five of them leap years, and many ends of months.
    let day = CalendarDate(days: 14_000 + generator.number(0...7_300))
    let monthEnd = CutoffGrid.last(.monthEnd, onOrBefore: day) ?? day
    let dataThrough = generator.oneIn(3) ? monthEnd : day
    var plan = TimelinePlan(
      cadence: generator.pick(cadences), train: generator.number(1...12),
      calibrate: generator.number(0...4), test: generator.number(1...4),
      embargo: generator.pick([.horizon, .horizon, .none, .extended(further)]),
      horizon: generator.pick(periods),
      labelDelay: generator.pick(["0 days", "0 days", "10 days", "1 month"]),
      arithmetic: generator.pick([.endOfMonth, .clip]), dataThrough: dataThrough.description)
    if generator.oneIn(3) {
      plan.observedFrom = CalendarDate(days: day.days - generator.number(0...3_000)).description
    }
    return plan
  }

  /// A plan that may ask for folds and for its last cutoff by day.
  private static func foldedPlan(_ generator: inout SplitMix64) -> TimelinePlan {
    var plan = plan(&generator)
    fold(&plan, &generator)
    return plan
  }

  /// A plan that may list its cutoffs, give roles grids of their own, or train on all cutoffs from a
  /// day on.
  private static func variedPlan(_ generator: inout SplitMix64) -> TimelinePlan {
    var plan = plan(&generator)
    let end = CalendarDate(plan.dataThrough)?.days ?? 0
    func listed(_ generator: inout SplitMix64) -> CutoffsSpec.Cadence {
      var day = end + 200
      return .listed(
        (0..<generator.number(2...60)).map { _ in
          day -= generator.number(1...100)
          return CalendarDate(days: day)
        }.reversed())
    }
    func own(_ generator: inout SplitMix64) -> CutoffsSpec.Cadence {
      if generator.oneIn(5) { return listed(&generator) }
      return generator.pick([
        .weekly(weekday: 5), .monthEnd, .quarterEnd, .every(Period(5, .days)),
        .every(Period(2, .months)),
      ])
    }
    if generator.oneIn(3) { plan.cadence = listed(&generator) }
    if generator.oneIn(3) { plan.trainCadence = own(&generator) }
    if generator.oneIn(4) { plan.calibrateCadence = own(&generator) }
    if generator.oneIn(3) {
      plan.trainFrom = CalendarDate(days: end - generator.number(0...4_000)).description
    }
    fold(&plan, &generator)
    return plan
  }

  private static func fold(_ plan: inout TimelinePlan, _ generator: inout SplitMix64) {
    if generator.oneIn(2) {
      plan.folds = generator.number(2...5)
      plan.step = generator.pick([
        "1 day", "7 days", "31 days", "45 days", "3 weeks", "1 month", "2 months", "3 months",
        "5 months", "1 year",
      ])
    }
    if generator.oneIn(4), let mature = try? plan.timeline().split.last?.date,
      let grid = CutoffGrid(plan.cadence, through: mature, arithmetic: plan.arithmetic)
    {
      plan.last = grid[generator.number(0...7)]?.description
    }
  }

  @Test(
    "keep every promise, and agree with a walk over days", arguments: 1...8 as ClosedRange<UInt64>)
  func properties(_ seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let tally = try Self.check { Self.foldedPlan(&generator) }
    // A generator that asks for too much would check nothing.
    #expect(tally.laidOut > 120)
    #expect(tally.severalFolds > 40)
    #expect(tally.standstills > 5)
  }

  @Test(
    "with lists of cutoffs, grids of their own for roles, and a first day of train agree, too",
    arguments: 11...18 as ClosedRange<UInt64>)
  func varied(_ seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let tally = try Self.check { Self.variedPlan(&generator) }
    #expect(tally.laidOut > 50)
    #expect(tally.listed > 5)
    #expect(tally.ownGrids > 15)
    #expect(tally.growing > 10)
    #expect(tally.severalFolds > 10)
    #expect(tally.empty > 0)
  }

  /// How many plans of each kind were laid out, and how many were refused for a reason.
  private struct Tally {
    var laidOut = 0
    var severalFolds = 0
    var listed = 0
    var ownGrids = 0
    var growing = 0
    var standstills = 0
    var empty = 0
  }

  /// Compares the timelines of 250 plans with a walk over days.
  private static func check(_ plans: () -> TimelinePlan) throws -> Tally {
    var tally = Tally()
    for number in 0..<250 {
      let plan = plans()
      let comment = Comment(rawValue: "\(number): \(plan)")
      let spec = try plan.spec
      let dataThrough = try #require(CalendarDate(plan.dataThrough))
      let slow = SlowTimeline.folds(
        spec, last: plan.last.flatMap { CalendarDate($0) }, dataThrough: dataThrough,
        observedFrom: plan.observedFrom.flatMap { CalendarDate($0) })
      let lasts = slow.map(\.last)
      do {
        let origin = try plan.origin()
        try #require(origin.folds.count == slow.count, comment)
        #expect(Set(lasts).count == lasts.count, comment)
        for (timeline, slow) in zip(origin.folds, slow) {
          try #require(slow.isComplete, comment)
          #expect(timeline[.test].map(\.date) == slow.test, comment)
          #expect(timeline[.calibrate].map(\.date) == slow.calibrate, comment)
          #expect(timeline[.train].map(\.date) == slow.train, comment)
          try Self.checkPromises(timeline, spec, slow, comment)
          // A fold is the timeline that a spec with its last cutoff has.
          var alone = plan
          alone.folds = 1
          alone.last = slow.last.description
          #expect(try alone.timeline().cutoffs == timeline.cutoffs, comment)
        }
        Self.checkNeeds(origin, spec, slow, comment)
        tally.laidOut += 1
        tally.severalFolds += origin.folds.count > 1 ? 1 : 0
        tally.ownGrids += plan.trainCadence != nil || plan.calibrateCadence != nil ? 1 : 0
        tally.growing += plan.trainFrom == nil ? 0 : 1
        if case .listed = plan.cadence { tally.listed += 1 }
      } catch let problem as Timeline.Problem {
        switch problem {
        case .tooShort(let available, let needed, _, let to):
          #expect(slow.contains { !$0.isComplete }, comment)
          #expect(available < needed, comment)
          #expect(to == lasts[0], comment)
        case .standstill(let fold, let last):
          #expect(lasts[fold - 1] == last && lasts[fold - 2] == last, comment)
          tally.standstills += 1
        case .noneSince(_, let fold, let before):
          let next = slow[fold - 1].calibrate.first ?? slow[fold - 1].test.first
          #expect(slow[fold - 1].train.isEmpty && before == next, comment)
          tally.empty += 1
        default: Issue.record("\(problem), \(comment)")
        }
      }
    }
    return tally
  }

  /// The number of cutoffs that all folds need, and whether they share test cutoffs.
  private static func checkNeeds(
    _ origin: RollingOrigin, _ spec: ExperimentSpec, _ slow: [SlowTimeline], _ comment: Comment
  ) {
    let tests = slow.map { Set($0.test) }
    let isShared = zip(tests, tests.dropFirst()).contains { !$0.isDisjoint(with: $1) }
    #expect((origin.sharedTestCutoff != nil) == isShared, comment)
    // Cutoffs every so many months after a day that not all months have: folds go by days of their own.
    if case .every(let period) = spec.cutoffs.cadence, [.months, .years].contains(period.unit) {
      return
    }
    guard let first = slow.compactMap(\.all.first).min() else { return }
    if spec.cutoffs.train.cadence != nil || spec.cutoffs.calibrate.cadence != nil {
      #expect(origin.needed == Set(slow.flatMap(\.all)).count, comment)
      return
    }
    let all = SlowTimeline.grid(from: first, through: slow[0].last, spec)
    #expect(origin.needed == all.count, comment)
  }

  private static func checkPromises(
    _ timeline: Timeline, _ spec: ExperimentSpec, _ slow: SlowTimeline, _ comment: Comment
  ) throws {
    let dates = timeline.cutoffs.map(\.date)
    #expect(zip(dates, dates.dropFirst()).allSatisfy { $0 < $1 }, "sorted, each once; \(comment)")
    for cutoff in timeline.cutoffs {
      #expect(cutoff.windowEnd == SlowTimeline.windowEnd(cutoff.date, spec), comment)
      let isMature = SlowTimeline.observed(cutoff.date, spec) <= timeline.dataThrough
      #expect((cutoff.role == .immature) == !isMature, "\(cutoff); \(comment)")
      let isLater = isMature && cutoff.date > slow.last
      #expect((cutoff.role == .unused) == isLater, "\(cutoff); \(comment)")
    }
    // Every mature cutoff up to the last has a role, or is embargoed by name; every later one up to the
    // end of the data is there, too.
    #expect(timeline.split.map(\.date) == slow.all, comment)
    if case .every = spec.cutoffs.cadence {
      #expect(dates.count >= slow.all.count, comment)
    } else if spec.cutoffs.train.cadence == nil, spec.cutoffs.calibrate.cadence == nil {
      let through = SlowTimeline.grid(from: dates[0], through: timeline.dataThrough, spec)
      #expect(dates == through, comment)
    }
    switch spec.cutoffs.train.extent {
    case .count(let count): #expect(timeline[.train].count == count, comment)
    case .from(let first):
      #expect(!timeline[.train].isEmpty, comment)
      #expect(timeline[.train].allSatisfy { $0.date >= first }, comment)
    }
    #expect(timeline[.calibrate].count == spec.cutoffs.calibrate.count, comment)
    #expect(timeline[.test].count == spec.cutoffs.test.value, comment)
    let roles = [Role.train, .calibrate, .test].map { timeline[$0] }.filter { !$0.isEmpty }
    for (earlier, later) in zip(roles, roles.dropFirst()) {
      let first = try #require(later.map(\.date).min())
      #expect(try #require(earlier.map(\.date).max()) < first, comment)
      if spec.cutoffs.embargo != .none {
        let reach = try #require(earlier.map(\.windowEnd).max())
        #expect(reach <= first, "label windows overlap; \(comment)")
      }
    }
    if spec.cutoffs.embargo == .none { #expect(timeline[.embargoed].isEmpty, comment) }
    if let from = timeline.observedFrom { #expect(dates.allSatisfy { $0 >= from }, comment) }
  }

  @Test("a day less of data makes the last cutoff immature exactly when its window ended that day")
  func dayLess() throws {
    var generator = SplitMix64(seed: 77)
    var moved = 0
    for _ in 0..<400 {
      var plan = Self.plan(&generator)
      plan.observedFrom = nil
      let spec = try plan.spec
      let before = try plan.timeline()
      let last = try #require(before[.test].last?.date)
      let dataThrough = try #require(CalendarDate(plan.dataThrough))
      plan.dataThrough = CalendarDate(days: dataThrough.days - 1).description
      let after = try plan.timeline()
      let endsThatDay = SlowTimeline.observed(last, spec) == dataThrough
      #expect((after[.test].last?.date != last) == endsThatDay, "\(plan)")
      guard endsThatDay else { continue }
      moved += 1
      // On a fixed step the grid moves with its last cutoff; elsewhere the same day is met again.
      if case .every = plan.cadence { continue }
      let role = after.cutoffs.first { $0.date == last }?.role
      #expect(role == (last <= after.dataThrough ? .immature : nil), "\(plan)")
    }
    #expect(moved > 40)
  }
}
