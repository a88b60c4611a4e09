package import Diagnostics
internal import Evaluation
package import Learning
package import Panel
internal import Randomness
package import Spec

/// Train rows as the learner takes them: category levels learned, negatives sampled, values binned.
package struct LearnerRows {
  let dataset: Dataset
  package let encodings: [ColumnEncoding]
  /// The levels learned on the train rows, by category feature.
  package let levels: [String: CategoryLevels]
  /// nil where no sample was asked for.
  package let sample: SampleUse?

  /// - Throws: `FindingsError` for what the spec or the data are to blame for, else `LearningError`.
  package init(
    _ spec: ExperimentSpec, train: [PanelBlock], configuration: LearnerConfiguration,
    texts: PanelTexts, library: LightGBMLibrary, settings: RunSettings
  ) throws {
    var levels: [String: CategoryLevels] = [:]
    var encodings: [ColumnEncoding] = []
    settings.progress(RunProgress(stage: .binning, done: 0, total: 0))
    // Levels are those of all train rows, so that `min_frequency` means the same with a sample as without.
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
        minFrequency: policy.minFrequency)
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

/// The train rows that the learner sees: every positive and some of the negatives.
///
/// Whether a negative is kept hangs on its key, its cutoff, the seed and the share asked for, and on no
/// other row: not on the order of rows, and not on entities that come or go. What is kept of a small
/// share is kept of a larger one, too.
package struct TrainSample {
  /// The rows that are kept, cutoff by cutoff.
  package let blocks: [PanelBlock]
  package let use: SampleUse

  /// - Parameter keys: of the entities, by number.
  /// - Throws: `FindingsError` where no negative is kept.
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

/// A number from 0 to 1 for each row, decided by the row's key, its cutoff and a seed.
package struct RowDraws {
  private let starts: [UInt64]

  /// - Parameter keys: of the entities, by number.
  package init(seed: Int, keys: [String]) {
    let seed = SplitMix64.mixed(UInt64(bitPattern: Int64(seed)) &+ 1)
    starts = keys.map { SplitMix64.mixed(SplitMix64.number(of: $0) ^ seed) }
  }

  /// The draw of an entity at a cutoff, 1 excluded.
  package subscript(entity: Int32, cutoff: CalendarDate) -> Double {
    // The entity's own sequence of SplitMix64, at the place of the day.
    let place = UInt64(bitPattern: Int64(cutoff.days)) &* 0x9E37_79B9_7F4A_7C15
    return Double(SplitMix64.mixed(starts[Int(entity)] &+ place) >> 11) * 0x1p-53
  }
}

extension SampleSpec.Negatives {
  /// The share of the negatives that is kept.
  package func share(rows: Int, positives: Int) -> Double {
    switch self {
    case .share(let share): share
    case .perPositive(let count):
      rows == positives ? 1 : min(1, Double(count * positives) / Double(rows - positives))
    }
  }
}

/// How many of the train rows a learner has seen.
package struct SampleUse {
  let asked: SampleSpec.Negatives
  /// All of them are kept.
  package let positives: Int
  /// How many there are, and how many are kept.
  package let negatives: Int
  package let kept: Int

  /// How many rows a kept negative stands for: with it, the kept rows have the base rate of all.
  ///
  /// This is 1 / the share that came out, not 1 / the share asked for: the one varies by chance around the
  /// other, and the base rate would with it (Hajek, 1971).
  package var weight: Double { kept == 0 ? 1 : Double(negatives) / Double(kept) }

  /// Whether there are rows that the learner has not seen.
  package var isSmaller: Bool { kept < negatives }

  /// Numbers for metrics.json.
  var tree: MetricTree {
    MetricTree([
      "rows": Double(positives + kept), "positives": Double(positives), "negatives": Double(kept),
      "negative_weight": weight,
    ])
  }
}
