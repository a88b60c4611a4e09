internal import Diagnostics
internal import Learning
internal import Panel
internal import Spec

/// A model with what it needs to read rows: features, their encodings and category levels.
struct TrainedModel {
  let booster: Booster
  let features: [FeatureSpec]
  let encodings: [ColumnEncoding]
  /// The levels learned on the train rows, by category feature.
  let levels: [String: CategoryLevels]
  let configuration: LearnerConfiguration

  /// Learns levels, bins and trains on the train blocks.
  /// - Parameter texts: by feature, what the codes of a category stand for.
  /// - Throws: `FindingsError` for what the spec or the data are to blame for, else `LearningError`.
  init(
    _ spec: ExperimentSpec, train: [PanelBlock], levels texts: [[String]], library: LightGBMLibrary,
    settings: RunSettings
  ) throws {
    let configuration = LearnerConfiguration(spec.model, library)
    try Self.check(spec, train: train)
    let blocks = train.map(\.features)
    var levels: [String: CategoryLevels] = [:]
    var encodings: [ColumnEncoding] = []
    settings.progress(RunProgress(stage: .binning, done: 0, total: 0))
    for (index, feature) in spec.features.enumerated() {
      guard case .category(_, let policy) = feature.expression else {
        encodings.append(.number)
        continue
      }
      let dictionary = texts[index]
      let counts = try CategoryCounts(
        column: index, of: blocks, dictionaryCount: dictionary.count)
      let learned = CategoryLevels(
        dictionary: dictionary, counts: counts, missing: policy.missing,
        minimumCount: policy.minimumCount)
      levels[feature.name.value] = learned
      encodings.append(learned.encoding(dictionary: dictionary))
    }
    let labels = train.flatMap { $0.labels.map(Float.init) }
    let bins = { () throws(LearningError) in
      try Dataset(
        library: library, blocks: blocks, names: spec.features.map(\.name.value),
        encodings: encodings, labels: labels,
        weights: configuration.classWeight.weights(labels: labels), configuration: configuration,
        threads: settings.threads)
    }
    let dataset =
      try settings.datasets?.dataset(
        Self.binsKey(spec, train, levels, configuration, library), bins) ?? bins()
    booster = try Booster.train(
      on: dataset, configuration: configuration, threads: settings.threads
    ) { trees in
      settings.progress(
        RunProgress(stage: .training, done: trees, total: configuration.iterations))
      return true
    }
    features = spec.features
    self.encodings = encodings
    self.levels = levels
    self.configuration = configuration
  }

  /// What decides the bins of rows: equal keys, equal bins; nil where the rows are not known as a whole.
  private static func binsKey(
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
    return inputs.key
  }

  /// The margins of some cutoffs' rows, row after row.
  func margins(_ blocks: [PanelBlock], threads: Int) throws(LearningError) -> [Double] {
    guard blocks.contains(where: { $0.rowCount > 0 }) else { return [] }
    return try booster.predictMargins(
      blocks: blocks.map(\.features), encodings: encodings, threads: threads)
  }

  /// Refuses train rows that nothing can be learned from.
  private static func check(_ spec: ExperimentSpec, train: [PanelBlock]) throws {
    let rows = train.reduce(0) { $0 + $1.rowCount }
    let positives = train.reduce(0) { $0 + $1.labels.reduce(0) { $0 + Int($1) } }
    if rows == 0 { throw FindingsError(.emptyCohort(spec)) }
    if positives == 0 { throw FindingsError(.noPositives(spec, rows: rows)) }
    if positives == rows { throw FindingsError(.onlyPositives(spec, rows: rows)) }
  }
}

extension LearnerConfiguration {
  /// What a spec's model section asks of the learner.
  init(_ model: ModelSpec, _ library: LightGBMLibrary) {
    let classWeight: Learning.ClassWeight =
      switch model.classWeight {
      case .none: .none
      case .balanced: .balanced
      case .positive(let weight): .ratio(weight)
      }
    let (iterations, others) = Self.parted(model, library)
    self.init(
      parameters: others, iterations: iterations.last.flatMap { Int($0.text) } ?? 100,
      seed: model.seed, classWeight: classWeight)
  }

  /// What a spec's model section says of the number of trees, under any of LightGBM's names for it, and
  /// of all else.
  static func parted(
    _ model: ModelSpec, _ library: LightGBMLibrary
  ) -> (iterations: [Parameter], others: [Parameter]) {
    let parameters = model.parameters.map { Parameter($0.name.value, $0.value.value) }
    let isCount: (Parameter) -> Bool = {
      library.canonicalName(of: $0.name) == "num_iterations"
    }
    return (parameters.filter(isCount), parameters.filter { !isCount($0) })
  }
}
