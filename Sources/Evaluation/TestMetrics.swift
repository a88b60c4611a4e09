/// Everything measured on the test rows: pooled, per cutoff, and the mean over cutoffs.
public struct TestMetrics: Sendable, Equatable {
  /// All rows together, without top lists: a list is drawn up at one cutoff.
  public let pooled: MetricBlock
  /// Each cutoff by itself, with its top lists.
  public let cutoffs: [MetricBlock]
  /// The mean of each metric over the cutoffs in which it is defined.
  public let mean: MetricBlock
  /// Over how many cutoffs a headline metric's mean was taken, where not over all of them.
  public let meanTakenOver: [String: Int]
  /// Whether there are enough buyers to believe any of it.
  public let evidence: Evidence

  /// Takes the parts; `mean` follows from the cutoffs.
  init(pooled: MetricBlock, cutoffs: [MetricBlock], evidence: Evidence) {
    self.pooled = pooled
    self.cutoffs = cutoffs
    self.evidence = evidence
    let headline = cutoffs.map(\.values)
    mean = MetricBlock(
      values: Self.mean(of: headline), raw: Self.mean(of: cutoffs.map(\.raw)),
      calibrated: Self.mean(of: cutoffs.map(\.calibrated)))
    meanTakenOver = mean.values.keys.reduce(into: [:]) { counts, name in
      let defined = Self.defined(name, in: headline).count
      if defined < cutoffs.count { counts[name] = defined }
    }
  }

  /// `pooled`, `mean`, `cutoffs` and `evidence`, nested; `cutoffNames` (dates) name the cutoffs.
  public func tree(cutoffNames: [String]) -> MetricTree {
    precondition(cutoffNames.count == cutoffs.count, "one name is needed per cutoff")
    let taken = meanTakenOver.mapValues(Double.init)
    return .object([
      "pooled": pooled.tree,
      "mean": taken.isEmpty ? mean.tree : mean.tree.adding(["taken_over": MetricTree(taken)]),
      "cutoffs": .object(
        Dictionary(zip(cutoffNames, cutoffs.map(\.tree))) { _, last in last }),
      "evidence": evidence.tree,
    ])
  }

  private static func mean(of blocks: [MetricValues]) -> MetricValues {
    let names = Set(blocks.flatMap(\.keys))
    return names.reduce(into: [:]) { means, name in
      let values = defined(name, in: blocks)
      var sum = CompensatedSum()
      for value in values { sum.add(value) }
      means[name] = sum.value / Double(values.count)
    }
  }

  /// The metric's values where it is defined. A list without ties at its end has no best and worst
  /// of its own: its only value stands for both.
  private static func defined(_ name: String, in blocks: [MetricValues]) -> [Double] {
    var plain = name
    if name.contains("_at_") {
      for ending in ["_best", "_worst"] where name.hasSuffix(ending) {
        plain = String(name.dropLast(ending.count))
      }
    }
    return blocks.compactMap { $0[name] ?? $0[plain] }
  }
}
