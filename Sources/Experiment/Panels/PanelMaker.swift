internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Panel
internal import Runs
internal import Spec
internal import Synchronization
internal import Warehouse

/// Makes experiments' panels. Parts in the cache are reused; all others are built and added to it.
struct PanelMaker {
  let project: Project
  let cache: Cache
  let memory: PanelMemory

  /// - Parameters:
  ///   - refitting: whether the cutoffs of a refit are needed too.
  ///   - isSuspicious: whether to read what is in the cache, to check that it is complete.
  /// - Throws: `FindingsError` with every finding about sources, expressions and timeline.
  func panel(
    _ experiment: ResolvedExperiment, refitting: Bool, isSuspicious: Bool = false,
    settings: RunSettings
  ) throws -> ExperimentPanel {
    let spec = experiment.spec
    settings.progress(StepProgress(.stage(.sources)))
    let engine = try NativeLibraries.engine(threads: settings.threads)
    let plan = try PanelPlan(
      spec, project: project.spec, folder: project.folder, engine: engine)
    var loading = Loading(experiment, plan: plan, engine: engine, maker: self)
    let known = known(experiment, plan: plan, engine: engine)
    let facts = try known?.facts ?? loaded(&loading)
    let data = fingerprints(spec, contentHashes: facts.contentHashes)
    let inputs = PanelInputs(
      experiment, plan: plan, cache: cache, engine: engine.version, contents: data.contents)
    let folds = try folds(spec, observedFrom: facts.observedFrom)
    let everything = refitting ? [try Refit.timeline(spec, beside: folds[0])] : []
    try ValidationSplit.findings(spec, folds + everything).throwIfErrors()
    try build(
      missing(folds + everything, of: spec, inputs, isSuspicious: isSuspicious), inputs: inputs,
      &loading, settings: settings)
    let entries = PanelEntries(inputs: inputs, cache: cache)
    if isSuspicious ? entries.keys() == nil : !cache.has(inputs.keys) {
      var writer = BinaryWriter()
      writer.write(try loading.builder().keys())
      try cache.keep(writer.data, for: inputs.keys)
    }
    if let key = inputs.clusters,
      isSuspicious ? entries.clusters() == nil : !cache.has(key),
      let clusters = try loading.builder().clusters
    {
      var writer = BinaryWriter()
      writer.write(clusters.values.map { $0 ?? "" })
      writer.write(clusters.values.map { UInt8($0 == nil ? 0 : 1) })
      try cache.keep(writer.data, for: key)
    }
    return ExperimentPanel(
      plan, folds: folds, findings: loading.findings ?? known?.findings ?? [], data: data,
      engine: engine.version,
      inputs: inputs, cache: cache)
  }

  // MARK: - Facts

  /// Identifies the rows of the sources that an experiment reads; nil when they have to be loaded
  /// first.
  func data(_ plan: PanelPlan) -> [DataFingerprint]? {
    let prints = fingerprints(plan.spec, contentHashes: contentHashes(plan))
    return Set(prints.contents.keys).isSuperset(of: plan.sources) ? prints : nil
  }

  /// The content hashes known so far.
  private func contentHashes(_ plan: PanelPlan) -> [String: String] {
    let digests = SourceDigests(project: project, cache: cache)
    var hashes: [String: String] = [:]
    for name in plan.sources {
      hashes[name] = plan.spec.sources[name].flatMap { digests.contentHash($0) }
    }
    return hashes
  }

  /// The facts of a panel whose sources have been loaded before: by this process or, when there
  /// were no warnings, by any process.
  private func known(
    _ experiment: ResolvedExperiment, plan: PanelPlan, engine: Engine
  ) -> PanelMemory.Load? {
    let inputs = inputs(
      experiment, plan: plan, engine: engine, contentHashes: contentHashes(plan))
    guard let inputs else { return nil }
    return memory[inputs]
      ?? cache.value(PanelFacts.self, inputs).map { PanelMemory.Load(facts: $0, findings: []) }
  }

  /// nil when the rows of a source are not known.
  private func inputs(
    _ experiment: ResolvedExperiment, plan: PanelPlan, engine: Engine,
    contentHashes: [String: String]
  ) -> CacheInputs? {
    let contents = fingerprints(experiment.spec, contentHashes: contentHashes).contents
    var inputs = cache.inputs("sources").adding("engine", engine.version)
    for name in plan.sources {
      guard let content = contents[name] else { return nil }
      inputs.add("the rows of source `\(name)`", content)
    }
    inputs.add("what is read, and what is promised of it", experiment.panelText)
    if let cluster = experiment.spec.evaluation.cluster {
      inputs.add("the column of clusters", "\(cluster.value)")
    }
    let segments = experiment.spec.segmentColumns
    if !segments.isEmpty {
      inputs.add("the columns of segments", "\(segments.map(\.name.value))")
    }
    return inputs
  }

  /// The newest fold's cutoffs with rows. Only after loading is it known whether the sources reach
  /// back to the first of them.
  func cutoffs(_ spec: ExperimentSpec) throws -> [Cutoff] {
    try folds(spec, observedFrom: nil)[0].cutoffs.filter(\.role.hasRows)
  }

  private func loaded(_ loading: inout Loading) throws -> PanelFacts {
    let builder = try loading.builder()
    let hashes = builder.contentHashes
    let facts = PanelFacts(observedFrom: builder.timeline.observedFrom, contentHashes: hashes)
    let inputs = inputs(
      loading.experiment, plan: loading.plan, engine: loading.engine, contentHashes: hashes)
    guard let inputs else { return facts }
    memory[inputs] = PanelMemory.Load(facts: facts, findings: builder.findings)
    // A warning points to a place in a spec's file, which may have moved by the next run.
    if builder.findings.isEmpty { try cache.keep(value: facts, for: inputs) }
    return facts
  }

