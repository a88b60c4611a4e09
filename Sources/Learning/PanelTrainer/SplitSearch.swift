/// The sums of a leaf's rows, as LightGBM keeps them: 64-bit floats that went through its roundings.
struct LeafSums: Sendable {
  var gradient: Double
  var hessian: Double
  var count: Int
  /// The bounds that monotone constraints set on the leaf's value.
  var bounds: ClosedRange<Double> = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
}

/// A way to split a leaf.
struct LeafSplit: Sendable {
  /// The feature, by index among those that may split; nil if there is no split.
  var feature: Int?
  var gain = -Double.infinity
  var threshold = 0
  /// The bins that go left; nil for a split of numbers.
  var categories: [Int]?
  var missingGoesLeft = true
  var left = LeafSums(gradient: 0, hessian: 0, count: 0)
  var right = LeafSums(gradient: 0, hessian: 0, count: 0)
  var leftValue = 0.0
  var rightValue = 0.0

  /// Whether the split is better than another one: it gains more, or its feature comes first.
  func isBetter(than other: LeafSplit) -> Bool {
    gain != other.gain ? gain > other.gain : (feature ?? .max) < (other.feature ?? .max)
  }
}

/// LightGBM's rules for splits of one feature, with its order of operations and its roundings.
struct SplitSearch {
  /// A small number that LightGBM adds to sums of second derivatives so that none is 0.
  static let epsilon = Double(Float(1e-15))

  let parameters: TreeParameters
  let hasConstraints: Bool

  init(_ parameters: TreeParameters) {
    self.parameters = parameters
    hasConstraints = !parameters.monotone.isEmpty
  }

  // MARK: - Gains

  @inline(__always)
  private func shrunk(_ gradient: Double) -> Double {
    guard parameters.l1 > 0 else { return gradient }
    let size = max(0, gradient.magnitude - parameters.l1)
    return gradient > 0 ? size : gradient < 0 ? -size : 0
  }

  /// Returns a leaf's value: the Newton step.
  @inline(__always)
  func value(_ gradient: Double, _ hessian: Double, _ l2: Double) -> Double {
    -shrunk(gradient) / (hessian + l2)
  }

  @inline(__always)
  private func value(
    _ gradient: Double, _ hessian: Double, _ l2: Double, in bounds: ClosedRange<Double>
  ) -> Double {
    let free = value(gradient, hessian, l2)
    guard hasConstraints else { return free }
    return free < bounds.lowerBound
      ? bounds.lowerBound : free > bounds.upperBound ? bounds.upperBound : free
  }

  @inline(__always)
  private func gain(_ gradient: Double, _ hessian: Double, _ l2: Double) -> Double {
    let gradient = shrunk(gradient)
    return gradient * gradient / (hessian + l2)
  }

  @inline(__always)
  private func gain(
    _ gradient: Double, _ hessian: Double, _ l2: Double, at value: Double
  ) -> Double {
    let gradient = shrunk(gradient)
    return -(2 * gradient * value + (hessian + l2) * value * value)
  }

  @inline(__always)
  private func gain(
    left: (gradient: Double, hessian: Double), right: (gradient: Double, hessian: Double),
    _ l2: Double, _ leaf: LeafSums, direction: Int
  ) -> Double {
    guard hasConstraints else {
      return gain(left.gradient, left.hessian, l2) + gain(right.gradient, right.hessian, l2)
    }
    let leftValue = value(left.gradient, left.hessian, l2, in: leaf.bounds)
    let rightValue = value(right.gradient, right.hessian, l2, in: leaf.bounds)
    if direction > 0 && leftValue > rightValue || direction < 0 && leftValue < rightValue {
      return 0
    }
    return gain(left.gradient, left.hessian, l2, at: leftValue)
      + gain(right.gradient, right.hessian, l2, at: rightValue)
  }

  /// Rounds a number of rows that was computed from a sum of second derivatives.
  @inline(__always)
  private func rounded(_ count: Double) -> Int {
    let moved = count + 0.5
    return moved > -2_147_483_648 && moved < 2_147_483_648 ? Int(moved) : Int(Int32.min)
  }

  // MARK: - Search

  /// Finds the best split of a leaf by a feature.
  /// - Parameters:
  ///   - bins: the derivatives' sums, from bin `1` if the most frequent bin is 0, else from 0.
  ///   - leaf: the leaf.
  ///   - direction: the feature's monotone constraint.
  /// - Returns: the split without its feature, and whether any bin would split the leaf at all.
  func best(
    _ bins: UnsafeBufferPointer<(gradient: Double, hessian: Double)>, _ mapper: BinMapper,
    _ leaf: LeafSums, direction: Int
  ) -> (split: LeafSplit, isSplittable: Bool) {
    var leaf = leaf
    leaf.hessian += 2 * Self.epsilon
    if mapper.isCategory { return bestOfCategories(bins, mapper, leaf) }
    var state = State(
      minGain: gain(leaf.gradient, leaf.hessian, parameters.l2) + parameters.minGain)
    let hasNaN = mapper.missing == .nan
    if mapper.binCount > 2, hasNaN {
      search(bins, mapper, leaf, direction, &state, fromRight: true, nanApart: true)
      search(bins, mapper, leaf, direction, &state, fromRight: false, nanApart: true)
    } else {
      search(bins, mapper, leaf, direction, &state, fromRight: true, nanApart: false)
      if hasNaN { state.split.missingGoesLeft = false }
    }
    return (state.split, state.isSplittable)
  }

