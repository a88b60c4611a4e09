public import Columns
internal import CLightGBM

// Safety: the handle is set once and freed once, in deinit; after init the model is only read, and
// LightGBM locks the state that its readers share.
/// A trained model: gradient-boosted trees that give each row a margin.
///
/// Several threads may predict at a time. Training, loading and predicting block the calling
/// thread, so call them where blocking is acceptable.
public final class Booster: @unchecked Sendable {
  /// The library that the model belongs to.
  public let library: LightGBMLibrary
  /// The names of the features, in column order.
  public let featureNames: [String]
  /// The number of trees; lower than requested if no leaf could be split further.
  public let treeCount: Int
  /// Whether no tree has more than eight splits. Contributions then take microseconds per row, and
  /// with larger trees more than ten times as long.
  public var hasSmallTrees: Bool { smallTrees != nil }
  /// The warnings that LightGBM logged while it trained or loaded the model.
  public let warnings: [LearningMessage]

  /// The factor from a margin to the log odds of the learner's own probability. It is 1, except
  /// with a `sigmoid` other than 1, and in a random forest, whose margin is a sum over trees while
  /// its probability uses their mean.
  public let logOddsPerMargin: Double

  /// The model in LightGBM's text format, the same for any number of threads.
  public let modelText: String

  let handle: lgbm_booster
  /// The trees in the order in which they were trained.
  let trees: [DecisionTree]
  /// The model in the form that predicts fastest; nil if its trees are too large for it.
  let smallTrees: SmallTrees?

  /// Loads a model from LightGBM's text format after validating the text.
  ///
  /// - Throws: `invalidModel` with the defect in the text; `callFailed`.
  public convenience init(
    library: LightGBMLibrary, modelText: String
  ) throws(LearningError) {
    try self.init(library: library, modelText: modelText, log: LogCollector())
  }

  /// Loads a model; `log` has the messages logged while it was trained.
  init(
    library: LightGBMLibrary, modelText: String, log: LogCollector
  ) throws(LearningError) {
    let model = try ModelText(modelText)
    var loadedTrees: Int32 = 0
    let loaded = try library.perform(threads: nil, log: log) {
      functions throws(LearningError) -> lgbm_booster? in
      var loaded: lgbm_booster?
      try functions.check(
        functions.boosterLoadModelFromString(modelText, &loadedTrees, &loaded),
        "LGBM_BoosterLoadModelFromString")
      return loaded
    }
    guard let loaded else {
      throw LearningError(
        .callFailed, "returned no booster", function: "LGBM_BoosterLoadModelFromString")
    }
    self.library = library
    self.modelText = modelText
    featureNames = model.featureNames
    logOddsPerMargin = model.logOddsPerMargin
    trees = model.trees
    smallTrees = SmallTrees(model.trees)
    treeCount = Int(loadedTrees)
    warnings = log.warnings
    handle = loaded
  }

  deinit { _ = library.functions.boosterFree(handle) }

  /// Returns the importance of each feature, in column order.
  ///
  /// - Throws: `callFailed`.
  public func featureImportance() throws(LearningError) -> [FeatureImportance] {
    let gains = try importance(Int32(lgbm_importance_gain))
    let splits = try importance(Int32(lgbm_importance_split))
    return featureNames.indices.map { index in
      FeatureImportance(
        feature: featureNames[index], gain: gains[index], split: Int(splits[index]))
    }
  }

  private func importance(_ kind: Int32) throws(LearningError) -> [Double] {
    var values = [Double](repeating: 0, count: featureNames.count)
    try library.perform(threads: nil, log: LogCollector()) { functions throws(LearningError) in
      try functions.check(
        functions.boosterFeatureImportance(handle, -1, kind, &values),
        "LGBM_BoosterFeatureImportance")
    }
    return values
  }
}

