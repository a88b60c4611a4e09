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
/// ```swift
/// let shuffles = EntityShuffles(cutoff: rows.cutoff, entity: rows.entity, seed: 1)
/// let base = shuffles.losses(labels: rows.label, scores: rows.score)
/// let features = columns.map { column in
///   let shuffled = (0..<10).map { shuffle in
///     let sources = shuffles.sources(ofShuffle: shuffle)
///     return shuffles.losses(labels: rows.label, scores: predict(column, takenFrom: sources))
///   }
///   return PermutedFeature(base: base, shuffled: shuffled)
/// }
/// let importance = permutationImportance(features)
/// ```
public struct EntityShuffles: Sendable {
  private let seed: UInt64
  private let entityCount: Int
  /// The entity of each row, numbered without gaps.
  private let entities: [Int32]
  /// The rows of each cutoff, by entity.
  private let cutoffs: [[Int32]]
  /// All rows by entity, then by cutoff.
  private let byEntity: [Int32]

  /// Prepares shuffles of rows, one per entity and cutoff. It is a programmer error, and traps, if
  /// an entity has two rows at one cutoff.
  public init(cutoff: [Int32], entity: [Int32], seed: UInt64) {
    precondition(cutoff.count == entity.count, "one entity is needed per row")
    self.seed = seed
    let (numbers, count) = numberedEntities(entity)
    entities = numbers
    entityCount = count
    byEntity = (0..<Int32(entity.count)).sorted {
      let (left, right) = (Int($0), Int($1))
      if numbers[left] != numbers[right] { return numbers[left] < numbers[right] }
      return cutoff[left] < cutoff[right]
    }
    var cutoffs = [[Int32]](repeating: [], count: Int(cutoff.max() ?? -1) + 1)
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

  /// Returns, for each row, the row whose values it takes. No two rows take those of the same row.
  /// A row takes its own if it is the only one of its cutoff.
  ///
  /// The result depends only on the seed, the index, and the rows, whatever their order.
  public func sources(ofShuffle index: Int) -> [Int] {
    var generator = Xoshiro256StarStar(
      seed: SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index)))
    let circle = (0..<entityCount).shuffled(using: &generator)
    var sources = [Int](repeating: 0, count: entities.count)
    var rowOfEntity = [Int32](repeating: -1, count: entityCount)
    for rows in cutoffs {
      for row in rows { rowOfEntity[Int(entities[Int(row)])] = row }
      var first: Int32?
      var last: Int32?
      for entity in circle where rowOfEntity[entity] >= 0 {
        let row = rowOfEntity[entity]
        if let last { sources[Int(last)] = Int(row) } else { first = row }
        last = row
        rowOfEntity[entity] = -1
      }
      if let first, let last { sources[Int(last)] = Int(first) }
    }
    return sources
  }

  /// Returns the log loss of scores of these rows, summed over the rows of each entity.
  public func losses(labels: [UInt8], scores: [Double]) -> EntityLosses {
    precondition(
      labels.count == entities.count && scores.count == entities.count,
      "one label and one score are needed per row")
    var sums = [Double](repeating: 0, count: entityCount)
    var rows = sums
    for row in byEntity {
      let entity = Int(entities[Int(row)])
      let score = scores[Int(row)]
      sums[entity] += ScoreGroups.cost(of: labels[Int(row)] == 1 ? score : 1 - score)
      rows[entity] += 1
    }
    return EntityLosses(sums: sums, rows: rows)
  }
}

/// The log loss of some rows, summed over the rows of each entity.
public struct EntityLosses: Sendable, Equatable {
  /// The sum of each entity's losses.
  let sums: [Double]
  /// The number of each entity's rows.
  let rows: [Double]
}
