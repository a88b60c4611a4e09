/// What each feature added to each row's margin: SHAP values (Lundberg, Erion and Lee, 2018).
public struct Contributions: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// The number of features.
  public let featureCount: Int
  /// Row after row: one number per feature, then the expected margin over the training rows.
  public let values: [Double]

  /// One row's contributions in the order of the features, without the expected margin.
  public func features(ofRow row: Int) -> ArraySlice<Double> {
    let start = row * (featureCount + 1)
    return values[start..<start + featureCount]
  }

  /// The margin that all rows start from; with `features(ofRow:)` it adds up to the row's margin.
  public func expectedMargin(ofRow row: Int) -> Double {
    values[row * (featureCount + 1) + featureCount]
  }
}
