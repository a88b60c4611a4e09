internal import CLightGBM

/// A trained model: gradient-boosted trees that give each row a margin.
///
/// Predictions may run on several threads at a time. Training, loading and predicting block the
/// calling thread: place them where that does no harm.
// Safety: the handle is set once and freed once, in deinit; after init the model is only read, and
// LightGBM locks what its readers share.
public final class Booster: @unchecked Sendable {
  /// The library that the model lives in.
  public let library: LightGBMLibrary
  /// The features' names, in the order of the columns.
  public let featureNames: [String]
  /// The number of trees: fewer than asked for when no leaf could be split any further.
  public let treeCount: Int
  /// What LightGBM warned of while it trained or loaded the model.
  public let warnings: [LearningMessage]

  /// What a margin is multiplied by to give the log odds of the learner's own probability: 1, except with
  /// another `sigmoid` than 1, and in a random forest, whose margin is a sum and whose probability is of
  /// the trees' mean.
  public let logOddsPerMargin: Double

  /// The model as LightGBM's text, the same on any number of threads.
  public let modelText: String

  let handle: lgbm_booster
  /// The model in the form that predicts quickest; nil where its trees are too large for that.
  let smallTrees: SmallTrees?

  /// Loads a model from LightGBM's text, after checking that the text is whole.
  ///
  /// - Throws: `invalidModel` saying what is wrong with the text; `callFailed`.
  public convenience init(
    library: LightGBMLibrary, modelText: String
  ) throws(LearningError) {
    try self.init(library: library, modelText: modelText, log: LogCollector())
  }

  /// Loads a model, with `log` holding what was said while it was trained.
  init(
    library: LightGBMLibrary, modelText: String, log: LogCollector
  ) throws(LearningError) {
    let model = try ModelText(modelText)
    var trees: Int32 = 0
    let loaded = try library.perform(threads: nil, log: log) {
      functions throws(LearningError) -> lgbm_booster? in
      var loaded: lgbm_booster?
      try functions.check(
        functions.boosterLoadModelFromString(modelText, &trees, &loaded),
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
    smallTrees = SmallTrees(model.trees)
    treeCount = Int(trees)
    warnings = log.warnings
    handle = loaded
  }

  deinit { _ = library.functions.boosterFree(handle) }

  /// What each feature contributed, in the order of the columns.
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
