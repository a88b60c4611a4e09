internal import Columns
internal import CLightGBM
internal import Evaluation
internal import Foundation

/// The number of trees that gives the lowest loss on validation rows.
///
/// ```swift
/// let search = try TreeSearch(
///   on: dataset, validation: held, labels: labels, patience: 50, configuration: configuration,
///   threads: 2)
/// configuration.iterations = search.trees
/// ```
public struct TreeSearch: Sendable, Hashable {
  /// The number of trees with the lowest loss; the smallest if there are ties.
  public let trees: Int
  /// The log loss of the validation rows with that many trees.
  public let logLoss: Double
  /// The number of trees that were tried.
  public let tried: Int

  /// Grows trees until the loss has not decreased for `patience` of them, or all are grown.
  ///
  /// The loss is the one that training minimizes: the log loss of the learner's own probabilities,
  /// with the weights of the configuration's `classWeight`. It is the same on any thread count.
  ///
  /// - Parameters:
  ///   - dataset: the training rows.
  ///   - held: the validation rows, binned as `dataset`.
  ///   - labels: the validation rows' labels, 0 or 1; both classes must be present.
  ///   - configuration: `iterations` is the maximum number of trees.
  ///   - progress: as for `Booster.train`.
  /// - Throws: as `Booster.train`.
  public init(
    on dataset: Dataset, validation held: Dataset, labels: [Float], patience: Int,
    configuration: LearnerConfiguration, threads: Int, progress: (Int) -> Bool = { _ in true }
  ) throws(LearningError) {
    guard labels.count == held.rowCount else {
      throw LearningError(.invalidInput, "\(held.rowCount) rows have \(labels.count) labels")
    }
    guard patience > 0 else {
      throw LearningError(.invalidParameter, "the patience must be above 0, not \(patience)")
    }
    let loss = WeightedLogLoss(labels: labels, weights: configuration.classWeight)
    switch (dataset.content, held.content) {
    case (.panel(let data), .panel(let heldData)):
      self = try Self.search(
        on: dataset, data, heldData, loss, patience, configuration, threads, progress)
    case (.library, .library(let heldHandle)):
      self = try Booster.growing(
        on: dataset, configuration, threads: threads, log: LogCollector()
      ) { handle, functions throws(LearningError) -> TreeSearch in
        try functions.check(
          functions.boosterAddValidData(handle, heldHandle), "LGBM_BoosterAddValidData")
        var probabilities = [Double](repeating: 0, count: labels.count)
        return try Self.search(patience, configuration) { tree throws(LearningError) in
          try Booster.grow(handle, functions, tree: tree, of: configuration, progress)
          var count = Int64(0)
          try functions.check(
            functions.boosterGetPredict(handle, 1, &count, &probabilities),
            "LGBM_BoosterGetPredict")
          return loss.of(probabilities, threads: threads)
        }
      }
    default:
      throw LearningError(.invalidInput, "the validation rows are not binned for the same trainer")
    }
  }

  /// Grows trees while the loss decreases; `next` grows one and returns the loss.
  private static func search(
    _ patience: Int, _ configuration: LearnerConfiguration,
    _ next: (Int) throws(LearningError) -> Double
  ) throws(LearningError) -> TreeSearch {
    var best = (trees: 0, loss: Double.infinity)
    var tree = 0
    while tree < configuration.iterations, tree - best.trees < patience {
      tree += 1
      let loss = try next(tree)
      if loss < best.loss { best = (tree, loss) }
    }
    guard best.trees > 0 else {
      throw LearningError(.invalidInput, "the loss of the validation rows is not a number")
    }
    return TreeSearch(trees: best.trees, logLoss: best.loss, tried: tree)
  }

  private static func search(
    on dataset: Dataset, _ data: PanelDataset, _ held: PanelDataset, _ loss: WeightedLogLoss,
    _ patience: Int, _ configuration: LearnerConfiguration, _ threads: Int,
    _ progress: (Int) -> Bool
  ) throws(LearningError) -> TreeSearch {
    try Booster.check(dataset, configuration)
    var booster = try PanelBooster(
      on: dataset, data, configuration, threads: threads, log: LogCollector())
    var scores = ValidationScores(held)
    var probabilities = [Double](repeating: 0, count: held.labels.count)
    return try search(patience, configuration) { tree throws(LearningError) in
      let grown = try booster.grow()
      if tree == 1 { scores.add(booster.start) }
      if let grown, grown.leafCount > 1 {
        scores.add(grown, values: booster.pending, threads: threads)
      }
      guard progress(tree) else { throw Booster.stopped(after: tree, of: configuration) }
      scores.probabilities(sigmoid: booster.parameters.sigmoid, into: &probabilities)
      return loss.of(probabilities, threads: threads)
    }
  }

  private init(trees: Int, logLoss: Double, tried: Int) {
    self.trees = trees
    self.logLoss = logLoss
    self.tried = tried
  }
}

/// The mean of -w log p(label) over rows, with weights normalized to a sum of 1.
struct WeightedLogLoss {
  private let labels: [Float]
  private let weights: [Float]?
  private let sum: Double

  init(labels: [Float], weights: ClassWeight) {
    self.labels = labels
    self.weights = weights.weights(labels: labels)
    sum = self.weights.map { $0.reduce(0) { $0 + Double($1) } } ?? Double(labels.count)
  }

  /// Returns the loss.
  /// - Parameters:
  ///   - probabilities: the probability that each row is positive; p and 1 - p are at least 2^-52,
  ///     as in the metric of the same name.
  ///   - threads: the number of threads; the sum does not depend on it.
  func of(_ probabilities: [Double], threads: Int) -> Double {
    // The pieces have a fixed size and are summed in order, so the result does not depend on the
    // threads.
    let piece = 1 << 16
    let labels = labels
    let weights = weights
    let parts = Parallel.map((labels.count + piece - 1) / piece, threads: threads) { number in
      var part = CompensatedSum()
      for row in number * piece..<min((number + 1) * piece, labels.count) {
        let probability = labels[row] > 0 ? probabilities[row] : 1 - probabilities[row]
        part.add(Double(weights?[row] ?? 1) * -log(max(probability, 0x1p-52)))
      }
      return part.value
    }
    var total = CompensatedSum()
    for part in parts { total.add(part) }
    return total.value / sum
  }
}
