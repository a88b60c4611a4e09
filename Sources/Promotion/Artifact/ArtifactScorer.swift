internal import Diagnostics
internal import Experiment
internal import Files
internal import Learning
internal import OrderedCollections
internal import Panel
internal import Spec
internal import Warehouse

/// Scores an artifact afresh on the rows that another run was judged on.
struct ArtifactScorer {
  let project: Project
  let threads: Int

  /// Writes the predictions of a run's test cutoffs by an earlier model, on today's data.
  /// - Throws: `FindingsError` when the model was fitted on what the cutoffs are to predict, or when its
  ///   panel cannot be built any more.
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
    try Predictions(blocks: scored).write(to: path, keys: try builder.keys(), engine: engine)
  }

  private static func testCutoffs(_ run: StoredRun) -> [Cutoff] {
    run.record.cutoffs.filter { $0.role == Role.test.rawValue }.compactMap { entry in
      guard let date = CalendarDate(entry.date), let end = CalendarDate(entry.windowEnd) else {
        return nil
      }
      return Cutoff(date: date, role: .test, windowEnd: end)
    }.sorted { $0.date < $1.date }
  }

  /// The artifact's spec as far into time as the other run's: its days of data and its cutoffs.
  private static func spec(
    _ own: ExperimentSpec, onDataOf other: ExperimentSpec
  ) -> ExperimentSpec {
    var spec = own
    spec.asOf = other.asOf
    spec.cutoffs = other.cutoffs
    for name in spec.sources.keys {
      if let through = other.sources[name]?.dataThrough {
        spec.sources[name]?.dataThrough = through
      }
    }
    return spec
  }

  /// Refuses a model that was fitted on labels of days after the first cutoff.
  ///
  /// Of a retrained run it is the model that the run was judged by, which has learned from nothing past its
  /// own first test cutoff. Its refit has, and scores no row that anything is judged on.
  private static func checkIsUnseen(
    _ cutoffs: [Cutoff], by artifact: ScoringModel, _ model: ComparedRun
  ) throws(FindingsError) {
    guard let first = cutoffs.first?.date.description else { return }
    let isFittedOnTest = artifact.calibrator.fit == .test
    let late = artifact.record.cutoffs.filter { cutoff in
      let isFitted =
        cutoff.role == Role.train.rawValue || cutoff.role == Role.calibrate.rawValue
        || (isFittedOnTest && cutoff.role == Role.test.rawValue)
      // Days as ISO 8601 writes them stand in the order of time.
      return isFitted && cutoff.windowEnd > first
    }
    guard let last = late.max(by: { $0.windowEnd < $1.windowEnd }) else { return }
    throw FindingsError(
      .modelHasSeenTest(model.reference, artifact.record.runId, first: first, last))
  }
}
