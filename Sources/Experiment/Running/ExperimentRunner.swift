internal import Columns
public import Diagnostics
internal import Evaluation
internal import Files
internal import Foundation
public import Learning
public import Panel
public import Runs
public import Spec
public import Warehouse

/// Makes the pages of a run that people read; the layer above knows how.
public struct RunPages: Sendable {
  public typealias Text = @Sendable (RunSummary, RunCurves, ExperimentSpec) -> String

  let markdown: Text
  let html: Text

  /// - Parameters:
  ///   - markdown: makes report.md.
  ///   - html: makes report.html.
  public init(markdown: @escaping Text, html: @escaping Text) {
    (self.markdown, self.html) = (markdown, html)
  }
}

/// Runs a resolved spec on its data and writes the results, in three steps: looks for an earlier
/// run that is the same, makes the panel, then fits and evaluates the model.
public struct ExperimentRunner: Sendable {
  public let project: Project
  /// This program's version.
  public let version: String
  let cache: Cache
  private let memory = PanelMemory()
  private let pages: RunPages

  /// - Parameters:
  ///   - isFresh: whether to make everything again, whatever exists already.
  ///   - pages: makes the pages of a run that people read.
  ///   - report: called with a warning when the cache is not used or cannot be written, once for
  ///     each.
  public init(
    project: Project, version: String, isFresh: Bool = false,
    pages: RunPages,
    report: @escaping @Sendable (Finding) -> Void = { _ in }
  ) {
    self.project = project
    self.version = version
    self.pages = pages
    cache = Cache(project: project, isFresh: isFresh, report: report)
  }

  /// Prunes the cache if it is over its limit. Called once, when all runs of a command are done.
  public func finish() { cache.trim() }

  var panels: PanelMaker { PanelMaker(project: project, cache: cache, memory: memory) }

  /// Runs one spec, with all steps.
  /// - Parameters:
  ///   - refitting: whether to fit the recipe a second time, on all mature data, into the run's
  ///     folder `refit`. Everything else is the same with and without it.
  ///   - remarks: warnings about the data from elsewhere, which become the run's own.
  /// - Throws: `FindingsError` when the spec, the data or the machine is at fault. Earlier results
  ///   are then unchanged.
  public func run(
    _ experiment: ResolvedExperiment, settings: RunSettings, refitting: Bool = false,
    remarks: [Finding] = []
  ) throws -> RunSummary {
    let engine = try NativeLibraries.engine(threads: 1)
    if let summary = try finished(experiment, refitting: refitting, engine: engine) {
      return summary
    }
    let clock = StageClock(settings)
    let panel = try panel(experiment, clock.settings, refitting: refitting)
    return try fit(experiment, panel, clock: clock, refitting: refitting, remarks: remarks)
  }

  /// Finds a run of the same spec on the same data by the same program, and makes its results the
  /// latest.
  /// - Parameter engine: used to parse the spec's SQL.
  func finished(
    _ experiment: ResolvedExperiment, refitting: Bool, engine: Engine
  ) throws -> RunSummary? {
    let folder = ResultsFolder(project.resultsFolder(of: experiment.spec.name.value))
    let plan = try PanelPlan(
      experiment.spec, project: project.spec, folder: project.folder, engine: engine)
    guard let data = panels.data(plan),
      let summary = RunReuse(cache: cache).summary(
        try runInputs(experiment, data: data, engine: engine.version, refitting: refitting),
        in: folder)
    else { return nil }
    try folder.putSpec(experiment.text, of: summary.runId)
    try folder.makeLatest(summary.runId)
    return summary
  }

  package func panel(
    _ experiment: ResolvedExperiment, _ settings: RunSettings, refitting: Bool,
    isSuspicious: Bool = false
  ) throws -> ExperimentPanel {
    let spec = experiment.spec
    try project.checkResults(of: spec.name.value)
    try ResultsFolder(project.resultsFolder(of: spec.name.value)).prepare()
    let findings = Self.parameterFindings(
      spec.model, features: spec.features, threads: settings.threads,
      try NativeLibraries.learner())
    try findings.throwIfErrors()
    return try panels.panel(
      experiment, refitting: refitting, isSuspicious: isSuspicious, settings: settings
    ).with(findings)
  }