extension Booster {
  /// Trains a model on a dataset.
  ///
  /// The model is the same for any thread count. It is loaded from its own text after training, so
  /// a model just trained and one loaded later agree in every bit, and no training data stays in
  /// memory.
  ///
  /// - Parameters:
  ///   - dataset: binned rows; several boosters may train on one at a time.
  ///   - configuration: equal to the dataset's configuration in everything that affects binning.
  ///   - threads: the number of threads that LightGBM uses.
  ///   - progress: called after each tree with the number of trees tried; returning false stops. It
  ///     must not wait for a learner operation with another thread count, which would wait for this
  ///     training.
  /// - Throws: `cancelled` if `progress` returns false, `invalidParameter`, `invalidInput` if the
  ///   dataset was binned for another configuration, `callFailed` with LightGBM's reason.
  public static func train(
    on dataset: Dataset, configuration: LearnerConfiguration, threads: Int,
    progress: (Int) -> Bool = { _ in true }
  ) throws(LearningError) -> Booster {
    let log = LogCollector()
    if case .panel(let data) = dataset.content {
      try check(dataset, configuration)
      var booster = try PanelBooster(on: dataset, data, configuration, threads: threads, log: log)
      for tree in 1...configuration.iterations {
        _ = try booster.grow()
        guard progress(tree) else { throw stopped(after: tree, of: configuration) }
      }
      return try Booster(
        library: dataset.library,
        modelText: ModelText.normalized(booster.modelText(names: dataset.featureNames)), log: log)
    }
    let text = try growing(on: dataset, configuration, threads: threads, log: log) {
      handle, functions throws(LearningError) -> String in
      for tree in 1...configuration.iterations {
        try grow(handle, functions, tree: tree, of: configuration, progress)
      }
      return try LightGBMLibrary.readText("LGBM_BoosterSaveModelToString", functions) {
        length, needed, buffer in
        functions.boosterSaveModelToString(
          handle, 0, -1, Int32(lgbm_importance_split), length, needed, buffer)
      }
    }
    return try Booster(
      library: dataset.library, modelText: ModelText.normalized(text), log: log)
  }

  /// Creates a booster for training and frees it after `body`.
  static func growing<Result>(
    on dataset: Dataset, _ configuration: LearnerConfiguration, threads: Int, log: LogCollector,
    _ body: (lgbm_booster, LightGBMFunctions) throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    let library = dataset.library
    try check(dataset, configuration)
    guard case .library(let data) = dataset.content else {
      throw LearningError(.invalidInput, "the dataset is not in the library's form")
    }
    let threads = configuration.growingThreads(of: threads)
    let parameters =
      try configuration.canonicalText(with: library) + dataset.categoricalText
      + " num_threads=\(threads)"
    return try library.perform(threads: threads, log: log) {
      functions throws(LearningError) -> Result in
      var created: lgbm_booster?
      try functions.check(
        functions.boosterCreate(data, parameters, &created), "LGBM_BoosterCreate")
      guard let handle = created else {
        throw LearningError(.callFailed, "returned no booster", function: "LGBM_BoosterCreate")
      }
      defer { _ = functions.boosterFree(handle) }
      return try body(handle, functions)
    }
  }

  /// Checks that a dataset may be trained on with a configuration.
  ///
  /// - Throws: `invalidInput`, `invalidParameter`.
  static func check(
    _ dataset: Dataset, _ configuration: LearnerConfiguration
  ) throws(LearningError) {
    let library = dataset.library
    guard try configuration.datasetText(with: library) == dataset.datasetText else {
      throw LearningError(
        .invalidInput,
        "the dataset was binned with `\(dataset.datasetText)`; bin it again for this configuration")
    }
    switch dataset.trainer {
    case .library:
      guard !(dataset.isByEntity && configuration.drawsRows(with: library)) else {
        throw LearningError(
          .invalidInput,
          "the dataset has its rows entity by entity, which changes the rows that are drawn")
      }
    case .panel:
      if let need = configuration.libraryNeed(with: library) {
        throw LearningError(
          .invalidParameter, "the panel trainer does not support this `\(need.parameter)`")
      }
    }
    try configuration.check(
      with: library,
      features: FeatureShape(names: dataset.featureNames, categories: dataset.categories))
  }

  /// The error of a training that `progress` stopped.
  static func stopped(
    after tree: Int, of configuration: LearnerConfiguration
  ) -> LearningError {
    LearningError(
      .cancelled, "training was stopped after \(tree) of \(configuration.iterations) trees")
  }

  /// Tries to grow one tree. As in LightGBM's Python package, every tree is tried: after one that
  /// could not split, the next draws other features and may succeed.
  static func grow(
    _ handle: lgbm_booster, _ functions: LightGBMFunctions, tree: Int,
    of configuration: LearnerConfiguration, _ progress: (Int) -> Bool
  ) throws(LearningError) {
    var finished: Int32 = 0
    try functions.check(
      functions.boosterUpdateOneIteration(handle, &finished), "LGBM_BoosterUpdateOneIter")
    guard progress(tree) else { throw stopped(after: tree, of: configuration) }
  }
}

