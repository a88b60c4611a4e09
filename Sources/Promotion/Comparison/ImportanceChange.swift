package import Learning

/// How much a feature counts in two models: its share of the sum of all gains.
public struct ImportanceChange: Sendable, Equatable {
  public enum Kind: String, Sendable {
    case gained, lost, unchanged
    /// Only the candidate has the feature.
    case new
    /// Only the base has it.
    case gone
  }

  public let feature: String
  /// nil where the side does not have the feature.
  public let base: Double?
  public let candidate: Double?

  public var change: Double { (candidate ?? 0) - (base ?? 0) }

  public var kind: Kind {
    if base == nil { return .new }
    if candidate == nil { return .gone }
    return change > 0 ? .gained : change < 0 ? .lost : .unchanged
  }

  /// Every feature of either side, by falling size of its change, then name.
  package static func all(base: [FeatureImportance], candidate: [FeatureImportance])
    -> [ImportanceChange]
  {
    let (own, other) = (shares(candidate), shares(base))
    return Set(own.keys).union(other.keys).map {
      ImportanceChange(feature: $0, base: other[$0], candidate: own[$0])
    }.sorted { left, right in
      abs(left.change) == abs(right.change)
        ? left.feature < right.feature : abs(left.change) > abs(right.change)
    }
  }

  private static func shares(_ importance: [FeatureImportance]) -> [String: Double] {
    let total = importance.reduce(0) { $0 + $1.gain }
    return Dictionary(
      importance.map { ($0.feature, total > 0 ? $0.gain / total : 0) },
      uniquingKeysWith: { first, _ in first })
  }
}
