import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness

/// Random test data from a seed.
typealias Draw = Xoshiro256StarStar

extension Draw {
  /// The same rows judged by a poorer model: margins with normal noise of the given deviation, scores
  /// that follow from them.
  mutating func noisier(_ rows: ScoredRows, by deviation: Double) -> ScoredRows {
    rows.withMargins(rows.margin.map { $0 + deviation * normal() }) { logistic(0.8 * $0 - 0.1) }
  }

  mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    elements.shuffled(using: &self)
  }

  /// Labels and scores with many ties: `levels` distinct scores.
  mutating func tied(rows: Int, levels: Int, rate: Double) -> (labels: [UInt8], scores: [Double]) {
    var labels: [UInt8] = []
    var scores: [Double] = []
    for _ in 0..<rows {
      let level = Double(below(levels)) / Double(levels)
      scores.append(level)
      labels.append(uniform() < rate + 0.3 * level ? 1 : 0)
    }
    return (labels, scores)
  }

  /// Rows of entities that stand in several cutoffs; `step` > 0 rounds margins, which makes ties.
  mutating func scoredRows(
    entities: Int, cutoffs: Int, base: Double = -3, step: Double = 0.25
  ) -> ScoredRows {
    var columns: [(cutoff: Int32, entity: Int32, label: UInt8, margin: Double)] = []
    for entity in 0..<entities {
      let own = 3 * (uniform() + uniform() - 1)
      for cutoff in 0..<cutoffs where uniform() < 0.9 {
        var margin = base + own + uniform()
        if step > 0 { margin = (margin / step).rounded() * step }
        let label: UInt8 = uniform() < logistic(margin) ? 1 : 0
        // Entities need not be numbered without gaps.
        columns.append((Int32(cutoff), Int32(3 * entity + 1), label, margin))
      }
    }
    return ScoredRows(
      cutoff: columns.map(\.cutoff), entity: columns.map(\.entity), label: columns.map(\.label),
      margin: columns.map(\.margin), score: columns.map { logistic(0.8 * $0.margin - 0.1) },
      uncalibrated: columns.map { logistic($0.margin) }, cutoffCount: cutoffs)
  }
}

extension ScoredRows {
  /// Other margins, and scores that follow from them or stay.
  func withMargins(_ margins: [Double], score: ((Double) -> Double)? = nil) -> ScoredRows {
    ScoredRows(
      cutoff: cutoff, entity: entity, label: label, margin: margins,
      score: score.map { margins.map($0) } ?? self.score, uncalibrated: uncalibrated,
      cutoffCount: cutoffCount)
  }
}

func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

/// Whether two numbers differ by at most `tolerance`, relative to their size where it exceeds 1.
func isClose(_ left: Double?, _ right: Double?, _ tolerance: Double) -> Bool {
  guard let left, let right else { return left == nil && right == nil }
  return abs(left - right) <= tolerance * max(1, abs(left), abs(right))
}
