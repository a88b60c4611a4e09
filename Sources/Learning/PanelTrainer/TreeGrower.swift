internal import CPanelTrees
internal import Columns

/// Grows trees leaf by leaf, always splitting the leaf that gains most.
struct TreeGrower {
  let rows: PanelRows
  let builder: HistogramBuilder
  let parameters: TreeParameters
  private let search: SplitSearch
  private let occupied: PlainMemory<UInt64>
  /// The rows of each leaf of the tree grown last, by leaf; the memory is used again.
  private(set) var masks: [PlainMemory<UInt64>] = []
  private var freeHistograms: [PlainMemory<panel_sum>] = []
  /// What whole numbers are multiplied with to give derivatives.
  let units: (gradient: Double, hessian: Double)

  private struct Leaf {
    var sums: LeafSums
    var histogram: PlainMemory<panel_sum>?
    /// LightGBM's sums in each feature's most frequent bin: what is left of the leaf's.
    var frequent: [(gradient: Double, hessian: Double)] = []
    /// The features by which the leaf can be split; its children can be split by no others.
    var splittable: [Bool]
    var best = LeafSplit()
  }

  init(
    rows: PanelRows, builder: HistogramBuilder, parameters: TreeParameters,
    units: (gradient: Double, hessian: Double)
  ) {
    self.rows = rows
    self.builder = builder
    self.parameters = parameters
    self.units = units
    search = SplitSearch(parameters)
    occupied = rows.slots.occupied()
  }

  /// Grows a tree.
  /// - Parameters:
  ///   - features: the features that it may use.
  ///   - rowCount: the number of rows in the bag.
  ///   - before: fills the prefix sums of a chunk, and is called before the chunk is counted.
  /// - Returns: the tree, and the best gain if it was not positive and so ended growth early.
  mutating func grow(
    features: [Bool], rowCount: Int, before: @Sendable (Int) -> Void
  ) throws(LearningError) -> (tree: GrownTree, lastGain: Double?) {
    let plan = builder.plan(features)
    let histogram = takeHistogram()
    builder.count(occupied, plan, into: histogram, before: before)
    // Until here, `before` may read the leaves of the tree before.
    if masks.isEmpty { masks.append(PlainMemory(zeros: rows.slots.wordCount)) }
    masks[0].start.update(from: occupied.start, count: rows.slots.wordCount)
    let total = builder.total(histogram, plan)
    var leaves = [
      Leaf(
        sums: LeafSums(
          gradient: Double(total.gradient) * units.gradient,
          hessian: Double(total.hessian) * units.hessian, count: rowCount),
        histogram: histogram, splittable: features)
    ]
    var tree = GrownTree(
      value: search.value(leaves[0].sums.gradient, leaves[0].sums.hessian, parameters.l2),
      count: rowCount)
    defer { for leaf in leaves { giveBack(leaf.histogram) } }
    if rowCount >= 2 * parameters.minDataInLeaf {
      fixFrequent(&leaves[0])
      findBest(&leaves[0])
    }
    while leaves.count < parameters.leafCount {
      var best = 0
      for leaf in leaves.indices.dropFirst() {
        if leaves[leaf].best.isBetter(than: leaves[best].best) { best = leaf }
      }
      guard leaves[best].best.gain > 0 else { return (tree, leaves[best].best.gain) }
      try split(best, &leaves, &tree)
    }
    return (tree, nil)
  }

  private mutating func takeHistogram() -> PlainMemory<panel_sum> {
    freeHistograms.popLast() ?? PlainMemory(zeros: builder.size)
  }

  private mutating func giveBack(_ histogram: PlainMemory<panel_sum>?) {
    if let histogram { freeHistograms.append(histogram) }
  }

