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
  ///   - progress: called after each tree with the number of trees tried; false stops. It must not call
  ///     the learner: that could wait for this training to end.
  /// - Throws: `cancelled` when `progress` says so, `invalidParameter`, `invalidInput` when the
  ///   dataset was binned for another configuration, `callFailed` with LightGBM's reason.
  public static func train(
    on dataset: Dataset, configuration: LearnerConfiguration, threads: Int,
    progress: (Int) -> Bool = { _ in true }
  ) throws(LearningError) -> Booster {
    let library = dataset.library
    guard try configuration.datasetText(with: library) == dataset.datasetText else {
      throw LearningError(
        .invalidInput,
        "the dataset was binned with `\(dataset.datasetText)`; bin it again for this configuration")
    }
    try configuration.checkFeatureLists(
      featureCount: dataset.featureNames.count, categories: dataset.categories, library: library)
    let parameters =
      try configuration.canonicalText(with: library) + dataset.categoricalText
      + " num_threads=\(threads)"
    let log = LogCollector()
    let text = try library.perform(threads: threads, log: log) {
      functions throws(LearningError) -> String in
      var created: lgbm_booster?
      try functions.check(
        functions.boosterCreate(dataset.handle, parameters, &created), "LGBM_BoosterCreate")
      guard let handle = created else {
        throw LearningError(.callFailed, "returned no booster", function: "LGBM_BoosterCreate")
      }
      defer { _ = functions.boosterFree(handle) }
      try grow(handle, functions, trees: configuration.iterations, progress)
      return try LightGBMLibrary.readText("LGBM_BoosterSaveModelToString", functions) {
        length, needed, buffer in
        functions.boosterSaveModelToString(
          handle, 0, -1, Int32(lgbm_importance_split), length, needed, buffer)
      }
    }
    return try Booster(library: library, modelText: ModelText.normalized(text), log: log)
  }

  /// Tries every tree, as LightGBM's Python package does: after one that could not split, the next
  /// draws other features and may.
  private static func grow(
    _ handle: lgbm_booster, _ functions: LightGBMFunctions, trees: Int, _ progress: (Int) -> Bool
  ) throws(LearningError) {
    for tree in 1...trees {
      var finished: Int32 = 0
      try functions.check(
        functions.boosterUpdateOneIteration(handle, &finished), "LGBM_BoosterUpdateOneIter")
      guard progress(tree) else {
        throw LearningError(.cancelled, "training was stopped after \(tree) of \(trees) trees")
      }
    }
  }
}
