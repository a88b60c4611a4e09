import HoldoutTestSupport
import Randomness

/// Every input draws from a stream of its own.
typealias FuzzRandom = SplitMix64

extension FuzzRandom {
  /// The stream of one input: seed and number are mixed, so that neighbours share nothing.
  init(seed: UInt64, number: Int) {
    self.init(seed: Self.mixed(Self.mixed(seed) &+ UInt64(truncatingIfNeeded: number)))
  }

  /// An element of a list; nil where it is empty.
  mutating func element<Element>(of elements: [Element]) -> Element? {
    elements.randomElement(using: &self)
  }

  /// A count from 1 to `limit` whose magnitude is even: one of 1 is as likely as one of thousands.
  mutating func size(upTo limit: Int) -> Int {
    var top = 1
    let doublings = below(limit.bitWidth - limit.leadingZeroBitCount)
    for _ in 0..<doublings { top *= 2 }
    return min(limit, top + below(top))
  }
}
