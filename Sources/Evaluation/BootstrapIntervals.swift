/// Intervals by the name of their metric.
public struct BootstrapIntervals: Sendable, Equatable {
  /// For metrics of all rows together.
  public let pooled: [String: Interval]
  /// For means over the cutoffs of metrics of top lists.
  public let mean: [String: Interval]

  /// `pooled` and `mean`, nested.
  public var tree: MetricTree {
    .object([
      "pooled": .object(pooled.mapValues(\.tree)), "mean": .object(mean.mapValues(\.tree)),
    ])
  }
}
