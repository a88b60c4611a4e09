/// One tree of a model's text, with every field validated that a reader uses as an index.
struct ModelTree {
  private let fields: [String: Substring]
  private let number: Int

  /// The bit in a split's type that marks a split by category.
  private static let categoryBit = 1
  /// The bit that sends missing values left.
  private static let defaultLeftBit = 2
  /// The number of bits below the kind of missing value.
  private static let missingShift = 2

  private static let names: Set<String> = [
    "num_leaves", "num_cat", "split_feature", "split_gain", "threshold", "decision_type",
    "left_child", "right_child", "leaf_value", "leaf_weight", "leaf_count", "internal_value",
    "internal_weight", "internal_count", "cat_boundaries", "cat_threshold", "is_linear",
    "shrinkage",
  ]

  init(_ fields: [String: Substring], number: Int) {
    self.fields = fields
    self.number = number
  }

  /// Checks that the arrays have the lengths that the tree's size requires, that features and
  /// category sets exist, and that the children form one tree.
  ///
  /// - Throws: `invalidModel`.
  func check(featureCount: Int) throws(LearningError) {
    let leaves = try wholes("num_leaves", count: 1)[0]
    let categories = try wholes("num_cat", count: 1)[0]
    guard leaves >= 1, leaves <= 1 << 20, categories >= 0, categories < leaves else {
      throw damaged("its size")
    }
    guard Set(fields.keys).isSubset(of: Self.names) else { throw damaged("its list of fields") }
    guard fields["is_linear"] == "0" else { throw damaged("`is_linear`") }
    guard try numbers("leaf_value", count: leaves).allSatisfy(\.isFinite) else {
      throw damaged("`leaf_value`")
    }
    _ = try numbers("shrinkage", count: 1)
    guard leaves > 1 else { return }
    let splits = leaves - 1
    let features = try wholes("split_feature", count: splits)
    guard features.allSatisfy({ (0..<featureCount).contains($0) }) else {
      throw damaged("`split_feature`")
    }
    for name in ["split_gain", "internal_value", "internal_weight"] {
      _ = try numbers(name, count: splits)
    }
    _ = try wholes("internal_count", count: splits)
    _ = try numbers("leaf_weight", count: leaves)
    _ = try wholes("leaf_count", count: leaves)
    try checkThresholds(splits: splits, categories: categories)
    try checkChildren(splits: splits, leaves: leaves)
  }

  /// Checks thresholds. The threshold of a split by category is the index of a set, and the sets
  /// are delimited by their bounds.
  private func checkThresholds(splits: Int, categories: Int) throws(LearningError) {
    let types = try wholes("decision_type", count: splits)
    let thresholds = try numbers("threshold", count: splits)
    for (type, threshold) in zip(types, thresholds) {
      guard (0...15).contains(type), !threshold.isNaN else { throw damaged("`threshold`") }
      if type & Self.categoryBit != 0 {
        guard let set = Int(exactly: threshold), (0..<categories).contains(set) else {
          throw damaged("a split by category")
        }
      }
    }
    guard categories > 0 else { return }
    let bounds = try wholes("cat_boundaries", count: categories + 1)
    guard bounds[0] == 0, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 <= $1 }),
      bounds[categories] <= 1 << 24
    else {
      throw damaged("`cat_boundaries`")
    }
    let words = try wholes("cat_threshold", count: bounds[categories])
    guard words.allSatisfy({ $0 >= 0 && $0 <= Int(UInt32.max) }) else {
      throw damaged("`cat_threshold`")
    }
  }

  /// Checks children: each is a later split or the complement of a leaf's index, and is the child
  /// of one split only.
  private func checkChildren(splits: Int, leaves: Int) throws(LearningError) {
    let left = try wholes("left_child", count: splits)
    let right = try wholes("right_child", count: splits)
    var seenSplits = [Bool](repeating: false, count: splits)
    var seenLeaves = [Bool](repeating: false, count: leaves)
    for split in 0..<splits {
      for child in [left[split], right[split]] {
        if child > split, child < splits, !seenSplits[child] {
          seenSplits[child] = true
        } else if child < 0, ~child < leaves, !seenLeaves[~child] {
          seenLeaves[~child] = true
        } else {
          throw damaged("its shape")
        }
      }
    }
  }

  /// Returns the tree, which must have been checked.
  func read() throws(LearningError) -> DecisionTree {
    let leaves = try wholes("num_leaves", count: 1)[0]
    let splits = leaves - 1
    guard splits > 0 else {
      return DecisionTree(
        tests: [], left: [], right: [], leafValues: try numbers("leaf_value", count: leaves),
        splitCounts: [], leafCounts: [])
    }
    return DecisionTree(
      tests: try tests(splits), left: try wholes("left_child", count: splits),
      right: try wholes("right_child", count: splits),
      leafValues: try numbers("leaf_value", count: leaves),
      splitCounts: try wholes("internal_count", count: splits).map(Double.init),
      leafCounts: try wholes("leaf_count", count: leaves).map(Double.init))
  }

  private func tests(_ splits: Int) throws(LearningError) -> [SplitTest] {
    let features = try wholes("split_feature", count: splits)
    let types = try wholes("decision_type", count: splits)
    let thresholds = try numbers("threshold", count: splits)
    let categories = try wholes("num_cat", count: 1)[0]
    let bounds = categories > 0 ? try wholes("cat_boundaries", count: categories + 1) : [0]
    let words = categories > 0 ? try wholes("cat_threshold", count: bounds[categories]) : []
    var tests: [SplitTest] = []
    for split in 0..<splits {
      if types[split] & Self.categoryBit != 0 {
        let set = Int(thresholds[split])
        let question = words[bounds[set]..<bounds[set + 1]].map { UInt32($0) }
        tests.append(SplitTest(feature: features[split], question: .among(question)))
      } else {
        guard let missing = SplitTest.Missing(rawValue: types[split] >> Self.missingShift) else {
          throw damaged("`decision_type`")
        }
        tests.append(
          SplitTest(
            feature: features[split],
            question: .atMost(
              thresholds[split], missing: missing,
              missingGoesLeft: types[split] & Self.defaultLeftBit != 0)))
      }
    }
    return tests
  }

  private func values(_ name: String, count: Int) throws(LearningError) -> [Substring] {
    let values = fields[name]?.split(separator: " ") ?? []
    guard values.count == count else { throw damaged("`\(name)`") }
    return values
  }

  /// Parses integers as LightGBM does: digits, with at most a minus sign.
  private func wholes(_ name: String, count: Int) throws(LearningError) -> [Int] {
    let wholes = try values(name, count: count).compactMap { value in
      value.first == "+" ? nil : Int(value)
    }
    guard wholes.count == count else { throw damaged("`\(name)`") }
    return wholes
  }

  /// Parses decimal numbers as LightGBM does; those that it cannot read would end the process.
  private func numbers(_ name: String, count: Int) throws(LearningError) -> [Double] {
    let numbers = try values(name, count: count).compactMap { value in
      value.utf8.allSatisfy(Self.isNumeric) || ["inf", "-inf", "nan", "-nan"].contains(value)
        ? Double(value) : nil
    }
    guard numbers.count == count else { throw damaged("`\(name)`") }
    return numbers
  }

  private static func isNumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-.eE".utf8.contains(byte)
  }

  private func damaged(_ what: String) -> LearningError {
    ModelText.invalid("tree \(number) is damaged: \(what)")
  }
}
