internal import Diagnostics
internal import Evaluation
public import Experiment
internal import Learning
internal import OrderedCollections
internal import Panel
internal import Promotion
public import Runs
public import Spec
internal import Warehouse

/// The options of a monitor.
public struct MonitorRequest: Sendable {
  /// The champion's name.
  public var name: String
  /// The last fully observed day; nil for the spec's.
  public var dataThrough: CalendarDate?
  /// The weekday of the weeks, from 1 (Monday) to 7 (Sunday); nil for that of the last published
  /// list, or of the last observed day.
  public var weekday: Int?
  /// The number of weeks to compare with.
  public var weeks: Int

  public init(
    name: String, dataThrough: CalendarDate? = nil, weekday: Int? = nil, weeks: Int = 26
  ) {
    self.name = name
    self.dataThrough = dataThrough
    self.weekday = weekday
    self.weeks = weeks
  }
}

/// Tells whether the inputs of a champion broke, and whether its scores are still true.
///
/// It reads the champion's model, its published lists, and the sources as of each week, so the weeks
/// to compare with need not have been stored. If the profile of a week's list was stored, the week's
/// features are compared as they were then. Nothing is written.
public struct MonitorRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Called with the current step and its progress, from any thread.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int,
    progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Builds the report of a champion.
  /// - Throws: `FindingsError` if there is no champion, its files have changed, or the sources cover
  ///   fewer than two weeks.
  public func report(_ request: MonitorRequest) throws -> MonitorReport {
    progress(StepProgress(.registry))
    let champion = try ProductionModel(
      request.name, project: project, dataThrough: request.dataThrough, isAsPromoted: false,
      library: try NativeLibraries.learner())
    guard let observed = champion.spec.dataThrough else {
      preconditionFailure("a spec whose labels end on no day is refused when it is read")
    }
    let ledger = try AlarmLedger(of: request.name, project: project)
    progress(StepProgress(.publishedLists))
    let engine = try NativeLibraries.engine(threads: threads)
    let published = try PublishedHistory(champion, project: project, engine: engine)
    let weekday =
      request.weekday ?? published.entries.last?.cutoff.weekday ?? observed.weekday
    progress(StepProgress(.sources))
    let judged = MonitorWeeks(
      weekday: weekday, dataThrough: observed, reference: request.weeks, first: nil)
    let builder = try PanelBuilder(
      champion.spec, project: project.spec, projectFolder: project.folder, engine: engine,
      purpose: .scoring(judged.days, allowsSilence: true))
    let first = builder.firstDays.map(\.day).max()
    let weeks = MonitorWeeks(
      weekday: weekday, dataThrough: observed, reference: request.weeks, first: first)
    guard weeks.days.count > 1 else {
      throw FindingsError(.tooFewWeeks(champion.name, first: first, through: observed))
    }
    let profiles = StoredProfiles(champion, days: weeks.days, project: project)
    let panel = try MonitorPanel(
      champion, days: weeks.days, profiles: profiles, builder: builder, threads: threads,
      progress: progress)
    guard let last = panel.weeks.last, last.block.rowCount > 0 else {
      throw FindingsError(.emptyCohort(champion.spec, at: weeks.days.last ?? observed))
    }
    return try MonitorMaker(
      champion: champion, ledger: ledger, published: published, weeks: weeks, panel: panel,
      builder: builder, engine: engine, observed: observed, firstDay: first, threads: threads,
      findings: profiles.findings, progress: progress
    ).report()
  }
}

/// The published lists of a champion that can be compared with purchases.
struct PublishedHistory {
  /// Lists without hindsight, oldest first.
  let entries: [PublishedLedger.Entry]
  /// The number of lists that were made with hindsight.
  let hindsight: Int
  /// The columns of the rows in the engine; nil if nothing was published.
  let columns: PublishedColumns?

  init(_ champion: ProductionModel, project: Project, engine: Engine) throws {
    let lists = try PublishedLists(champion.spec, model: champion.name, project: project)
    guard let columns = try lists.load(groups: [], into: engine), try Self.hasRows(columns, engine)
    else {
      (entries, hindsight, self.columns) = ([], 0, nil)
      return
    }
    let ledger = try PublishedLedger(lists, columns, engine: engine, from: nil, to: nil)
    let hindsight = try OutcomesRunner.hindsight(
      ledger.entries, of: champion.name, Registry(project: project))
    entries = ledger.entries.filter { entry in
      !hindsight.contains { $0.cutoff == entry.cutoff }
    }
    self.hindsight = hindsight.count
    self.columns = columns
  }

  /// The weeks after the first list, but for the last week, that have no list. A list may be some days
  /// early or late.
  func missed(of weeks: [CalendarDate]) -> [CalendarDate] {
    guard let first = entries.first?.cutoff else { return [] }
    return weeks.dropLast().filter { day in
      day > first && !entries.contains { abs($0.cutoff.days - day.days) < 7 }
    }
  }