  private mutating func split(
    _ index: Int, _ leaves: inout [Leaf], _ tree: inout GrownTree
  ) throws(LearningError) {
    var split = leaves[index].best
    guard let feature = split.feature else { return }
    let next = leaves.count
    let leftCount = divide(index, next, by: split, feature)
    // Until here, counts are estimates.
    let count = leaves[index].sums.count
    split.left.count = leftCount
    split.right.count = count - leftCount
    guard split.left.count > 0, split.right.count > 0 else {
      throw LearningError(
        .callFailed, "a leaf has no rows; raise `min_data_in_leaf` or `min_sum_hessian_in_leaf`")
    }
    tree.split(index, by: split, feature: feature, minGain: parameters.minGain)
    var parent = leaves[index]
    var (left, right) = (split.left, split.right)
    bound(&left, &right, by: split, feature, parent.sums.bounds)
    let isLeftSmaller = left.count < right.count
    var smaller = Leaf(sums: isLeftSmaller ? left : right, splittable: parent.splittable)
    var larger = Leaf(sums: isLeftSmaller ? right : left, splittable: parent.splittable)
    let isOpen =
      max(left.count, right.count) >= 2 * parameters.minDataInLeaf
      && (parameters.maxDepth <= 0 || tree.depths[index] < parameters.maxDepth)
      && leaves.count + 1 < parameters.leafCount
    if isOpen, let histogram = parent.histogram {
      let counted = takeHistogram()
      let plan = builder.plan(parent.splittable)
      builder.count(masks[isLeftSmaller ? index : next], plan, into: counted)
      builder.subtract(counted, from: histogram, features: parent.splittable)
      smaller.histogram = counted
      larger.histogram = histogram
      fixFrequent(&smaller)
      larger.frequent = zip(parent.frequent, smaller.frequent).map {
        ($0.gradient - $1.gradient, $0.hessian - $1.hessian)
      }
      findBest(&smaller)
      findBest(&larger)
    } else {
      giveBack(parent.histogram)
    }
    parent.histogram = nil
    leaves[index] = isLeftSmaller ? smaller : larger
    leaves.append(isLeftSmaller ? larger : smaller)
  }

  /// Moves the rows that go right to another mask; returns how many of the bag stay.
  private mutating func divide(
    _ index: Int, _ next: Int, by split: LeafSplit, _ feature: Int
  ) -> Int {
    while masks.count <= next { masks.append(PlainMemory(zeros: rows.slots.wordCount)) }
    let (left, right) = (masks[index], masks[next])
    let bag = builder.bag
    let divider = LeafDivider(
      rows.columns[feature], rows.features[feature].mapper, threshold: split.threshold,
      categories: split.categories, missingGoesLeft: split.missingGoesLeft)
    let chunks = rows.slots.chunkCount
    let threads = builder.threads
    return Parallel.map(threads, threads: threads) { thread in
      let words =
        chunks * thread / threads * Slots.wordsPerChunk..<chunks * (thread + 1) / threads
        * Slots.wordsPerChunk
      divider.divide(words, left, right)
      return Int(panel_count(left.start, bag?.start, words.lowerBound, words.upperBound))
    }.reduce(0, +)
  }

  /// Passes monotone bounds on to the children: both stay on their side of the middle.
  private func bound(
    _ left: inout LeafSums, _ right: inout LeafSums, by split: LeafSplit, _ feature: Int,
    _ bounds: ClosedRange<Double>
  ) {
    (left.bounds, right.bounds) = (bounds, bounds)
    let direction = self.direction(feature)
    guard split.categories == nil, direction != 0 else { return }
    let middle = (split.leftValue + split.rightValue) / 2
    let below = bounds.lowerBound...max(bounds.lowerBound, min(bounds.upperBound, middle))
    let above = min(bounds.upperBound, max(bounds.lowerBound, middle))...bounds.upperBound
    (left.bounds, right.bounds) = direction > 0 ? (below, above) : (above, below)
  }

  private func direction(_ feature: Int) -> Int {
    parameters.monotone.isEmpty || rows.features[feature].mapper.isCategory
      ? 0 : parameters.monotone[rows.features[feature].column]
  }

  // MARK: - Best splits

