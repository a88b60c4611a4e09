internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Panel
internal import Promotion
internal import Runs
internal import Spec

/// The purchases so far on lists whose label windows are open.
///
/// How many of a window's purchases are expected by now depends on how early they happen, which is
/// estimated as in a monitor: by band of scores, on the champion's own cutoffs, with the season.
enum OpenLists {
  /// Counts by the day of the list; empty if there is no open list with a settled day, or if the label
  /// is known only when its window ends.
  /// - Throws: `FindingsError`, `WarehouseError`, or `LearningError`, as a monitor does.
  static func counts(
    of name: String, project: Project, dataThrough: CalendarDate?, threads: Int
  ) throws -> [CalendarDate: OutcomesReport.SoFar] {
    let champion = try ProductionModel(
      name, project: project, dataThrough: dataThrough, isAsPromoted: false,
      library: try NativeLibraries.learner())
    let spec = champion.spec
    guard let observed = spec.dataThrough, !spec.label.event.isAbsence, spec.label.among == nil
    else { return [:] }
    let arithmetic = spec.cutoffs.monthArithmetic
    let windows = LabelWindow(spec.label, arithmetic: arithmetic)
    let settled = observed.adding(spec.label.labelDelay, sign: -1, arithmetic: arithmetic)
    let engine = try NativeLibraries.engine(threads: threads)
    let published = try PublishedHistory(champion, project: project, engine: engine)
    let open = published.entries.filter {
      windows.observed($0.cutoff) > observed && $0.cutoff < settled
    }
    guard let columns = published.columns, let oldest = open.first else { return [:] }
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine,
      // A panel of one day alone reads only what that day needs.
      purpose: .scoring([oldest.cutoff, observed], allowsSilence: true))
    let months = MonitorWeeks.months(
      before: oldest.cutoff, count: Season.maximumMonths, first: builder.firstDays.map(\.day).max())
    guard
      let timing = try OutcomeMonitor.Timing(
        champion,
        learned: try MonitorPanel.learned(champion, builder: builder, threads: threads),
        months: months, builder: builder, threads: threads)
    else { return [:] }
    let monitor = OutcomeMonitor(
      timing: timing, settled: settled, tolerance: spec.monitor.tolerance,
      threshold: 52 * spec.monitor.yearsBetweenFalseAlarms)
    var counts: [CalendarDate: OutcomesReport.SoFar] = [:]
    for list in try PublishedScores.read(open, columns, builder: builder, engine: engine) {
      let events = try builder.firstEvents(
        Cutoff(date: list.cutoff, role: .immature, windowEnd: windows.end(list.cutoff)))
      let (observed, expected) = monitor.soFar(
        OutcomeMonitor.List(
          day: list.cutoff, entities: list.entities, scores: list.scores, runIds: list.runIds,
          isPublished: true, selected: list.selected, events: events))
      counts[list.cutoff] = OutcomesReport.SoFar(
        through: settled, observed: observed, expected: expected)
    }
    return counts
  }
}
