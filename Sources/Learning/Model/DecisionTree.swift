/// One tree of a model, read: its splits' tests, who comes after whom, and what the leaves add to a margin.
struct DecisionTree: Sendable {
  /// A split by its number, or a leaf by the complement of its number.
  typealias Node = Int

  /// By split; the first is the root's.
  let tests: [SplitTest]
  let left: [Node]
  let right: [Node]
  /// By leaf; a tree without splits has one.
  let leafValues: [Double]
  /// How many training rows came by each split and to each leaf.
  let splitCounts: [Double]
  let leafCounts: [Double]

  var root: Node { tests.isEmpty ? ~0 : 0 }

  func count(_ node: Node) -> Double { node < 0 ? leafCounts[~node] : splitCounts[node] }

  /// The leaf's value for the answers to all tests.
  /// - Parameter answers: a bit per split, set for yes.
  func value(_ answers: Int) -> Double {
    var node = root
    while node >= 0 { node = child(of: node, answers) }
    return leafValues[~node]
  }

  func child(of split: Int, _ answers: Int) -> Node {
    answers & (1 << split) != 0 ? left[split] : right[split]
  }

  /// The margin's mean over the training rows.
  var expectedValue: Double {
    guard !tests.isEmpty else { return leafValues[0] }
    return zip(leafCounts, leafValues).reduce(0) { $0 + $1.0 / splitCounts[0] * $1.1 }
  }
}

/// The question that a split asks of one feature; who answers yes goes left.
struct SplitTest: Hashable, Sendable {
  /// Values that LightGBM takes for missing, beside NaN.
  enum Missing: Int, Hashable, Sendable {
    /// None: a NaN counts as zero.
    case none
    /// Zeros; a NaN counts as one.
    case zero
    /// NaN only.
    case nan
  }

  enum Question: Hashable, Sendable {
    /// Whether the value is at most a threshold; a missing value has its answer from training.
    case atMost(Double, missing: Missing, missingGoesLeft: Bool)
    /// Whether the value is a category of a set, which has a bit for each.
    case among([UInt32])
  }

  let feature: Int
  let question: Question

  /// What is nearer to zero is zero to LightGBM.
  static let smallest = Double(Float(1e-35))

  /// Answers for consecutive values: 1 for yes, 0 for no.
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
