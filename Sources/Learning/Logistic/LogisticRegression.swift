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
/// let margins = try model.predictMargins(blocks: blocks, encodings: encodings, threads: 4)
/// ```
public struct LogisticRegression: Sendable, Hashable {
  /// The term of one feature: a value for each bin.
  struct Feature: Sendable, Hashable {
    let name: String
    /// Between the bins of a number, ascending; nil for a category, whose bins are the learner's
    /// codes.
    let cuts: [Double]?
    /// The part of the margin by bin, that of missing values last.
    let values: [Double]
    /// The mean part of the training rows.
    let mean: Double
    /// The mean distance of the training rows' parts from that mean.
    let meanAbsolute: Double
    /// Of the standardized columns.
    let coefficients: [Double]

    /// How the feature's values fall into bins.
    var term: LogisticTerm {
      if let cuts { .number(NumberBins(cuts: cuts)) } else { .category(codes: values.count - 1) }
    }
  }

  /// A penalty and the log loss of rows of other folds with it.
  public struct Trial: Sendable, Hashable {
    /// The penalty of half the squared coefficients.
    public let penalty: Double
    /// The mean log loss of rows whose fold the coefficients were not fitted on.
    public let logLoss: Double
  }

  /// The margin of a row whose terms are all 0.
  public let intercept: Double
  /// The penalty of half the squared coefficients, in units of the summed log loss.
  public let penalty: Double
  /// The penalties that were tried, from the largest; empty if the penalty was given.
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
  /// - Throws: `invalidInput` if shapes do not match, or a setting is out of range.
  public static func fit(
    _ rows: LogisticRows, names: [String], settings: LogisticSettings = LogisticSettings(),
    limit: Int = .max, threads: Int
  ) throws(LearningError) -> LogisticRegression {
    try LogisticFit(rows, names: names, settings: settings, limit: limit, threads: threads)
      .model()
  }

  /// The names of the features, in the order of the columns.
  public var featureNames: [String] { features.map(\.name) }

  /// The number of columns of the design matrix, without that of the intercept.
  public var columnCount: Int { features.reduce(0) { $0 + $1.coefficients.count } }

  /// The mean margin of the training rows, from which `contributions` start.
  public var meanMargin: Double { features.reduce(intercept) { $0 + $1.mean } }

  /// Returns one margin per row, a log odds.
  /// - Throws: `invalidInput` if the columns are not those of the features.
  public func predictMargins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double] {
    margins(try bins(blocks, encodings, threads: threads), blocks)
  }

  private func margins(_ bins: [[UInt16]], _ blocks: [FeatureBlock]) -> [Double] {
    var margins = [Double](repeating: intercept, count: blocks.reduce(0) { $0 + $1.rowCount })
    for (feature, bins) in zip(features, bins) {
      for row in margins.indices { margins[row] += feature.values[Int(bins[row])] }
    }
    return margins
  }

  /// Returns each row's contributions: by how much a feature moves the margin from that of the mean
  /// training row, `meanMargin`.
  ///
  /// In a sum of terms these are the exact Shapley values, whether features depend on each other or
  /// not (Lundberg and Lee, 2017, corollary 1). With `meanMargin` they add up to the margin, but for
  /// the rounding of the sum.
  /// - Throws: `invalidInput` if the columns are not those of the features.
  public func contributions(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> Contributions {
    let bins = try bins(blocks, encodings, threads: threads)
    let count = blocks.reduce(0) { $0 + $1.rowCount }
    let width = features.count + 1
    var values = [Double](repeating: meanMargin, count: count * width)
    for (column, feature) in features.enumerated() {
      for row in 0..<count {
        values[row * width + column] = feature.values[Int(bins[column][row])] - feature.mean
      }
    }
    return Contributions(rowCount: count, featureCount: features.count, values: values)
  }

  /// The bin of each row, by feature.
  func bins(
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
  /// Whether every bin has a value, and the bins of a number are in order.
  var isSound: Bool {
    guard let cuts else { return !values.isEmpty && values.count <= LogisticFit.codeLimit + 1 }
    return values.count == cuts.count + 2
      && zip(cuts, cuts.dropFirst()).allSatisfy { $0 < $1 } && cuts.count < NumberBins.limit
  }
}

extension NumberBins {
  /// The bins between cuts, without what was learned about them.
  init(cuts: [Double]) {
    self.cuts = cuts
    ranks = (0...cuts.count).map { _ in 0 }
    hasMissing = true
    knots = 0
  }
}
