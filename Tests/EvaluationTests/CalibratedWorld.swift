import Evaluation
import Foundation
import HoldoutTestSupport
import Randomness

/// Rows whose scores are right: an entity draws one uniform number, and its rows are positive if
/// their scores are above it.
struct CalibratedWorld {
  private(set) var cutoff: [Int32] = []
  private(set) var entity: [Int32] = []
  private(set) var margin: [Double] = []
  private(set) var score: [Double] = []
  /// One of 18 levels by entity: the first has 27 % of the entities, the others fewer and fewer.
  private(set) var level: [Int32] = []
  private var draw: Draw

  static let levels = 18

  init(seed: UInt64, entities: Int, cutoffs: Int = 4, base: Double) {
    draw = Draw(seed: seed)
    for entity in 0..<entities {
      let own = base + draw.normal()
      let isFirst = draw.uniform() < 0.27
      let other = 1 + Int(pow(draw.uniform(), 1.7) * Double(Self.levels - 1))
      for cutoff in 0..<cutoffs {
        self.cutoff.append(Int32(cutoff))
        self.entity.append(Int32(entity))
        margin.append(own + 0.3 * draw.normal())
        level.append(isFirst ? 0 : Int32(min(other, Self.levels - 1)))
      }
    }
    score = margin.map(logistic)
  }

  /// The rows with labels that are drawn from the scores, each multiplied by the factor of its
  /// level.
  mutating func rows(factor: (Int32) -> Double = { _ in 1 }) -> ScoredRows {
    var labels: [UInt8] = []
    var uniform = 0.0
    for row in entity.indices {
      if row == 0 || entity[row] != entity[row - 1] { uniform = draw.uniform() }
      labels.append(uniform < score[row] * factor(level[row]) ? 1 : 0)
    }
    return ScoredRows(
      cutoff: cutoff, entity: entity, label: labels, margin: margin, score: score,
      uncalibrated: score)
  }
}

extension ScoredRows {
  /// The same rows, each with an entity of its own.
  var asIndependent: ScoredRows {
    ScoredRows(
      cutoff: cutoff, entity: Array(0..<Int32(count)), label: label, margin: margin, score: score,
      uncalibrated: uncalibrated, cutoffCount: cutoffCount)
  }

  /// Rows at one cutoff, one per entity.
  init(label: [UInt8], margin: [Double]? = nil, score: [Double]? = nil) {
    let score = score ?? label.map { _ in 0.5 }
    self.init(
      cutoff: label.map { _ in 0 }, entity: Array(0..<Int32(label.count)), label: label,
      margin: margin ?? score, score: score, uncalibrated: score)
  }
}

/// How many simulations tests run, and how many `scripts/gate-errors` asks for.
enum LongSimulations {
  static let asked = ProcessInfo.processInfo.environment["HOLDOUT_GATE_PAIRS"].flatMap { Int($0) }

  /// Prints a line of the script's report.
  static func say(_ line: String) {
    if asked != nil { print("gate-errors: \(line)") }
  }
}
