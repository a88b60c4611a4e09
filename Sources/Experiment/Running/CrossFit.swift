internal import Cryptography
internal import Diagnostics
internal import Foundation
package import Learning
package import Panel
package import Spec

/// Out-of-fold margins of the train rows: each comes from a model that has learned nothing from the
/// row's cluster, which is its entity unless the spec has `evaluation.cluster`.
///
/// Clusters are divided into folds. For each fold, a model with the spec's settings learns from the
/// rows of the other folds, with its own category levels and bins, and predicts the margins of the
/// fold's rows. All rows of a cluster are in one fold, because an entity's rows at different
/// cutoffs, and the entities of an account, are similar.
package struct CrossFit {
  package let folds: Int
  /// The margins of all train rows, fold by fold.
  package let margins: [Double]
  package let labels: [UInt8]
  package let entities: [Int32]
  package let clusters: [Int32]

  /// - Parameter logOddsPerMargin: the scale of the model that the margins substitute for. In a
  ///   forest with fewer trees a margin is a smaller sum for the same probability.
  /// - Throws: `FindingsError` when no rows are outside a fold, or they are all of one class.
  package init(
    _ spec: ExperimentSpec, folds: Int, train: [PanelBlock], texts: PanelTexts,
    library: LightGBMLibrary, logOddsPerMargin: Double, settings: RunSettings
  ) throws {
    let foldOfCluster = Self.foldOfCluster(texts, of: folds)
    var margins: [Double] = []
    var labels: [UInt8] = []
    var entities: [Int32] = []
    var clusters: [Int32] = []
    let quiet = RunSettings(threads: settings.threads)
    for fold in 0..<folds {
      settings.progress(StepProgress(.stage(.crossFitting), done: fold, of: folds))
      func rows(_ isMeant: (Int) -> Bool) -> [PanelBlock] {
        train.map { block in
          let clusters = block.clusters
          return block.rows(
            clusters.indices.filter { isMeant(foldOfCluster[Int(clusters[$0])]) })
        }
      }
      let own = rows { $0 == fold }
      // A small train set may leave a fold without clusters. It then has no rows to predict.
      guard own.contains(where: { $0.rowCount > 0 }) else { continue }
      let others = rows { $0 != fold }
      let positives = others.reduce(0) { $0 + $1.counts.positives }
      let count = others.reduce(0) { $0 + $1.rowCount }
      guard positives > 0, positives < count else {
        throw FindingsError(
          .cannotCrossFit(spec, fold: fold + 1, of: folds, rows: count, positives: positives))
      }
      let model = try TrainedModel(
        spec, train: others, texts: texts, library: library, settings: quiet)
      let ratio = model.predictor.logOddsPerMargin / logOddsPerMargin
      margins += try model.margins(own, threads: settings.threads).map { ratio * $0 }
      labels += own.flatMap(\.labels)
      entities += own.flatMap(\.entities)
      clusters += own.flatMap(\.clusters)
    }
    self.folds = folds
    self.margins = margins
    self.labels = labels
    self.entities = entities
    self.clusters = clusters
  }

  /// The fold of each cluster, by number.
  static func foldOfCluster(_ texts: PanelTexts, of folds: Int) -> [Int] {
    texts.clusterNames.map { fold(ofKey: $0, of: folds) }
  }

  /// The fold of a cluster, from its text or its entity's key alone: adding or removing others does
  /// not change it.
  ///
  /// The first eight bytes of the key's SHA-256 as a big-endian number, modulo the number of folds.
  package static func fold(ofKey key: String, of folds: Int) -> Int {
    let number = SHA256.hash(Data(key.utf8)).prefix(8).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return Int(number % UInt64(folds))
  }
}
