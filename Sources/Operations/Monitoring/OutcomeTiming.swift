internal import Evaluation
internal import Panel
internal import Promotion
internal import Spec

extension OutcomeMonitor.Timing {
  /// Reads when purchases happen from the sources; nil if no window with a purchase has ended.
  /// - Parameters:
  ///   - learned: the champion's own cutoffs.
  ///   - months: the months of the season, oldest first; too few give none.
  ///   - builder: what built the cutoffs.
  init?(
    _ champion: ProductionModel, learned: [ScoredCohort],
    months: [(cutoff: CalendarDate, end: CalendarDate)], builder: PanelBuilder, threads: Int
  ) throws {
    let spec = champion.spec
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    let mature = try learned.filter { cohort in
      spec.dataThrough.map { windows.observed(cohort.cutoff.date) <= $0 } ?? false
    }.map { (cohort: $0, events: try builder.firstEvents($0.cutoff)) }
    guard months.count >= Season.minimumMonths else {
      self.init(learned: mature, months: [])
      return
    }
    // The model's own cutoffs are usually the last days of months, and are scored already.
    var known = Dictionary(
      learned.map { ($0.cutoff.date, $0) }, uniquingKeysWith: { first, _ in first })
    let missing = months.map(\.cutoff).filter { known[$0] == nil }
    let scored = try MonitorPanel.scored(missing, champion, builder: builder, threads: threads)
    for cohort in scored { known[cohort.cutoff.date] = cohort }
    self.init(
      learned: mature,
      months: try months.compactMap { cutoff, end in
        try known[cutoff].map { cohort in
          (
            cohort: cohort, end: end,
            events: try builder.firstEvents(
              Cutoff(date: cutoff, role: .immature, windowEnd: end))
          )
        }
      })
  }
}
