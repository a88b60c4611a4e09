internal import Columns
internal import Evaluation
internal import Foundation

/// The information matrix of a logistic regression: minus the second derivatives of the
/// log-likelihood, by the intercept and the columns of the design.
struct LogisticInformation: Sendable {
  /// The number of parameters.
  let size: Int
  /// Row by row; the lower triangle counts.
  var values: [Double]

  static func + (left: Self, right: Self) -> Self {
    LogisticInformation(size: left.size, values: zip(left.values, right.values).map(+))
  }

  static func - (left: Self, right: Self) -> Self {
    LogisticInformation(size: left.size, values: zip(left.values, right.values).map(-))
  }

  init(size: Int, values: [Double]) {
    (self.size, self.values) = (size, values)
  }

  /// The number of rows whose 32-bit products are added before the sum becomes a 64-bit one.
  private static let chunkSize = 128

  /// Computes the information of consecutive rows.
  ///
  /// Products are of 32-bit numbers: the matrix only directs steps, and the gradient alone decides
  /// where they end.
  init(_ design: LogisticDesign, _ parameters: [Double], of rows: BinnedRows, in range: Range<Int>)
  {
    size = parameters.count
    let width = (size + 7) / 8 * 8
    let contributions = design.contributions(parameters[1...])
    let tables = design.tables.map { $0.values.map { Float($0) } }
    var sums = [Double](repeating: 0, count: width * width)
    var block = [Float](repeating: 0, count: Self.chunkSize * width)
    var margins = [Double](repeating: 0, count: Self.chunkSize)
    for first in stride(from: range.lowerBound, to: range.upperBound, by: Self.chunkSize) {
      let chunk = first..<min(first + Self.chunkSize, range.upperBound)
      design.margins(contributions, parameters[0], of: rows, chunk, into: &margins)
      let roots = (0..<chunk.count).map { row -> Float in
        let shrunk = exp(-abs(margins[row]))
        let weight =
          rows.labels[first + row] == 1 ? rows.weights.positive : rows.weights.negative
        return Float((weight * shrunk).squareRoot() / (1 + shrunk))
      }
      block.withUnsafeMutableBufferPointer { block in
        for row in 0..<chunk.count { block[row * width] = roots[row] }
        for (feature, table) in design.tables.enumerated() where table.width > 0 {
          Self.fill(
            block, from: 1 + table.firstColumn, width, table.width, tables[feature],
            rows.bins[feature], chunk, roots)
        }
      }
      Self.addProducts(of: block, rows: chunk.count, width: width, to: &sums)
    }
    let size = size
    values = [Double](unsafeUninitializedCapacity: size * size) { values, count in
      for row in 0..<size {
        for column in 0..<size {
          let (low, high) = (min(row, column), max(row, column))
          values[row * size + column] = sums[low * width + high]
        }
      }
      count = size * size
    }
  }

  private static func fill(
    _ block: UnsafeMutableBufferPointer<Float>, from column: Int, _ width: Int, _ count: Int,
    _ table: [Float], _ bins: [UInt16], _ chunk: Range<Int>, _ roots: [Float]
  ) {
    table.withUnsafeBufferPointer { table in
      bins.withUnsafeBufferPointer { bins in
        for row in 0..<chunk.count {
          let start = Int(bins[chunk.lowerBound + row]) * count
          for index in 0..<count {
            block[row * width + column + index] = table[start + index] * roots[row]
          }
        }
      }
    }
  }

  /// Adds the products of the columns of a block, 4 by 8 at a time, to the upper triangle.
  private static func addProducts(
    of block: [Float], rows: Int, width: Int, to sums: inout [Double]
  ) {
    block.withUnsafeBytes { block in
      sums.withUnsafeMutableBufferPointer { sums in
        for left in stride(from: 0, to: width, by: 4) {
          for right in stride(from: left / 8 * 8, to: width, by: 8) {
            var (first, second) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            var (third, fourth) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
            var (one, two) = (left * 4, right * 4)
            for _ in 0..<rows {
              let own = block.loadUnaligned(fromByteOffset: one, as: SIMD4<Float>.self)
              let other = block.loadUnaligned(fromByteOffset: two, as: SIMD8<Float>.self)
              first += other * own[0]
              second += other * own[1]
              third += other * own[2]
              fourth += other * own[3]
              one += width * 4
              two += width * 4
            }
            for (index, part) in [first, second, third, fourth].enumerated() {
              for column in 0..<8 {
                sums[(left + index) * width + right + column] += Double(part[column])
              }
            }
          }
        }
      }
    }
  }
}

extension LogisticInformation {
  /// The factor of the matrix plus a penalty; nil if that is not positive definite.
  /// - Parameter penalty: added to the diagonal, except to that of the intercept.
  func factor(penalty: Double) -> CholeskyFactor? {
    let factor = CholeskyFactor(size, leastPivot: 0) { row, column in
      let value = values[row * size + column]
      guard row == column else { return value }
      // Rounding alone must not make the matrix indefinite.
      return value * (1 + 1e-6) + (row == 0 ? 0 : penalty)
    }
    return factor.isDefinite ? factor : nil
  }
}
