package import Evaluation
package import Panel
package import Spec

/// Compares the purchases so far with those that the scores of each week expect.
package struct OutcomeMonitor {
  /// A list whose purchases are counted until the next one.
  package struct List: Sendable {
    let day: CalendarDate
    /// Ascending.
    let entities: [Int32]
    let scores: [Double]
    let runIds: [String]
    let isPublished: Bool
    /// Whether each row was within capacity; nil if the list does not say.
    let selected: [Bool]?
    /// Whether each row was left alone by a hold-back; nil if the list has none.
    let isHeldBack: [Bool]?
    /// The first purchase of each entity after the list's day, ascending.
    let events: [EntityEvent]

    package init(
      day: CalendarDate, entities: [Int32], scores: [Double], runIds: [String], isPublished: Bool,
      selected: [Bool]?, isHeldBack: [Bool]? = nil, events: [EntityEvent]
    ) {
      self.day = day
      self.entities = entities
      self.scores = scores
      self.runIds = runIds
      self.isPublished = isPublished
      self.selected = selected
      self.isHeldBack = isHeldBack
      self.events = events
    }
  }

  /// What is known about how early purchases happen.
  package struct Timing: Sendable {
    let maturation: Maturation
    let season: Season
    /// The days of the label window.
    let horizon: Int
    /// The smallest score above 0 that the model gives. An isotonic calibrator gives some rows 0, and
    /// a purchase of such a row would be impossible instead of rare.
    package var leastScore: Double
  }

  let timing: Timing
  /// The last day whose purchases are settled.
  let settled: CalendarDate
  let tolerance: Double
  let threshold: Double

  package init(timing: Timing, settled: CalendarDate, tolerance: Double, threshold: Double) {
    self.timing = timing
    self.settled = settled
    self.tolerance = tolerance
    self.threshold = threshold
  }

  /// The expected purchases of a list's rows within some days, each row's.
  private func expected(_ list: List, through end: CalendarDate) -> [Double] {
    let days = end.days - list.day.days
    let factor = timing.season.factor(
      days: MonitorWeeks.monthDays(after: list.day, through: end))
    return list.scores.map { score in
      let own = max(score, timing.leastScore)
      return min(1, own * timing.maturation.share(of: own, within: days) * factor)
    }
  }

  /// Whether each of a list's rows has bought by a day.
  private static func bought(_ list: List, through end: CalendarDate) -> [UInt8] {
    var labels = [UInt8](repeating: 0, count: list.entities.count)
    var event = 0
    for (row, entity) in list.entities.enumerated() {
      while event < list.events.count, list.events[event].entity < entity { event += 1 }
      if event < list.events.count, list.events[event].entity == entity,
        list.events[event].day <= end
      {
        labels[row] = 1
      }
    }
    return labels
  }

  /// The purchases of a list through the last settled day, and those that its scores expect by then.
  package func soFar(_ list: List) -> (observed: Int, expected: Double) {
    (
      Self.bought(list, through: settled).reduce(0) { $0 + Int($1) },
      CompensatedSum(expected(list, through: settled)).value
    )
  }

  // MARK: - The detector

  /// The weeks of lists, each until the next list, so far as they are settled.
  ///
  /// A list that is missing, because nothing was scored that week, leaves its purchases to the list
  /// before it.
  /// - Parameters:
  ///   - lists: oldest first.
  ///   - acknowledged: the days of known alarms, after each of which the detector starts again.
  package func weeks(
    _ lists: [List], acknowledged: Set<CalendarDate> = []
  ) -> (weeks: [MonitorReport.KnownOutcome.Week], alarm: EDetector.Direction?, since: CalendarDate?)
  {
    var detector = EDetector(tolerance: tolerance, threshold: threshold)
    var weeks: [MonitorReport.KnownOutcome.Week] = []
    var since: CalendarDate?
    for (index, list) in lists.enumerated() {
      let end = self.end(of: index, in: lists)
      guard end <= settled else { break }
      if index > 0, acknowledged.contains(where: { lists[index - 1].day <= $0 && $0 < list.day }) {
        detector = EDetector(tolerance: tolerance, threshold: threshold)
        since = nil
      }
      let observed = Self.bought(list, through: end).reduce(0) { $0 + Int($1) }
      let expected = CompensatedSum(self.expected(list, through: end)).value
      detector.add(observed: observed, expected: expected)
      since = detector.alarm == nil ? nil : since ?? list.day
      weeks.append(
        MonitorReport.KnownOutcome.Week(
          start: list.day, end: end, observed: observed, expected: expected,
          logEvidence: (detector.logEvidence(.down), detector.logEvidence(.up)),
          runIds: list.runIds, isPublished: list.isPublished))
    }
    return (weeks, detector.alarm, since)
  }

  /// The day of the next list; of the last list, a week later.
  func end(of index: Int, in lists: [List]) -> CalendarDate {
    index + 1 < lists.count
      ? lists[index + 1].day : CalendarDate(days: lists[index].day.days + 7)
  }

  /// The purchases of selected rows and of the others, until the next list; nil if no list says which
  /// are selected.
  package func selection(_ lists: [List]) -> MonitorReport.KnownOutcome.Selection? {
    var observed = [0, 0, 0]
    var expected = [CompensatedSum(), CompensatedSum(), CompensatedSum()]
    var (isKnown, hasHoldBack) = (false, false)
    for (index, list) in lists.enumerated() {
      let end = self.end(of: index, in: lists)
      guard let selected = list.selected, end <= settled else { continue }
      isKnown = true
      let bought = Self.bought(list, through: end)
      let own = self.expected(list, through: end)
      for row in selected.indices {
        observed[selected[row] ? 0 : 1] += Int(bought[row])
        expected[selected[row] ? 0 : 1].add(own[row])
      }
      guard let isHeldBack = list.isHeldBack else { continue }
      hasHoldBack = true
      for row in isHeldBack.indices where isHeldBack[row] {
        observed[2] += Int(bought[row])
        expected[2].add(own[row])
      }
    }
    guard isKnown else { return nil }
    let parts = zip(observed, expected).map {
      MonitorReport.KnownOutcome.Part(observed: $0, expected: $1.value)
    }
    return MonitorReport.KnownOutcome.Selection(
      selected: parts[0], others: parts[1], heldBack: hasHoldBack ? parts[2] : nil)
  }

  // MARK: - The diagnosis

  /// The ages of lists, in days, whose rows tell what changed.
  private static let ages = 28...182

  /// Tests what changed, on the rows of lists that are 4 to 26 weeks old; each account counts once,
  /// with its oldest list. nil if there is none.
  /// - Parameters:
  ///   - clusters: the cluster of each entity; nil if every entity is one of its own.
  ///   - groupings: by category, the group of each entity, and the names of the groups.
  ///   - moved: the days on which inputs raised an alarm.
  package func diagnosis(
    _ lists: [List], clusters: [Int32]?,
    groupings: [(column: String, names: [String], ofEntity: [Int32])], moved: [CalendarDate]
  ) -> MonitorReport.KnownOutcome.Diagnosis? {
    let open = lists.filter { list in
      let age = settled.days - list.day.days
      return Self.ages.contains(age) && age <= timing.horizon
    }
    guard let first = open.first, let last = open.last else { return nil }
    var known: Set<Int32> = []
    var (probabilities, labels, entities): ([Double], [UInt8], [Int32]) = ([], [], [])
    for list in open {
      let expected = self.expected(list, through: settled)
      let bought = Self.bought(list, through: settled)
      for (row, entity) in list.entities.enumerated() where known.insert(entity).inserted {
        probabilities.append(expected[row])
        labels.append(bought[row])
        entities.append(entity)
      }
    }
    let early = EarlyLabels(
      probabilities: probabilities, labels: labels,
      entities: clusters.map { clusters in entities.map { clusters[Int($0)] } } ?? entities)
    let (level, slope) = (early.level(), early.slope())
    let tests = groupings.compactMap { grouping in
      early.groups(
        entities.map { grouping.ofEntity[Int($0)] }, count: grouping.names.count
      ).map {
        MonitorReport.KnownOutcome.Grouping(
          column: grouping.column, names: grouping.names, test: $0)
      }
    }
    // Of several categories, the most uneven one is judged (Bonferroni).
    let uneven = tests.map(\.test.pValue).min().map { min(1, $0 * Double(tests.count)) }
    return MonitorReport.KnownOutcome.Diagnosis(
      lists: first.day...last.day, rows: labels.count, level: level, slope: slope,
      groupings: tests,
      verdict: EarlyDiagnosis(
        level: level.pValue, slope: slope?.pValue, groups: uneven,
        inputsMoved: moved.contains { (first.day...last.day).contains($0) }))
  }
}