  /// Removes the results folder of an experiment that is not run after all, unless the folder
  /// contains anything.
  func tidy(_ experiment: ResolvedExperiment) {
    let folder = project.resultsFolder(of: experiment.spec.name.value)
    rmdir("\(folder)/runs")
    rmdir(folder)
  }

  func fit(
    _ experiment: ResolvedExperiment, _ panel: ExperimentPanel, clock: StageClock, refitting: Bool,
    remarks: [Finding] = []
  ) throws -> RunSummary {
    let spec = experiment.spec
    let folder = ResultsFolder(project.resultsFolder(of: spec.name.value))
    let library = try NativeLibraries.learner()
    let run = try reading(
      panel, of: experiment, settings: clock.settings, refitting: refitting
    ) { panel in
      try ExperimentRun(
        panel, library: library, settings: clock.settings, refitting: refitting, remarks: remarks)
    }
    clock.settings.progress(StepProgress(.stage(.writing)))
    let versions = try versions(spec, engine: panel.engine)
    let identity = RunIdentity(
      identityText: experiment.identityText, data: panel.data, versions: versions,
      through: panel.timeline.dataThrough.description)
    let importance = ImportanceTable(try run.model.predictor.featureImportance())
    let summary = RunSummary(
      run, identity: identity, specText: experiment.identityText, importance: importance.rows,
      projectFolder: project.folder, resultsFolder: folder.path)
    do {
      let draft = try folder.draft()
      try write(
        run, summary, importance, identity: identity, experiment, to: draft.path, clock: clock)
      try folder.publish(draft, as: identity.id)
    } catch let error as FindingsError {
      throw error
    } catch {
      throw FindingsError(.unwritable(folder.path, ResultsFolder.reason(error)))
    }
    let inputs = try runInputs(
      experiment, data: panel.data, engine: panel.engine, refitting: refitting)
    try RunReuse(cache: cache).keep(summary, in: folder, for: inputs)
    RunTrace(
      run: inputs, inputs: panel.inputs, spec: spec,
      cutoffs: panel.timeline.cutoffs.filter(\.role.hasRows)
    ).keep(of: spec.name.value, cache)
    return summary
  }

  /// Does work that reads a panel. If other processes have removed parts of the panel from the
  /// cache, or parts are damaged, they are made again.
  func reading<Result>(
    _ panel: ExperimentPanel, of experiment: ResolvedExperiment, settings: RunSettings,
    refitting: Bool, _ work: (ExperimentPanel) throws -> Result
  ) throws -> Result {
    do {
      return try work(panel)
    } catch is CacheMiss {
      do {
        return try work(
          self.panel(experiment, settings, refitting: refitting, isSuspicious: true))
      } catch is CacheMiss {
        // Processes that remove cache entries cannot reach a scratch folder.
        cache.setAside()
        return try work(
          self.panel(experiment, settings, refitting: refitting, isSuspicious: true))
      }
    }
  }

  func runInputs(
    _ experiment: ResolvedExperiment, data: [DataFingerprint], engine: String, refitting: Bool
  ) throws -> CacheInputs {
    RunReuse(cache: cache).inputs(
      experiment, data: data, versions: try versions(experiment.spec, engine: engine),
      refitting: refitting)
  }

  /// What else decides a run's results than its spec and its data.
  private func versions(_ spec: ExperimentSpec, engine: String) throws -> [String: String] {
    guard spec.model.logistic == nil else { return ["holdout": version, "duckdb": engine] }
    let file = SourceDigests(project: project, cache: cache).file
    let library = try NativeLibraries.learner()
    let trainer = try spec.model.trainer(
      of: LearnerConfiguration(spec.model, features: spec.features, library), library)
    return [
      "holdout": version, "duckdb": engine,
      "lightgbm": DataFingerprint.library(library.path, file: file),
      "trainer": trainer.rawValue,
    ]
  }

  /// The findings about a spec on the timelines that its data allow.
  public static func timelineFindings(_ spec: ExperimentSpec, _ timelines: [Timeline]) -> [Finding]
  {
    ValidationSplit.findings(spec, timelines)
  }

  /// The findings from the learner about a spec's parameters.
  /// - Parameter features: the features to learn from; nil when they are not known, as in a spec
  ///   with errors. Then only the parameters' names and form are checked.
  public static func parameterFindings(
    _ model: ModelSpec, features: [FeatureSpec]?
  ) throws(FindingsError) -> [Finding] {
    parameterFindings(model, features: features, threads: 1, try NativeLibraries.learner())
  }

