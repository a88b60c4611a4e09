internal import Columns
internal import Foundation

/// Ridge logistic regression on a design matrix that is given.
package enum RidgeLogistic {
  /// Fits the columns as they are: they are neither standardized nor turned into splines.
  ///
  /// The sum of the log losses plus half the penalty times the squared coefficients is least, as in
  /// scikit-learn with `C = 1 / penalty`.
  /// - Parameters:
  ///   - columns: of equal length, with at most 65,536 distinct numbers each.
  ///   - labels: 1 is positive.
  /// - Returns: the intercept, then the coefficients.
  /// - Throws: `invalidInput` if shapes do not match, a column has too many values, or only one class
  ///   is present.
  package static func fit(
    columns: [[Double]], labels: [UInt8], penalty: Double, threads: Int
  ) throws(LearningError) -> [Double] {
    guard columns.allSatisfy({ $0.count == labels.count }) else {
      throw LearningError(.invalidInput, "columns and labels differ in length")
    }
    guard labels.contains(1), labels.contains(0) else {
      throw LearningError(.invalidInput, "a logistic regression needs rows of both classes")
    }
    let values = columns.map { Set($0).sorted() }
    guard values.allSatisfy({ $0.count <= 65_536 && $0.allSatisfy(\.isFinite) }) else {
      throw LearningError(.invalidInput, "a column has a number too many or an infinite one")
    }
    let rows = BinnedRows(
      bins: zip(columns, values).map { column, values in
        let bins = Dictionary(
          uniqueKeysWithValues: values.enumerated().map { ($1, UInt16($0)) })
        return column.compactMap { bins[$0] }
      },
      labels: labels, folds: [UInt8](repeating: 0, count: labels.count), weights: (1, 1))
    let design = LogisticDesign(values.map { (bins: $0.count, columns: [$0]) })
    let solver = LogisticSolver(
      design: design, rows: rows, sample: rows, isComplete: true, threads: threads)
    return solver.optimum(
      from: [Double](repeating: 0, count: columns.count + 1), penalty: penalty, tolerance: 1e-10)
  }
}
