internal import Columns
internal import Diagnostics
internal import Evaluation
internal import Foundation
internal import Learning
internal import Panel
internal import Spec
internal import Synchronization

/// What judges a trial: the log loss of train rows that its models have not learned from.
public enum TuneJudge: String, CaseIterable, Codable, Sendable {
  /// Five folds of clusters, those of `CrossFit`: all cutoffs, other accounts.
  case account
  /// The last train cutoffs, by a model of the cutoffs whose label windows end before them.
  case time
}

/// The train rows of a search, divided into those that a model learns from and those that judge it.
///
/// No calibrate or test cutoff is read. Each part's category levels and bins come from the rows it
/// learns from and are made once for all trials.
struct TuneRows: Sendable {
  /// One division of the rows.
  struct Fold: Sendable {
    /// The blocks to learn from, by index, each with its rows; nil: all of them.
    let learned: [(block: Int, rows: [Int]?)]
    let judged: [PanelBlock]
    /// The clusters of the judged rows, as indices of `TuneRows.weights`.
    let clusters: [Int]
    /// The index in `clusters` of each judged row.
    let clusterOfRow: [Int]
  }

  let folds: [Fold]
  /// The weight of each judged cluster's rows.
  let weights: [Double]
  /// The number of clusters with a positive judged row.
  let positiveClusters: Int
  /// The share of the train rows that trials learn from and are judged by; 1 without a sample.
  let share: Double
  private let spec: ExperimentSpec
  private let train: [PanelBlock]
  private let texts: PanelTexts
  private let library: LightGBMLibrary
  private let weightOfNegative: Double
  /// `share`, or 1 if the sample is the spec's own, whose limits count its rows.
  private let scale: Double
  private let prepared: Prepared

  /// Bins that fit most of the trials.
  private final class Prepared: Sendable {
    let rows = Mutex<[Key: LearnerRows]>([:])
  }

  private struct Key: Hashable {
    let fold: Int
    let datasetText: String
    let drawsRows: Bool
    let classWeight: ClassWeight
    let trainer: Trainer
  }

  static let accountFolds = 5

