public import Diagnostics
public import Experiment
internal import Files
internal import Foundation
public import Learning
internal import OrderedCollections
public import Panel
public import Spec
internal import Warehouse

/// A trained model with everything that scoring needs, read from the folder of a run or of a
/// promoted model.
public struct ScoringModel: Sendable {
  public let spec: ExperimentSpec
  public let record: RunRecord
  public let predictor: any Predictor
  /// By category feature.
  public let levels: [String: CategoryLevels]
  public let calibrator: Calibrator

  /// The model that the run was evaluated with.
  /// - Throws: `FindingsError` when a file is missing or is not what a run writes.
  public init(_ run: StoredRun, library: LightGBMLibrary) throws(FindingsError) {
    try self.init(files: run.files, record: run.record, library: library)
  }

  /// The model that scores in production: a retrained run's refit, which was fitted on all mature
  /// data; otherwise the model that the run was evaluated with.
  ///
  /// A refit's record holds the cutoffs that it was fitted on.
  /// - Throws: as `init(_:library:)`.
  public static func production(
    _ run: StoredRun, library: LightGBMLibrary
  ) throws(FindingsError) -> ScoringModel {
    guard let refit = try run.refit() else { return try ScoringModel(run, library: library) }
    return try ScoringModel(files: refit.files, record: refit.record, library: library)
  }

  private init(
    files: RunFiles, record: RunRecord, library: LightGBMLibrary
  ) throws(FindingsError) {
    self.record = record
    spec = try files.resolvedSpec().spec
    predictor = try Self.read(files, "model.txt", "a model") {
      try PredictorText.predictor(String(decoding: $0, as: UTF8.self), library: library)
    }
    levels = try Self.read(files, "category_levels.json", "levels of categories") {
      try CategoryFile(json: $0).levels
    }
    calibrator = try Self.read(files, "calibrator.json", "a calibrator") {
      try Calibrator(json: $0)
    }
    guard predictor.featureNames == spec.features.map(\.name.value) else {
      throw FindingsError(
        .unreadableRunFile(
          files.path("model.txt"), what: "a model", "its features differ from its spec"))
    }
  }

  /// The margin and score of rows that were built from the artifact's own spec.
  /// - Parameter builder: the builder of the blocks.
  /// - Throws: `LearningError`.
  public func scored(
    _ blocks: [PanelBlock], builder: PanelBuilder, threads: Int
  ) throws(LearningError) -> [ScoredBlock] {
    guard blocks.contains(where: { $0.rowCount > 0 }) else { return [] }
    let margins = try predictor.predictMargins(
      blocks: blocks.map(\.features), encodings: encodings(builder), threads: threads)
    return ScoredBlock.split(blocks, margins: margins, scores: calibrator.apply(margins))
  }

  /// How the model encodes each of its features in rows from a builder.
  public func encodings(_ builder: PanelBuilder) -> [ColumnEncoding] {
    spec.features.enumerated().map { index, feature in
      guard feature.expression.isCategory, let levels = levels[feature.name.value] else {
        return .number
      }
      return levels.encoding(dictionary: builder.levels(ofFeature: index))
    }
  }

  private static func read<Value>(
    _ files: RunFiles, _ file: String, _ what: String, _ decode: (Data) throws -> Value
  ) throws(FindingsError) -> Value {
    let content = try files.content(file, what: what)
    do {
      return try decode(content)
    } catch let error as LearningError {
      throw FindingsError(.unreadableRunFile(files.path(file), what: what, error.message))
    } catch {
      throw FindingsError(.unreadableRunFile(files.path(file), what: what, StoredRun.reason(error)))
    }
  }
}

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
