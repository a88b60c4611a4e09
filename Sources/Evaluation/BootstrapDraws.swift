/// The metrics of every bootstrap resample, in the order of the resamples; nil where undefined.
public struct BootstrapDraws: Sendable, Equatable {
  /// Metrics of all rows together.
  public let pooled: [String: [Double?]]
  /// Means over the cutoffs of metrics of top lists.
  public let mean: [String: [Double?]]

  /// Both under one roof; no name stands in both.
  var all: [String: [Double?]] { pooled.merging(mean) { pooled, _ in pooled } }

  /// The interval of each metric that is defined in at least one resample.
  public func intervals(level: Double = 0.95) -> BootstrapIntervals {
    BootstrapIntervals(
      pooled: pooled.compactMapValues { Interval($0, level: level) },
      mean: mean.compactMapValues { Interval($0, level: level) })
  }

  /// These metrics less those of another run, resample by resample, for every metric both have.
  ///
  /// Meaningful when both come from the same rows (the same entities and cutoffs), seed and number
  /// of resamples: the draws are then paired and what both runs share cancels.
  public func subtracting(_ other: BootstrapDraws) -> BootstrapDraws {
    func difference(
      _ left: [String: [Double?]], _ right: [String: [Double?]]
    ) -> [String: [Double?]] {
      left.reduce(into: [:]) { result, entry in
        guard let others = right[entry.key] else { return }
        precondition(others.count == entry.value.count, "numbers of resamples differ")
        result[entry.key] = zip(entry.value, others).map { own, other in
          guard let own, let other else { return nil }
          return own - other
        }
      }
    }
    return BootstrapDraws(
      pooled: difference(pooled, other.pooled), mean: difference(mean, other.mean))
  }
}
