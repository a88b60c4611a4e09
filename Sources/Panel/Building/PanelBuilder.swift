internal import Columns
public import Diagnostics
internal import OrderedCollections
public import Spec
internal import Synchronization
public import Warehouse

/// Builds an experiment's panel, cutoff by cutoff, from sources loaded into the engine.
///
/// Only one thread may use it at a time.
public final class PanelBuilder {
  /// The experiment.
  public let spec: ExperimentSpec
  /// The timelines of all folds, newest first; a single one if there are no folds.
  public let folds: [Timeline]
  /// The timeline of the newest fold.
  public var timeline: Timeline { folds[0] }
  /// Warnings found while loading the sources.
  public let findings: [Finding]
  /// The `current` columns that are read.
  public let lookAhead: LookAheadUse
  /// The number of entities; entity indices are below it.
  public let entityCount: Int
  /// The clusters of the entities; nil if every entity is a cluster of its own.
  public let clusters: EntityClusters?
  /// The sources that are tables of a DuckDB file, whose rows exist only in that file.
  public let storedTables: Set<String>
  let engine: Engine
  let query: PanelQuery
  let loaded: [String: LoadedSource]
  /// The dictionary of each category that is read as text, by the index of its feature.
  private let dictionaries: [Int: LevelDictionary]
  /// The only cutoff whose rows were read; nil if those of every cutoff were.
  private let onlyCutoff: CalendarDate?
  let plan: PanelPlan
  /// How the rows of several cutoffs are read, which tests set.
  package var reading = CutoffReading.bySize

  /// The purpose for which a panel is built.
  public enum Purpose: Sendable {
    /// Training and evaluation: the cutoffs of the spec's own timeline.
    case experiment
    /// Scoring the cohorts of some days, ascending. Every source must have observed the last day.
    ///
    /// With one day, only the rows are read that this day's features need: no other cutoff can be
    /// read, and nothing that happened after it.
    ///
    /// - Parameter allowsSilence: whether a source whose rows end long before the last day only
    ///   causes a warning.
    case scoring([CalendarDate], allowsSilence: Bool)

    /// The only day that may be requested, if there is exactly one.
    fileprivate var onlyCutoff: CalendarDate? {
      if case .scoring(let days, _) = self, days.count == 1 { days[0] } else { nil }
    }
  }

  /// Loads the sources that the spec reads and lays out the timeline.
  /// - Parameters:
  ///   - alteration: a change applied to the rows first, to test whether it affects a panel.
  ///   - lockTimeout: how long to wait for a database file that another process is writing.
  ///   - copies: where to keep the sources' rows, or where a load before this one has kept them.
  /// - Throws: `FindingsError` with every finding about sources, expressions and timeline;
  ///   `Timeline.Problem` for a spec whose errors were already found when it was loaded.
  public convenience init(
    _ spec: ExperimentSpec, project: ProjectSpec, projectFolder: String, engine: Engine,
    alteration: DataAlteration = .none, purpose: Purpose = .experiment,
    lockTimeout: LockTimeout = .none, copies: SourceCopies? = nil
  ) throws {
    try self.init(
      PanelPlan(spec, project: project, folder: projectFolder, engine: engine), project: project,
      projectFolder: projectFolder,
      engine: engine, alteration: alteration, purpose: purpose, lockTimeout: lockTimeout,
      copies: copies)
  }