  /// Whether there is a row of this model; rows without a required column are reported later.
  private static func hasRows(_ columns: PublishedColumns, _ engine: Engine) throws -> Bool {
    guard columns.missing.isEmpty else { return true }
    return try engine.connection.count("SELECT count(*) FROM \(PublishedLists.copy)") ?? 0 > 0
  }
}

/// Makes the report from what was read.
private struct MonitorMaker {
  let champion: ProductionModel
  let ledger: AlarmLedger
  let published: PublishedHistory
  let weeks: MonitorWeeks
  let panel: MonitorPanel
  let builder: PanelBuilder
  let engine: Engine
  let observed: CalendarDate
  let firstDay: CalendarDate?
  let threads: Int
  /// Warnings about stored profiles.
  let findings: [Finding]
  let progress: ProgressHandler

  private var spec: ExperimentSpec { champion.spec }

  func report() throws -> MonitorReport {
    var notes: [MonitorReport.Note] = []
    if published.columns == nil { notes.append(.noLists) }
    if published.hindsight > 0 { notes.append(.hindsight(published.hindsight)) }
    let missed = published.missed(of: panel.weeks.map(\.block.cutoff.date))
    if !missed.isEmpty { notes.append(.missedWeeks(missed)) }
    if panel.weeks.count < weeks.asked {
      notes.append(.fewWeeks(panel.weeks.count, asked: weeks.asked))
    }
    let names = spec.features.map(\.name.value)
    let inputs = MonitorReport.Inputs(
      panel, names: names, ignored: Set(spec.monitor.ignore.map(\.value)),
      acknowledged: ledger.days(.inputs))
    let groups = groups(&notes)
    let list = MonitorReport.List(
      panel.weeks, groupings: groups, acknowledged: ledger.days(.list))
    progress(StepProgress(.purchases))
    let outcome = try outcome(groups, moved: inputs.alarms.map(\.week), &notes)
    progress(StepProgress(.estimate))
    return MonitorReport(
      name: champion.name, runId: champion.runId, question: spec.label.words,
      noun: spec.label.noun, dataThrough: observed,
      weeks: panel.weeks.map(\.block.cutoff.date),
      rows: panel.weeks.map(\.block.rowCount), inputs: inputs, list: list, outcome: outcome,
      estimate: try estimate(), acknowledged: ledger.entries, notes: notes,
      findings: champion.warnings + builder.findings + findings)
  }

  /// The groups of the report: the spec's, otherwise the capacity's, or the first that rows are ranked
  /// within. A column that is no category of the model is left out, with a note.
  private func groups(_ notes: inout [MonitorReport.Note]) -> [MonitorGroups] {
    var columns = spec.monitor.groups.map(\.value)
    if columns.isEmpty {
      columns = [spec.capacity?.per ?? champion.score.rankWithin.first].compactMap { $0?.value }
    }
    return columns.compactMap { column in
      // A published column may have another name than its feature.
      let feature = champion.score.published.first { $0.name.value == column }?.feature?.value
      guard
        let index = spec.features.firstIndex(where: { $0.name.value == feature ?? column }),
        case .category(_, let policy) = spec.features[index].expression
      else {
        notes.append(.noGroups(column))
        return nil
      }
      return MonitorGroups(
        column: column, index: index, dictionary: builder.levels(ofFeature: index),
        missing: policy.missing)
    }
  }

  // MARK: - Purchases