  private func folds(_ spec: ExperimentSpec, observedFrom: CalendarDate?) throws -> [Timeline] {
    guard let dataThrough = spec.dataThrough else {
      preconditionFailure("a panel that could be loaded has its label's data_through")
    }
    return try RollingOrigin(
      spec.cutoffs, label: spec.label, dataThrough: dataThrough, observedFrom: observedFrom
    ).folds
  }

  private func fingerprints(
    _ spec: ExperimentSpec, contentHashes: [String: String]
  ) -> [DataFingerprint] {
    let digests = SourceDigests(project: project, cache: cache)
    return DataFingerprint.all(
      spec, project: project, contentHashes: contentHashes, file: digests.file)
  }

  // MARK: - Rows

  private typealias Wanted = [(cutoff: Cutoff, features: Set<Int>)]

  /// The cutoffs with parts that are not in the cache, in date order, with the missing features.
  /// Embargoed cutoffs need no features, and only test cutoffs of the newest fold the columns of
  /// segments.
  private func missing(
    _ timelines: [Timeline], of spec: ExperimentSpec, _ inputs: PanelInputs, isSuspicious: Bool
  ) -> Wanted {
    var cutoffs: [CalendarDate: Cutoff] = [:]
    for cutoff in timelines.flatMap(\.split)
    where cutoffs[cutoff.date] == nil || cutoff.role != .embargoed {
      cutoffs[cutoff.date] = cutoff
    }
    let entries = PanelEntries(inputs: inputs, cache: cache)
    let testDays = timelines[0].testDays
    let featureCount = spec.features.count
    let columnCount = featureCount + spec.segmentColumns.count
    return cutoffs.values.sorted { $0.date < $1.date }.compactMap { cutoff in
      let cohort = isSuspicious ? entries.cohort(cutoff) : nil
      let features =
        cutoff.role == .embargoed
        ? []
        : (0..<(testDays.contains(cutoff.date) ? columnCount : featureCount)).filter { index in
          guard let key = inputs.feature(index, cutoff) else { return false }
          guard isSuspicious else { return !cache.has(key) }
          // Without the cutoff's rows, the expected number of values is unknown.
          return cohort.map { entries.column(index, cutoff, rowCount: $0.entities.count) == nil }
            ?? true
        }
      let isComplete =
        (isSuspicious
          ? cohort != nil : cache.has(inputs.entities(cutoff)) && cache.has(inputs.labels(cutoff)))
        && (inputs.excluded(cutoff).map {
          isSuspicious ? entries.excluded(cutoff) != nil : cache.has($0)
        } ?? true)
      return features.isEmpty && isComplete ? nil : (cutoff, Set(features))
    }
  }

  private func build(
    _ wanted: Wanted, inputs: PanelInputs, _ loading: inout Loading, settings: RunSettings
  ) throws {
    guard !wanted.isEmpty else { return }
    let builder = try loading.builder()
    settings.progress(StepProgress(.stage(.panel), done: 0, of: wanted.count))
    let cache = cache
    let failures = try builder.pieces(
      wanted, threads: settings.threads,
      progress: { done in
        settings.progress(StepProgress(.stage(.panel), done: done, of: wanted.count))
      },
      take: { piece in Self.keep(piece, inputs, cache) })
    if let failure = failures.compactMap(\.self).first { throw failure }
  }

  private static func keep(
    _ piece: PanelPiece, _ inputs: PanelInputs, _ cache: Cache
  ) -> FindingsError? {
    do throws(FindingsError) {
      // The rows are stored last, because a lookup of a cutoff begins with them.
      for (index, values) in piece.columns {
        guard let key = inputs.feature(index, piece.cutoff) else { continue }
        try cache.keep(StoredColumn(values, levels: piece.levels[index]).data, for: key)
      }
      if let excluded = piece.excluded, let key = inputs.excluded(piece.cutoff) {
        var number = BinaryWriter()
        number.write(excluded)
        try cache.keep(number.data, for: key)
      }
      var labels = BinaryWriter()
      labels.write(piece.labels)
      try cache.keep(labels.data, for: inputs.labels(piece.cutoff))
      var entities = BinaryWriter()
      entities.write(piece.entities)
      try cache.keep(entities.data, for: inputs.entities(piece.cutoff))
    } catch {
      return error
    }
    return nil
  }

  /// An experiment's sources, loaded into the engine on first use.
  private struct Loading {
    let experiment: ResolvedExperiment
    let plan: PanelPlan
    let engine: Engine
    let maker: PanelMaker
    private var loaded: PanelBuilder?

    init(_ experiment: ResolvedExperiment, plan: PanelPlan, engine: Engine, maker: PanelMaker) {
      self.experiment = experiment
      self.plan = plan
      self.engine = engine
      self.maker = maker
    }

    /// The findings of the load; nil when nothing had to be loaded.
    var findings: [Finding]? { loaded?.findings }

    mutating func builder() throws -> PanelBuilder {
      if let loaded { return loaded }
      let digests = SourceDigests(project: maker.project, cache: maker.cache)
      let sources = plan.sources.compactMap { experiment.spec.sources[$0] }
      let before = sources.map { digests.rows(of: $0) }
      let builder = try PanelBuilder(
        plan, project: maker.project.spec, projectFolder: maker.project.folder, engine: engine)
      for (source, state) in zip(sources, before)
      where builder.storedTables.contains(source.name.value) {
        guard let hash = builder.contentHashes[source.name.value] else { continue }
        digests.keep(hash, of: source, before: state)
      }
      loaded = builder
      return builder
    }
  }
}