extension OutcomeMonitor.Timing {
  /// Learns when purchases happen from the model's own cutoffs, whose windows have ended.
  /// - Parameters:
  ///   - learned: the cutoffs, each with the first purchases in its window.
  ///   - months: the scored cohorts of the last days before months, each with the purchases of the
  ///     month, oldest first.
  package init?(
    learned: [(cohort: ScoredCohort, events: [EntityEvent])],
    months: [(cohort: ScoredCohort, end: CalendarDate, events: [EntityEvent])]
  ) {
    var (scores, days, clusters): ([Double], [Int], [Int32]) = ([], [], [])
    var horizon = 0
    for (cohort, events) in learned {
      let start = cohort.cutoff.date.days
      horizon = max(horizon, cohort.cutoff.windowEnd.days - start)
      Self.each(cohort, events) { row, event in
        scores.append(cohort.scores[row])
        days.append(event.day.days - start)
        clusters.append(cohort.clusters[row])
      }
    }
    guard
      let maturation = Maturation(
        scores: scores, days: days, entities: clusters, horizon: horizon)
    else { return nil }
    self.maturation = maturation
    self.horizon = horizon
    leastScore =
      learned.flatMap { $0.cohort.scores.filter { $0 > 0 } }.min() ?? Logistic.epsilon
    season =
      Season(
        months.map { cohort, end, events in
          let length = end.days - cohort.cutoff.date.days
          var expected = CompensatedSum()
          for score in cohort.scores {
            expected.add(score * maturation.share(of: score, within: length))
          }
          var observed = 0
          Self.each(cohort, events) { _, _ in observed += 1 }
          return Season.Month(
            month: end.civil.month, observed: Double(observed), expected: expected.value)
        }) ?? .none
  }

  /// Calls `body` with each row that has an event.
  private static func each(
    _ cohort: ScoredCohort, _ events: [EntityEvent],
    _ body: (_ row: Int, _ event: EntityEvent) -> Void
  ) {
    var event = 0
    for (row, entity) in cohort.entities.enumerated() {
      while event < events.count, events[event].entity < entity { event += 1 }
      if event < events.count, events[event].entity == entity { body(row, events[event]) }
    }
  }
}