  /// Loads the sources of a spec whose expressions have been analyzed.
  public init(
    _ plan: PanelPlan, project: ProjectSpec, projectFolder: String, engine: Engine,
    alteration: DataAlteration = .none, purpose: Purpose = .experiment,
    lockTimeout: LockTimeout = .none, copies: SourceCopies? = nil
  ) throws {
    let spec = plan.spec
    var findings: [Finding] = []
    copies?.admit(engine)
    try engine.confine(project.confinement(folder: projectFolder))
    let opener = RelationOpener(
      engine: engine, projectFolder: projectFolder, project: project, lockTimeout: lockTimeout)
    var loader = try SourceLoader(
      engine: engine, opener: opener, sources: spec.sources, alteration: alteration,
      onlyCutoff: purpose.onlyCutoff, copies: copies)
    let sources = Self.load(spec, plan.uses, alteration, &loader)
    copies?.complete()
    storedTables = try Self.storedTables(spec, plan.uses, engine)
    // All data is now in the engine, so other processes may write to their files.
    try loader.opener.close()
    findings += loader.findings
    try findings.throwIfErrors()
    let query = plan.query(on: sources)
    // Altered rows are only read; checks of the data do not apply to them.
    if alteration == .none {
      findings += try LevelCheck(engine: engine, sources: sources)
        .findings(spec.cohort.rules.map(\.value))
    }
    let folds: [Timeline]
    switch purpose {
    case .experiment:
      guard let origin = try Self.origin(plan, sources, &findings) else {
        throw FindingsError(findings)
      }
      folds = origin.folds
      if alteration == .none {
        findings += try EarlyEvents(plan: plan, folds: folds).findings(engine.connection)
      }
    case .scoring(let days, let allowsSilence):
      guard let day = days.last else { preconditionFailure("there is no day to score") }
      findings += try Self.scoringProblems(
        spec, sources, at: day,
        allowsSilence: allowsSilence || spec.accept.reasons["H811"] != nil, engine.connection)
      folds = [Timeline(scoring: day, spec)]
    }
    try findings.throwIfErrors()
    if alteration == .none, let cutoff = folds[0].cutoffs.first {
      findings += try ExpressionCheck(engine: engine, query: query).findings(at: cutoff)
    }
    try findings.throwIfErrors()
    // This runs the label's condition, which the engine has accepted by now.
    if alteration == .none {
      findings += try Self.labelReach(spec, sources, engine.connection)
      try findings.throwIfErrors()
    }
    self.spec = spec
    self.engine = engine
    self.query = query
    self.plan = plan
    let read = plan.panel.features
    let texts = read.indices.filter { query.yieldsText(read[$0]) }
    dictionaries = Dictionary(uniqueKeysWithValues: texts.map { ($0, LevelDictionary()) })
    loaded = sources
    self.folds = folds
    onlyCutoff = purpose.onlyCutoff
    lookAhead = plan.lookAhead
    self.findings = findings
    let entityCount =
      try engine.connection.count("SELECT count(*) FROM \(SourceLoader.entities)") ?? 0
    self.entityCount = entityCount
    clusters = try spec.evaluation.cluster.map {
      try EntityClusters($0.value, entityCount: entityCount, engine.connection)
    }
  }

