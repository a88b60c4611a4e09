internal import Foundation

/// The lower triangle L of a symmetric positive definite matrix K = L Lᵀ (Cholesky).
package struct CholeskyFactor: Sendable {
  private let count: Int
  /// The rows of the triangle, one after the other.
  private let values: [Double]
  /// Whether the matrix is positive definite, as far as its pivots show it.
  package let isDefinite: Bool

  /// Factors a matrix.
  /// - Parameters:
  ///   - leastPivot: replaces a pivot that is smaller, as rounding may leave one.
  ///   - element: the matrix at a row and a column, read for columns up to the row.
  package init(_ count: Int, leastPivot: Double = 1e-12, _ element: (Int, Int) -> Double) {
    var values = [Double](repeating: 0, count: count * (count + 1) / 2)
    var isDefinite = true
    values.withUnsafeMutableBufferPointer { values in
      for row in 0..<count {
        let start = row * (row + 1) / 2
        for column in 0...row {
          let other = column * (column + 1) / 2
          var sum = element(row, column)
          for index in 0..<column { sum -= values[start + index] * values[other + index] }
          if column < row {
            values[start + column] = sum / values[other + column]
          } else {
            isDefinite = isDefinite && sum > 0 && sum.isFinite
            values[start + column] = max(sum, leastPivot).squareRoot()
          }
        }
      }
    }
    self.count = count
    self.values = values
    self.isDefinite = isDefinite
  }

  /// The solution x of L x = b.
  package func solvedLower(_ b: [Double]) -> [Double] {
    var x = b
    for row in 0..<count {
      let start = row * (row + 1) / 2
      var sum = x[row]
      for column in 0..<row { sum -= values[start + column] * x[column] }
      x[row] = sum / values[start + row]
    }
    return x
  }

  /// The solution x of K x = b.
  package func solved(_ b: [Double]) -> [Double] {
    var x = solvedLower(b)
    for row in stride(from: count - 1, through: 0, by: -1) {
      var sum = x[row]
      for other in (row + 1)..<max(count, row + 1) {
        sum -= values[other * (other + 1) / 2 + row] * x[other]
      }
      x[row] = sum / values[row * (row + 1) / 2 + row]
    }
    return x
  }

  /// Half the logarithm of the determinant of K.
  package var halfLogDeterminant: Double {
    (0..<count).reduce(0) { $0 + log(values[$1 * ($1 + 1) / 2 + $1]) }
  }
}
