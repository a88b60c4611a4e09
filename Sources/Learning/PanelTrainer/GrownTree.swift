internal import CPanelTrees

/// A tree in LightGBM's form: splits in the order in which they were made, leaves by their number.
struct GrownTree: Sendable {
  /// One split, by features that may split and by bins.
  struct Split: Sendable {
    let leaf: Int
    let feature: Int
    let threshold: Int
    let categories: [Int]?
    let missingGoesLeft: Bool
  }

  private(set) var splits: [Split] = []
  private(set) var leafValues: [Double]
  private var gains: [Float] = []
  private var children: [(left: Int, right: Int)] = []
  private var internalValues: [Double] = []
  private var internalWeights: [Double] = []
  private var internalCounts: [Int] = []
  private var leafWeights = [0.0]
  private var leafCounts: [Int]
  private var leafParents = [-1]
  private(set) var depths = [0]
  private var shrinkage = 1.0

  /// The magnitude up to which LightGBM takes a number as zero.
  private static let zero = Double(Float(1e-35))

  /// Starts a tree with one leaf.
  init(value: Double, count: Int) {
    leafValues = [value]
    leafCounts = [count]
  }

  var leafCount: Int { leafValues.count }

  /// Splits a leaf. The right child is the next leaf.
  mutating func split(_ leaf: Int, by split: LeafSplit, feature: Int, minGain: Double) {
    let node = splits.count
    let next = leafValues.count
    if leafParents[leaf] >= 0 {
      if children[leafParents[leaf]].left == ~leaf {
        children[leafParents[leaf]].left = node
      } else {
        children[leafParents[leaf]].right = node
      }
    }
    splits.append(
      Split(
        leaf: leaf, feature: feature, threshold: split.threshold, categories: split.categories,
        missingGoesLeft: split.missingGoesLeft))
    gains.append(Float(split.gain + minGain))
    children.append((~leaf, ~next))
    internalValues.append(leafValues[leaf])
    internalWeights.append(split.left.hessian + split.right.hessian)
    internalCounts.append(split.left.count + split.right.count)
    leafValues[leaf] = split.leftValue.isNaN ? 0 : split.leftValue
    leafValues.append(split.rightValue.isNaN ? 0 : split.rightValue)
    leafWeights[leaf] = split.left.hessian
    leafWeights.append(split.right.hessian)
    leafCounts[leaf] = split.left.count
    leafCounts.append(split.right.count)
    leafParents[leaf] = node
    leafParents.append(node)
    depths[leaf] += 1
    depths.append(depths[leaf])
  }

  private mutating func change(_ change: (Double) -> Double) {
    func changed(_ value: Double) -> Double {
      let value = change(value)
      return value.magnitude <= Self.zero ? 0 : value
    }
    leafValues = leafValues.map(changed)
    internalValues = internalValues.map(changed)
  }

  /// Multiplies the values by the learning rate.
  mutating func shrink(by rate: Double) {
    change { $0 * rate }
    shrinkage *= rate
  }

  /// Adds what all rows start from.
  mutating func add(_ bias: Double) {
    change { $0 + bias }
    shrinkage = 1
  }
}

extension GrownTree {
  private static func text(_ value: Double, digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      _ = panel_format(value, Int32(digits), start, buffer.count)
      return String(cString: start)
    }
  }

  private static func list(_ values: [Double], digits: Int) -> String {
    values.map { text($0, digits: digits) }.joined(separator: " ")
  }

  private static func list(_ values: [Int]) -> String {
    values.map(String.init).joined(separator: " ")
  }

  /// Returns the categories of a split as LightGBM's bits.
  private static func bits(_ categories: [Int32]) -> [UInt32] {
    var words = [UInt32](repeating: 0, count: Int(categories.max() ?? 0) / 32 + 1)
    for category in categories where category >= 0 {
      words[Int(category) / 32] |= 1 << UInt32(category % 32)
    }
    return words
  }

  /// Returns the tree in LightGBM's text format.
  func text(number: Int, features: [BinReference.Feature]) -> String {
    var sets: [[UInt32]] = []
    var thresholds: [Double] = []
    var types: [Int] = []
    for split in splits {
      let mapper = features[split.feature].mapper
      let missing = mapper.missing.rawValue << 2
      if let bins = split.categories {
        thresholds.append(Double(sets.count))
        sets.append(Self.bits(bins.map { mapper.categories[$0] }))
        types.append(missing | 1)
      } else {
        thresholds.append(mapper.upperBounds[split.threshold])
        types.append(missing | (split.missingGoesLeft ? 2 : 0))
      }
    }
    var lines = [
      "Tree=\(number)", "num_leaves=\(leafCount)", "num_cat=\(sets.count)",
      "split_feature=" + Self.list(splits.map { features[$0.feature].column }),
      "split_gain=" + Self.list(gains.map(Double.init), digits: 6),
      "threshold=" + Self.list(thresholds, digits: 17),
      "decision_type=" + Self.list(types), "left_child=" + Self.list(children.map(\.left)),
      "right_child=" + Self.list(children.map(\.right)),
      "leaf_value=" + Self.list(leafValues, digits: 17),
      "leaf_weight=" + Self.list(leafWeights, digits: 17),
      "leaf_count=" + Self.list(leafCounts),
      "internal_value=" + Self.list(internalValues, digits: 6),
      "internal_weight=" + Self.list(internalWeights, digits: 6),
      "internal_count=" + Self.list(internalCounts),
    ]
    if !sets.isEmpty {
      var bounds = [0]
      for set in sets { bounds.append(bounds[bounds.count - 1] + set.count) }
      lines.append("cat_boundaries=" + Self.list(bounds))
      lines.append("cat_threshold=" + Self.list(sets.flatMap { $0.map { Int($0) } }))
    }
    lines.append("is_linear=0")
    lines.append("shrinkage=" + Self.text(shrinkage, digits: 6))
    return lines.joined(separator: "\n") + "\n\n\n"
  }

  /// Adds the number of splits by each column; LightGBM leaves out those that gain nothing.
  func count(into counts: inout [Int], features: [BinReference.Feature]) {
    for (split, gain) in zip(splits, gains) where gain > 0 {
      counts[features[split.feature].column] += 1
    }
  }
}