  /// Reads the sources that are not files again and compares their contents.
  ///
  /// A view of a database may read a clock or draw random numbers, and then no run can be repeated.
  /// - Parameter engine: an engine in which nothing is loaded.
  /// - Throws: `FindingsError` if two readings differ, or if a source cannot be read.
  public func checkStability(
    project: ProjectSpec, projectFolder: String, engine: Engine
  ) throws {
    var opener = RelationOpener(
      engine: engine, projectFolder: projectFolder, project: project, lockTimeout: .none)
    var findings: [Finding] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard let hash = source.contentHash else { continue }
      let relation = try opener.open(source.spec)
      let again = try SourceLoader.contentHash(relation, engine.connection)
      if again != hash { findings.append(.unstableSource(source.spec)) }
    }
    try opener.close()
    try findings.throwIfErrors()
  }

  /// Returns the entity keys by entity index.
  public func keys() throws(WarehouseError) -> [String] {
    var keys = [String](repeating: "", count: entityCount)
    // Assign by index, because streamed rows have no order.
    let rows = try engine.connection.query("SELECT entity, key FROM \(SourceLoader.entities)")
    while let batch = try rows.next() {
      for row in 0..<batch.rowCount {
        if let number = batch.columns[0].integer(row) {
          keys[number] = batch.columns[1].text(row) ?? ""
        }
      }
    }
    return keys
  }

  /// The table in the engine that maps `entity` to `key`.
  public var keyTable: String { SourceLoader.entities }

  /// For each source, a hash of the contents of its rows in any order.
  ///
  /// For sources that are not files, whose bytes could be hashed. It covers all columns, including
  /// those that the experiment does not read, so it shows whether two experiments have read the
  /// same data.
  public var contentHashes: [String: String] { loaded.compactMapValues(\.contentHash) }

  /// Returns the SQL of a cutoff for people: the cohort with its label, then the features by
  /// source.
  public func sql(_ cutoff: Cutoff) -> String { query.text(cutoff) }

  /// Returns the number of rows and the positives of a cutoff, without computing any feature.
  public func counts(_ cutoff: Cutoff) throws -> CutoffCounts {
    try reporting(cutoff) { () throws(WarehouseError) in
      try reader.counts(cutoff, engine.connection)
    }
  }

  /// Returns the numbers of rows and the positives of cutoffs, in their order.
  public func counts(_ cutoffs: [Cutoff]) throws -> [CutoffCounts] {
    requireRows(of: cutoffs)
    let reader = reader
    return try reader.batches(cutoffs.map { ($0, []) }, threads: 1).flatMap { batch in
      try zip(batch.cutoffs, reader.pieces(batch, engine.connection)).map { cutoff, piece in
        let rows = try reporting(cutoff) { try piece.get() }
        return CutoffCounts(
          cutoff: cutoff, rows: rows.entities.count,
          buyers: rows.labels.indices.filter { rows.labels[$0] == 1 }.map { rows.entities[$0] },
          excluded: rows.excluded
        ).clustered(by: clusters)
      }
    }
  }

  /// Returns the cohort of a mature cutoff, and all entities whose label is 1.
  /// - Throws: as `block(_:)`.
  public func outcomes(_ cutoff: Cutoff) throws -> CutoffOutcomes {
    try reporting(cutoff) { () throws(WarehouseError) in
      try reader.outcomes(cutoff, engine.connection)
    }
  }

  /// Returns the entities that had the label's event in a cutoff's window, in the cohort or not, each
  /// with its first one, ascending. A window that has not ended gives the events so far. If the label
  /// is the absence of the event, these are the entities whose label is 0.
  /// - Throws: as `block(_:)`.
  public func firstEvents(_ cutoff: Cutoff) throws -> [EntityEvent] {
    try reporting(cutoff) { () throws(WarehouseError) in
      try reader.firstEvents(cutoff, engine.connection)
    }
  }

  /// Returns the panel's rows of a cutoff.
  /// - Throws: `FindingsError` if an expression fails on the data, otherwise `WarehouseError`.
  public func block(_ cutoff: Cutoff) throws -> PanelBlock {
    try reporting(cutoff) {
      try reader.block(cutoff, engine.connection)
    }
  }

  /// Returns the panel's rows of several cutoffs, in their order, built on several threads.
  /// - Parameter progress: called with the number of finished cutoffs, from any thread.
  /// - Throws: as `block(_:)`.
  public func blocks(
    _ cutoffs: [Cutoff], threads: Int, progress: @escaping @Sendable (Int) -> Void = { _ in }
  ) throws -> [PanelBlock] {
    let reader = reader
    return try onThreads(all(cutoffs), threads: threads, progress: progress) { piece, _ in
      reader.block(piece)
    }
  }

  /// The first day from which each source is complete, if it is known.
  public var firstDays: [(source: SourceSpec, day: CalendarDate)] {
    loaded.values.sorted { $0.spec.name.value < $1.spec.name.value }
      .compactMap { source in source.completeFrom.map { (source.spec, $0) } }
  }

  /// Builds the rows of each of several cutoffs on several threads and passes them on as soon as
  /// they are ready.
  /// - Parameters:
  ///   - progress: called with the number of finished cutoffs, from any thread.
  ///   - take: called from any thread with the rows, a function that returns the texts of a
  ///     category by feature index, and the thread's own connection.
  /// - Returns: the results of `take`, in the order of the cutoffs.
  /// - Throws: as `block(_:)`.
  public func rows<Taken: Sendable>(
    of cutoffs: [Cutoff], threads: Int, progress: @escaping @Sendable (Int) -> Void,
    take: @escaping @Sendable (PanelBlock, (Int) -> [String], Connection) -> Taken
  ) throws -> [Taken] {
    let reader = reader
    let levels = levels
    return try onThreads(all(cutoffs), threads: threads, progress: progress) {
      piece, connection in
      take(reader.block(piece), levels, connection)
    }
  }

  /// Builds some features of each of several cutoffs on several threads and passes every piece on
  /// as soon as it is ready, so that only those being built are in memory.
  /// - Parameters:
  ///   - wanted: the cutoffs, each with the indices of its requested features; the columns of
  ///     segments come after the features.
  ///   - progress: called with the number of finished cutoffs, from any thread.
  ///   - take: called from any thread with each piece.
  /// - Returns: the results of `take`, in the order of the cutoffs.
  /// - Throws: as `block(_:)`.
  public func pieces<Taken: Sendable>(
    _ wanted: [(cutoff: Cutoff, features: Set<Int>)], threads: Int,
    progress: @escaping @Sendable (Int) -> Void, take: @escaping @Sendable (PanelPiece) -> Taken
  ) throws -> [Taken] {
    try onThreads(wanted, threads: threads, progress: progress, levels: levels) { piece, _ in
      take(piece)
    }
  }

  private typealias Wanted = [(cutoff: Cutoff, features: Set<Int>)]

  /// Returns cutoffs with all features and the columns of segments.
  private func all(_ cutoffs: [Cutoff]) -> Wanted {
    let features = Set(plan.panel.features.indices)
    return cutoffs.map { ($0, features) }
  }

  /// Reads cutoffs in parallel, and processes each on the connection that read it.
  private func onThreads<Result: Sendable>(
    _ wanted: Wanted, threads: Int, progress: @escaping @Sendable (Int) -> Void,
    levels: @escaping @Sendable (Int) -> [String] = { _ in [] },
    _ work: @escaping @Sendable (PanelPiece, Connection) throws -> Result
  ) throws -> [Result] {
    requireRows(of: wanted.map(\.cutoff))
    // Run each query on one thread, and one query per thread. Cutoffs are many and cost about the
    // same, so no thread waits long.
    try engine.connection.execute("SET threads = 1")
    defer { try? engine.connection.execute("SET threads = \(threads)") }
    let reader = reader
    let batches = reader.batches(wanted, threads: threads)
    let workers = max(1, min(threads, batches.count))
    let connections = try (0..<workers).map { _ in Lent(try engine.connect()) }
    let finished = Atomic(0)
    let results = Parallel.map(
      batches.count, threads: workers, state: { connections[$0].value }
    ) { connection, index in
      let pieces = reader.pieces(batches[index], connection, levels: levels)
      return pieces.map { piece in
        let result = Swift.Result { try work(try piece.get(), connection) }
        progress(finished.add(1, ordering: .relaxed).newValue)
        return result
      }
    }
    return try zip(wanted, results.flatMap(\.self)).map { wanted, result in
      try reporting(wanted.cutoff) { try result.get() }
    }
  }

  private func requireRows(of cutoffs: [Cutoff]) {
    precondition(
      cutoffs.allSatisfy { onlyCutoff == nil || $0.date == onlyCutoff },
      "a panel of one day has no rows of other cutoffs")
  }

  private var reader: BlockReader {
    let tables = loaded.values.map { (name: $0.table, rows: $0.rowCount) }
    return BlockReader(
      query: query, entityCount: entityCount, dictionaries: dictionaries, clusters: clusters,
      rule: BatchRule(tables: tables, entityCount: entityCount, reading: reading))
  }

  /// Runs work on a cutoff's data; if an expression of the spec fails, reports which one.
  private func reporting<Result>(
    _ cutoff: Cutoff, _ work: () throws -> Result
  ) throws -> Result {
    requireRows(of: [cutoff])
    do {
      return try work()
    } catch let problem as InfiniteValue {
      let feature = plan.panel.features[problem.feature]
      let key = try engine.connection.scalar(
        "SELECT key FROM \(SourceLoader.entities) WHERE entity = \(problem.entity)")
      throw FindingsError(
        .infiniteFeature(feature, count: problem.count, key: key, cutoff: cutoff.date))
    } catch let error as WarehouseError {
      let causes = try ExpressionCheck(engine: engine, query: query).failures(at: cutoff)
      guard causes.isEmpty else { throw FindingsError(causes) }
      throw error
    }
  }

  /// Returns the columns that a feature reads, sorted by name: a combination reads those of its
  /// parts, and SQL those of the features in it.
  /// - Parameter foreignKeys: whether to include the columns through which entities find the rows of
  ///   a source in `references`.
  public func columns(ofFeature name: String, foreignKeys: Bool = true) -> [ColumnReference] {
    plan.columns(ofFeature: name, foreignKeys: foreignKeys)
  }

  /// The names of the sources that at least one feature reads.
  public var featureSources: Set<String> { plan.featureSources }

  /// Returns the texts of a category feature's codes, for the blocks built so far. The columns of
  /// segments come after the features.
  public func levels(ofFeature index: Int) -> [String] { levels(index) }

  private var levels: @Sendable (Int) -> [String] {
    { [features = plan.panel.features, dictionaries, loaded] index in
      if let dictionary = dictionaries[index] { return dictionary.levels }
      guard case .category(.column(let column), _) = features[index].expression else { return [] }
      return loaded[column.value.source]?.levels[column.value.column] ?? []
    }
  }
}

