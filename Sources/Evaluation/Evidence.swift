/// Whether the test rows hold enough different buyers for their numbers to mean something.
///
/// Buyers, not positive rows, are counted: one purchase makes its account positive at every cutoff
/// whose window it falls into, and counting it again adds no knowledge.
public struct Evidence: Sendable, Equatable {
  /// How many different entities have at least one positive row.
  public let distinctBuyers: Int
  /// How many are needed.
  public let minimumPositives: Int

  /// Weighs so many buyers against so many needed.
  public init(distinctBuyers: Int, minimumPositives: Int = 20) {
    self.distinctBuyers = distinctBuyers
    self.minimumPositives = minimumPositives
  }

  /// Whether there are enough.
  public var isSufficient: Bool { distinctBuyers >= minimumPositives }

  /// `distinct_buyers`, `min_positives` and `sufficient` (1 or 0).
  public var tree: MetricTree {
    MetricTree([
      "distinct_buyers": Double(distinctBuyers), "min_positives": Double(minimumPositives),
      "sufficient": isSufficient ? 1 : 0,
    ])
  }
}
