internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

/// Train rows as the learner takes them: category levels learned, negatives sampled, values binned.
struct LearnerRows {
  let dataset: Dataset
  let encodings: [ColumnEncoding]
  /// The levels learned on the train rows, by category feature.
  let levels: [String: CategoryLevels]
  /// nil where no sample was asked for.
  let sample: SampleUse?

  /// - Throws: `FindingsError` for what the spec or the data are to blame for, else `LearningError`.
  init(
    _ spec: ExperimentSpec, train: [PanelBlock], configuration: LearnerConfiguration,
    builder: PanelBuilder, library: LightGBMLibrary, settings: RunSettings
  ) throws {
    var levels: [String: CategoryLevels] = [:]
    var encodings: [ColumnEncoding] = []
    settings.progress(RunProgress(stage: .binning, done: 0, total: 0))
    // Levels are those of all train rows, so that `min_count` means the same with a sample as without.
    for (index, feature) in spec.features.enumerated() {
      guard case .category(_, let policy) = feature.expression else {
        encodings.append(.number)
        continue
      }
      let dictionary = builder.levels(ofFeature: index)
      let counts = try CategoryCounts(
        column: index, of: train.map(\.features), dictionaryCount: dictionary.count)
      let learned = CategoryLevels(
        dictionary: dictionary, counts: counts, missing: policy.missing,
        minimumCount: policy.minimumCount)
      levels[feature.name.value] = learned
      encodings.append(learned.encoding(dictionary: dictionary))
    }
    let sample = try spec.sample.map { sample in
      try TrainSample(
        sample.negatives, seed: spec.model.seed, of: train, builder: builder)
    }
    let blocks = sample?.blocks ?? train
    let labels = blocks.flatMap { $0.labels.map(Float.init) }
    dataset = try Dataset(
      library: library, blocks: blocks.map(\.features), names: spec.features.map(\.name.value),
      encodings: encodings, labels: labels,
      weights: configuration.classWeight.weights(
        labels: labels, negatives: sample?.use.weight ?? 1),
      configuration: configuration, threads: settings.threads)
    self.encodings = encodings
    self.levels = levels
    self.sample = sample?.use
  }
}