/// A connection passed to the one thread that uses it.
private struct Lent: @unchecked Sendable {
  // Safety: each worker takes the connection with its own index, and no two have the same index.
  let value: Connection
  init(_ value: Connection) { self.value = value }
}

// MARK: - Loading

extension PanelBuilder {
  private static func load(
    _ spec: ExperimentSpec, _ uses: ColumnUses, _ alteration: DataAlteration,
    _ loader: inout SourceLoader
  ) -> [String: LoadedSource] {
    var loaded: [String: LoadedSource] = [:]
    let entity = spec.cohort.entity.value
    let others = spec.sources.keys.filter { $0 != entity && uses.sources.contains($0) }
    for name in [entity] + others {
      guard let source = spec.sources[name] else { continue }
      loaded[name] = loader.load(source, uses: uses, isEntity: name == entity)
      // Without entities no other source can be keyed. Problems of the other sources appear on the
      // next attempt.
      if name == entity && loaded[name] == nil { break }
    }
    loader.checkReferences(loaded)
    // Promises are about the rows as they are, not about altered ones.
    guard alteration == .none else { return loaded }
    let read = [entity] + others
    let related = read.compactMap { spec.sources[$0] }.flatMap(\.contracts)
      .compactMap(\.promise.otherSource)
    for name in Set(related).subtracting(read).sorted() {
      if let source = spec.sources[name] { loader.checkPromises(of: source) }
    }
    return loaded
  }

