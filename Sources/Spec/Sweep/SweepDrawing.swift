import Diagnostics
import Randomness
import YAML

/// Draws combinations of a sweep's values.
///
/// A draw depends on the seed, the path and the draw's number alone: another path more or less, or
/// another order of paths, leaves the values of the rest as they are.
struct SweepDrawing {
  let axes: [SweepAxis]
  let seed: Int

  /// Different combinations in the order drawn; fewer than asked for where there are not so many.
  func combinations(_ count: Int) -> [[Node]] {
    var seen: Set<[String]> = []
    var combinations: [[Node]] = []
    // Where nearly all combinations are wanted, most draws are repetitions; 50 a wanted one find at
    // least 99 % of a list of up to 1,000 combinations, and a range has as good as no repetitions.
    for draw in 0..<(50 * count) where combinations.count < count {
      let values = axes.map { value($0, draw) }
      if seen.insert(values.map(\.canonicalText)).inserted { combinations.append(values) }
    }
    return combinations
  }

  private func value(_ axis: SweepAxis, _ draw: Int) -> Node {
    let share = share(axis.path.value, draw)
    if let range = axis.range {
      return Node(.scalar(range.value(at: share)), at: axis.path.span)
    }
    let list = axis.list ?? []
    return list[min(Int(share * Double(list.count)), list.count - 1)]
  }

  /// A number from 0 (included) to 1 (excluded).
  private func share(_ path: String, _ draw: Int) -> Double {
    let stream = SplitMix64.mixed(UInt64(seed) ^ SplitMix64.number(of: path))
    let bits = SplitMix64.mixed(stream &+ UInt64(draw) &* 0x9E37_79B9_7F4A_7C15)
    return Double(bits >> 11) * 0x1p-53
  }
}
