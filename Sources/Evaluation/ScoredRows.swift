/// The rows a model is judged on, column by column: one row per (entity, cutoff).
///
/// All columns have the same length. The order of the rows never changes a result.
public struct ScoredRows: Sendable, Equatable {
  /// The row's cutoff, as an index from 0.
  public let cutoff: [Int32]
  /// The row's entity, as an index from 0 whose order is the order of the keys.
  public let entity: [Int32]
  /// 1 when the event fell into the label window, otherwise 0.
  public let label: [UInt8]
  /// The learner's raw score: it alone ranks the rows.
  public let margin: [Double]
  /// The calibrated probability.
  public let score: [Double]
  /// The probability before calibration: the logistic function of the margin.
  public let uncalibrated: [Double]
  /// How many cutoffs there are; some may hold no row.
  public let cutoffCount: Int

  /// Takes the columns as they are.
  ///
  /// It is a programmer's error, and stops the program, when the columns differ in length, an index
  /// is negative, a label is neither 0 nor 1, a margin is not a number, or a probability lies
  /// outside 0...1. `cutoffCount` is one more than the greatest cutoff index unless given.
  public init(
    cutoff: [Int32], entity: [Int32], label: [UInt8], margin: [Double], score: [Double],
    uncalibrated: [Double], cutoffCount: Int? = nil
  ) {
    let count = label.count
    precondition(
      cutoff.count == count && entity.count == count && margin.count == count
        && score.count == count && uncalibrated.count == count,
      "columns of scored rows differ in length")
    let needed = Int(cutoff.max() ?? -1) + 1
    precondition(cutoff.allSatisfy { $0 >= 0 }, "a cutoff index is negative")
    precondition((cutoffCount ?? needed) >= needed, "a cutoff index is beyond the cutoff count")
    precondition(entity.allSatisfy { $0 >= 0 }, "an entity index is negative")
    precondition(label.allSatisfy { $0 <= 1 }, "a label is neither 0 nor 1")
    precondition(margin.allSatisfy { !$0.isNaN }, "a margin is not a number")
    precondition(score.allSatisfy { $0 >= 0 && $0 <= 1 }, "a score lies outside 0...1")
    precondition(
      uncalibrated.allSatisfy { $0 >= 0 && $0 <= 1 }, "an uncalibrated score lies outside 0...1")
    self.cutoff = cutoff
    self.entity = entity
    self.label = label
    self.margin = margin
    self.score = score
    self.uncalibrated = uncalibrated
    self.cutoffCount = cutoffCount ?? needed
  }

  /// How many rows there are.
  public var count: Int { label.count }

  /// How many different entities have at least one positive row.
  public var distinctBuyers: Int {
    countOfDistinctEntities { label[$0] == 1 }
  }

  /// How many different entities there are.
  public var distinctEntities: Int { countOfDistinctEntities { _ in true } }

  /// How many different entities there are of the rarer kind: with a positive row, or with a negative one.
  var rarerClassEntities: Int {
    min(distinctBuyers, countOfDistinctEntities { label[$0] == 0 })
  }

  /// The rows at the given positions, in that order.
  public func selecting(_ positions: [Int]) -> ScoredRows {
    ScoredRows(
      cutoff: positions.map { cutoff[$0] }, entity: positions.map { entity[$0] },
      label: positions.map { label[$0] }, margin: positions.map { margin[$0] },
      score: positions.map { score[$0] }, uncalibrated: positions.map { uncalibrated[$0] },
      cutoffCount: cutoffCount)
  }

  private func countOfDistinctEntities(where isCounted: (Int) -> Bool) -> Int {
    var isSeen = [Bool](repeating: false, count: Int(entity.max() ?? -1) + 1)
    var distinct = 0
    for row in 0..<count where isCounted(row) && !isSeen[Int(entity[row])] {
      isSeen[Int(entity[row])] = true
      distinct += 1
    }
    return distinct
  }
}

extension ScoredRows {
  /// The rows from the highest margin to the lowest; equal margins from the highest score to the
  /// lowest, so that a score that never falls as the margin rises comes out sorted as well.
  func sortedByFallingMargin() -> ScoredRows {
    struct Key {
      var margin: Double
      var score: Double
      var row: Int
    }
    var keys = (0..<count).map { Key(margin: margin[$0], score: score[$0], row: $0) }
    keys.sort {
      if $0.margin != $1.margin { return $0.margin > $1.margin }
      return $0.score > $1.score
    }
    return selecting(keys.map(\.row))
  }

  /// For each cutoff the positions of its rows, in the order in which they stand here.
  func positionsByCutoff() -> [[Int]] {
    var positions = [[Int]](repeating: [], count: cutoffCount)
    for row in 0..<count { positions[Int(cutoff[row])].append(row) }
    return positions
  }
}

/// A running sum that carries the rounding error of each addition along (Neumaier, 1974).
///
/// The result is as exact as if summed in twice the precision, for about four times the additions.
package struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var correction = 0.0

  package init() {}

  /// The sum of all that was added so far.
  package var value: Double { sum + correction }

  /// Adds one term.
  @inline(__always)
  package mutating func add(_ term: Double) {
    let total = sum + term
    correction += abs(sum) >= abs(term) ? (sum - total) + term : (term - total) + sum
    sum = total
  }
}
