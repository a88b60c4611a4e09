public import Columns

/// A trained model as a value: what training returns, a model's text gives back, and everything that
/// predicts or explains works with.
///
/// There are two: `Booster`, LightGBM's trees, and `LogisticRegression`.
public protocol Predictor: Sendable {
  /// The names of the features, in column order.
  var featureNames: [String] { get }

  /// The model as text: the same for any number of threads, and the same model when read again.
  var modelText: String { get }

  /// The factor from a margin to the log odds of the model's own probability.
  var logOddsPerMargin: Double { get }

  /// Whether contributions take microseconds per row, and not ten times as long.
  var explainsFast: Bool { get }

  /// Returns the importance of each feature, in column order.
  /// - Throws: `callFailed`.
  func featureImportance() throws(LearningError) -> [FeatureImportance]

  /// Returns the margin of each row: the raw score, before calibration. Not a bit of it depends on
  /// the number of threads.
  /// - Throws: `invalidInput` if columns and model do not match; `callFailed`.
  func predictMargins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double]

  /// Returns what each feature contributed to each row's margin.
  /// - Throws: `invalidInput` if columns and model do not match; `callFailed`.
  func contributions(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> Contributions

  /// Prepares rows whose features will take the values of other rows.
  /// - Parameter rows: the rows to use, ascending, counted over all blocks. Everywhere else, a row
  ///   is an index of this list.
  /// - Throws: `invalidInput` if columns and model do not match.
  func replaceable(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], rows: [Int], threads: Int
  ) throws(LearningError) -> any ReplaceableFeatures
}

/// Rows of a model whose features can take the values of other rows, for permutation importance.
public protocol ReplaceableFeatures: Sendable {
  /// The features that the model uses, ascending.
  var features: [Int] { get }

  /// The margin of each row, bit-identical to `Predictor.predictMargins`.
  var margins: [Double] { get }

  /// Returns the margins with one feature's values taken from other rows.
  /// - Parameter sources: lists with, for each row, the row whose value it takes; at most 63.
  func replacing(_ feature: Int, from sources: [[Int32]]) -> ReplacedMargins
}

/// A model's text.
public enum PredictorText {
  /// Reads a model of either kind after validating its text. The text says which kind it is.
  /// - Parameter library: what predicts with LightGBM's trees.
  /// - Throws: `invalidModel` with the defect in the text; `callFailed`.
  public static func predictor(
    _ text: String, library: LightGBMLibrary
  ) throws(LearningError) -> any Predictor {
    LogisticText.isStart(of: text)
      ? try LogisticRegression(modelText: text)
      : try Booster(library: library, modelText: text)
  }
}

extension Booster: Predictor {
  /// Whether the trees are small enough for fast contributions.
  public var explainsFast: Bool { hasSmallTrees }

  /// Prepares rows whose features will take the values of other rows.
  /// - Throws: `invalidInput` if columns and model do not match.
  public func replaceable(
    blocks: [FeatureBlock], encodings: [ColumnEncoding], rows: [Int], threads: Int
  ) throws(LearningError) -> any ReplaceableFeatures {
    try ReplacedFeatures(
      self, blocks: blocks, encodings: encodings, rows: rows, threads: threads)
  }
}

extension ReplacedFeatures: ReplaceableFeatures {}
