import Randomness

/// SplitMix64: every input draws from a stream of its own.
struct FuzzRandom: RandomNumberGenerator {
  private var generator: SplitMix64

  /// The stream of one input: seed and number are mixed, so that neighbours share nothing.
  init(seed: UInt64, number: Int) {
    generator = SplitMix64(
      seed: SplitMix64.mixed(SplitMix64.mixed(seed) &+ UInt64(truncatingIfNeeded: number)))
  }

  /// The next 64 bits.
  mutating func next() -> UInt64 { generator.next() }

  /// A number from 0 to below `count`; 0 where there is none.
  mutating func below(_ count: Int) -> Int {
    count > 0 ? Int.random(in: 0..<count, using: &self) : 0
  }

  /// True in so many of a hundred cases.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// An element of a list; nil where it is empty.
  mutating func pick<Element>(_ elements: [Element]) -> Element? {
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
