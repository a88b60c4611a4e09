internal import Diagnostics
internal import Experiment
internal import Files
internal import Learning
internal import OrderedCollections
internal import Panel
internal import Runs
internal import Spec
internal import Warehouse

/// Scores the test rows of another run with an artifact.
struct ArtifactScorer {
  let project: Project
  let threads: Int

  /// Writes an earlier model's predictions for a run's test cutoffs, on today's data.
  /// - Throws: `FindingsError` when the model was fitted on outcomes that the cutoffs predict, or
  ///   when its panel can no longer be built.
  func writePredictions(of model: ComparedRun, like run: StoredRun, to path: String) throws {
    guard let stored = model.run else { return }
    let artifact = try ScoringModel(stored, library: try NativeLibraries.learner())
    let cutoffs = Self.testCutoffs(run)
    try Self.checkIsUnseen(cutoffs, by: artifact, model)
    let engine = try NativeLibraries.engine(threads: threads)
    engine.outputFolders = [Files.parent(of: path)]
    let builder = try PanelBuilder(
      Self.spec(artifact.spec, onDataOf: try run.spec()), project: project.spec,
      projectFolder: project.folder, engine: engine)
    let blocks = try builder.blocks(cutoffs, threads: threads)
    let scored = try artifact.scored(blocks, builder: builder, threads: threads)
    try Predictions(blocks: scored).write(
      to: path, keys: try builder.keys(), clusters: builder.clusters, engine: engine)
  }

  private static func testCutoffs(_ run: StoredRun) -> [Cutoff] {
    run.record.cutoffs.filter { $0.role == Role.test.rawValue }.compactMap { entry in
      guard let date = CalendarDate(entry.date), let end = CalendarDate(entry.windowEnd) else {
        return nil
      }
      return Cutoff(date: date, role: .test, windowEnd: end)
    }.sorted { $0.date < $1.date }
  }

  /// The artifact's spec with the other run's observed days and cutoffs.
  private static func spec(
    _ own: ExperimentSpec, onDataOf other: ExperimentSpec
  ) -> ExperimentSpec {
    var spec = own
    spec.asOf = other.asOf
    spec.cutoffs = other.cutoffs
    for name in spec.sources.keys {
      guard let source = other.sources[name] else { continue }
      if let through = source.dataThrough { spec.sources[name]?.dataThrough = through }
      spec.sources[name]?.dataFrom = source.dataFrom
    }
    return spec
  }

  /// Refuses a model that was fitted on labels after the first cutoff.
  ///
  /// For a retrained run, this checks the model that the run was evaluated with, which was fitted
  /// on nothing past its own first test cutoff. The refit was, but it scores no row that is
  /// evaluated.
  private static func checkIsUnseen(
    _ cutoffs: [Cutoff], by artifact: ScoringModel, _ model: ComparedRun
  ) throws(FindingsError) {
    guard let first = cutoffs.first?.date.description else { return }
    let isFittedOnTest = artifact.calibrator.fit == .test
    let late = artifact.record.cutoffs.filter { cutoff in
      let isFitted =
        cutoff.role == Role.train.rawValue || cutoff.role == Role.calibrate.rawValue
        || (isFittedOnTest && cutoff.role == Role.test.rawValue)
      // ISO 8601 dates sort by time.
      return isFitted && cutoff.windowEnd > first
    }
    guard let last = late.max(by: { $0.windowEnd < $1.windowEnd }) else { return }
    throw FindingsError(
      .modelHasSeenTest(model.reference, artifact.record.runId, first: first, last))
  }
}
