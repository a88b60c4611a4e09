internal import Columns

/// All splits of a model in one table, and the paths that rows take through them.
struct SplitTable: Sendable {
  /// A split or, if negative, the complement of a leaf's index.
  typealias Node = Int32

  struct Split: Sendable {
    /// The index of the test in `tests`.
    let test: Int32
    /// Where rows go that pass the test.
    let left: Node
    /// Where all others go.
    let right: Node
  }

  /// Of all trees, each split before those below it.
  let splits: [Split]
  let leafValues: [Double]
  /// The first node of each tree.
  let roots: [Node]
  /// The tests of all splits without duplicates, by feature.
  let tests: [SplitTest]
  /// The indices of each feature's tests.
  let testsOfFeature: [Range<Int>]
  /// By feature, the splits that test it and are below no other split that does, in the order of the
  /// trees. A row passes at most one of them in a tree.
  let topSplits: [[TopSplit]]

  struct TopSplit: Sendable {
    let node: Node
    let test: Int32
    /// Whether no split below it tests the feature.
    var isOnly: Bool
  }

  init(_ trees: [DecisionTree], featureCount: Int) {
    var seen: Set<SplitTest> = []
    let distinct = trees.flatMap(\.tests).filter { seen.insert($0).inserted }
    let byFeature = Dictionary(grouping: distinct, by: \.feature)
    var tests: [SplitTest] = []
    var ranges: [Range<Int>] = []
    for feature in 0..<featureCount {
      let first = tests.count
      tests += byFeature[feature] ?? []
      ranges.append(first..<tests.count)
    }
    let indices = Dictionary(uniqueKeysWithValues: tests.enumerated().map { ($1, Int32($0)) })
    var splits: [Split] = []
    var leafValues: [Double] = []
    var roots: [Node] = []
    var topSplits = [[TopSplit]](repeating: [], count: featureCount)
    for tree in trees {
      let (firstSplit, firstLeaf) = (splits.count, leafValues.count)
      func node(_ node: DecisionTree.Node) -> Node {
        Node(node >= 0 ? firstSplit + node : ~(firstLeaf + ~node))
      }
      roots.append(node(tree.root))
      leafValues += tree.leafValues
      // A split's children come after it.
      var parents = [Int](repeating: -1, count: tree.tests.count)
      // For each split, the index of the first one on the way to it that tests its feature.
      var topIndex = parents
      for (number, test) in tree.tests.enumerated() {
        let (left, right) = (tree.left[number], tree.right[number])
        let split = Split(test: indices[test] ?? 0, left: node(left), right: node(right))
        splits.append(split)
        for child in [left, right] where child >= 0 { parents[child] = number }
        var above = parents[number]
        while above >= 0, tree.tests[above].feature != test.feature { above = parents[above] }
        let tops = topSplits[test.feature].count
        topIndex[number] = above < 0 ? tops : topIndex[above]
        if above < 0 {
          topSplits[test.feature].append(
            TopSplit(node: Node(firstSplit + number), test: split.test, isOnly: true))
        } else {
          topSplits[test.feature][topIndex[above]].isOnly = false
        }
      }
    }
    self.splits = splits
    self.leafValues = leafValues
    self.roots = roots
    self.tests = tests
    self.testsOfFeature = ranges
    self.topSplits = topSplits
  }

  /// What some rows do in the model's trees.
  struct Visits: Sendable {
    /// The sums of the leaf values, in the order of the trees.
    var margins: [Double]
    /// Each row's answers to the tests.
    var answers: BitRows
    /// The splits on each row's paths.
    var paths: BitRows
  }

  /// Takes rows through all trees.
  /// - Parameter indices: ascending.
  func visits(of indices: [Int32], in rows: RowMajorConverter) -> Visits {
    var visits = Visits(
      margins: [Double](repeating: 0, count: indices.count),
      answers: BitRows(rowCount: indices.count, bitCount: tests.count),
      paths: BitRows(rowCount: indices.count, bitCount: splits.count))
    var bytes = [UInt8](repeating: 0, count: indices.count)
    var words = [UInt64](repeating: 0, count: indices.count)
    for (feature, range) in testsOfFeature.enumerated() where !range.isEmpty {
      var values = rows.gather(column: feature, rows: indices)
      for row in values.indices where abs(values[row]) <= SplitTest.smallest { values[row] = 0 }
      for test in range {
        values.withUnsafeBufferPointer { values in
          bytes.withUnsafeMutableBufferPointer { tests[test].answer(values, into: $0) }
        }
        for row in words.indices { words[row] |= UInt64(bytes[row]) << (test & 63) }
        // Words are completed side by side first, because a row's own are far apart.
        if test & 63 == 63 || test == tests.count - 1 {
          visits.answers.set(word: test >> 6, words)
          for row in words.indices { words[row] = 0 }
        }
      }
    }
    for row in indices.indices {
      var margin = 0.0
      for root in roots {
        var node = root
        while node >= 0 {
          let split = splits[Int(node)]
          visits.paths.set(row, Int(node))
          node = visits.answers[row, Int(split.test)] ? split.left : split.right
        }
        margin += leafValues[Int(~node)]
      }
      visits.margins[row] = margin
    }
    return visits
  }
}
