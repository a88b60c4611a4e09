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
