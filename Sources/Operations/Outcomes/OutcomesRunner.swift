internal import Diagnostics
internal import Evaluation
public import Experiment
internal import OrderedCollections
internal import Panel
internal import Promotion
public import Runs
public import Spec
internal import Warehouse

/// Compares published lists with the outcomes of the accounts on them.
public struct OutcomesRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Called with the current step and its progress, from the working thread.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int,
    progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Reads and evaluates a model's published lists. Nothing is written.
  /// - Parameters:
  ///   - name: the champion's name.
  ///   - dataThrough: the last fully observed day; nil for the spec's.
  ///   - cutoffs: the lists to evaluate; nil for all.
  ///   - countsOpen: whether to count the purchases so far on lists that have not matured.
  /// - Throws: `FindingsError` if there is no champion, no list, or none that has matured.
  public func report(
    of name: String, dataThrough: CalendarDate? = nil,
    from: CalendarDate? = nil, to: CalendarDate? = nil, countsOpen: Bool = false
  ) throws -> OutcomesReport {
    progress(StepProgress(.registry))
    guard let champion = try Registry(project: project).champion(of: name) else {
      throw FindingsError(
        .noChampion(name, hints: ["promote a run with `holdout promote`, and publish its lists"]))
    }
    let loaded = try ChampionRecipe(
      StoredRun(folder: champion.folder), name: name, project: project
    ).outcomes(dataThrough: dataThrough)
    let spec = loaded.spec
    if countsOpen { progress(StepProgress(.openLists)) }
    // It has an engine of its own, which has ended before this one opens the same databases.
    let soFar =
      countsOpen
      ? try OpenLists.counts(
        of: name, project: project, dataThrough: dataThrough, threads: threads) : [:]
    let engine = try NativeLibraries.engine(threads: threads)
    progress(StepProgress(.publishedLists))
    let lists = try PublishedLists(spec, model: name, project: project)
    guard let columns = try lists.load(groups: spec.outcomeGroups, into: engine) else {
      throw FindingsError(.nothingPublished(name, lists.words, range: nil, known: []))
    }
    let ledger = try PublishedLedger(lists, columns, engine: engine, from: from, to: to)
    guard let observed = spec.dataThrough else {
      preconditionFailure("a spec without errors says how far its label's source reaches")
    }
    let windows = LabelWindow(spec.label, arithmetic: spec.cutoffs.monthArithmetic)
    let hindsight = try Self.hindsight(ledger.entries, of: name, Registry(project: project))
    let entries = ledger.entries.filter { entry in
      !hindsight.contains { $0.cutoff == entry.cutoff }
    }
    let mature = entries.filter { windows.observed($0.cutoff) <= observed }
    let pending = entries.filter { windows.observed($0.cutoff) > observed }.map {
      OutcomesReport.Pending(
        cutoff: $0.cutoff, matures: windows.observed($0.cutoff), runIds: $0.runIds, rows: $0.rows,
        soFar: soFar[$0.cutoff])
    }
    if mature.isEmpty, let first = pending.first {
      throw FindingsError(.noneMature(name, dataThrough: observed, first: first))
    }
    if mature.isEmpty, let first = hindsight.first {
      throw FindingsError(.onlyHindsight(name, first))
    }
    progress(StepProgress(.sources))
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    var joined = OutcomeJoin(columns, builder: builder, engine: engine)
    for (number, entry) in mature.enumerated() {
      progress(StepProgress(.outcomes, done: number, of: mature.count))
      try joined.add(
        Cutoff(date: entry.cutoff, role: .unused, windowEnd: windows.end(entry.cutoff)))
    }
    if joined.lists.allSatisfy(\.list.entities.isEmpty) {
      let excluded = joined.lists.reduce(0) { $0 + ($1.excluded ?? 0) }
      if let among = spec.label.among, excluded > 0 {
        throw FindingsError(.noneAmong(among, rows: excluded))
      }
      throw FindingsError(try joined.strangeKeys(key: lists.settings.key.value))
    }
    progress(StepProgress(.intervals))
    let options = OutcomeOptions(spec.evaluation, threads: threads)
    let measured = OutcomeMeasurement(
      joined.lists.map(\.list), groupCounts: joined.levels.map(\.count),
      clusters: builder.clusters?.numbers, options: options)
    let holdBack = HoldBackMeasurement(
      joined.lists.map(\.list),
      days: mature.map { entry in
        HoldBackMeasurement.Days(
          cutoff: entry.cutoff.days, windowEnd: windows.end(entry.cutoff).days)
      }, clusters: builder.clusters?.numbers, share: spec.capacity?.holdBack?.value,
      level: options.level)
    let doubt = holdBack.flatMap { $0.isDoubtful ? Finding.doubtfulHoldBack($0) : nil }
    return OutcomesReport(
      name: name, place: lists.words, question: spec.label.words,
      noun: spec.label.noun, dataThrough: observed,
      options: options, pooled: measured.pooled,
      lists: zip(zip(mature, joined.lists), measured.lists).map { pair, figures in
        OutcomesReport.List(
          cutoff: pair.0.cutoff, windowEnd: windows.end(pair.0.cutoff), runIds: pair.0.runIds,
          figures: figures, unmatched: pair.1.unmatched, departed: pair.1.departed,
          departedWins: pair.1.departedWins, excluded: pair.1.excluded)
      },
      pending: pending, hindsight: hindsight, tenths: measured.tenths,
      groupings: zip(columns.groups, zip(joined.levels, measured.groups)).map { column, found in
        OutcomesReport.Grouping(column: column, names: found.0, parts: found.1)
      },
      holdBack: holdBack, changedSpec: loaded.changed, missingGroups: columns.missingGroups,
      askedThrough: dataThrough == observed ? nil : dataThrough,
      findings: champion.warnings + builder.findings + [doubt].compactMap(\.self))
  }

  /// The lists whose model was trained on events after their cutoff. For runs never promoted here,
  /// as in a shared table, this is unknown.
  /// - Throws: `FindingsError` if the record of a run that was promoted here cannot be read.
  static func hindsight(
    _ entries: [PublishedLedger.Entry], of name: String, _ registry: Registry
  ) throws(FindingsError) -> [OutcomesReport.Hindsight] {
    var learned: [String: String] = [:]
    var unknown: [Finding] = []
    for id in Set(entries.flatMap(\.runIds)).sorted() {
      do throws(FindingsError) {
        guard let run = try registry.promotedRun(id, of: name) else { continue }
        learned[id] = (try run.refit()?.record ?? run.record).learnedThrough
      } catch {
        unknown.append(.unknownHindsight(name, runId: id, error.findings))
      }
    }
    guard unknown.isEmpty else { throw FindingsError(unknown) }
    return entries.compactMap { entry in
      guard let last = entry.runIds.compactMap({ learned[$0] }).max(),
        last > entry.cutoff.description
      else { return nil }
      return OutcomesReport.Hindsight(
        cutoff: entry.cutoff, runIds: entry.runIds, rows: entry.rows, learnedThrough: last)
    }
  }
}

