public import Columns
internal import Foundation

/// A logistic regression with a spline of each number and a target encoding of each category.
///
/// Its margin is a log odds: an intercept plus one term per feature. A number's term is a restricted
/// cubic spline of the value's rank among the training rows, constant beyond their range, plus a
/// step for missing values. A category's term is linear in the smoothed log odds of its levels. All
/// columns are standardized. The squared coefficients have a penalty (Hoerl and Kennard, 1970; le
/// Cessie and van Houwelingen, 1992), which is chosen by the log loss of rows of other folds.
///
/// ```swift
/// let model = try LogisticRegression.fit(rows, names: names, threads: 4)
/// let margins = try model.margins(blocks: blocks, encodings: encodings, threads: 4)
/// ```
public struct LogisticRegression: Sendable, Hashable, Codable {
  /// The term of one feature: a value for each bin.
  struct Feature: Sendable, Hashable, Codable {
    let name: String
    /// Between the bins of a number, ascending; nil for a category, whose bins are the learner's
    /// codes.
    let cuts: [Double]?
    /// The part of the margin by bin, that of missing values last.
    let values: [Double]
    /// The mean part of the training rows.
    let mean: Double
    /// Of the standardized columns.
    let coefficients: [Double]

    init(
      name: String, term: LogisticTerm, values: [Double], mean: Double, coefficients: [Double]
    ) {
      self.name = name
      if case .number(let bins) = term { cuts = bins.cuts } else { cuts = nil }
      self.values = values
      self.mean = mean
      self.coefficients = coefficients
    }

    /// How the feature's values fall into bins.
    var term: LogisticTerm {
      if let cuts { .number(NumberBins(cuts: cuts)) } else { .category(codes: values.count - 1) }
    }
  }

  /// A penalty and the log loss of rows of other folds with it.
  public struct Trial: Sendable, Hashable, Codable {
    /// The penalty of half the squared coefficients.
    public let penalty: Double
    /// The mean log loss of rows whose fold the coefficients were not fitted on.
    public let logLoss: Double
  }

  /// The margin of a row whose terms are all 0.
  public let intercept: Double
  /// The penalty of half the squared coefficients, in units of the summed log loss.
  public let penalty: Double
  /// The penalties that were tried, from the largest.
  public let trials: [Trial]
  let features: [Feature]

  init(intercept: Double, penalty: Double, features: [Feature], trials: [Trial]) {
    self.intercept = intercept
    self.penalty = penalty
    self.features = features
    self.trials = trials
  }

  /// Fits to rows. The result is the same for any number of threads and any order of the rows.
  ///
  /// - Parameters:
  ///   - names: those of the features.
  ///   - limit: the largest number of rows to use. Of more, a weighted sample is used, with as many
  ///     positives as fit into half of it.
  /// - Throws: `invalidInput` if shapes do not match.
  public static func fit(
    _ rows: LogisticRows, names: [String], limit: Int = .max, threads: Int
  ) throws(LearningError) -> LogisticRegression {
    try LogisticFit(rows, names: names, limit: limit, threads: threads).model()
  }

  /// The names of the features, in the order of the columns.
  public var names: [String] { features.map(\.name) }

  /// The number of columns of the design matrix, without that of the intercept.
  public var columnCount: Int { features.reduce(0) { $0 + $1.coefficients.count } }

  /// The mean margin of the training rows, from which `contributions` start.
  public var meanMargin: Double { features.reduce(intercept) { $0 + $1.mean } }

  /// Returns one margin per row, a log odds.
  /// - Throws: `invalidInput` if the columns are not those of the features.
  public func margins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double] {
    let parts = try parts(blocks, encodings, threads: threads)
    var margins = [Double](repeating: intercept, count: blocks.reduce(0) { $0 + $1.rowCount })
    for (feature, bins) in zip(features, parts) {
      for row in margins.indices { margins[row] += feature.values[Int(bins[row])] }
    }
    return margins
  }

  /// Returns each row's contributions, feature by feature: by how much the feature moves the margin
  /// from that of the mean training row.
  ///
  /// In a sum of terms these are the exact Shapley values, whether features depend on each other or
  /// not (Lundberg and Lee, 2017, corollary 1). They add up to the margin minus `meanMargin`.
  /// - Throws: `invalidInput` if the columns are not those of the features.
  public func contributions(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [[Double]] {
    zip(features, try parts(blocks, encodings, threads: threads)).map { feature, bins in
      bins.map { feature.values[Int($0)] - feature.mean }
    }
  }

  /// The bin of each row, by feature.
  private func parts(
    _ blocks: [FeatureBlock], _ encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [[UInt16]] {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard rows.columnCount == features.count else {
      throw LearningError(
        .invalidInput, "expected \(features.count) columns, found \(rows.columnCount)")
    }
    let features = features
    guard
      zip(features, encodings).allSatisfy({ ($0.cuts == nil) == $1.isCategory && $0.isSound })
    else { throw LearningError(.invalidInput, "a column is of another kind than its feature") }
    return Parallel.map(features.count, threads: threads, state: { _ in () }) { _, feature in
      features[feature].term.bins(of: feature, in: rows, folds: nil)
    }
  }
}

extension LogisticRegression.Feature {
  /// Whether every bin has a value.
  fileprivate var isSound: Bool {
    cuts.map { values.count == $0.count + 2 } ?? !values.isEmpty
  }
}

extension NumberBins {
  /// The bins between cuts, without what was learned about them.
  init(cuts: [Double]) {
    self.cuts = cuts
    ranks = (0...cuts.count).map { _ in 0 }
    hasMissing = true
  }
}