  /// Returns the sources that are stored tables of attached databases. Views and queries do not
  /// count, because they may read anything. Call it while the databases are attached.
  private static func storedTables(
    _ spec: ExperimentSpec, _ uses: ColumnUses, _ engine: Engine
  ) throws(WarehouseError) -> Set<String> {
    var found: Set<String> = []
    for name in uses.sources {
      guard case .table(let table, let connection)? = spec.sources[name]?.location else { continue }
      let path = table.value.split(separator: ".").map(String.init)
      let schema = path.count > 1 ? path[path.count - 2] : "main"
      let count = try engine.connection.count(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name = \(SQL.literal(path.last ?? "")) "
          + "AND schema_name = \(SQL.literal(schema)) "
          + "AND database_name = \(SQL.literal(connection?.value ?? "default"))")
      if count == 1 { found.insert(name) }
    }
    return found
  }

  private static func origin(
    _ plan: PanelPlan, _ sources: [String: LoadedSource], _ findings: inout [Finding]
  ) throws -> RollingOrigin? {
    let spec = plan.spec
    let labelSource = spec.label.sourceName
    guard let dataThrough = spec.dataThrough else {
      throw Timeline.Problem.unobserved(source: labelSource)
    }
    // Segments are read at the test cutoffs only, and decide on no cutoff.
    let modeled = plan.modeledSources
    let limits = sources.values.filter { modeled.contains($0.spec.name.value) }
    let firstDays = limits.compactMap(\.completeFrom)
    do {
      let origin = try RollingOrigin(
        spec.cutoffs, label: spec.label, dataThrough: dataThrough, observedFrom: firstDays.max())
      findings += staleness(origin.folds[0], sources)
      if let shared = origin.sharedTestCutoff {
        findings.append(.sharedTestCutoffs(shared, spec.cutoffs))
      }
      return origin
    } catch {
      switch error {
      case .standstill(let fold, let last):
        findings.append(.foldStandsStill(fold, last: last, spec.cutoffs))
      case .noneSince(let first, let fold, let next):
        findings.append(.noTrainCutoffs(since: first, fold: fold, before: next, spec.cutoffs))
      case .tooShort(let available, let needed, let from, let last):
        let limiting = limits.filter { $0.completeFrom == firstDays.max() }
          .map(\.spec).min { $0.name.value < $1.name.value }
        findings.append(
          .tooFewCutoffs(
            available, needed: needed, from: from, limitedBy: limiting, last: last, spec,
            // If there is no cutoff at all, no choice helps.
            choices: available == 0
              ? []
              : TimelineChoice.allCases.compactMap { choice in
                choice.needs(spec, dataThrough: dataThrough).map { (choice, $0.cutoffs) }
              }))
      default: throw error
      }
      return nil
    }
  }