  /// Computes the sums of each feature's most frequent bin as LightGBM does: what the other bins
  /// leave of the leaf's sums, which have rounding errors of their own.
  private func fixFrequent(_ leaf: inout Leaf) {
    leaf.frequent = [(gradient: Double, hessian: Double)](
      repeating: (0, 0), count: rows.features.count)
    guard let histogram = leaf.histogram else { return }
    for feature in rows.features.indices where leaf.splittable[feature] {
      let mapper = rows.features[feature].mapper
      guard mapper.mostFrequentBin > 0 else { continue }
      var rest = (gradient: leaf.sums.gradient, hessian: leaf.sums.hessian)
      let bins = histogram.start + builder.offsets[feature]
      for bin in 0..<mapper.binCount where bin != mapper.mostFrequentBin {
        rest.gradient -= Double(bins[bin].gradient) * units.gradient
        rest.hessian -= Double(bins[bin].hessian) * units.hessian
      }
      leaf.frequent[feature] = rest
    }
  }

  /// Finds a leaf's best split, and the features that can split it at all.
  private func findBest(_ leaf: inout Leaf) {
    guard let histogram = leaf.histogram else { return }
    let (sums, frequent, splittable) = (leaf.sums, leaf.frequent, leaf.splittable)
    var best = LeafSplit()
    for feature in splittable.indices where splittable[feature] {
      let found = candidate(of: feature, histogram, sums, frequent[feature])
      leaf.splittable[feature] = found.isSplittable
      if found.split.isBetter(than: best) { best = found.split }
    }
    leaf.best = best
  }

  private func candidate(
    of feature: Int, _ histogram: PlainMemory<panel_sum>, _ sums: LeafSums,
    _ frequent: (gradient: Double, hessian: Double)
  ) -> (split: LeafSplit, isSplittable: Bool) {
    let mapper = rows.features[feature].mapper
    let bins = histogram.start + builder.offsets[feature]
    let offset = mapper.mostFrequentBin == 0 ? 1 : 0
    let count = mapper.binCount - offset
    let direction = self.direction(feature)
    return withUnsafeTemporaryAllocation(
      of: (gradient: Double, hessian: Double).self, capacity: max(1, count)
    ) { numbers in
      for index in 0..<count {
        let bin = bins[index + offset]
        numbers.initializeElement(
          at: index,
          to: (Double(bin.gradient) * units.gradient, Double(bin.hessian) * units.hessian))
      }
      if offset == 0 { numbers[mapper.mostFrequentBin] = frequent }
      var found = search.best(
        UnsafeBufferPointer(rebasing: numbers[..<count]), mapper, sums, direction: direction)
      found.split.feature = feature
      // LightGBM's factor for a penalty of 0.
      if direction != 0 { found.split.gain *= 1 + SplitSearch.epsilon }
      return found
    }
  }
}

/// Divides the rows of a leaf by a split.
struct LeafDivider: Sendable {
  private let column: BinColumn
  private let threshold: Int32
  private let alsoLeft: Int32
  private let set: [UInt64]?

  init(
    _ column: BinColumn, _ mapper: BinMapper, threshold: Int, categories: [Int]?,
    missingGoesLeft: Bool
  ) {
    self.column = column
    self.threshold = Int32(threshold)
    // The bin of missing values is the last one, above any threshold.
    alsoLeft = mapper.missing == .nan && missingGoesLeft ? Int32(mapper.binCount - 1) : -1
    set = categories.map { categories in
      var set = [UInt64](repeating: 0, count: 1 << 10)
      for bin in categories { set[bin / 64] |= 1 << UInt64(bin % 64) }
      return set
    }
  }

  func divide(_ words: Range<Int>, _ left: PlainMemory<UInt64>, _ right: PlainMemory<UInt64>) {
    if let set {
      panel_split_by_set(
        column.start, Int32(column.bytesPerBin), set, words.lowerBound, words.upperBound,
        left.start, right.start)
    } else {
      panel_split_by_threshold(
        column.start, Int32(column.bytesPerBin), threshold, alsoLeft, words.lowerBound,
        words.upperBound, left.start, right.start)
    }
  }
}