extension OutcomesReport.Grouping {
  package init(column: String, names: [String], parts: [OutcomeMeasurement.Part?]) {
    self.column = column
    levels = zip(names, parts).compactMap { name, part in
      part.map { Level(name: name, figures: $0) }
    }.sorted { left, right in
      let (own, other) = (left.figures.published.rows, right.figures.published.rows)
      return own == other ? left.name < right.name : own > other
    }
  }
}

extension OutcomeOptions {
  /// The settings with which a spec evaluates its test rows.
  init(_ evaluation: EvaluationSpec, threads: Int) {
    self.init(
      bootstrap: evaluation.resamples > 0
        ? BootstrapOptions(evaluation, threads: threads) : nil,
      level: evaluation.level, minimumPositives: evaluation.minimumPositives)
  }
}

extension ExperimentSpec {
  /// The published columns that outcomes are grouped by: the capacity's, and those that rows are
  /// ranked within.
  fileprivate var outcomeGroups: [String] {
    let ranked = (score?.rankWithin ?? []).map { feature in
      score?.columns.first { column in
        if case .feature(let name) = column.input { name.value == feature.value } else { false }
      }?.name.value ?? feature.value
    }
    return Array(OrderedSet([capacity?.per?.value].compactMap(\.self) + ranked))
  }
}

extension LabelSpec {
  /// The predicted outcome, for people.
  var words: String {
    func rows(_ source: Located<String>, _ condition: SQLText?) -> String {
      source.value + (condition.map { " where \($0.text)" } ?? "")
    }
    let event =
      switch event {
      case .date(let column): "\(column.value.source).\(column.value.column)"
      case .row(let source, let condition): rows(source, condition)
      case .absence(let source, let condition): "no \(rows(source, condition))"
      }
    let condition = among.map { ", among \(rows($0.source, $0.condition))" } ?? ""
    return "\(event) within \(horizon.value)\(condition)"
  }
}

/// The lists among the rows that were read, once those are verified to be lists.
struct PublishedLedger {
  struct Entry {
    let cutoff: CalendarDate
    let rows: Int
    /// Sorted.
    let runIds: [String]
  }

