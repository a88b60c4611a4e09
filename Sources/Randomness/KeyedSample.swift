/// Random samples of things that have a number: whether one is drawn depends on the seed and its own
/// number, not on the order in which they come.
public enum KeyedSample {
  /// Draws indices below `count` without replacement, in random order; all of them if there are no
  /// more than `limit`.
  ///
  /// They are those with the smallest mixed keys. A larger limit therefore only adds indices.
  /// - Parameter key: a number for each index, no two the same. Mixing is a bijection, so there are
  ///   no ties.
  public static func indices(
    _ limit: Int, of count: Int, seed: UInt64, key: (Int) -> UInt64
  ) -> [Int] {
    precondition(limit >= 0 && count >= 0, "a negative number of indices")
    let start = SplitMix64.mixed(seed)
    let mixed = (0..<count).map { SplitMix64.mixed(start ^ key($0)) }
    var drawn = Array(mixed.indices)
    if limit > 0, count / limit > 3 {
      // On average, twice as many keys as needed lie below this bound. Only those are sorted.
      let bound = UInt64.max / UInt64(count) * UInt64(2 * limit)
      let low = drawn.filter { mixed[$0] <= bound }
      if low.count >= limit { drawn = low }
    }
    return Array(drawn.sorted { mixed[$0] < mixed[$1] }.prefix(limit))
  }
}
