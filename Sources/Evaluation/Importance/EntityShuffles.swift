internal import Randomness

/// Shuffles of the values of a feature between entities, within each cutoff, for permutation
/// importance (Breiman, 2001; Fisher, Rudin and Dominici, 2019).
///
/// A shuffle puts all entities in a random circle. At each cutoff, an entity takes the values of
/// the next entity in the circle that has a row there. Every row thus gets the values of another
/// entity at the same cutoff, and an entity gets those of the same one at all cutoffs where both
/// have rows. A feature that changes with the season keeps doing so, and its history in one entity
/// stays consistent.
///
/// Losses are summed over the rows of each cluster, because those are not independent.
///
/// With more rows than a limit, a sample of whole clusters takes the place of all rows. Then rows
/// of clusters that were drawn for their labels take values, but give none: the values that come in
/// are as frequent as in all rows.
///
/// ```swift
/// let shuffles = EntityShuffles(rows, limit: 20_000, seed: 1)
/// let base = shuffles.sums(of: shuffles.losses(own scores))
/// let features = columns.map { column in
///   let shuffled = (0..<10).map { shuffle in
///     let sources = shuffles.sources(ofShuffle: shuffle)
///     return shuffles.sums(of: shuffles.losses(predict(column, takenFrom: sources)))
///   }
///   return PermutedFeature(base: base, shuffled: shuffled)
/// }
/// let importance = permutationImportance(features)
/// ```
public struct EntityShuffles: Sendable {
  /// The rows that are used, ascending. Everywhere else, a row is an index of this list.
  public var rows: [Int] { sample.rows }

  private let seed: UInt64
  private let sample: ClusterSample
  private let labels: [UInt8]
  private let entityCount: Int
  /// The entity of each row, numbered without gaps.
  private let entities: [Int32]
  /// The rows of each cutoff, by entity.
  private let cutoffs: [[Int32]]
  /// All rows by entity, then by cutoff.
  private let byEntity: [Int32]

  /// Prepares shuffles of rows, one per entity and cutoff. It is a programmer error, and traps, if
  /// an entity has two rows at one cutoff.
  /// - Parameter limit: the number of rows to use, at least 4. It is exceeded only if single
  ///   clusters are larger than a quarter of it.
  public init(_ rows: ScoredRows, limit: Int = .max, seed: UInt64) {
    precondition(limit >= 4, "a sample needs at least 4 rows")
    self.seed = seed
    sample = ClusterSample(rows, limit: limit, seed: seed)
    let cutoff = sample.rows.map { rows.cutoff[$0] }
    labels = sample.rows.map { rows.label[$0] }
    let (numbers, count) = numberedEntities(sample.rows.map { rows.entity[$0] })
    entities = numbers
    entityCount = count
    byEntity = (0..<Int32(numbers.count)).sorted {
      let (left, right) = (Int($0), Int($1))
      if numbers[left] != numbers[right] { return numbers[left] < numbers[right] }
      return cutoff[left] < cutoff[right]
    }
    var cutoffs = [[Int32]](repeating: [], count: rows.cutoffCount)
    for row in byEntity {
      let number = Int(cutoff[Int(row)])
      if let last = cutoffs[number].last {
        precondition(
          numbers[Int(last)] != numbers[Int(row)], "an entity has two rows at one cutoff")
      }
      cutoffs[number].append(row)
    }
    self.cutoffs = cutoffs
  }

  /// Returns, for each row, the row whose values it takes: no two the same, unless the rows are a
  /// sample. A row takes its own if no other of its cutoff gives values.
  ///
  /// The result depends only on the seed, the index, and the rows, whatever their order.
  public func sources(ofShuffle index: Int) -> [Int32] {
    var generator = Xoshiro256StarStar(
      seed: SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index)))
    let circle = (0..<entityCount).shuffled(using: &generator)
    var sources = [Int32](0..<Int32(entities.count))
    var rowOfEntity = [Int32](repeating: -1, count: entityCount)
    for rows in cutoffs {
      for row in rows { rowOfEntity[Int(entities[Int(row)])] = row }
      let around = circle.lazy.map { rowOfEntity[$0] }.filter { $0 >= 0 }
      // Backwards, the next row that gives values is the last one seen. It starts with the first.
      var next = around.first { sample.isPlain[Int($0)] }
      for row in around.reversed() {
        if let next { sources[Int(row)] = next }
        if sample.isPlain[Int(row)] { next = row }
      }
      for row in rows { rowOfEntity[Int(entities[Int(row)])] = -1 }
    }
    return sources
  }

  /// Returns the log loss of each row with the given scores.
  public func losses(_ scores: [Double]) -> [Double] {
    precondition(scores.count == labels.count, "one score is needed per row")
    return scores.indices.map { loss(ofRow: $0, score: scores[$0]) }
  }

  /// Returns the log loss of one row with the given score.
  public func loss(ofRow row: Int, score: Double) -> Double {
    ScoreGroups.cost(of: labels[row] == 1 ? score : 1 - score)
  }

  /// Returns the sum of the losses of each cluster's rows.
  public func sums(of losses: [Double]) -> ClusterLosses {
    precondition(losses.count == labels.count, "one loss is needed per row")
    var sums = [Double](repeating: 0, count: sample.clusters.numbers.count)
    for row in byEntity { sums[Int(sample.clusterOfRow[Int(row)])] += losses[Int(row)] }
    return ClusterLosses(sums: sums, clusters: sample.clusters)
  }
}

/// Losses of some rows, summed over the rows of each cluster.
public struct ClusterLosses: Sendable, Equatable {
  /// The sum of each sampled cluster's losses.
  let sums: [Double]
  let clusters: SampledClusters
}
