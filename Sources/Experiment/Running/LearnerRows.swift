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
    texts: PanelTexts, library: LightGBMLibrary, settings: RunSettings
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
      let dictionary = texts.levels[index]
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
        sample.negatives, seed: spec.model.seed, of: train, keys: texts.keys)
    }
    let blocks = sample?.blocks ?? train
    let labels = blocks.flatMap { $0.labels.map(Float.init) }
    let binned = { [encodings] () throws(LearningError) in
      try Dataset(
        library: library, blocks: blocks.map(\.features), names: spec.features.map(\.name.value),
        encodings: encodings, labels: labels,
        weights: configuration.classWeight.weights(
          labels: labels, negatives: sample?.use.weight ?? 1),
        configuration: configuration, threads: settings.threads)
    }
    dataset =
      try settings.datasets?.dataset(
        Self.key(spec, train, levels, configuration, library), binned) ?? binned()
    self.encodings = encodings
    self.levels = levels
    self.sample = sample?.use
  }

  /// What decides the bins of rows: equal keys, equal bins; nil where the rows are not known as a whole.
  private static func key(
    _ spec: ExperimentSpec, _ train: [PanelBlock], _ levels: [String: CategoryLevels],
    _ configuration: LearnerConfiguration, _ library: LightGBMLibrary
  ) throws -> String? {
    var inputs = CacheInputs("bins")
    for block in train {
      guard let fingerprint = block.fingerprint else { return nil }
      inputs.add("rows", fingerprint)
    }
    for feature in spec.features {
      inputs.add("feature", feature.name.value)
      inputs.add("levels", levels[feature.name.value]?.levels.description ?? "-")
      inputs.add("missing", levels[feature.name.value]?.missing ?? "-")
    }
    inputs.add("parameters", try configuration.datasetText(with: library))
    inputs.add("class weight", "\(configuration.classWeight)")
    inputs.add(
      "sample", "\(spec.sample.map { "\($0.negatives.value)" } ?? "all") \(spec.model.seed)")
    return inputs.key
  }
}
