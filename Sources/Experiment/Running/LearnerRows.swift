package import Diagnostics
internal import Evaluation
package import Learning
package import Panel
internal import Randomness
package import Spec

/// Train rows as any learner sees them: category levels learned, negatives sampled.
package struct EncodedRows {
  /// The rows that the learner sees, cutoff by cutoff.
  let blocks: [PanelBlock]
  package let encodings: [ColumnEncoding]
  /// The levels learned on the train rows, by category feature.
  package let levels: [String: CategoryLevels]
  /// nil when no sample was asked for.
  package let sample: SampleUse?

  /// - Throws: `FindingsError` when the spec or the data are at fault, otherwise `LearningError`.
  init(
    _ spec: ExperimentSpec, train: [PanelBlock], texts: PanelTexts, settings: RunSettings
  ) throws {
    var levels: [String: CategoryLevels] = [:]
    var encodings: [ColumnEncoding] = []
    settings.progress(StepProgress(.stage(.binning)))
    // Levels come from all train rows, so that `min_frequency` means the same with and without a
    // sample.
    for (index, feature) in spec.features.enumerated() {
      guard let policy = feature.expression.policy else {
        encodings.append(.number)
        continue
      }
      let dictionary = texts.levels[index]
      let counts = try CategoryCounts(
        column: index, of: train.map(\.features), dictionaryCount: dictionary.count)
      let learned = CategoryLevels(
        dictionary: dictionary, counts: counts, missing: policy.missing,
        minFrequency: policy.minFrequency)
      levels[feature.name.value] = learned
      encodings.append(learned.encoding(dictionary: dictionary))
    }
    let sample = try spec.sample.map { sample in
      try NegativeDownsampling(
        sample.negatives, seed: spec.model.seed, of: train, keys: texts.keys)
    }
    blocks = sample?.blocks ?? train
    self.encodings = encodings
    self.levels = levels
    self.sample = sample?.use
  }
}

/// Train rows in the form of LightGBM's trees: encoded, and values binned.
package struct LearnerRows {
  let dataset: Dataset
  let encoded: EncodedRows
  package var encodings: [ColumnEncoding] { encoded.encodings }
  /// The levels learned on the train rows, by category feature.
  package var levels: [String: CategoryLevels] { encoded.levels }
  /// nil when no sample was asked for.
  package var sample: SampleUse? { encoded.sample }

  /// - Throws: `FindingsError` when the spec or the data are at fault, otherwise `LearningError`.
  package init(
    _ spec: ExperimentSpec, train: [PanelBlock], configuration: LearnerConfiguration,
    texts: PanelTexts, library: LightGBMLibrary, settings: RunSettings
  ) throws {
    let encoded = try EncodedRows(spec, train: train, texts: texts, settings: settings)
    let trainer = try spec.model.trainer(of: configuration, library)
    let blocks = encoded.blocks
    let labels = blocks.flatMap { $0.labels.map(Float.init) }
    let binned = { () throws(LearningError) in
      try Dataset(
        library: library, blocks: blocks.map(\.features), names: spec.features.map(\.name.value),
        encodings: encoded.encodings, labels: labels,
        weights: configuration.classWeight.weights(
          labels: labels, negatives: encoded.sample?.weight ?? 1),
        entities: blocks.flatMap(\.entities), configuration: configuration, trainer: trainer,
        threads: settings.threads)
    }
    dataset =
      try settings.datasets?.dataset(
        Self.key(spec, train, encoded.levels, configuration, trainer, library), binned) ?? binned()
    self.encoded = encoded
  }

  /// The key of everything that decides the bins of rows: equal keys, equal bins; nil when the rows
  /// are not completely known.
  private static func key(
    _ spec: ExperimentSpec, _ train: [PanelBlock], _ levels: [String: CategoryLevels],
    _ configuration: LearnerConfiguration, _ trainer: Trainer, _ library: LightGBMLibrary
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
    inputs.add("trainer", trainer.rawValue)
    inputs.add("draws rows", "\(configuration.drawsRows(with: library))")
    inputs.add("class weight", "\(configuration.classWeight)")
    inputs.add(
      "sample", "\(spec.sample.map { "\($0.negatives.value)" } ?? "all") \(spec.model.seed)")
    return inputs.key
  }
}

