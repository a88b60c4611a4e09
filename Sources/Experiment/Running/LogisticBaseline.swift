internal import Diagnostics
package import Learning
package import Panel
package import Spec

/// A logistic regression on all features, learned on the train rows: a baseline beside a model of
/// trees.
///
/// It needs no parameters, and shows what trees add to sums of curves.
package struct LogisticBaseline {
  /// The number of train rows that it uses; of more, a weighted sample. More rows do not change its
  /// metrics by as much as chance does, and would cost time.
  static let rowLimit = 200_000

  package let model: LogisticRegression
  /// The margins of the test rows, which are log odds.
  package let margins: [Double]
  /// The margins of the calibrate rows.
  let calibrateMargins: [Double]

  /// - Returns: nil when the train rows are all of one class.
  /// - Throws: `LearningError`.
  package init?(
    _ spec: ExperimentSpec, _ model: TrainedModel, train: [PanelBlock], calibrate: [PanelBlock],
    test: [PanelBlock], texts: PanelTexts, threads: Int
  ) throws {
    let labels = train.flatMap(\.labels)
    guard labels.contains(1), labels.contains(0) else { return nil }
    // The draws do not change with the seed of the model.
    let rows = try LogisticRows(train, encodings: model.encodings, texts: texts, seed: 0)
    let fitted = try LogisticRegression.fit(
      rows, names: spec.features.map(\.name.value), limit: Self.rowLimit, threads: threads)
    func margins(_ blocks: [PanelBlock]) throws -> [Double] {
      try fitted.predictMargins(
        blocks: blocks.map(\.features), encodings: model.encodings, threads: threads)
    }
    self.model = fitted
    self.margins = try margins(test)
    calibrateMargins = try margins(calibrate)
  }
}

extension EncodedRows {
  /// Fits `learner: logistic`, to all rows that the learner sees.
  /// - Throws: `LearningError`.
  func regression(
    _ spec: ExperimentSpec, _ logistic: LogisticSettings, texts: PanelTexts,
    settings: RunSettings
  ) throws -> LogisticRegression {
    settings.progress(StepProgress(.stage(.training)))
    let rows = blocks.reduce(0) { $0 + $1.rowCount }
    let positives = blocks.reduce(0) { $0 + $1.counts.positives }
    return try LogisticRegression.fit(
      LogisticRows(
        blocks, encodings: encodings, texts: texts, seed: spec.model.seed,
        weights: Learning.ClassWeight(spec.model.classWeight).weights(
          positives: positives, rows: rows, negatives: sample?.weight ?? 1)),
      names: spec.features.map(\.name.value), settings: logistic, threads: settings.threads)
  }
}

extension LogisticRows {
  /// The number of folds in which categories are encoded and the penalty is chosen.
  private static let ownFoldCount = 5

  /// Makes rows of blocks, with the rows of a cluster in one fold.
  fileprivate init(
    _ blocks: [PanelBlock], encodings: [ColumnEncoding], texts: PanelTexts, seed: Int,
    weights: (positive: Double, negative: Double) = (1, 1)
  ) throws(LearningError) {
    let foldOfCluster = CrossFit.foldOfCluster(texts, of: Self.ownFoldCount).map { UInt8($0) }
    let draws = RowDraws(seed: seed, keys: texts.keys)
    try self.init(
      blocks: blocks.map(\.features), encodings: encodings, labels: blocks.flatMap(\.labels),
      folds: blocks.flatMap { block in block.clusters.map { foldOfCluster[Int($0)] } },
      foldCount: Self.ownFoldCount,
      draws: blocks.flatMap { block in block.entities.map { draws[$0, block.cutoff.date] } },
      weights: weights)
  }
}
