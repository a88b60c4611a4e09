/// One parsed tree of a model: the tests of its splits, their children, and the values that its
/// leaves add to a margin.
struct DecisionTree: Sendable {
  /// The index of a split, or the complement of a leaf's index.
  typealias Node = Int

  /// The test of each split; the first is the root's.
  let tests: [SplitTest]
  let left: [Node]
  let right: [Node]
  /// The value of each leaf; a tree without splits has one leaf.
  let leafValues: [Double]
  /// The number of training rows that reached each split and each leaf.
  let splitCounts: [Double]
  let leafCounts: [Double]

  var root: Node { tests.isEmpty ? ~0 : 0 }

  func count(_ node: Node) -> Double { node < 0 ? leafCounts[~node] : splitCounts[node] }

  /// Returns the value of the leaf that the answers to all tests lead to.
  /// - Parameter answers: one bit per split, set for yes.
  func value(_ answers: Int) -> Double {
    var node = root
    while node >= 0 { node = child(of: node, answers) }
    return leafValues[~node]
  }

  func child(of split: Int, _ answers: Int) -> Node {
    answers & (1 << split) != 0 ? left[split] : right[split]
  }

  /// The mean margin over the training rows.
  var expectedValue: Double {
    guard !tests.isEmpty else { return leafValues[0] }
    return zip(leafCounts, leafValues).reduce(0) { $0 + $1.0 / splitCounts[0] * $1.1 }
  }
}

/// The test of a split on one feature; rows that pass it go left.
struct SplitTest: Hashable, Sendable {
  /// The values besides NaN that LightGBM treats as missing.
  enum Missing: Int, Hashable, Sendable {
    /// None; NaN is treated as zero.
    case none
    /// Zeros; NaN is treated as zero.
    case zero
    /// Only NaN.
    case nan
  }

  enum Question: Hashable, Sendable {
    /// Whether the value is at most a threshold; the answer for a missing value was fixed in
    /// training.
    case atMost(Double, missing: Missing, missingGoesLeft: Bool)
    /// Whether the value is a category in a set, stored as one bit per category.
    case among([UInt32])
  }

  let feature: Int
  let question: Question

  /// The magnitude up to which LightGBM treats a value as zero.
  static let smallest = Double(Float(1e-35))

  /// Writes the answers for consecutive values: 1 for yes, 0 for no.
  func answer(
    _ values: UnsafeBufferPointer<Double>, into answers: UnsafeMutableBufferPointer<UInt8>
  ) {
    switch question {
    case .among(let words):
      for (row, value) in values.enumerated() { answers[row] = Self.contains(words, value) ? 1 : 0 }
    case .atMost(let threshold, .none, _):
      for (row, value) in values.enumerated() {
        answers[row] = (value.isNaN ? 0 : value) <= threshold ? 1 : 0
      }
    case .atMost(let threshold, .nan, let missingGoesLeft):
      for (row, value) in values.enumerated() {
        answers[row] = value.isNaN ? (missingGoesLeft ? 1 : 0) : value <= threshold ? 1 : 0
      }
    case .atMost(let threshold, .zero, let missingGoesLeft):
      for (row, value) in values.enumerated() {
        let isMissing = value.isNaN || abs(value) <= Self.smallest
        answers[row] = isMissing ? (missingGoesLeft ? 1 : 0) : value <= threshold ? 1 : 0
      }
    }
  }

  private static func contains(_ words: [UInt32], _ value: Double) -> Bool {
    guard value >= 0, value < Double(words.count * UInt32.bitWidth) else { return false }
    let category = Int(value)
    return words[category / UInt32.bitWidth] & (1 << UInt32(category % UInt32.bitWidth)) != 0
  }
}