  /// Warnings about learner parameters that have no effect, without trying them.
  public static func parameterWarnings(
    _ model: ModelSpec, features: [FeatureSpec]
  ) throws(FindingsError) -> [Finding] {
    // The parameters of other learners are checked with the spec.
    guard model.logistic == nil else { return [] }
    let library = try NativeLibraries.learner()
    return LearnerConfiguration(model, features: features, library)
      .problems(with: library, features: FeatureShape(features))
      .filter { !$0.isFatal && !model.isIdlePreset($0) }
      .map { Finding.parameter($0, model, known: library.parameterAliases) }
      + Finding.constraintsByPosition(model, library).filter { $0.severity == .warning }
  }

  private static func parameterFindings(
    _ model: ModelSpec, features: [FeatureSpec]?, threads: Int, _ library: LightGBMLibrary
  ) -> [Finding] {
    guard model.logistic == nil else { return [] }
    let configuration = LearnerConfiguration(model, features: features, library)
    let iterations = LearnerConfiguration.parted(model, library).iterations
    let problems =
      LearnerConfiguration.problems(ofIterations: iterations)
      + configuration.problems(with: library, features: features.map(FeatureShape.init))
      .filter { !model.isIdlePreset($0) }
    // If a parameter list is wrong throughout, the first hundred findings are enough.
    var findings = problems.prefix(100).map { problem in
      Finding.parameter(problem, model, known: library.parameterAliases)
    }
    let isSound = !findings.hasErrors
    findings += Finding.constraintsByPosition(model, library).filter {
      // What is wrong with a list has to be corrected first.
      isSound || $0.severity == .error
    }
    guard !findings.hasErrors, let features else { return findings }
    do throws(FindingsError) {
      _ = try model.trainer(of: configuration, library)
    } catch {
      return findings + error.findings
    }
    do throws(LearningError) {
      try ParameterTrial(configuration, featureCount: features.count, threads: threads).run(
        with: library)
    } catch {
      return findings + [.refusedParameters(model, error, library)]
    }
    return findings
  }

  private func write(
    _ run: ExperimentRun, _ summary: RunSummary, _ importance: ImportanceTable,
    identity: RunIdentity, _ experiment: ResolvedExperiment, to folder: String, clock: StageClock
  ) throws {
    let resolvedText = experiment.text
    var files = [
      ("metrics.json", try MetricsDocument(run).json()),
      ("feature_importance.csv", Data(importance.csv.utf8)),
      ("spec.yaml", Data(resolvedText.utf8)),
      ("model.txt", Data(run.model.predictor.modelText.utf8)),
      ("calibrator.json", try run.calibrator.json()),
      (RunCurves.file, try JSONDocument.data(run.curves)),
      ("report.md", Data(pages.markdown(summary, run.curves, run.spec).utf8)),
      ("report.html", Data(pages.html(summary, run.curves, run.spec).utf8)),
      ("category_levels.json", try CategoryFile(levels: run.model.levels).json()),
    ]
    if let sql = run.sql { files.append(("panel.sql", Data(sql.utf8))) }
    for (name, content) in files { try Self.put(name, content, in: folder) }
    try Predictions(blocks: run.scored).write(
      to: "\(folder)/predictions.parquet", keys: run.keys, clusters: run.clusters,
      engine: try NativeLibraries.engine(threads: clock.settings.threads))
    let record = RunRecord(
      run, identity: identity, variations: experiment.variations,
      threads: clock.settings.threads, timings: clock.timings(), findings: summary.warnings)
    let sealed = try record.with(
      hashesOf: files.map(\.0) + ["predictions.parquet"], in: folder
    ).sealedJSON()
    try Self.put("run.json", sealed, in: folder)
    if let refit = run.refit {
      try Self.write(
        refit, record: RunRecord(refit, beside: record), resolvedText: resolvedText,
        to: "\(folder)/\(StoredRun.refitFolder)")
    }
  }

  private static func write(
    _ refit: Refit, record: RunRecord, resolvedText: String, to folder: String
  ) throws {
    try Files.makeFolder(folder)
    let files = [
      ("model.txt", Data(refit.model.predictor.modelText.utf8)),
      ("calibrator.json", try refit.calibrator.json()),
      ("category_levels.json", try CategoryFile(levels: refit.model.levels).json()),
    ]
    for (name, content) in files { try put(name, content, in: folder) }
    try put("spec.yaml", Data(resolvedText.utf8), in: folder)
    let sealed = try record.with(hashesOf: files.map(\.0), in: folder).sealedJSON()
    try put("run.json", sealed, in: folder)
  }