/// The train rows that the learner sees: every positive and some of the negatives.
///
/// Whether a negative is kept depends only on its key, its cutoff, the seed and the requested
/// share. It does not depend on other rows: neither the row order nor added or removed entities
/// matter. A row kept at a small share is also kept at any larger share.
package struct NegativeDownsampling {
  /// The rows that are kept, cutoff by cutoff.
  package let blocks: [PanelBlock]
  package let use: SampleUse

  /// - Parameter keys: the entities' keys, by entity number.
  /// - Throws: `FindingsError` when no negative is kept.
  package init(
    _ negatives: Located<SampleSpec.Negatives>, seed: Int, of train: [PanelBlock],
    keys: [String]
  ) throws {
    let rows = train.reduce(0) { $0 + $1.rowCount }
    let positives = train.reduce(0) { $0 + $1.labels.reduce(0) { $0 + Int($1) } }
    let share = negatives.value.share(rows: rows, positives: positives)
    let draws = RowDraws(seed: seed, keys: share < 1 ? keys : [])
    blocks =
      share == 1
      ? train
      : train.map { block in
        block.rows(
          block.entities.indices.filter { row in
            block.labels[row] == 1
              || draws[block.entities[row], block.cutoff.date] < share
          })
      }
    let kept = blocks.reduce(0) { $0 + $1.rowCount } - positives
    if kept == 0, rows > positives {
      throw FindingsError(.emptySample(negatives.span, of: rows - positives))
    }
    use = SampleUse(
      asked: negatives.value, positives: positives, negatives: rows - positives, kept: kept)
  }
}

/// A number from 0 to 1 for each row, determined by the row's key, its cutoff and a seed.
package struct RowDraws {
  private let starts: [UInt64]

  /// - Parameter keys: the entities' keys, by entity number.
  package init(seed: Int, keys: [String]) {
    let seed = SplitMix64.mixed(UInt64(bitPattern: Int64(seed)) &+ 1)
    starts = keys.map { SplitMix64.mixed(SplitMix64.number(of: $0) ^ seed) }
  }

  /// The draw of an entity at a cutoff, from 0 up to but excluding 1.
  package subscript(entity: Int32, cutoff: CalendarDate) -> Double {
    // The entity's own SplitMix64 sequence, at the index of the day.
    let salt = UInt64(bitPattern: Int64(cutoff.days)) &* 0x9E37_79B9_7F4A_7C15
    return Double(SplitMix64.mixed(starts[Int(entity)] &+ salt) >> 11) * 0x1p-53
  }
}

extension SampleSpec.Negatives {
  /// The share of the negatives to keep.
  package func share(rows: Int, positives: Int) -> Double {
    switch self {
    case .share(let share): share
    case .perPositive(let count):
      rows == positives ? 1 : min(1, Double(count * positives) / Double(rows - positives))
    }
  }
}

/// How many of the train rows the learner has seen.
package struct SampleUse {
  let asked: SampleSpec.Negatives
  /// The number of positives, all of which are kept.
  package let positives: Int
  /// The number of negatives, and how many of them are kept.
  package let negatives: Int
  package let kept: Int

  /// The weight of a kept negative. With it, the kept rows have the base rate of all rows.
  ///
  /// It is 1 / the actual share, not 1 / the requested share. The actual share varies by chance
  /// around the requested one, and otherwise the base rate would vary with it (Hajek, 1971).
  package var weight: Double { kept == 0 ? 1 : Double(negatives) / Double(kept) }

  /// Whether some rows were left out of the learner's sample.
  package var isSmaller: Bool { kept < negatives }

  /// The numbers for metrics.json.
  var tree: MetricTree {
    MetricTree([
      "rows": Double(positives + kept), "positives": Double(positives), "negatives": Double(kept),
      "negative_weight": weight,
    ])
  }
}
