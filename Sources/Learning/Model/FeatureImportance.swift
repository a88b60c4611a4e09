/// How much one feature contributed to a model.
public struct FeatureImportance: Sendable, Hashable {
  /// The feature's name.
  public let feature: String
  /// The sum of the loss reductions of its splits.
  public let gain: Double
  /// The number of its splits.
  public let split: Int

  public init(feature: String, gain: Double, split: Int) {
    self.feature = feature
    self.gain = gain
    self.split = split
  }
}
