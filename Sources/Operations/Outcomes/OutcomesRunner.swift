internal import Diagnostics
internal import Evaluation
public import Experiment
internal import OrderedCollections
internal import Panel
internal import Promotion
public import Spec
internal import Warehouse

/// Holds published lists against what became of the accounts on them.
public struct OutcomesRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Called with what is being done, and how much of it is, from the thread that works.
  public let progress: @Sendable (String, _ done: Int, _ total: Int) -> Void

  public init(
    project: Project, threads: Int,
    progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Reads and judges the lists that were published of a model. Nothing is written.
  /// - Parameters:
  ///   - name: the champion's name.
  ///   - dataThrough: the last day that is fully observed; nil: as the spec says.
  ///   - cutoffs: the lists to look at; nil: all.
  /// - Throws: `FindingsError` where there is no champion, no list, or none that has matured.
  public func report(
    of name: String, dataThrough: CalendarDate? = nil,
    from: CalendarDate? = nil, to: CalendarDate? = nil
  ) throws -> OutcomesReport {
    progress("registry", 0, 0)
    guard let champion = try Registry(project: project).champion(of: name) else {
      throw FindingsError(
        .noChampion(name, hints: ["promote a run with `holdout promote`, and publish its lists"]))
    }
    let loaded = try ChampionRecipe(
      StoredRun(folder: champion.folder), name: name, project: project
    ).outcomes(dataThrough: dataThrough)
    let spec = loaded.spec
    let engine = try NativeLibraries.engine(threads: threads)
    progress("published lists", 0, 0)
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
        cutoff: $0.cutoff, matures: windows.observed($0.cutoff), runIds: $0.runIds, rows: $0.rows)
    }
    if mature.isEmpty, let first = pending.first {
      throw FindingsError(.noneMature(name, dataThrough: observed, first: first))
    }
    if mature.isEmpty, let first = hindsight.first {
      throw FindingsError(.onlyHindsight(name, first))
    }
    progress("sources", 0, 0)
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    var joined = OutcomeJoin(columns, builder: builder, engine: engine)
    for (number, entry) in mature.enumerated() {
      progress("outcomes", number, mature.count)
      try joined.add(
        Cutoff(date: entry.cutoff, role: .unused, windowEnd: windows.end(entry.cutoff)))
    }
    if joined.lists.allSatisfy(\.list.entities.isEmpty) {
      throw FindingsError(try joined.strangeKeys(key: lists.settings.key.value))
    }
    progress("intervals", 0, 0)
    let options = OutcomeOptions(spec.evaluation, threads: threads)
    let measured = OutcomeMeasurement(
      joined.lists.map(\.list), groupCounts: joined.levels.map(\.count), options: options)
    return OutcomesReport(
      name: name, place: lists.words, question: spec.label.words, dataThrough: observed,
      options: options, pooled: measured.pooled,
      lists: zip(zip(mature, joined.lists), measured.lists).map { pair, figures in
        OutcomesReport.List(
          cutoff: pair.0.cutoff, windowEnd: windows.end(pair.0.cutoff), runIds: pair.0.runIds,
          figures: figures, unmatched: pair.1.unmatched, departed: pair.1.departed,
          departedWins: pair.1.departedWins)
      },
      pending: pending, hindsight: hindsight, tenths: measured.tenths,
      groupings: zip(columns.groups, zip(joined.levels, measured.groups)).map { column, found in
        OutcomesReport.Grouping(column: column, names: found.0, parts: found.1)
      },
      remarks: loaded.remarks + Self.remarks(columns, dataThrough, observed),
      findings: champion.warnings + builder.findings)
  }

  /// The lists whose model had learned from what happened after their cutoff. Of runs that were never
  /// promoted here, as where a table is shared, nobody can tell.
  /// - Throws: `FindingsError` where the record of a run that was promoted here cannot be read.
  private static func hindsight(
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

  private static func remarks(
    _ columns: PublishedColumns, _ asked: CalendarDate?, _ observed: CalendarDate
  ) -> [String] {
    var remarks = columns.missingGroups.map { "the lists have no column `\($0)` to group by" }
    if let asked, asked != observed {
      remarks.append(
        "the label's source is taken to be observed until \(observed), not \(asked): the spec says "
          + "so with a `data_through` of the source, or with `as_of`")
    }
    return remarks
  }
}

extension OutcomesReport.Grouping {
  init(column: String, names: [String], parts: [OutcomeMeasurement.Part?]) {
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
  /// As a spec wants its test rows judged.
  init(_ evaluation: EvaluationSpec, threads: Int) {
    self.init(
      bootstrap: evaluation.resamples > 0
        ? BootstrapOptions(
          resamples: evaluation.resamples, level: evaluation.level,
          seed: UInt64(bitPattern: Int64(evaluation.seed)), threads: threads) : nil,
      level: evaluation.level, minimumPositives: evaluation.minimumPositives)
  }
}

extension ExperimentSpec {
  /// The published columns that outcomes are told apart by: capacity's, and those ranked within.
  fileprivate var outcomeGroups: [String] {
    let ranked = (score?.rankBy ?? []).map { feature in
      score?.columns.first { column in
        if case .feature(let name) = column.input { name.value == feature.value } else { false }
      }?.name.value ?? feature.value
    }
    return Array(OrderedSet([capacity?.per?.value].compactMap(\.self) + ranked))
  }
}

extension LabelSpec {
  /// What is predicted, for people.
  fileprivate var words: String {
    let event =
      switch event {
      case .date(let column): "\(column.value.source).\(column.value.column)"
      case .row(let source, let condition):
        source.value + (condition.map { " where \($0.text)" } ?? "")
      }
    return "\(event) within \(horizon.value)"
  }
}
