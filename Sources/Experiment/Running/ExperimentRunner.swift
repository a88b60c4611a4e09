public import Diagnostics
internal import Evaluation
internal import Foundation
internal import Learning
public import Panel
public import Spec
internal import Warehouse

/// Runs a resolved spec on its data and writes the results.
public struct ExperimentRunner: Sendable {
  public let project: Project
  public let settings: RunSettings
  /// This program's version.
  public let version: String

  public init(project: Project, settings: RunSettings, version: String) {
    self.project = project
    self.settings = settings
    self.version = version
  }

  /// Runs one spec.
  /// - Parameters:
  ///   - spec: the decoded spec.
  ///   - resolvedText: the resolved spec as YAML; it is kept with the run.
  ///   - identityText: the part of it that decides the results; it identifies the run.
  ///   - refitting: whether the recipe is fitted a second time, on everything mature, into the run's
  ///     folder `refit`. All else is the same with it and without it.
  /// - Throws: `FindingsError` for everything that the spec, the data or the machine are to blame
  ///   for; earlier results are then as they were.
  public func run(
    _ spec: ExperimentSpec, resolvedText: String, identityText: String, refitting: Bool = false
  ) throws -> RunSummary {
    let folder = try ResultsFolder(project.resultsFolder(of: spec.name.value))
    let library = try NativeLibraries.learner()
    try Self.parameterFindings(
      spec.model, featureCount: spec.features.count, library
    ).throwIfErrors()
    let engine = try NativeLibraries.engine(threads: settings.threads)
    let clock = StageClock(settings)
    clock.settings.progress(RunProgress(stage: .sources, done: 0, total: 0))
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder, engine: engine)
    let run = try ExperimentRun(
      spec, builder: builder, library: library, settings: clock.settings, refitting: refitting)
    clock.settings.progress(RunProgress(stage: .writing, done: 0, total: 0))
    let identity = RunIdentity(
      identityText: identityText,
      data: try DataFingerprint.all(spec, project: project, builder: builder),
      versions: [
        "holdout": version, "duckdb": engine.version,
        "lightgbm": DataFingerprint.library(library.path),
      ],
      through: builder.timeline.dataThrough.description)
    let draft = try folder.draft(identity.id)
    do {
      try write(
        run, identity: identity, resolvedText: resolvedText, to: draft, builder: builder,
        engine: engine, clock: clock)
      try folder.publish(draft, as: identity.id)
    } catch let error as FindingsError {
      try? FileManager.default.removeItem(atPath: draft)
      throw error
    } catch {
      try? FileManager.default.removeItem(atPath: draft)
      throw FindingsError(.unwritable(folder.path, ResultsFolder.reason(error)))
    }
    return RunSummary(run, identity: identity, resultsFolder: folder.path)
  }

  /// What is wrong with a spec on the timelines that its data allow.
  public static func timelineFindings(_ spec: ExperimentSpec, _ timelines: [Timeline]) -> [Finding]
  {
    EarlyStoppingSplit.findings(spec, timelines)
  }

  /// What the learner thinks of a spec's parameters.
  /// - Parameter featureCount: how many features it will learn from; nil where that is not known, as in
  ///   a spec with errors: then only the parameters' names and form are looked at.
  public static func parameterFindings(
    _ model: ModelSpec, featureCount: Int?
  ) throws(FindingsError) -> [Finding] {
    try parameterFindings(model, featureCount: featureCount, NativeLibraries.learner())
  }

  private static func parameterFindings(
    _ model: ModelSpec, featureCount: Int?, _ library: LightGBMLibrary
  ) -> [Finding] {
    let configuration = LearnerConfiguration(model, library)
    let iterations = LearnerConfiguration.parted(model, library).iterations
    let problems =
      LearnerConfiguration.problems(ofIterations: iterations)
      + configuration.problems(with: library)
    // Of a parameter list that is wrong throughout, the first hundred tell enough.
    let findings = problems.prefix(100).map { problem in
      Finding.parameter(problem, model, known: library.parameterAliases)
    }
    guard !findings.hasErrors, let featureCount else { return findings }
    do throws(LearningError) {
      try ParameterTrial(configuration, featureCount: featureCount).run(with: library)
    } catch {
      return findings + [.refusedParameters(model, error, library)]
    }
    return findings
  }

  private func write(
    _ run: ExperimentRun, identity: RunIdentity, resolvedText: String, to folder: String,
    builder: PanelBuilder, engine: Engine, clock: StageClock
  ) throws {
    func put(_ name: String, _ content: Data) throws { try Self.put(name, content, in: folder) }
    let importance = ImportanceTable(try run.model.booster.featureImportance())
    let report = Report(run: run, identity: identity, importance: importance)
    try put("metrics.json", MetricsDocument(run).json())
    try put("feature_importance.csv", Data(importance.csv.utf8))
    try put("spec.yaml", Data(resolvedText.utf8))
    try put("model.txt", Data(run.model.booster.modelText.utf8))
    try put("calibrator.json", run.calibrator.json())
    try put("report.md", Data(report.markdown.utf8))
    if let last = run.timeline[.test].last { try put("panel.sql", Data(builder.sql(last).utf8)) }
    try put("category_levels.json", CategoryFile(levels: run.model.levels).json())
    try Predictions(blocks: run.scored).write(
      to: "\(folder)/predictions.parquet", builder: builder, engine: engine)
    let record = RunRecord(
      run, identity: identity, calibration: RunSummary.calibration(run.calibrator),
      evidence: RunSummary.evidence(run.evaluation.metrics.evidence), threads: settings.threads,
      timings: clock.timings())
    try put("run.json", record.json())
    if let refit = run.refit {
      try Self.write(
        refit, record: RunRecord(refit, beside: record), resolvedText: resolvedText,
        to: "\(folder)/\(StoredRun.refitFolder)")
    }
  }

  private static func write(
    _ refit: Refit, record: RunRecord, resolvedText: String, to folder: String
  ) throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: false)
    try put("spec.yaml", Data(resolvedText.utf8), in: folder)
    try put("model.txt", Data(refit.model.booster.modelText.utf8), in: folder)
    try put("calibrator.json", refit.calibrator.json(), in: folder)
    try put("category_levels.json", CategoryFile(levels: refit.model.levels).json(), in: folder)
    try put("run.json", record.json(), in: folder)
  }

  private static func put(_ name: String, _ content: Data, in folder: String) throws {
    try content.write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
  }
}
