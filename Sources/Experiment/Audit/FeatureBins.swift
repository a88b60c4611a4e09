internal import Columns
internal import Evaluation
internal import Foundation
internal import Panel

/// The bins of a feature: missing, then the levels of a category or `NumberBins`.
struct FeatureBins: Sendable {
  let count: Int
  private let index: Int
  /// nil for a category.
  private let numbers: NumberBins?

  /// - Parameters:
  ///   - blocks: the rows that determine the bins of numbers.
  ///   - index: the index of the feature.
  ///   - levelCount: the number of codes of a category; nil for numbers.
  init(_ blocks: [PanelBlock], feature index: Int, levelCount: Int?) {
    self.index = index
    numbers = levelCount == nil ? NumberBins(blocks.map { $0.features.columns[index] }) : nil
    count = numbers?.count ?? (levelCount ?? 0) + 1
  }

  /// The bin of each row of a block.
  func bins(_ block: PanelBlock) -> [Int32] {
    let column = block.features.columns[index]
    return numbers?.bins(column) ?? column.codes(missing: -1).map { $0 + 1 }
  }
}

/// The bins of a numeric feature: missing, then about ten of equal size. A value that fills a bin by
/// itself has one of its own.
private struct NumberBins: Sendable {
  /// The lowest value of each bin after the first, ascending.
  private let edges: [Double]

  init(_ columns: [FeatureColumn]) {
    let counts = FeatureColumn.valueCounts(columns)
    let sorted = counts.sorted { $0.key < $1.key }
    let size = max(1, counts.values.reduce(0, +) / 10)
    var edges: [Double] = []
    var filled = 0
    for (value, count) in sorted {
      if filled > 0, filled + count / 2 >= size {
        edges.append(value)
        filled = 0
      }
      filled += count
    }
    self.edges = edges
  }

  var count: Int { edges.count + 2 }

  func bins(_ column: FeatureColumn) -> [Int32] {
    var bins: [Int32] = []
    bins.reserveCapacity(column.count)
    column.forEachNumber { value in
      guard !value.isNaN else { return bins.append(0) }
      var (low, high) = (0, edges.count)
      while low < high {
        let middle = (low + high) / 2
        if edges[middle] <= value { low = middle + 1 } else { high = middle }
      }
      bins.append(Int32(low) + 1)
    }
    return bins
  }
}

extension FeatureColumn {
  /// How often each number occurs in some columns; missing values are left out.
  static func valueCounts(_ columns: [FeatureColumn]) -> [Double: Int] {
    var counts: [Double: Int] = [:]
    for column in columns { column.forEachNumber { if !$0.isNaN { counts[$0, default: 0] += 1 } } }
    return counts
  }

  /// Calls `body` with each row's number, NaN for a missing one.
  func forEachNumber(_ body: (Double) -> Void) {
    func call<Value: FixedWidthInteger>(_ values: [Value]) {
      for value in values { body(value == .min ? .nan : Double(value)) }
    }
    switch self {
    case .int8(let values): call(values)
    case .int16(let values): call(values)
    case .int32(let values): call(values)
    case .float(let values): for value in values { body(Double(value)) }
    case .double(let values): for value in values { body(value) }
    }
  }

  /// Whether a row's value is missing.
  func isNull(_ row: Int) -> Bool {
    switch self {
    case .int8(let values): values[row] == .min
    case .int16(let values): values[row] == .min
    case .int32(let values): values[row] == .min
    case .float(let values): values[row].isNaN
    case .double(let values): values[row].isNaN
    }
  }
}

/// The rows of a block, for shares in which every cluster counts as one, however many rows it has: rows
/// of one cluster are not independent. Without `evaluation.cluster`, every row is a cluster of its own.
struct ClusterWeights: Sendable {
  /// The number of distinct clusters.
  let count: Int
  /// One divided by the number of rows of the row's cluster; nil if every row is a cluster of its own.
  private let weights: [Double]?

  init(_ block: PanelBlock) {
    guard block.isClustered else {
      (count, weights) = (block.rowCount, nil)
      return
    }
    var sizes: [Int32: Int] = [:]
    for cluster in block.clusters { sizes[cluster, default: 0] += 1 }
    count = sizes.count
    weights = block.clusters.map { 1 / Double(sizes[$0] ?? 1) }
  }

  /// The sum over the clusters of the share of their rows that belong to a part, out of all clusters.
  func share(_ isIn: (Int) -> Bool) -> Share {
    guard let weights else {
      return Share(part: Double((0..<count).count(where: isIn)), rows: Double(count))
    }
    var sum = CompensatedSum()
    for (row, weight) in weights.enumerated() where isIn(row) { sum.add(weight) }
    return Share(part: min(sum.value, Double(count)), rows: Double(count))
  }
}

/// Rows, or clusters of rows, and those of them that belong to a part.
struct Share: Sendable {
  let part: Double
  let rows: Double

  var value: Double { rows == 0 ? 0 : part / rows }

  /// The log odds, with half a row added to either side so that they are finite.
  var logOdds: Double { log((part + 0.5) / (rows - part + 0.5)) }

  /// The root of twice the log likelihood ratio of two different shares and one common share.
  func deviate(from other: Share) -> Double {
    func likelihood(_ share: Share, _ probability: Double) -> Double {
      func term(_ count: Double, _ probability: Double) -> Double {
        count <= 0 ? 0 : count * log(probability)
      }
      return term(share.part, probability) + term(share.rows - share.part, 1 - probability)
    }
    let common = (part + other.part) / (rows + other.rows)
    let ratio =
      likelihood(self, value) + likelihood(other, other.value)
      - likelihood(self, common) - likelihood(other, common)
    return (2 * max(ratio, 0)).squareRoot()
  }
}
