import Learning
import Testing

@Suite struct TreeComparisonTests {
  /// A model of two trees: a stump, and one with a split by category below a number.
  private static func model(
    threshold: String = "1.5", gain: String = "10", leaf: String = "0.5", set: String = "5"
  ) -> String {
    let trees = [
      """
      Tree=0
      num_leaves=2
      num_cat=0
      split_feature=0
      split_gain=\(gain)
      threshold=\(threshold)
      decision_type=2
      left_child=-1
      right_child=-2
      leaf_value=-0.5 \(leaf)
      leaf_weight=1 1
      leaf_count=10 10
      internal_value=0
      internal_weight=2
      internal_count=20
      is_linear=0
      shrinkage=1


      """,
      """
      Tree=1
      num_leaves=3
      num_cat=1
      split_feature=0 1
      split_gain=8 4
      threshold=2.5 0
      decision_type=2 1
      left_child=1 -1
      right_child=-2 -3
      leaf_value=0.1 0.2 0.3
      leaf_weight=1 1 1
      leaf_count=5 10 5
      internal_value=0 0
      internal_weight=2 1
      internal_count=20 10
      cat_boundaries=0 1
      cat_threshold=\(set)
      is_linear=0
      shrinkage=1


      """,
    ]
    return """
      tree
      version=v4
      num_class=1
      num_tree_per_iteration=1
      label_index=0
      max_feature_idx=1
      objective=binary sigmoid:1
      feature_names=age region
      feature_infos=[0:9] 0:1:2
      tree_sizes=\(trees.map { "\($0.utf8.count)" }.joined(separator: " "))

      \(trees.joined())end of trees

      parameters:
      end of parameters

      """
  }

  @Test func `a model is the same as itself`() throws {
    let found = try TreeComparison(Self.model(), Self.model())
    #expect(found.isIdentical && found.first == nil)
    #expect(found.trees == 2 && found.sameSplits == 2 && found.largestLeafDifference == 0)
  }

  @Test func `another threshold with the same gain is a tie`() throws {
    let found = try TreeComparison(Self.model(), Self.model(threshold: "2.5"))
    #expect(found.sameSplits == 1 && !found.isIdentical)
    let first = try #require(found.first)
    #expect(first.tree == 0 && first.difference.isTie)
    guard case .split(0, let own, let other) = first.difference else {
      Issue.record("\(first)")
      return
    }
    #expect(own.feature == "age" && own.threshold == "1.5" && other.threshold == "2.5")
    let better = try TreeComparison(Self.model(), Self.model(threshold: "2.5", gain: "11"))
    #expect(better.first?.difference.isTie == false)
  }

  @Test func `another set of categories is another split`() throws {
    let found = try TreeComparison(Self.model(), Self.model(set: "6"))
    #expect(found.first?.tree == 1 && found.sameSplits == 1)
    guard case .split(1, let own, _) = found.first?.difference else {
      Issue.record("\(found)")
      return
    }
    #expect(own.feature == "region")
  }

  @Test func `values of leaves are compared where splits are the same`() throws {
    let found = try TreeComparison(Self.model(), Self.model(leaf: "0.75"))
    #expect(found.sameSplits == 2 && found.largestLeafDifference == 0.25)
    #expect(found.first?.difference == .values)
  }

  @Test func `a text that is no model is refused`() {
    #expect(throws: LearningError.self) { try TreeComparison(Self.model(), "tree") }
  }
}
