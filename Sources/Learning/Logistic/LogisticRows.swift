public import Columns
internal import Foundation

/// What a logistic regression is fitted with.
public struct LogisticSettings: Sendable, Hashable {
  /// The numbers of knots that a spline can have.
  public static let knotRange = 3...7

  /// The penalty of half the squared coefficients, in units of the summed log loss; nil: the one of
  /// eight with the lowest log loss on rows of other folds.
  public var penalty: Double?
  /// The number of knots of each spline.
  public var knots: Int

  /// Creates settings.
  public init(penalty: Double? = nil, knots: Int = 5) {
    self.penalty = penalty
    self.knots = knots
  }

  var isSound: Bool {
    Self.knotRange.contains(knots) && penalty.map { $0 > 0 && $0.isFinite } ?? true
  }
}

/// Rows that a logistic regression learns from.
public struct LogisticRows: Sendable {
  let blocks: [FeatureBlock]
  let encodings: [ColumnEncoding]
  let labels: [UInt8]
  let folds: [UInt8]
  let foldCount: Int
  let draws: [Double]
  let weights: (positive: Double, negative: Double)

  /// - Parameters:
  ///   - labels: 1 is positive.
  ///   - folds: below `foldCount`; rows of one cluster are in one fold.
  ///   - draws: a random number from 0 to 1 for each row, which does not depend on the order of
  ///     the rows: where a sample is enough, it has the rows with the lowest.
  ///   - weights: of each positive and of each negative.
  /// - Throws: `invalidInput` if shapes do not match or only one class is present.
  public init(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], labels: [UInt8], folds: [UInt8],
    foldCount: Int, draws: [Double], weights: (positive: Double, negative: Double) = (1, 1)
  ) throws(LearningError) {
    let count = blocks.reduce(0) { $0 + $1.rowCount }
    guard labels.count == count, folds.count == count, draws.count == count else {
      throw LearningError(.invalidInput, "labels, folds, or draws do not match the rows")
    }
    guard weights.positive > 0, weights.negative > 0, weights.positive.isFinite,
      weights.negative.isFinite
    else { throw LearningError(.invalidInput, "a weight is not a number above 0") }
    guard foldCount > 1, folds.allSatisfy({ $0 < foldCount }) else {
      throw LearningError(.invalidInput, "a fold is not below \(foldCount)")
    }
    guard labels.contains(1), labels.contains(0) else {
      throw LearningError(.invalidInput, "a logistic regression needs rows of both classes")
    }
    self.blocks = blocks
    self.encodings = encodings
    self.labels = labels
    self.folds = folds
    self.foldCount = foldCount
    self.draws = draws
    self.weights = weights
  }

  /// The indices of a sample, ascending, and the weights with which it has the base rate of all
  /// rows (Hajek, 1971): all rows if they are not more than `limit`; otherwise at most half of it
  /// positives, and negatives.
  func sample(_ limit: Int) -> LogisticSample {
    let all = labels.indices
    guard labels.count > limit else {
      return LogisticSample(indices: Array(all), weights: (1, 1))
    }
    let positives = lowest(all.filter { labels[$0] == 1 }, count: limit / 2)
    let negatives = lowest(
      all.filter { labels[$0] != 1 }, count: limit - positives.kept.count)
    return LogisticSample(
      indices: (positives.kept + negatives.kept).sorted(),
      weights: (positives.weight, negatives.weight))
  }

  private func lowest(_ indices: [Int], count: Int) -> (kept: [Int], weight: Double) {
    guard indices.count > count, count > 0 else { return (indices, 1) }
    // The largest draw that is kept. Rows with the same draw are kept or left out together, so
    // that the order of the rows does not matter.
    let limit = indices.map { draws[$0] }.sorted()[count - 1]
    let kept = indices.filter { draws[$0] <= limit }
    return (kept, Double(indices.count) / Double(kept.count))
  }

  /// The rows at ascending indices.
  func rows(_ indices: [Int]) -> [FeatureBlock] {
    var (position, start) = (0, 0)
    return blocks.map { block in
      var local: [Int] = []
      while position < indices.count, indices[position] < start + block.rowCount {
        local.append(indices[position] - start)
        position += 1
      }
      start += block.rowCount
      return local.count == block.rowCount ? block : block.rows(local)
    }
  }
}

/// Some of the rows, and the weight of each positive and of each negative among them.
struct LogisticSample: Sendable {
  let indices: [Int]
  let weights: (positive: Double, negative: Double)
}

extension LogisticTerm {
  /// The bins of one column's values.
  /// - Parameters:
  ///   - folds: those of the rows. A category's bin is its code times the number of folds, plus the
  ///     row's fold; nil: the bin is the code.
  func bins(
    of column: Int, in rows: RowMajorConverter, folds: (values: [UInt8], count: Int)?
  ) -> [UInt16] {
    [UInt16](unsafeUninitializedCapacity: rows.rowCount) { target, count in
      var buffer = [Double](repeating: 0, count: RowMajorConverter.chunkSize)
      for (index, block) in rows.blocks.enumerated() {
        let start = rows.starts[index]
        if case .number(let bins) = self, case .int8(let values) = block.columns[column] {
          // All values are looked up in one table.
          let table = (0..<256).map { byte in
            let value = Int8(truncatingIfNeeded: byte)
            return UInt16(bins.bin(of: value == .min ? .nan : Double(value)))
          }
          for row in values.indices {
            target[start + row] = table[Int(UInt8(bitPattern: values[row]))]
          }
          continue
        }
        for first in stride(from: 0, to: block.rowCount, by: buffer.count) {
          let local = first..<min(first + buffer.count, block.rowCount)
          buffer.withUnsafeMutableBufferPointer {
            block.columns[column].write(
              local, as: rows.encodings[column], to: $0, offset: 0, stride: 1)
          }
          for row in local {
            let value = buffer[row - first]
            switch self {
            case .number(let bins): target[start + row] = UInt16(bins.bin(of: value))
            case .category(let codes):
              // A code that the training rows did not have counts as the first, `other`.
              let code = value.isNaN ? codes : value < Double(codes) ? Int(value) : 0
              let fold = folds.map { Int($0.values[start + row]) } ?? 0
              target[start + row] = UInt16(code * (folds?.count ?? 1) + fold)
            }
          }
        }
      }
      count = rows.rowCount
    }
  }
}