  /// Oldest first.
  let entries: [Entry]

  /// - Parameters:
  ///   - from: the first cutoff to include; nil for no bound.
  ///   - to: the last one; likewise.
  /// - Throws: `FindingsError` if rows cannot belong to a list, or no list has one of these
  ///   cutoffs.
  init(
    _ lists: PublishedLists, _ columns: PublishedColumns, engine: Engine, from: CalendarDate?,
    to: CalendarDate?
  ) throws {
    guard columns.missing.isEmpty else {
      throw FindingsError(
        .malformedLists(lists.words, ["it has no column \(columns.missing.quoted)"]))
    }
    let problems = try Self.problems(lists.settings.key.value, engine.connection)
    guard problems.isEmpty else { throw FindingsError(.malformedLists(lists.words, problems)) }
    if columns.hasHoldBack { try Self.checkMarks(lists, engine.connection) }
    let rows = try engine.connection.query(
      "SELECT cutoff, count(*) AS rows, string_agg(DISTINCT run_id, ' ' ORDER BY run_id) AS runs "
        + "FROM \(PublishedLists.copy) GROUP BY cutoff"
    ).collect()
    let all = rows.flatMap { batch in
      (0..<batch.rowCount).compactMap { row in
        batch["cutoff"]?.integer(row).map { day in
          Entry(
            cutoff: CalendarDate(days: day), rows: batch["rows"]?.integer(row) ?? 0,
            runIds: (batch["runs"]?.text(row) ?? "").split(separator: " ").map(String.init))
        }
      }
    }.sorted { $0.cutoff < $1.cutoff }
    entries = all.filter { entry in
      (from.map { $0 <= entry.cutoff } ?? true) && (to.map { entry.cutoff <= $0 } ?? true)
    }
    guard entries.isEmpty else { return }
    let range = [from.map { "from \($0)" }, to.map { "to \($0)" }].compactMap(\.self)
    let known = all.map(\.cutoff.description)
    throw FindingsError(
      .nothingPublished(
        lists.model, lists.words,
        range: all.isEmpty || range.isEmpty ? nil : range.joined(separator: " "),
        known: known.count > 5
          ? ["\(known[0])", "\(known.count - 2) more", "\(known[known.count - 1])"] : known))
  }

  /// Properties that rows of a list cannot have.
  private static func problems(
    _ key: String, _ connection: Connection
  ) throws(WarehouseError) -> [String] {
    let copy = PublishedLists.copy
    var problems: [String] = []
    let checks = [
      ("key IS NULL", "no `\(key)`"), ("cutoff IS NULL", "no date as `cutoff_date`"),
      ("score IS NULL OR NOT (score >= 0 AND score <= 1)", "a `score` that is not a probability"),
      ("rank IS NULL", "no number as `rank_global`"),
    ]
    for (condition, words) in checks {
      let count = try connection.count("SELECT count(*) FROM \(copy) WHERE \(condition)") ?? 0
      if count > 0 {
        problems.append("\(count.grouped) \(count == 1 ? "row has" : "rows have") \(words)")
      }
    }
    let repeated =
      "FROM (SELECT key, cutoff FROM \(copy) WHERE key IS NOT NULL AND cutoff IS NOT NULL "
      + "GROUP BY ALL HAVING count(*) > 1)"
    let count = try connection.count("SELECT count(*) \(repeated)") ?? 0
    if count > 0,
      let first = try connection.scalar(
        "SELECT min(CAST(cutoff AS VARCHAR) || ': ' || key) \(repeated)")
    {
      let accounts = count == 1 ? "1 account appears" : "\(count.grouped) accounts appear"
      problems.append(
        "\(accounts) twice in a list: `\(first)`\(count == 1 ? "" : ", for example")")
    }
    return problems
  }
}

extension [String] {
  /// Names in backticks.
  fileprivate var quoted: String { map { "`\($0)`" }.inWords("and") }
}

/// Joins published rows with the current data on their accounts.
///
/// Only the event decides a row's outcome: an account that bought in the label window is a win,
/// even if it is not in the cohort by today's data. It was listed, someone may have called, and it
/// bought; corrections to other columns do not undo that. Such an account is added to the
/// population that the list is compared with. If a key is no longer an account, as after a merge,
/// its outcome is unknown; it is counted and left out. So are the accounts, on the list or not, for
/// which a conditional label has no value.
struct OutcomeJoin {
  struct Joined {
    let list: OutcomeList
    let unmatched: Int
    let departed: Int
    let departedWins: Int
    /// nil if the label is not conditional.
    let excluded: Int?
  }

