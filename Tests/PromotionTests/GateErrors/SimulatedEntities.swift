import Columns
import Evaluation
import Foundation
import HoldoutTestSupport
import Panel
import Randomness

/// Entities whose propensity is known, at three cutoffs each.
///
/// Five traits stay, one changes with the cutoff. Half of the labels repeat that of the cutoff before, as
/// overlapping windows make them do, so rows of one entity are far from independent. About 1.1 % of the
/// rows are positive.
struct SimulatedEntities {
  static let cutoffs = 3
  static let traits = 6

  private var generator: Xoshiro256StarStar
  private(set) var entityCount = 0
  /// Column by column, one value per row.
  private(set) var features = [[Double]](repeating: [], count: traits)
  private(set) var labels: [UInt8] = []
  /// The log-odds of a purchase, were it not for labels that repeat.
  private(set) var truth: [Double] = []
  /// The probability of a positive label.
  private(set) var probabilities: [Double] = []

  /// So many entities, or as many as it takes until the given number of them buys.
  init(seed: UInt64, entities: Int = .max, buyers: Int = .max) {
    generator = Xoshiro256StarStar(seed: seed)
    var found = 0
    while entityCount < entities, found < buyers {
      found += addEntity() ? 1 : 0
      entityCount += 1
    }
  }

  /// Whether the entity buys.
  private mutating func addEntity() -> Bool {
    let stays = (0..<Self.traits - 1).map { _ in generator.normal() }
    var last: UInt8?
    var buys = false
    for _ in 0..<Self.cutoffs {
      let changes = generator.normal()
      let logOdds =
        -4.9 + 0.8 * stays[0] + 0.5 * stays[1] - 0.4 * abs(stays[3]) + 0.5 * changes
        + (stays[0] > 0 ? 0.6 * stays[2] : 0)
      var probability = 1 / (1 + exp(-logOdds))
      var label: UInt8 = generator.uniform() < probability ? 1 : 0
      if let last {
        if Bool.random(using: &generator) { label = last }
        probability = (probability + probabilities[probabilities.count - 1]) / 2
      }
      probabilities.append(probability)
      last = label
      for (column, value) in (stays + [changes]).enumerated() { features[column].append(value) }
      labels.append(label)
      truth.append(logOdds)
      buys = buys || label == 1
    }
    return buys
  }

  /// The rows as a learner sees them.
  var blocks: [FeatureBlock] {
    [FeatureBlock(rowCount: labels.count, columns: features.map { .double($0) })]
  }

  /// The rows as a model with these margins judges them.
  func scored(_ margins: [Double]) -> ScoredRows {
    let scores = margins.map { 1 / (1 + exp(-$0)) }
    return ScoredRows(
      cutoff: labels.indices.map { Int32($0 % Self.cutoffs) },
      entity: labels.indices.map { Int32($0 / Self.cutoffs) }, label: labels, margin: margins,
      score: scores, uncalibrated: scores, cutoffCount: Self.cutoffs)
  }

  /// The ROC AUC of margins in general: each row counts as positive by its probability, which leaves far
  /// less to chance than its label.
  func expectedArea(_ margins: [Double]) -> Double? {
    let ones = [UInt8](repeating: 1, count: margins.count)
    return ScoreGroups(
      labels: ones + ones.map { _ in 0 }, scores: margins + margins,
      weights: probabilities + probabilities.map { 1 - $0 }
    ).areaUnderROC
  }

  /// A model that knows the truth but for noise of the given deviation: half of its variance goes with
  /// the entity, half with the row.
  mutating func judged(noise: Double) -> ScoredRows {
    var margins = truth
    for entity in 0..<entityCount {
      let own = generator.normal()
      for row in Self.cutoffs * entity..<Self.cutoffs * (entity + 1) {
        margins[row] += noise * 0.5.squareRoot() * (own + generator.normal())
      }
    }
    return scored(margins)
  }
}
