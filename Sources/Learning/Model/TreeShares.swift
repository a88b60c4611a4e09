/// How a tree's margin is shared out among the features that led to it: SHAP values by the algorithm for
/// trees (Lundberg, Erion and Lee, 2018, algorithm 2).
///
/// The same operations in the same order as LightGBM's, so that sums over trees equal its own bit for bit.
struct TreeShares {
  /// An amount that goes to a feature.
  struct Share: Sendable {
    let feature: Int
    let amount: Double
  }

  /// A feature on the way to a node: which part of the rows gets on without knowing it, whether the row does
  /// when it is known, and the weight of the subsets of as many features as stand before it.
  private struct Step {
    var feature: Int
    var zero: Double
    var one: Double
    var weight: Double
  }

  private let tree: DecisionTree
  private let answers: Int
  private var shares: [Share] = []

  /// The shares in the order in which they are to be added up.
  /// - Parameter answers: the row's answers to the tree's tests, a bit per split.
  static func shares(of tree: DecisionTree, _ answers: Int) -> [Share] {
    guard !tree.tests.isEmpty else { return [] }
    var result = TreeShares(tree, answers)
    result.visit(tree.root, [], Step(feature: -1, zero: 1, one: 1, weight: 1))
    return result.shares
  }

  private init(_ tree: DecisionTree, _ answers: Int) {
    self.tree = tree
    self.answers = answers
  }

  private mutating func visit(_ node: DecisionTree.Node, _ before: [Step], _ step: Step) {
    var path = Self.extended(before, by: step)
    guard node >= 0 else {
      for place in path.indices.dropFirst() {
        let weight = Self.weight(of: path, without: place)
        let amount = weight * (path[place].one - path[place].zero) * tree.leafValues[~node]
        shares.append(Share(feature: path[place].feature, amount: amount))
      }
      return
    }
    let hot = tree.child(of: node, answers)
    let cold = hot == tree.left[node] ? tree.right[node] : tree.left[node]
    let feature = tree.tests[node].feature
    var known = Step(feature: feature, zero: 1, one: 1, weight: 0)
    // A feature that was asked before counts once: what it did is taken back, and done with this split.
    if let place = path.firstIndex(where: { $0.feature == feature }) {
      known = path[place]
      path = Self.shortened(path, by: place)
    }
    let all = tree.count(node)
    for (child, one) in [(hot, known.one), (cold, 0)] {
      let zero = tree.count(child) / all * known.zero
      visit(child, path, Step(feature: feature, zero: zero, one: one, weight: 0))
    }
  }

  private static func extended(_ path: [Step], by step: Step) -> [Step] {
    var path = path
    let depth = path.count
    path.append(step)
    for place in (0..<depth).reversed() {
      let weight = path[place].weight
      path[place + 1].weight += step.one * weight * Double(place + 1) / Double(depth + 1)
      path[place].weight = step.zero * weight * Double(depth - place) / Double(depth + 1)
    }
    return path
  }

  private static func shortened(_ path: [Step], by removed: Int) -> [Step] {
    var path = path
    let depth = path.count - 1
    let (zero, one) = (path[removed].zero, path[removed].one)
    var next = path[depth].weight
    for place in (0..<depth).reversed() {
      let weight = path[place].weight
      if one != 0 {
        path[place].weight = next * Double(depth + 1) / (Double(place + 1) * one)
        next = weight - path[place].weight * zero * Double(depth - place) / Double(depth + 1)
      } else {
        path[place].weight = weight * Double(depth + 1) / (zero * Double(depth - place))
      }
    }
    // The weights belong to the places, all else to the features.
    for place in removed..<depth {
      let weight = path[place].weight
      path[place] = path[place + 1]
      path[place].weight = weight
    }
    path.removeLast()
    return path
  }

  /// The sum of the weights that the path has without one of its features.
  private static func weight(of path: [Step], without removed: Int) -> Double {
    let depth = path.count - 1
    let (zero, one) = (path[removed].zero, path[removed].one)
    var next = path[depth].weight
    var total = 0.0
    for place in (0..<depth).reversed() {
      let part = Double(depth - place) / Double(depth + 1)
      if one != 0 {
        let weight = next * Double(depth + 1) / (Double(place + 1) * one)
        total += weight
        next = path[place].weight - weight * zero * part
      } else {
        total += path[place].weight / zero / part
      }
    }
    return total
  }
}