  private struct State {
    /// What the two children must gain more than.
    let minGain: Double
    var split = LeafSplit()
    var isSplittable = false
  }

  /// Tries every threshold, in LightGBM's order: of equal gains, the first one found wins.
  @inline(__always)
  private func search(
    _ bins: UnsafeBufferPointer<(gradient: Double, hessian: Double)>, _ mapper: BinMapper,
    _ leaf: LeafSums, _ direction: Int, _ state: inout State, fromRight: Bool, nanApart: Bool
  ) {
    let offset = mapper.mostFrequentBin == 0 ? 1 : 0
    let minData = parameters.minDataInLeaf
    let minHessian = parameters.minHessianInLeaf
    let l2 = parameters.l2
    let rowsPerHessian = Double(leaf.count) / leaf.hessian
    var sum = (gradient: 0.0, hessian: Self.epsilon)
    var count = 0
    var best = (
      gain: -Double.infinity, gradient: Double.nan, hessian: Double.nan, count: 0,
      threshold: mapper.binCount
    )
    var isSplittable = false
    var index: Int
    let end: Int
    if fromRight {
      index = mapper.binCount - 1 - offset - (nanApart ? 1 : 0)
      end = -offset
    } else {
      index = 0
      end = mapper.binCount - 1 - offset
      if nanApart, offset == 1 {
        // The bin that is not counted comes first: all rows less those of the other bins.
        sum = (leaf.gradient, leaf.hessian - Self.epsilon)
        count = leaf.count
        for bin in 0..<mapper.binCount - offset {
          sum.gradient -= bins[bin].gradient
          sum.hessian -= bins[bin].hessian
          count -= rounded(bins[bin].hessian * rowsPerHessian)
        }
        index = -1
      }
    }
    while fromRight ? index > end : index < end {
      let here = index
      index += fromRight ? -1 : 1
      if here >= 0 {
        sum.gradient += bins[here].gradient
        sum.hessian += bins[here].hessian
        count += rounded(bins[here].hessian * rowsPerHessian)
      }
      if count < minData || sum.hessian < minHessian { continue }
      let otherCount = leaf.count - count
      if otherCount < minData { break }
      let other = (gradient: leaf.gradient - sum.gradient, hessian: leaf.hessian - sum.hessian)
      if other.hessian < minHessian { break }
      let left = fromRight ? other : sum
      let right = fromRight ? sum : other
      let gain = gain(left: left, right: right, l2, leaf, direction: direction)
      if gain <= state.minGain { continue }
      isSplittable = true
      if gain > best.gain {
        best = (
          gain, left.gradient, left.hessian, fromRight ? otherCount : count,
          here + offset - (fromRight ? 1 : 0)
        )
      }
    }
    if isSplittable { state.isSplittable = true }
    guard isSplittable, best.gain > state.split.gain + state.minGain else { return }
    state.split.threshold = best.threshold
    state.split.missingGoesLeft = fromRight
    finish(
      &state.split, leaf, gradient: best.gradient, hessian: best.hessian, count: best.count, l2)
    state.split.gain = best.gain - state.minGain
  }

  private func finish(
    _ split: inout LeafSplit, _ leaf: LeafSums, gradient: Double, hessian: Double, count: Int,
    _ l2: Double
  ) {
    split.leftValue = value(gradient, hessian, l2, in: leaf.bounds)
    split.rightValue = value(
      leaf.gradient - gradient, leaf.hessian - hessian, l2, in: leaf.bounds)
    split.left = LeafSums(gradient: gradient, hessian: hessian - Self.epsilon, count: count)
    split.right = LeafSums(
      gradient: leaf.gradient - gradient, hessian: leaf.hessian - hessian - Self.epsilon,
      count: leaf.count - count)
  }

  // MARK: - Categories

  private func bestOfCategories(
    _ bins: UnsafeBufferPointer<(gradient: Double, hessian: Double)>, _ mapper: BinMapper,
    _ leaf: LeafSums
  ) -> (split: LeafSplit, isSplittable: Bool) {
    let offset = mapper.mostFrequentBin == 0 ? 1 : 0
    let minGain = gain(leaf.gradient, leaf.hessian, parameters.l2) + parameters.minGain
    let range = 1 - offset..<max(1 - offset, mapper.binCount - offset)
    return mapper.binCount <= parameters.maxOneHot
      ? bestCategory(bins, range, offset, leaf, minGain)
      : bestSet(bins, range, offset, leaf, minGain)
  }