extension Booster {
  /// Returns the margin of each row: the sum of the trees' leaf values, before calibration.
  ///
  /// Bit-identical to the predictions of LightGBM's Python package with `raw_score=True`, on any
  /// thread count.
  ///
  /// - Parameters:
  ///   - blocks: the rows, with the model's features as columns, in the model's order.
  ///   - encodings: how each column is read, with the tables used in training.
  ///   - threads: the number of threads that convert and predict.
  /// - Throws: `invalidInput` if columns and model do not match; `callFailed`.
  public func predictMargins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double] {
    try predict(
      blocks, encodings, kind: Int32(lgbm_predict_raw_score), valuesPerRow: 1, threads)
  }

  /// Returns what each feature contributed to each row's margin.
  ///
  /// It takes `featureCount + 1` doubles per row and much longer than computing margins, so pass
  /// only the rows that will be inspected.
  ///
  /// - Throws: `invalidInput` if columns and model do not match; `callFailed`.
  public func contributions(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> Contributions {
    let values = try predict(
      blocks, encodings, kind: Int32(lgbm_predict_contribution),
      valuesPerRow: featureNames.count + 1, threads)
    return Contributions(
      rowCount: values.count / (featureNames.count + 1), featureCount: featureNames.count,
      values: values)
  }

  /// Prepares to read rows.
  /// - Throws: `invalidInput` if columns and model do not match.
  func converter(
    of blocks: [FeatureBlock], _ encodings: [ColumnEncoding]
  ) throws(LearningError) -> RowMajorConverter {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard rows.columnCount == featureNames.count else {
      throw LearningError(
        .invalidInput,
        "the model has \(featureNames.count) features, the rows have \(rows.columnCount)")
    }
    return rows
  }

  /// The number of rows converted and predicted at a time.
  private static let batchSize = 16384

  private func predict(
    _ blocks: [FeatureBlock], _ encodings: [ColumnEncoding], kind: Int32, valuesPerRow: Int,
    _ threads: Int
  ) throws(LearningError) -> [Double] {
    let rows = try converter(of: blocks, encodings)
    if let smallTrees {
      return kind == Int32(lgbm_predict_raw_score)
        ? smallTrees.margins(rows, threads: threads)
        : smallTrees.contributions(rows, threads: threads)
    }
    var result = [Double](repeating: 0, count: rows.rowCount * valuesPerRow)
    guard rows.rowCount > 0 else { return result }
    let parameters = "verbosity=0 num_threads=\(threads)"
    var values = [Double](
      repeating: 0, count: min(Self.batchSize, rows.rowCount) * rows.columnCount)
    try library.perform(threads: threads, log: LogCollector()) {
      functions throws(LearningError) in
      for first in stride(from: 0, to: rows.rowCount, by: Self.batchSize) {
        let range = first..<min(first + Self.batchSize, rows.rowCount)
        rows.convert(range, into: &values, threads: threads)
        var length: Int64 = 0
        let status = result.withUnsafeMutableBufferPointer { result in
          functions.boosterPredictForMatrix(
            handle, values, Int32(lgbm_type_float64), Int32(range.count),
            Int32(rows.columnCount), 1, kind, 0, -1, parameters, &length,
            result.baseAddress.map { $0 + first * valuesPerRow })
        }
        try functions.check(status, "LGBM_BoosterPredictForMat")
        guard length == range.count * valuesPerRow else {
          throw LearningError(
            .callFailed, "returned \(length) values, not \(range.count * valuesPerRow)",
            function: "LGBM_BoosterPredictForMat")
        }
      }
    }
    return result
  }
}

/// The importance of one feature in a model.
public struct FeatureImportance: Codable, Sendable, Hashable {
  /// The feature's name.
  public let feature: String
  /// The sum of the loss reductions of its splits.
  public let gain: Double
  /// The number of its splits.
  public let split: Int

  /// Creates an importance from its parts.
  public init(feature: String, gain: Double, split: Int) {
    self.feature = feature
    self.gain = gain
    self.split = split
  }
}

extension [FeatureImportance] {
  /// The sum of the gains.
  public var totalGain: Double { reduce(0) { $0 + $1.gain } }

  /// Each feature's share of the total gain; 0 for all if no split gained anything.
  public var sharesOfGain: [String: Double] {
    let total = totalGain
    return Dictionary(
      map { ($0.feature, total > 0 ? $0.gain / total : 0) }, uniquingKeysWith: { first, _ in first }
    )
  }
}

/// The contribution of each feature to each row's margin: SHAP values (Lundberg, Erion and Lee,
/// 2018).
public struct Contributions: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of features.
  public let featureCount: Int
  /// Row-major values: for each row, one number per feature, then the expected margin over the
  /// training rows.
  public let values: [Double]

  /// Returns one row's contributions in feature order, without the expected margin.
  public func features(ofRow row: Int) -> ArraySlice<Double> {
    let start = row * (featureCount + 1)
    return values[start..<start + featureCount]
  }

  /// Returns the margin that all rows start from. Together with `features(ofRow:)` it sums to the
  /// row's margin.
  public func expectedMargin(ofRow row: Int) -> Double {
    values[row * (featureCount + 1) + featureCount]
  }
}
