public import Panel

extension Dataset {
  /// Bins rows labelled 0 or 1, weighted as the configuration's `classWeight` says.
  ///
  /// - Throws: `invalidInput`, `invalidParameter`, or `callFailed` with LightGBM's reason.
  public convenience init(
    library: LightGBMLibrary, blocks: [FeatureBlock], names: [String],
    encodings: [ColumnEncoding], labels: [UInt8], configuration: LearnerConfiguration, threads: Int
  ) throws(LearningError) {
    let labels = labels.map(Float.init)
    try self.init(
      library: library, blocks: blocks, names: names, encodings: encodings, labels: labels,
      weights: configuration.classWeight.weights(labels: labels), configuration: configuration,
      threads: threads)
  }
}