  private(set) var lists: [Joined] = []
  /// The names of each grouping's levels, by index.
  private(set) var levels: [[String]]
  private var numbers: [[String: Int32]]
  private let columns: PublishedColumns
  private let builder: PanelBuilder
  private let engine: Engine

  init(_ columns: PublishedColumns, builder: PanelBuilder, engine: Engine) {
    self.columns = columns
    self.builder = builder
    self.engine = engine
    levels = columns.groups.map { _ in [] }
    numbers = columns.groups.map { _ in [:] }
  }

  private struct Row {
    let entity: Int32
    let rank: Int
    let score: Double
    let isSelected: Bool
    let mark: HoldBackMark?
    let groups: [String?]
  }

  /// Adds the list of a cutoff.
  /// - Throws: `FindingsError` or `WarehouseError`.
  mutating func add(_ cutoff: Cutoff) throws {
    let outcomes = try builder.outcomes(cutoff)
    let (all, unmatched) = try rows(cutoff)
    let among = outcomes.among.map(Set.init)
    func hasLabel(_ entity: Int32) -> Bool { among?.contains(entity) ?? true }
    let (rows, cohort) = (all.filter { hasLabel($0.entity) }, outcomes.cohort.filter(hasLabel))
    var isInCohort = [Bool](repeating: false, count: builder.entityCount)
    for entity in cohort { isInCohort[Int(entity)] = true }
    let departed = rows.map(\.entity).filter { !isInCohort[Int($0)] }
    var isInPopulation = isInCohort
    for entity in departed { isInPopulation[Int(entity)] = true }
    let buyers = outcomes.buyers.filter { isInPopulation[Int($0)] }
    let departedWins = buyers.count { !isInCohort[Int($0)] }
    let groups = columns.groups.indices.map { grouping in
      rows.map { number(of: $0.groups[grouping] ?? "-", in: grouping) }
    }
    lists.append(
      Joined(
        list: OutcomeList(
          population: (cohort + departed).sorted(), buyers: buyers,
          entities: rows.map(\.entity), scores: rows.map(\.score),
          selected: columns.hasSelection ? rows.map(\.isSelected) : nil,
          marks: columns.hasHoldBack ? rows.map(\.mark) : nil, groups: groups),
        unmatched: unmatched, departed: departed.count, departedWins: departedWins,
        excluded: among.map { _ in all.count - rows.count }))
  }

  /// The rows of known accounts in the order of the list, and the number of other rows.
  private func rows(_ cutoff: Cutoff) throws(WarehouseError) -> (rows: [Row], unmatched: Int) {
    let groups = columns.groups.indices.map { ", g\($0)" }.joined()
    let stream = try engine.connection.query(
      "SELECT entity, rank, score, selected, hold_back\(groups) FROM \(PublishedLists.copy) "
        + "LEFT JOIN \(builder.keyTable) USING (key) "
        + "WHERE cutoff = DATE \(SQL.literal(cutoff.date.description))")
    var rows: [Row] = []
    var unmatched = 0
    while let batch = try stream.next() {
      for row in 0..<batch.rowCount {
        guard let entity = batch.columns[0].integer(row) else {
          unmatched += 1
          continue
        }
        rows.append(
          Row(
            entity: Int32(entity), rank: batch.columns[1].integer(row) ?? 0,
            score: batch.columns[2].number(row) ?? 0,
            isSelected: batch.columns[3].integer(row) == 1,
            mark: batch.columns[4].text(row).flatMap(HoldBackMark.init),
            groups: batch.columns.dropFirst(5).map { $0.text(row) }))
      }
    }
    // Rows stream in no fixed order.
    rows.sort { $0.rank == $1.rank ? $0.entity < $1.entity : $0.rank < $1.rank }
    return (rows, unmatched)
  }

  private mutating func number(of level: String, in grouping: Int) -> Int32 {
    if let known = numbers[grouping][level] { return known }
    let number = Int32(levels[grouping].count)
    numbers[grouping][level] = number
    levels[grouping].append(level)
    return number
  }

  /// Why no row could be joined.
  func strangeKeys(key: String) throws(WarehouseError) -> Finding {
    let copy = PublishedLists.copy
    return .strangeKeys(
      key, try engine.connection.scalar("SELECT min(key) FROM \(copy)") ?? "",
      rows: lists.reduce(0) { $0 + $1.unmatched },
      known: try engine.connection.scalar("SELECT min(key) FROM \(builder.keyTable)") ?? "")
  }
}