  /// Tries to split one category from all others.
  private func bestCategory(
    _ bins: UnsafeBufferPointer<(gradient: Double, hessian: Double)>, _ range: Range<Int>,
    _ offset: Int, _ leaf: LeafSums, _ minGain: Double
  ) -> (split: LeafSplit, isSplittable: Bool) {
    var split = LeafSplit()
    split.missingGoesLeft = false
    var best = (gain: -Double.infinity, bin: -1, count: 0)
    var isSplittable = false
    let rowsPerHessian = Double(leaf.count) / leaf.hessian
    for bin in range {
      let (gradient, hessian) = bins[bin]
      let count = rounded(hessian * rowsPerHessian)
      if count < parameters.minDataInLeaf || hessian < parameters.minHessianInLeaf { continue }
      if leaf.count - count < parameters.minDataInLeaf { continue }
      let others = (
        gradient: leaf.gradient - gradient, hessian: leaf.hessian - hessian - Self.epsilon
      )
      if others.hessian < parameters.minHessianInLeaf { continue }
      let gain = gain(
        left: others, right: (gradient, hessian + Self.epsilon), parameters.l2, leaf, direction: 0)
      if gain <= minGain { continue }
      isSplittable = true
      if gain > best.gain { best = (gain, bin, count) }
    }
    guard isSplittable, best.bin >= 0 else { return (split, isSplittable) }
    split.categories = [best.bin + offset]
    finish(
      &split, leaf, gradient: bins[best.bin].gradient,
      hessian: bins[best.bin].hessian + Self.epsilon, count: best.count, parameters.l2)
    split.gain = best.gain - minGain
    return (split, isSplittable)
  }

  /// Sorts categories by their mean step and tries sets from either end.
  private func bestSet(
    _ bins: UnsafeBufferPointer<(gradient: Double, hessian: Double)>, _ range: Range<Int>,
    _ offset: Int, _ leaf: LeafSums, _ minGain: Double
  ) -> (split: LeafSplit, isSplittable: Bool) {
    var split = LeafSplit()
    split.missingGoesLeft = false
    let rowsPerHessian = Double(leaf.count) / leaf.hessian
    let l2 = parameters.l2 + parameters.categoryL2
    let smoothing = parameters.categorySmoothing
    let sorted = range.filter {
      Double(rounded(bins[$0].hessian * rowsPerHessian)) >= smoothing
    }.map { (bin: $0, key: bins[$0].gradient / (bins[$0].hessian + smoothing)) }
      .sorted { $0.key != $1.key ? $0.key < $1.key : $0.bin < $1.bin }.map(\.bin)
    let most = min(parameters.maxCategories, (sorted.count + 1) / 2)
    var best = (
      gain: -Double.infinity, gradient: 0.0, hessian: 0.0, count: 0, size: 0, fromEnd: false
    )
    var isSplittable = false
    for fromEnd in [false, true] {
      var sum = (gradient: 0.0, hessian: Self.epsilon)
      var (count, groupCount) = (0, 0)
      for place in 0..<max(0, min(sorted.count, most)) {
        let bin = bins[sorted[fromEnd ? sorted.count - 1 - place : place]]
        let rows = rounded(bin.hessian * rowsPerHessian)
        sum.gradient += bin.gradient
        sum.hessian += bin.hessian
        count += rows
        groupCount += rows
        if count < parameters.minDataInLeaf || sum.hessian < parameters.minHessianInLeaf {
          continue
        }
        let others = leaf.count - count
        if others < parameters.minDataInLeaf || others < parameters.minDataPerGroup { break }
        let right = (gradient: leaf.gradient - sum.gradient, hessian: leaf.hessian - sum.hessian)
        if right.hessian < parameters.minHessianInLeaf { break }
        if groupCount < parameters.minDataPerGroup { continue }
        groupCount = 0
        let gain = gain(left: sum, right: right, l2, leaf, direction: 0)
        if gain <= minGain { continue }
        isSplittable = true
        if gain > best.gain {
          best = (gain, sum.gradient, sum.hessian, count, place + 1, fromEnd)
        }
      }
    }
    guard isSplittable, best.size > 0 else { return (split, isSplittable) }
    let chosen = best.fromEnd ? sorted.reversed().prefix(best.size) : sorted.prefix(best.size)[...]
    split.categories = chosen.map { $0 + offset }
    finish(
      &split, leaf, gradient: best.gradient, hessian: best.hessian, count: best.count, l2)
    split.gain = best.gain - minGain
    return (split, isSplittable)
  }
}