  private func outcome(
    _ groups: [MonitorGroups], moved: [CalendarDate], _ notes: inout [MonitorReport.Note]
  ) throws -> MonitorReport.Outcome {
    if spec.label.event.isAbsence { return .unknown(.absence) }
    if spec.label.among != nil { return .unknown(.conditional) }
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    let lists = try self.lists(windows, &notes)
    guard let oldest = lists.first else {
      let learned = champion.model.record.learnedThrough.flatMap { CalendarDate($0) }
      return .unknown(.noUnseenWeek(learnedThrough: learned ?? observed))
    }
    let season = MonitorWeeks.months(
      before: oldest.day, count: Season.maximumMonths, first: firstDay)
    if season.count < Season.minimumMonths { notes.append(.noSeason(months: season.count)) }
    guard
      let timing = try OutcomeMonitor.Timing(
        champion, learned: panel.learned, months: season, builder: builder, threads: threads)
    else { return .unknown(.noMatureEvents) }
    let settled = observed.adding(
      spec.label.labelDelay, sign: -1, arithmetic: spec.cutoffs.monthArithmetic)
    let monitor = OutcomeMonitor(
      timing: timing, settled: settled, tolerance: spec.monitor.tolerance,
      threshold: 52 * spec.monitor.yearsBetweenFalseAlarms)
    let (weeks, alarm, since) = monitor.weeks(lists, acknowledged: ledger.days(.outcome))
    guard !weeks.isEmpty else { return .unknown(.noSettledWeek) }
    if weeks.count < lists.count {
      let end = monitor.end(of: weeks.count, in: lists)
      notes.append(
        .unsettled(
          list: lists[weeks.count].day,
          until: end.adding(spec.label.labelDelay, arithmetic: spec.cutoffs.monthArithmetic)))
    }
    let published = weeks.filter(\.isPublished)
    let promotions = zip(published, published.dropFirst()).filter { $0.runIds != $1.runIds }
    if !promotions.isEmpty {
      notes.append(
        .promotions(
          promotions.map { MonitorReport.Note.Promotion(list: $1.start, runIds: $1.runIds) }))
    }
    let days = weeks.reduce(0) { $0 + $1.end.days - $1.start.days }
    let weekly = weeks.reduce(0) { $0 + $1.expected } / Double(days) * 7
    return .known(
      MonitorReport.KnownOutcome(
        weeks: weeks, maturation: timing.maturation, horizon: timing.horizon,
        season: timing.season, tolerance: monitor.tolerance, threshold: monitor.threshold,
        alarm: alarm, alarmSince: since,
        noticeHalf: NoticeTime(
          expected: weekly, factor: 0.5, tolerance: monitor.tolerance,
          threshold: monitor.threshold),
        selection: monitor.selection(lists),
        diagnosis: monitor.diagnosis(
          lists, clusters: builder.clusters?.numbers, groupings: groups.map(groupOfEntity),
          moved: moved)))
  }

  /// The group of each entity in the oldest week that has it; of others, that of missing values.
  private func groupOfEntity(
    _ groups: MonitorGroups
  ) -> (column: String, names: [String], ofEntity: [Int32]) {
    var group = [Int32](repeating: Int32(groups.names.count - 1), count: builder.entityCount)
    for week in panel.weeks.reversed() {
      for (entity, number) in zip(week.block.entities, groups.numbers(of: week.block)) {
        group[Int(entity)] = number
      }
    }
    return (groups.column, groups.names, group)
  }

  /// The lists whose purchases are counted, oldest first: those that were published with all of the
  /// cohort, and the weeks without such a list that the champion has not learned from.
  private func lists(
    _ windows: LabelWindow, _ notes: inout [MonitorReport.Note]
  ) throws -> [OutcomeMonitor.List] {
    var lists: [OutcomeMonitor.List] = []
    var partial = 0
    let events = { (day: CalendarDate) in
      try builder.firstEvents(Cutoff(date: day, role: .immature, windowEnd: windows.end(day)))
    }
    if let columns = published.columns {
      let read = try PublishedScores.read(
        published.entries.filter { $0.cutoff < observed }, columns, builder: builder,
        engine: engine)
      for list in read {
        guard try isComplete(list) else {
          partial += 1
          continue
        }
        lists.append(
          OutcomeMonitor.List(
            day: list.cutoff, entities: list.entities, scores: list.scores, runIds: list.runIds,
            isPublished: true, selected: list.selected, isHeldBack: list.isHeldBack,
            events: try events(list.cutoff)))
      }
    }
    if partial > 0 { notes.append(.partialLists(partial)) }
    let complete = lists.map(\.day)
    let learned = champion.model.record.learnedThrough ?? ""
    for week in panel.weeks {
      let day = week.block.cutoff.date
      guard day < observed, day.description >= learned,
        !complete.contains(where: { abs($0.days - day.days) < 7 })
      else { continue }
      lists.append(
        OutcomeMonitor.List(
          day: day, entities: week.scored.entities, scores: week.scored.scores,
          runIds: [champion.runId], isPublished: false, selected: nil, events: try events(day)))
    }
    return lists.sorted { $0.day < $1.day }
  }

  /// Whether a list has all of the cohort, by today's data; a few accounts may have been corrected
  /// since.
  private func isComplete(_ list: PublishedScores.List) throws -> Bool {
    let week = panel.weeks.first { $0.block.cutoff.date == list.cutoff }
    let cohort =
      try week?.block.rowCount
      ?? builder.counts(Cutoff(date: list.cutoff, role: .immature, windowEnd: list.cutoff)).rows
    return Double(list.entities.count) >= 0.95 * Double(cohort)
  }

  // MARK: - The estimate

  private func estimate() throws -> MonitorReport.Estimate? {
    guard let week = panel.weeks.last, !spec.label.event.isAbsence, spec.label.among == nil else {
      return nil
    }
    let calibrate = panel.learned.filter { $0.cutoff.role == .calibrate }
    return MonitorReport.Estimate(
      week.scored, champion: champion,
      calibrate: try calibrate.map {
        ($0, Set(try builder.firstEvents($0.cutoff).map(\.entity)))
      })
  }
}