  private static func put(_ name: String, _ content: Data, in folder: String) throws {
    try Files.create(content, at: "\(folder)/\(name)")
  }
}

/// Trains one tree on a few made-up rows, which quickly shows what the learner rejects.
struct ParameterTrial {
  private let configuration: LearnerConfiguration
  private let featureCount: Int
  private let threads: Int

  /// - Parameter threads: the run's own thread count, so that the trial need not wait for other
  ///   training.
  init(_ configuration: LearnerConfiguration, featureCount: Int, threads: Int) {
    self.configuration = configuration
    self.featureCount = featureCount
    self.threads = threads
  }

  /// - Throws: `LearningError` with the learner's message.
  func run(with library: LightGBMLibrary) throws(LearningError) {
    var configuration = configuration
    configuration.iterations = 1
    let rowCount = 100
    let columns = (0..<featureCount).map { feature in
      FeatureColumn.int32((0..<rowCount).map { Int32(($0 * (feature + 3)) % 17) })
    }
    let trial = configuration
    try Self.withoutStandardError { () throws(LearningError) in
      let dataset = try Dataset(
        library: library, blocks: [FeatureBlock(rowCount: rowCount, columns: columns)],
        names: (0..<featureCount).map { "f\($0)" },
        encodings: [ColumnEncoding](repeating: .number, count: featureCount),
        labels: (0..<rowCount).map { UInt8($0 % 2) }, configuration: trial, threads: threads)
      _ = try Booster.train(on: dataset, configuration: trial, threads: threads)
    }
  }

  /// Runs work while output to standard error is discarded. LightGBM prints its fatal errors there
  /// directly, bypassing its log callback, and the finding repeats them where they belong.
  ///
  /// Trials run before a run's progress is shown, so nothing else writes there in the meantime. They run
  /// one at a time: of two that overlap, the second would keep the first's `/dev/null` as the original.
  private static func withoutStandardError(
    _ work: () throws(LearningError) -> Void
  ) throws(LearningError) {
    lock.lock()
    defer { lock.unlock() }
    fflush(nil)
    let kept = dup(STDERR_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    if kept >= 0, nowhere >= 0 { dup2(nowhere, STDERR_FILENO) }
    if nowhere >= 0 { close(nowhere) }
    defer {
      if kept >= 0 {
        dup2(kept, STDERR_FILENO)
        close(kept)
      }
    }
    try work()
  }

  private static let lock = NSLock()
}

/// Settings for how a run works. Nothing here changes a result.
public struct RunSettings: Sendable {
  public var threads: Int
  /// Called as work advances, from the thread that runs it.
  public var progress: ProgressHandler

  /// Rows that are already binned; nil: none are kept.
  var datasets: BinnedDatasets?

  public init(threads: Int, progress: @escaping ProgressHandler = { _ in }) {
    self.threads = threads
    self.progress = progress
  }

  init(
    threads: Int, datasets: BinnedDatasets?,
    progress: @escaping ProgressHandler
  ) {
    self.init(threads: threads, progress: progress)
    self.datasets = datasets
  }
}

/// Opens the libraries that a run uses.
public enum NativeLibraries {
  /// - Throws: `FindingsError` when the engine cannot be loaded.
  public static func engine(threads: Int) throws(FindingsError) -> Engine {
    do throws(WarehouseError) {
      return try Engine(Engine.Settings(threads: threads))
    } catch {
      throw FindingsError(.missingLibrary("DuckDB (libduckdb.so)", error.message))
    }
  }

  /// - Throws: `FindingsError` when the learner cannot be loaded.
  public static func learner() throws(FindingsError) -> LightGBMLibrary {
    let file = "lib_lightgbm.so"
    let library = NativeLibrary(file, variables: ["HOLDOUT_LIGHTGBM"])
    guard let path = library.path else {
      throw FindingsError(
        .missingLibrary("LightGBM (\(file))", library.looked.joined(separator: "\n")))
    }
    do throws(LearningError) {
      return try LightGBMLibrary(path: path)
    } catch {
      throw FindingsError(.missingLibrary("LightGBM (\(file))", error.message))
    }
  }
}
