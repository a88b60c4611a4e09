/// What all bootstrap resamples share: the rows sorted and cut up, so that a resample only has to
/// add up integer weights.
struct ResamplePlan: Sendable {
  /// The metrics of all rows together, in the order in which a resample's values stand.
  static let pooledNames = [
    "roc_auc", "pr_auc", "log_loss", "brier", "brier_skill", "ece", "calibration_intercept",
    "calibration_slope", "observed_over_expected", "base_rate",
  ]

  let lists: [TopListSize]
  /// Which of the costlier metrics are measured; the others come out undefined.
  let hasAreas: Bool
  let hasCalibration: Bool
  let entityCount: Int
  /// Per entity: rows, log loss, squared error and score, each summed over its rows.
  let entitySums: [SIMD4<Double>]
  /// The entity of each positive row.
  let positiveEntities: [Int32]
  let ranking: RankingCells
  let calibration: CalibrationCells
  let cutoffs: [CutoffRanking]

  /// Prepares all metrics, or at least the one that is named.
  init(_ rows: ScoredRows, lists: [TopListSize], only metric: String? = nil) {
    self.lists = lists.filter { metric.map(Self.meanNames(of: [$0]).contains) ?? true }
    hasAreas = metric.map(["roc_auc", "pr_auc"].contains) ?? true
    hasCalibration =
      metric.map(["ece", "calibration_intercept", "calibration_slope"].contains) ?? true
    let (entities, count) = Self.numbered(rows.entity)
    entityCount = count
    let byMargin = rows.sortedByFallingMargin(entities: entities)
    ranking = RankingCells(byMargin)
    cutoffs = CutoffRanking.each(byMargin, cutoffCount: rows.cutoffCount)
    let byScore = byMargin.sortedByFallingScore()
    calibration = CalibrationCells(byScore)
    positiveEntities = ranking.positiveEntities
    var sums = [SIMD4<Double>](repeating: .zero, count: count)
    // From high to low score, so that an entity's sums do not depend on the order of the rows.
    for row in byScore {
      let cost = ScoreGroups.cost(of: row.label == 1 ? row.score : 1 - row.score)
      let error = Double(row.label) - row.score
      sums[Int(row.entity)] += SIMD4(1, cost, error * error, row.score)
    }
    entitySums = sums
  }

  /// The metrics that are means over cutoffs, in the order in which a resample's values stand.
  static func meanNames(of lists: [TopListSize]) -> [String] {
    lists.flatMap { list in
      ["precision", "recall", "lift"].map { "\($0)_at_\(list.suffix)" }
    }
  }

  /// The names of a resample's values.
  var names: [String] { Self.pooledNames + Self.meanNames(of: lists) }

  /// Numbers the entities that occur from 0 without gaps, keeping their order.
  private static func numbered(_ entities: [Int32]) -> (numbers: [Int32], count: Int) {
    var number = [Int32](repeating: -1, count: Int(entities.max() ?? -1) + 1)
    for entity in entities { number[Int(entity)] = 0 }
    var next: Int32 = 0
    for entity in number.indices where number[entity] == 0 {
      number[entity] = next
      next += 1
    }
    return (entities.map { number[Int($0)] }, Int(next))
  }
}
