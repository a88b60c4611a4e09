/// The rows that a model is evaluated on, as columns: one row per (entity, cutoff).
///
/// All columns have the same length. The order of the rows never changes a result.
public struct ScoredRows: Sendable, Equatable {
  /// The row's cutoff, as an index from 0.
  public let cutoff: [Int32]
  /// The row's entity, as an index from 0 in the order of the keys.
  public let entity: [Int32]
  /// The cluster of each row, as an index from 0; nil if every entity is a cluster of its own.
  private let ownCluster: [Int32]?
  /// 1 if the event fell into the label window, otherwise 0.
  public let label: [UInt8]
  /// The learner's raw score; it alone ranks the rows.
  public let margin: [Double]
  /// The calibrated probability.
  public let score: [Double]
  /// The probability before calibration: the logistic function of the margin.
  public let uncalibrated: [Double]
  /// The number of cutoffs; some may have no rows.
  public let cutoffCount: Int

  /// Creates rows from columns.
  ///
  /// It is a programmer error, and traps, if the columns differ in length, an index is negative, a
  /// label is neither 0 nor 1, a margin is NaN, a probability is outside 0...1, or an entity is in
  /// two clusters. `cutoffCount` is one more than the greatest cutoff index by default. Without
  /// `cluster`, the clusters are the entities.
  public init(
    cutoff: [Int32], entity: [Int32], cluster: [Int32]? = nil, label: [UInt8], margin: [Double],
    score: [Double], uncalibrated: [Double], cutoffCount: Int? = nil
  ) {
    let count = label.count
    precondition(
      cutoff.count == count && entity.count == count && margin.count == count
        && score.count == count && uncalibrated.count == count
        && (cluster.map { $0.count == count } ?? true),
      "columns of scored rows differ in length")
    let needed = Int(cutoff.max() ?? -1) + 1
    precondition(cutoff.allSatisfy { $0 >= 0 }, "a cutoff index is negative")
    precondition((cutoffCount ?? needed) >= needed, "a cutoff index is beyond the cutoff count")
    precondition(entity.allSatisfy { $0 >= 0 }, "an entity index is negative")
    precondition(cluster?.allSatisfy { $0 >= 0 } ?? true, "a cluster index is negative")
    precondition(
      cluster.map { Self.isFunction(of: entity, $0) } ?? true, "an entity is in two clusters")
    precondition(label.allSatisfy { $0 <= 1 }, "a label is neither 0 nor 1")
    precondition(margin.allSatisfy { !$0.isNaN }, "a margin is not a number")
    precondition(score.allSatisfy { $0 >= 0 && $0 <= 1 }, "a score lies outside 0...1")
    precondition(
      uncalibrated.allSatisfy { $0 >= 0 && $0 <= 1 }, "an uncalibrated score lies outside 0...1")
    self.cutoff = cutoff
    self.entity = entity
    ownCluster = cluster
    self.label = label
    self.margin = margin
    self.score = score
    self.uncalibrated = uncalibrated
    self.cutoffCount = cutoffCount ?? needed
  }

  /// The number of rows.
  public var count: Int { label.count }

  /// The cluster of each row: rows of one cluster are not independent, so they are resampled
  /// together and count once as evidence. The entity, unless the rows have other clusters.
  public var cluster: [Int32] { ownCluster ?? entity }

  /// Whether the rows have clusters other than their entities.
  public var isClustered: Bool { ownCluster != nil }

  /// The number of distinct clusters with at least one positive row.
  public var positiveEntities: Int { Self.distinct(cluster) { label[$0] == 1 } }

  /// The number of distinct entities.
  public var distinctEntities: Int { Self.distinct(entity) { _ in true } }

  /// The number of distinct clusters.
  public var distinctClusters: Int { Self.distinct(cluster) { _ in true } }

  /// The number of distinct clusters with at least one row of the rarer class.
  var rarerClassEntities: Int {
    min(positiveEntities, Self.distinct(cluster) { label[$0] == 0 })
  }

