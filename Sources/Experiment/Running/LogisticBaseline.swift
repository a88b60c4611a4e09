internal import Diagnostics
package import Learning
package import Panel
package import Spec

/// A logistic regression on all features, learned on the train rows.
///
/// It needs no parameters, and shows what trees add to sums of curves.
package struct LogisticBaseline {
  /// The number of train rows that it uses; of more, a weighted sample. More rows do not change its
  /// metrics by as much as chance does, and would cost time.
  static let rowLimit = 200_000
  /// The number of folds in which categories are encoded and the penalty is chosen.
  static let foldCount = 5

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
    let foldOfCluster = CrossFit.foldOfCluster(texts, of: Self.foldCount).map { UInt8($0) }
    // Of the row alone: the draws do not change with the seed of the model.
    let draws = RowDraws(seed: 0, keys: texts.keys)
    let rows = try LogisticRows(
      blocks: train.map(\.features), encodings: model.encodings, labels: labels,
      folds: train.flatMap { block in block.clusters.map { foldOfCluster[Int($0)] } },
      foldCount: Self.foldCount,
      draws: train.flatMap { block in
        block.entities.map { draws[$0, block.cutoff.date] }
      })
    let fitted = try LogisticRegression.fit(
      rows, names: spec.features.map(\.name.value), limit: Self.rowLimit, threads: threads)
    func margins(_ blocks: [PanelBlock]) throws -> [Double] {
      try fitted.margins(
        blocks: blocks.map(\.features), encodings: model.encodings, threads: threads)
    }
    self.model = fitted
    self.margins = try margins(test)
    calibrateMargins = try margins(calibrate)
  }
}
