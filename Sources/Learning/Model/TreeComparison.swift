/// Two models' trees side by side: how many are the same, and where the first difference is.
///
/// Models that were trained on the same rows with the same parameters by different trainers differ
/// in one of three ways: two splits have the same gain and each trainer takes another (a tie), sums
/// differ in their last digits and so do leaf values, or one trainer does not follow the other's
/// rules.
public struct TreeComparison: Sendable, Equatable {
  /// A split as a model's text has it.
  public struct Split: Sendable, Equatable {
    /// The name of its feature.
    public let feature: String
    /// The threshold, or the number of the set of categories.
    public let threshold: String
    /// What the split improves the training objective by.
    public let gain: String
  }

  /// Where two trees differ first.
  public enum Difference: Sendable, Equatable {
    /// The split with this number differs.
    case split(Int, Split, other: Split)
    /// One tree stops growing earlier: the numbers of leaves.
    case leaves(Int, other: Int)
    /// All splits are the same, and values of leaves are not.
    case values

    /// Whether both trainers found another split with the same gain, as far as the text shows it.
    public var isTie: Bool {
      if case .split(_, let split, let other) = self { split.gain == other.gain } else { false }
    }
  }

  /// The first tree that differs.
  public struct First: Sendable, Equatable {
    /// Its number, from 0.
    public let tree: Int
    public let difference: Difference
  }

  /// The numbers of trees.
  public let trees: Int
  public let otherTrees: Int
  /// The number of trees with the same splits as the tree of the same number.
  public let sameSplits: Int
  /// Whether the models are the same, byte for byte.
  public let isIdentical: Bool
  /// The largest difference between the values of corresponding leaves, among trees with the same
  /// splits.
  public let largestLeafDifference: Double
  /// nil if no tree differs.
  public let first: First?

  /// Compares two models with the same features.
  /// - Throws: `invalidModel` if a text is not that of a model.
  public init(_ text: String, _ other: String) throws(LearningError) {
    let names = try ModelText(text).featureNames
    _ = try ModelText(other)
    let (own, others) = (Self.trees(text), Self.trees(other))
    isIdentical = text == other
    (trees, otherTrees) = (own.count, others.count)
    var (same, largest) = (0, 0.0)
    var first: First?
    for (number, (tree, other)) in zip(own, others).enumerated() {
      let difference = Self.difference(tree, other, names)
      switch difference {
      case nil: same += 1
      case .values:
        same += 1
        for (value, other) in zip(tree["leaf_value"] ?? [], other["leaf_value"] ?? []) {
          largest = max(largest, abs((Double(value) ?? 0) - (Double(other) ?? 0)))
        }
      case .split, .leaves: break
      }
      if first == nil, let difference { first = First(tree: number, difference: difference) }
    }
    (sameSplits, largestLeafDifference, self.first) = (same, largest, first)
  }

  private typealias Fields = [Substring: [Substring]]

  /// What decides which leaf a row reaches.
  private static let structure: [Substring] = [
    "split_feature", "threshold", "decision_type", "left_child", "right_child", "cat_boundaries",
    "cat_threshold",
  ]

  private static func difference(
    _ tree: Fields, _ other: Fields, _ names: [String]
  ) -> Difference? {
    guard let index = firstOtherSplit(tree, other) else {
      return tree["leaf_value"] == other["leaf_value"] ? nil : .values
    }
    let (splits, others) = (tree["threshold"]?.count ?? 0, other["threshold"]?.count ?? 0)
    guard index < min(splits, others) else { return .leaves(splits + 1, other: others + 1) }
    return .split(index, split(index, tree, names), other: split(index, other, names))
  }

  /// The first split that differs; nil if none does.
  private static func firstOtherSplit(_ tree: Fields, _ other: Fields) -> Int? {
    guard structure.contains(where: { tree[$0] != other[$0] }) else { return nil }
    let keys: [Substring] = ["split_feature", "threshold", "decision_type"]
    let counts = [tree, other].map { $0["threshold"]?.count ?? 0 }
    let common = min(counts[0], counts[1])
    let place = (0..<common).first { index in
      keys.contains { tree[$0]?[index] != other[$0]?[index] }
        || set(index, tree) != set(index, other)
    }
    // Splits that are the same in another order of growth have other children.
    let keysOfShape: [Substring] = ["left_child", "right_child"]
    return place
      ?? (0..<common).first { index in
        keysOfShape.contains { tree[$0]?[index] != other[$0]?[index] }
      } ?? common
  }

  /// The categories of a split by category; empty for other splits.
  private static func set(_ index: Int, _ tree: Fields) -> [Substring] {
    guard let type = tree["decision_type"]?[index], (Int(type) ?? 0) & 1 == 1,
      let number = (tree["threshold"]?[index]).flatMap({ Int($0) }),
      let bounds = tree["cat_boundaries"]?.compactMap({ Int($0) }), number + 1 < bounds.count,
      let words = tree["cat_threshold"], bounds[number + 1] <= words.count
    else { return [] }
    return Array(words[bounds[number]..<bounds[number + 1]])
  }

  private static func split(_ index: Int, _ tree: Fields, _ names: [String]) -> Split {
    let feature = (tree["split_feature"]?[index]).flatMap { Int($0) } ?? 0
    return Split(
      feature: names[feature], threshold: String(tree["threshold"]?[index] ?? ""),
      gain: String(tree["split_gain"]?[index] ?? ""))
  }

  /// The fields of each tree of a model that has been checked.
  private static func trees(_ text: String) -> [Fields] {
    var trees: [Fields] = []
    for line in text.split(separator: "\n") {
      if line.hasPrefix("Tree=") { trees.append([:]) }
      if line == "end of trees" { break }
      guard !trees.isEmpty, let equals = line.firstIndex(of: "=") else { continue }
      trees[trees.count - 1][line[..<equals]] =
        line[line.index(after: equals)...].split(separator: " ")
    }
    return trees
  }
}