  /// Returns the rows at the given indices, in that order.
  public func selecting(_ positions: [Int]) -> ScoredRows {
    ScoredRows(
      cutoff: positions.map { cutoff[$0] }, entity: positions.map { entity[$0] },
      cluster: ownCluster.map { cluster in positions.map { cluster[$0] } },
      label: positions.map { label[$0] }, margin: positions.map { margin[$0] },
      score: positions.map { score[$0] }, uncalibrated: positions.map { uncalibrated[$0] },
      cutoffCount: cutoffCount)
  }

  /// Returns whether rows of one entity are in one cluster.
  private static func isFunction(of entity: [Int32], _ cluster: [Int32]) -> Bool {
    var known = [Int32](repeating: -1, count: Int(entity.max() ?? -1) + 1)
    for (entity, cluster) in zip(entity, cluster) {
      guard known[Int(entity)] < 0 || known[Int(entity)] == cluster else { return false }
      known[Int(entity)] = cluster
    }
    return true
  }

  /// Returns the number of distinct indices among the rows that are counted.
  private static func distinct(_ indices: [Int32], where isCounted: (Int) -> Bool) -> Int {
    var isSeen = [Bool](repeating: false, count: Int(indices.max() ?? -1) + 1)
    var distinct = 0
    for (row, index) in indices.enumerated() where isCounted(row) && !isSeen[Int(index)] {
      isSeen[Int(index)] = true
      distinct += 1
    }
    return distinct
  }
}

extension ScoredRows {
  /// Returns the rows by descending margin, then descending score. A score that never decreases as
  /// the margin increases is therefore sorted as well.
  package func sortedByFallingMargin() -> ScoredRows { selecting(orderByFallingMargin()) }

  /// Returns the indices of the rows by descending margin, then descending score.
  func orderByFallingMargin() -> [Int] {
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
    return keys.map(\.row)
  }

  /// Returns the indices of each cutoff's rows, in their order here.
  func positionsByCutoff() -> [[Int]] {
    var positions = [[Int]](repeating: [], count: cutoffCount)
    for row in 0..<count { positions[Int(cutoff[row])].append(row) }
    return positions
  }
}

extension ScoredRows {
  /// The cluster of each row, numbered from 0 without gaps in the order of the first entity of each,
  /// and the number of clusters. Draws then depend on which rows are together, and not on how
  /// clusters were numbered.
  var numberedClusters: (numbers: [Int32], count: Int) {
    guard let ownCluster else { return numberedEntities(entity) }
    var first = [Int32](repeating: .max, count: Int(ownCluster.max() ?? -1) + 1)
    for (entity, cluster) in zip(entity, ownCluster) {
      first[Int(cluster)] = min(first[Int(cluster)], entity)
    }
    return numberedEntities(ownCluster.map { first[Int($0)] })
  }
}

/// Renumbers the entities that occur from 0 without gaps, keeping their order.
func numberedEntities(_ entities: [Int32]) -> (numbers: [Int32], count: Int) {
  var number = [Int32](repeating: -1, count: Int(entities.max() ?? -1) + 1)
  for entity in entities { number[Int(entity)] = 0 }
  var next: Int32 = 0
  for entity in number.indices where number[entity] == 0 {
    number[entity] = next
    next += 1
  }
  return (entities.map { number[Int($0)] }, Int(next))
}

/// A running sum that also carries the rounding error of each addition (Neumaier, 1974).
///
/// The result is as accurate as a sum in twice the precision, at about four times the additions.
package struct CompensatedSum: Sendable {
  private var sum = 0.0
  private var correction = 0.0

  /// Creates an empty sum.
  package init() {}

  /// Creates the sum of terms, in their order.
  package init(_ terms: some Sequence<Double>) {
    for term in terms { add(term) }
  }

  /// The sum of all terms added so far.
  package var value: Double { sum + correction }

  /// Adds one term.
  @inline(__always)
  package mutating func add(_ term: Double) {
    let total = sum + term
    correction += abs(sum) >= abs(term) ? (sum - total) + term : (term - total) + sum
    sum = total
  }
}