  /// - Parameters:
  ///   - train: the blocks of all train cutoffs, oldest first.
  ///   - negatives: how many of the negatives are used; nil: all.
  /// - Throws: `FindingsError` if a part would have no rows to learn from or to judge by.
  init(
    _ spec: ExperimentSpec, judge: TuneJudge, train: [PanelBlock], texts: PanelTexts,
    negatives: Located<SampleSpec.Negatives>?, library: LightGBMLibrary
  ) throws {
    let isOwn = spec.sample?.negatives.value == negatives?.value
    var spec = spec
    let sample = try negatives.map {
      try NegativeDownsampling($0, seed: spec.model.seed, of: train, keys: texts.keys)
    }
    spec.sample = negatives.map { SampleSpec(negatives: $0) }
    let (kept, weight) = (sample?.blocks ?? train, sample?.use.weight ?? 1)
    let divided: [(learned: [(block: Int, rows: [Int]?)], judged: [PanelBlock])]
    switch judge {
    case .account: divided = Self.byAccount(train, kept, texts)
    case .time: divided = try Self.byTime(spec, train, kept)
    }
    for part in divided {
      let rows = part.learned.map { index, rows in
        rows.map { rows in rows.map { train[index].labels[$0] } } ?? train[index].labels
      }
      let count = rows.reduce(0) { $0 + $1.count }
      let positives = rows.reduce(0) { $0 + $1.count { $0 == 1 } }
      if positives == count { throw FindingsError(.onlyPositives(spec, rows: count)) }
      if positives == 0 { throw FindingsError(.noTimeFold(spec, train: train.count)) }
    }
    let all = Set(divided.flatMap { $0.judged.flatMap(\.clusters) }).sorted()
    let indices = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1, $0) })
    var weights = [Double](repeating: 0, count: all.count)
    var isPositive = [Bool](repeating: false, count: all.count)
    folds = divided.map { part in
      let rows = part.judged.flatMap(\.clusters).map { indices[$0] ?? 0 }
      let labels = part.judged.flatMap(\.labels)
      for (cluster, label) in zip(rows, labels) {
        weights[cluster] += label == 1 ? 1 : weight
        if label == 1 { isPositive[cluster] = true }
      }
      let own = Set(rows).sorted()
      let local = Dictionary(uniqueKeysWithValues: own.enumerated().map { ($1, $0) })
      return Fold(
        learned: part.learned, judged: part.judged, clusters: own,
        clusterOfRow: rows.map { local[$0] ?? 0 })
    }
    self.weights = weights
    positiveClusters = isPositive.count { $0 }
    let rowCount = train.reduce(0) { $0 + $1.rowCount }
    share = Double(kept.reduce(0) { $0 + $1.rowCount }) / Double(max(rowCount, 1))
    scale = isOwn ? 1 : share
    self.spec = spec
    self.train = train
    self.texts = texts
    self.library = library
    weightOfNegative = weight
    prepared = Prepared()
  }

  private static func byAccount(
    _ train: [PanelBlock], _ kept: [PanelBlock], _ texts: PanelTexts
  ) -> [(learned: [(block: Int, rows: [Int]?)], judged: [PanelBlock])] {
    let foldOfCluster = CrossFit.foldOfCluster(texts, of: accountFolds)
    func rows(_ block: PanelBlock, _ isMeant: (Int) -> Bool) -> [Int] {
      let clusters = block.clusters
      return clusters.indices.filter { isMeant(foldOfCluster[Int(clusters[$0])]) }
    }
    return (0..<accountFolds).compactMap { fold in
      let judged = kept.map { block in block.rows(rows(block) { $0 == fold }) }
      // A few clusters may leave a fold empty.
      guard judged.contains(where: { $0.rowCount > 0 }) else { return nil }
      return (train.enumerated().map { ($0, rows($1) { $0 != fold }) }, judged)
    }
  }

  private static func byTime(
    _ spec: ExperimentSpec, _ train: [PanelBlock], _ kept: [PanelBlock]
  ) throws -> [(learned: [(block: Int, rows: [Int]?)], judged: [PanelBlock])] {
    guard let split = timeSplit(spec, train: train.map(\.cutoff)) else {
      throw FindingsError(.noTimeFold(spec, train: train.count))
    }
    return [
      (
        train.indices.filter { split.fitted.contains(train[$0].cutoff.date) }.map { ($0, nil) },
        kept.filter { split.validation.contains($0.cutoff.date) }
      )
    ]
  }

  /// The newest fold over time within the train cutoffs, with three validation cutoffs, or fewer if
  /// three leave nothing to learn from; nil if one leaves nothing, too.
  static func timeSplit(_ spec: ExperimentSpec, train: [Cutoff]) -> ValidationSplit? {
    let most = min(3, train.count - 1)
    return stride(from: most, to: 0, by: -1).lazy
      .map { ValidationSplit(validating: $0, spec.cutoffs, train: train) }
      .first { !$0.fitted.isEmpty }
  }

  // MARK: - Trials

  /// How a model does on the rows of a fold.
  struct Outcome: Sendable {
    /// The sum of the weighted losses of each of the fold's clusters.
    let sums: [Double]
    let trees: Int
  }

  /// Learns from the rows outside a fold and is judged by the fold's rows.
  ///
  /// A probability is the learner's own; class weights, which multiply its odds by a known factor,
  /// are taken out of it (King and Zeng, 2001).
  /// - Throws: `FindingsError`, or `LearningError`.
  func outcome(of model: ModelSpec, fold number: Int, threads: Int) throws -> Outcome {
    let fold = folds[number]
    let model = model.scaled(by: scale, library)
    let features = fold.judged.map(\.features)
    let booster: Booster
    let margins: [Double]
    if model.earlyStopping != nil {
      var spec = spec
      spec.model = model
      let trained = try TrainedModel(
        spec, train: learned(number), texts: texts, library: library,
        settings: RunSettings(threads: threads))
      guard let grown = trained.predictor as? Booster else {
        throw FindingsError(.needsTrees(.tuning, model))
      }
      booster = grown
      margins = try trained.margins(fold.judged, threads: threads)
    } else {
      let configuration = LearnerConfiguration(model, features: spec.features, library)
      let rows = try rows(number, model, configuration, threads: threads)
      booster = try model.train { () throws(LearningError) in
        try Booster.train(on: rows.dataset, configuration: configuration, threads: threads)
      }
      margins = try booster.predictMargins(
        blocks: features, encodings: rows.encodings, threads: threads)
    }
    let offset = logOddsOfWeights(model.classWeight, fold)
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: fold.clusters.count)
    let labels = fold.judged.flatMap(\.labels)
    for (row, margin) in margins.enumerated() {
      let probability = Logistic.probability(booster.logOddsPerMargin * margin - offset)
      let cost =
        labels[row] == 1
        ? ScoreGroups.cost(of: probability)
        : weightOfNegative * ScoreGroups.cost(of: 1 - probability)
      sums[fold.clusterOfRow[row]].add(cost)
    }
    return Outcome(sums: sums.map(\.value), trees: booster.treeCount)
  }

  /// The rows that a fold's models learn from.
  private func learned(_ fold: Int) -> [PanelBlock] {
    folds[fold].learned.map { index, rows in
      rows.map { train[index].rows($0) } ?? train[index]
    }
  }

  /// Bins the rows of all folds, so that trials with such a model share them.
  func prepare(_ model: ModelSpec, threads: Int) throws {
    guard model.earlyStopping == nil else { return }
    let model = model.scaled(by: scale, library)
    let configuration = LearnerConfiguration(model, features: spec.features, library)
    for fold in folds.indices {
      let rows = try made(fold, model, configuration, threads: threads)
      let key = try key(fold, configuration)
      prepared.rows.withLock { $0[key] = rows }
    }
  }

  private func rows(
    _ fold: Int, _ model: ModelSpec, _ configuration: LearnerConfiguration, threads: Int
  ) throws -> LearnerRows {
    let key = try key(fold, configuration)
    return try prepared.rows.withLock { $0[key] }
      ?? made(fold, model, configuration, threads: threads)
  }

  private func key(_ fold: Int, _ configuration: LearnerConfiguration) throws -> Key {
    Key(
      fold: fold, datasetText: try configuration.datasetText(with: library),
      drawsRows: configuration.drawsRows(with: library), classWeight: configuration.classWeight,
      trainer: try spec.model.trainer(of: configuration, library))
  }

  private func made(
    _ fold: Int, _ model: ModelSpec, _ configuration: LearnerConfiguration, threads: Int
  ) throws -> LearnerRows {
    var spec = spec
    spec.model = model
    return try LearnerRows(
      spec, train: learned(fold), configuration: configuration, texts: texts, library: library,
      settings: RunSettings(threads: threads))
  }

  /// The logarithm of the factor by which class weights multiply the odds of a positive.
  private func logOddsOfWeights(_ weight: ModelSpec.ClassWeight, _ fold: Fold) -> Double {
    switch weight {
    case .none: return 0
    case .positive(let weight): return log(weight)
    case .balanced:
      var (rows, positives) = (0, 0)
      for (index, own) in fold.learned {
        let labels = train[index].labels
        rows += own?.count ?? labels.count
        positives += own.map { $0.count { labels[$0] == 1 } } ?? labels.count { $0 == 1 }
      }
      return log(Double(rows - positives) / Double(positives))
    }
  }
}

extension ModelSpec {
  /// The parameters of the learner that count rows.
  private static let counts = ["min_data_in_leaf", "min_data_per_group"]

  /// The same model for a share of the rows: limits that count rows are as much smaller, so that
  /// they mean the same.
  fileprivate func scaled(by share: Double, _ library: LightGBMLibrary) -> ModelSpec {
    guard share < 1 else { return self }
    var model = self
    for name in Self.counts {
      guard let count = value(name, library), count > 0 else { continue }
      model.set(name, to: String(Int(max(1, (count * share).rounded()))), library)
    }
    return model
  }
}
