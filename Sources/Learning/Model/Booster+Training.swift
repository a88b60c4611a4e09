internal import CLightGBM

extension Booster {
  /// Grows trees on a dataset.
  ///
  /// The model is the same for any thread count. It is read back from its text, so that a model
  /// just trained and one loaded later agree in every bit, and nothing of the training stays in
  /// memory.
  ///
  /// - Parameters:
  ///   - dataset: binned rows; several boosters may train on one at a time.
  ///   - configuration: equal to the one that the dataset was binned with in all that shapes bins.
  ///   - threads: how many threads LightGBM uses.
  ///   - progress: called after each tree with the number of trees tried; false stops. It must not wait
  ///     for the learner with another thread count: that waits for this training to end.
  /// - Throws: `cancelled` when `progress` says so, `invalidParameter`, `invalidInput` when the
  ///   dataset was binned for another configuration, `callFailed` with LightGBM's reason.
  public static func train(
    on dataset: Dataset, configuration: LearnerConfiguration, threads: Int,
    progress: (Int) -> Bool = { _ in true }
  ) throws(LearningError) -> Booster {
    let log = LogCollector()
    let text = try growing(on: dataset, configuration, threads: threads, log: log) {
      handle, functions throws(LearningError) -> String in
      for tree in 1...configuration.iterations {
        try grow(handle, functions, tree: tree, of: configuration.iterations, progress)
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

  /// Makes a booster for a training, and frees it when `body` has done with it.
  static func growing<Result>(
    on dataset: Dataset, _ configuration: LearnerConfiguration, threads: Int, log: LogCollector,
    _ body: (lgbm_booster, LightGBMFunctions) throws(LearningError) -> Result
  ) throws(LearningError) -> Result {
    let library = dataset.library
    guard try configuration.datasetText(with: library) == dataset.datasetText else {
      throw LearningError(
        .invalidInput,
        "the dataset was binned with `\(dataset.datasetText)`; bin it again for this configuration")
    }
    try configuration.check(
      with: library,
      features: FeatureShape(names: dataset.featureNames, categories: dataset.categories))
    let threads = configuration.growingThreads(of: threads)
    let parameters =
      try configuration.canonicalText(with: library) + dataset.categoricalText
      + " num_threads=\(threads)"
    return try library.perform(threads: threads, log: log) {
      functions throws(LearningError) -> Result in
      var created: lgbm_booster?
      try functions.check(
        functions.boosterCreate(dataset.handle, parameters, &created), "LGBM_BoosterCreate")
      guard let handle = created else {
        throw LearningError(.callFailed, "returned no booster", function: "LGBM_BoosterCreate")
      }
      defer { _ = functions.boosterFree(handle) }
      return try body(handle, functions)
    }
  }

  /// Tries a tree. Every tree is tried, as in LightGBM's Python package: after one that could not
  /// split, the next draws other features and may.
  static func grow(
    _ handle: lgbm_booster, _ functions: LightGBMFunctions, tree: Int, of trees: Int,
    _ progress: (Int) -> Bool
  ) throws(LearningError) {
    var finished: Int32 = 0
    try functions.check(
      functions.boosterUpdateOneIteration(handle, &finished), "LGBM_BoosterUpdateOneIter")
    guard progress(tree) else {
      throw LearningError(.cancelled, "training was stopped after \(tree) of \(trees) trees")
    }
  }
}
