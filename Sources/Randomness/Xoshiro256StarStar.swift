/// The xoshiro256** generator (Blackman and Vigna, 2018): period 2^256 - 1.
public struct Xoshiro256StarStar: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts from four words, not all of them 0.
  public init(state: (UInt64, UInt64, UInt64, UInt64)) {
    precondition(
      state.0 | state.1 | state.2 | state.3 != 0, "the state of all zeroes never changes")
    self.state = state
  }

  /// Starts from four words of SplitMix64, as its authors advise.
  public init(seed: UInt64) {
    var seeds = SplitMix64(seed: seed)
    self.init(state: (seeds.next(), seeds.next(), seeds.next(), seeds.next()))
  }

  public mutating func next() -> UInt64 {
    let product = state.1 &* 5
    let result = ((product << 7) | (product >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }
}
