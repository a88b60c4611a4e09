internal import Crypto
internal import Diagnostics
internal import Foundation
package import Learning
package import Panel
package import Spec

/// Margins of the train rows, each from a model that has learned nothing from the row's entity.
///
/// Entities are dealt into folds; for each fold a model with the spec's settings learns from the rows of
/// the others, with category levels and bins of its own, and gives margins to the fold's rows. All rows
/// of an entity are in one fold, as its rows at different cutoffs are alike.
package struct CrossFit {
  package let folds: Int
  /// Of all train rows, fold by fold.
  package let margins: [Double]
  package let labels: [UInt8]
  package let entities: [Int32]

  /// - Parameter logOddsPerMargin: of the model that the margins are to stand for; in a forest with fewer
  ///   trees a margin is a smaller sum for the same probability.
  /// - Throws: `FindingsError` when the rows outside a fold are none, or of one class.
  package init(
    _ spec: ExperimentSpec, folds: Int, train: [PanelBlock], texts: PanelTexts,
    library: LightGBMLibrary, logOddsPerMargin: Double, settings: RunSettings
  ) throws {
    let foldOfEntity = texts.keys.map { Self.fold(ofKey: $0, of: folds) }
    var margins: [Double] = []
    var labels: [UInt8] = []
    var entities: [Int32] = []
    let quiet = RunSettings(threads: settings.threads)
    for fold in 0..<folds {
      settings.progress(RunProgress(stage: .crossFitting, done: fold, total: folds))
      func rows(_ isMeant: (Int) -> Bool) -> [PanelBlock] {
        train.map { block in
          block.rows(
            block.entities.indices.filter { isMeant(foldOfEntity[Int(block.entities[$0])]) })
        }
      }
      let own = rows { $0 == fold }
      // A small train set may leave a fold without entities; it then has no rows to give margins to.
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
      let ratio = model.booster.logOddsPerMargin / logOddsPerMargin
      margins += try model.margins(own, threads: settings.threads).map { ratio * $0 }
      labels += own.flatMap(\.labels)
      entities += own.flatMap(\.entities)
    }
    self.folds = folds
    self.margins = margins
    self.labels = labels
    self.entities = entities
  }

  /// The fold of an entity, by its key alone: other entities coming or going move nobody.
  ///
  /// The first eight bytes of the key's SHA-256 as a number, highest byte first, modulo the folds.
  package static func fold(ofKey key: String, of folds: Int) -> Int {
    let number = SHA256.hash(data: Data(key.utf8)).prefix(8).reduce(UInt64(0)) {
      $0 << 8 | UInt64($1)
    }
    return Int(number % UInt64(folds))
  }
}
