import Randomness

/// Draws of entities with replacement, as weights: how often each entity was drawn.
///
/// Resample `index` has a generator of its own, derived from the seed and the index alone. The
/// weights are therefore the same in any order and on any number of threads, and two runs over the
/// same entities can be compared resample by resample.
public struct EntityResampling: Sendable, Equatable {
  /// How many entities there are, and are drawn each time.
  public let entityCount: Int
  /// Where the randomness comes from.
  public let seed: UInt64

  /// Resampling of so many entities.
  public init(entityCount: Int, seed: UInt64) {
    precondition(entityCount >= 0 && entityCount <= Int(UInt32.max), "too many entities")
    self.entityCount = entityCount
    self.seed = seed
  }

  /// How often each entity is drawn in one resample; the weights add up to `entityCount`.
  public func weights(ofResample index: Int) -> [UInt16] {
    var weights: [UInt16] = []
    draw(index, into: &weights)
    return weights
  }

  /// As `weights(ofResample:)`, into storage that is used again.
  ///
  /// A weight past 65,535 would stop the program; among more than 65,535 entities one entity is
  /// drawn so often with a probability below 10^-280,000.
  func draw(_ index: Int, into weights: inout [UInt16]) {
    weights = [UInt16](repeating: 0, count: entityCount)
    guard entityCount > 0 else { return }
    let start = SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(index))
    var generator = Xoshiro256StarStar(seed: start)
    let bound = UInt64(entityCount)
    let rejected = (0 &- bound) % bound
    for _ in 0..<entityCount {
      // Lemire (2019): the high word of a product is uniform once the short low words are refused.
      var product = generator.next().multipliedFullWidth(by: bound)
      while product.low < rejected {
        product = generator.next().multipliedFullWidth(by: bound)
      }
      weights[Int(product.high)] += 1
    }
  }
}