  /// Returns a warning for the events behind the label, and for those of `among`, if they end long
  /// before the source's data_through.
  private static func labelReach(
    _ spec: ExperimentSpec, _ sources: [String: LoadedSource], _ connection: Connection
  ) throws(WarehouseError) -> [Finding] {
    guard let through = spec.dataThrough else { return [] }
    // Events of the last days may still arrive.
    let arrived = through.adding(
      spec.label.labelDelay, sign: -1, arithmetic: spec.cutoffs.monthArithmetic)
    var findings: [Finding] = []
    if let source = sources[spec.label.sourceName],
      let reach = try Reach(ofLabel: spec, source, through: through, connection),
      reach.isImplausible(through: arrived)
    {
      findings.append(
        .labelEndsEarly(spec, source.spec, reach, through: through, isCondition: false))
    }
    if let among = spec.label.among, among.source.value != spec.label.sourceName,
      let source = sources[among.source.value],
      let reach = try Reach(
        ofEvents: among.source.value, where: among.condition, spec, through: through, connection),
      reach.isImplausible(through: arrived)
    {
      findings.append(
        .labelEndsEarly(spec, source.spec, reach, through: through, isCondition: true))
    }
    return findings
  }

  /// Returns why a day cannot be scored: a source that has not observed it, or that has stopped
  /// updating.
  private static func scoringProblems(
    _ spec: ExperimentSpec, _ sources: [String: LoadedSource], at day: CalendarDate,
    allowsSilence: Bool, _ connection: Connection
  ) throws(WarehouseError) -> [Finding] {
    var findings: [Finding] = []
    for source in sources.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      if let through = source.spec.dataThrough, through.value < day {
        findings.append(.unobservedCutoff(source.spec, through: through, cutoff: day))
      } else if let reach = try Reach(ofArrivals: source, through: day, connection),
        reach.isImplausible(through: day)
      {
        findings.append(
          .silentSource(source.spec, reach, cutoff: day, allowsSilence ? .warning : .error))
      }
    }
    return findings
  }

  /// Returns a warning for each source whose rows end long before its data_through.
  public func silentSources() throws(WarehouseError) -> [Finding] {
    var findings: [Finding] = []
    for source in loaded.values.sorted(by: { $0.spec.name.value < $1.spec.name.value }) {
      guard let through = source.spec.dataThrough?.value ?? spec.dataThrough,
        let reach = try Reach(ofArrivals: source, through: through, engine.connection),
        reach.isImplausible(through: through)
      else { continue }
      findings.append(.silentSource(source.spec, reach, through: through))
    }
    return findings
  }

  /// Returns a finding for each source that ends before the last cutoff that reads it.
  private static func staleness(
    _ timeline: Timeline, _ sources: [String: LoadedSource]
  ) -> [Finding] {
    guard let last = timeline.split.last else { return [] }
    return sources.values.sorted { $0.spec.name.value < $1.spec.name.value }.compactMap { source in
      guard let through = source.spec.dataThrough, through.value < last.date else { return nil }
      return .staleSource(source.spec, through: through, cutoff: last)
    }
  }
}
