public import Diagnostics
internal import Foundation
public import Learning
public import Panel
public import Spec

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
