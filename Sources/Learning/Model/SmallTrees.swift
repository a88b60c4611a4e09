internal import Columns
/// A model whose trees have few splits, in a form that predicts many rows quickly.
///
/// For a tree with at most eight splits, a row's answers to its tests form one byte, and a table
/// maps the byte to what the tree adds to the margin. No row walks from node to node: tests are
/// evaluated on entire columns, and only once if several trees share them. Margins and
/// contributions are bit-identical to LightGBM's because they are summed in its order.
struct SmallTrees: Sendable {
  private struct Tree: Sendable {
    let tree: DecisionTree
    /// The indices of its splits' tests in the list of all tests.
    let tests: [Int]
    /// The value for each combination of answers.
    let values: [Double]
  }

  private let trees: [Tree]
  /// The tests of all trees without duplicates.
  private let tests: [SplitTest]
  private let expectedMargin: Double

  static let largestSplitCount = 8

  /// Converts trees; nil if a tree has too many splits.
  init?(_ trees: [DecisionTree]) {
    guard trees.allSatisfy({ $0.tests.count <= Self.largestSplitCount }) else { return nil }
    var tests: [SplitTest] = []
    var positions: [SplitTest: Int] = [:]
    self.trees = trees.map { tree in
      let used = tree.tests.map { test in
        if let known = positions[test] { return known }
        tests.append(test)
        positions[test] = tests.count - 1
        return tests.count - 1
      }
      let values = (0..<1 << tree.tests.count).map(tree.value)
      return Tree(tree: tree, tests: used, values: values)
    }
    self.tests = tests
    expectedMargin = trees.reduce(0) { $0 + $1.expectedValue }
  }

  /// Returns the margin of each row.
  func margins(_ rows: RowMajorConverter, threads: Int) -> [Double] {
    var margins = [Double](repeating: 0, count: rows.rowCount)
    margins.withUnsafeMutableBufferPointer { margins in
      // Safety: each part writes to its own rows, and `forEach` returns before the buffer ends.
      nonisolated(unsafe) let margins = margins
      Self.forEachPart(of: rows.rowCount, threads: threads) { part in
        var sheet = AnswerSheet(tests)
        for chunk in Self.chunks(of: part) {
          sheet.answer(rows, chunk)
          for tree in trees {
            sheet.withCodes(tree.tests) { codes in
              tree.values.withUnsafeBufferPointer { values in
                for (position, code) in codes.enumerated() {
                  margins[chunk.lowerBound + position] += values[Int(code)]
                }
              }
            }
          }
        }
      }
    }
    return margins
  }

  /// Returns each feature's contribution to each row's margin, followed by the expected margin, row
  /// after row.
  func contributions(_ rows: RowMajorConverter, threads: Int) -> [Double] {
    let width = rows.columnCount + 1
    var contributions = [Double](repeating: 0, count: rows.rowCount * width)
    contributions.withUnsafeMutableBufferPointer { contributions in
      // Safety: each part writes to its own rows, and `forEach` returns before the buffer ends.
      nonisolated(unsafe) let contributions = contributions
      Self.forEachPart(of: rows.rowCount, threads: threads) { part in
        var sheet = AnswerSheet(tests)
        // Rows share few codes of a tree, so each code's shares are computed only once.
        var known = [[TreeSHAP.Share]?](
          repeating: nil, count: trees.count << Self.largestSplitCount)
        for chunk in Self.chunks(of: part) {
          sheet.answer(rows, chunk)
          for (index, tree) in trees.enumerated() {
            sheet.withCodes(tree.tests) { codes in
              for (position, code) in codes.enumerated() {
                let entry = index << Self.largestSplitCount | Int(code)
                let shares = known[entry] ?? TreeSHAP.shares(of: tree.tree, Int(code))
                known[entry] = shares
                let start = (chunk.lowerBound + position) * width
                for share in shares { contributions[start + share.feature] += share.amount }
              }
            }
          }
          for row in chunk { contributions[row * width + width - 1] = expectedMargin }
        }
      }
    }
    return contributions
  }

  /// Calls `body` once per thread with a separate range of consecutive rows.
  private static func forEachPart(
    of rowCount: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Void
  ) {
    let parts = max(1, threads)
    Parallel.forEach(parts, threads: parts) { part in
      body(rowCount * part / parts..<rowCount * (part + 1) / parts)
    }
  }

  private static func chunks(of rows: Range<Int>) -> [Range<Int>] {
    stride(from: rows.lowerBound, to: rows.upperBound, by: RowMajorConverter.chunkSize).map {
      $0..<min($0 + RowMajorConverter.chunkSize, rows.upperBound)
    }
  }
}

/// The answers of some consecutive rows to a model's tests.
struct AnswerSheet {
  /// The indices of the tests of each feature.
  private let asked: [(feature: Int, positions: [Int])]
  private let tests: [SplitTest]
  private var rowCount = 0
  private var values: [Double]
  /// Test after test, one byte per row.
  private var answers: [UInt8]
  private var codes: [UInt8]

  /// The maximum number of rows.
  private static let size = RowMajorConverter.chunkSize

  init(_ tests: [SplitTest]) {
    self.tests = tests
    asked = Dictionary(grouping: tests.indices) { tests[$0].feature }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    values = [Double](repeating: 0, count: Self.size)
    answers = [UInt8](repeating: 0, count: tests.count * Self.size)
    codes = [UInt8](repeating: 0, count: Self.size)
  }

  /// Evaluates the tests for new rows, replacing the previous ones.
  mutating func answer(_ rows: RowMajorConverter, _ range: Range<Int>) {
    rowCount = range.count
    values.withUnsafeMutableBufferPointer { values in
      answers.withUnsafeMutableBufferPointer { answers in
        let values = UnsafeMutableBufferPointer(rebasing: values[..<rowCount])
        for (feature, positions) in asked {
          rows.write(column: feature, range, into: values)
          for row in values.indices where abs(values[row]) <= SplitTest.smallest { values[row] = 0 }
          for position in positions {
            let start = position * Self.size
            tests[position].answer(
              UnsafeBufferPointer(values),
              into: UnsafeMutableBufferPointer(rebasing: answers[start..<start + rowCount]))
          }
        }
      }
    }
  }

  /// Passes each row's answers to at most eight tests, one bit per test, with the first test in the
  /// lowest bit.
  mutating func withCodes(_ tests: [Int], _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    codes.withUnsafeMutableBufferPointer { codes in
      answers.withUnsafeBufferPointer { answers in
        let codes = UnsafeMutableBufferPointer(rebasing: codes[..<rowCount])
        codes.update(repeating: 0)
        for test in tests.reversed() {
          let start = test * Self.size
          // Doubling the code shifts it left by one bit.
          for row in codes.indices {
            codes[row] = codes[row] &+ codes[row] &+ answers[start + row]
          }
        }
        body(UnsafeBufferPointer(codes))
      }
    }
  }
}

/// The distribution of a tree's margin over the features that led to it: SHAP values by the
/// algorithm for trees (Lundberg, Erion and Lee, 2018, algorithm 2).
///
/// It uses the same operations in the same order as LightGBM, so sums over trees are bit-identical.
struct TreeSHAP {
  /// The amount that is attributed to a feature.
  struct Share: Sendable {
    let feature: Int
    let amount: Double
  }

  /// A feature on the path to a node: the share of rows that go on if its value is unknown, whether
  /// the row goes on if it is known, and the weight of the subsets that have as many features as
  /// precede this step.
  private struct Step {
    var feature: Int
    var zero: Double
    var one: Double
    var weight: Double
  }

  private let tree: DecisionTree
  private let answers: Int
  private var shares: [Share] = []

  /// Returns the shares in the order in which they must be summed.
  /// - Parameter answers: the row's answers to the tree's tests, one bit per split.
  static func shares(of tree: DecisionTree, _ answers: Int) -> [Share] {
    guard !tree.tests.isEmpty else { return [] }
    var result = TreeSHAP(tree, answers)
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
      for position in path.indices.dropFirst() {
        let weight = Self.weight(of: path, without: position)
        let amount = weight * (path[position].one - path[position].zero) * tree.leafValues[~node]
        shares.append(Share(feature: path[position].feature, amount: amount))
      }
      return
    }
    let hot = tree.child(of: node, answers)
    let cold = hot == tree.left[node] ? tree.right[node] : tree.left[node]
    let feature = tree.tests[node].feature
    var known = Step(feature: feature, zero: 1, one: 1, weight: 0)
    // A feature counts only once on a path: undo its earlier step, then combine it with this split.
    if let position = path.firstIndex(where: { $0.feature == feature }) {
      known = path[position]
      path = Self.shortened(path, by: position)
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
    for position in (0..<depth).reversed() {
      let weight = path[position].weight
      path[position + 1].weight += step.one * weight * Double(position + 1) / Double(depth + 1)
      path[position].weight = step.zero * weight * Double(depth - position) / Double(depth + 1)
    }
    return path
  }

  private static func shortened(_ path: [Step], by removed: Int) -> [Step] {
    var path = path
    let depth = path.count - 1
    let (zero, one) = (path[removed].zero, path[removed].one)
    var next = path[depth].weight
    for position in (0..<depth).reversed() {
      let weight = path[position].weight
      if one != 0 {
        path[position].weight = next * Double(depth + 1) / (Double(position + 1) * one)
        next = weight - path[position].weight * zero * Double(depth - position) / Double(depth + 1)
      } else {
        path[position].weight = weight * Double(depth + 1) / (zero * Double(depth - position))
      }
    }
    // Weights belong to positions in the path; all else belongs to features.
    for position in removed..<depth {
      let weight = path[position].weight
      path[position] = path[position + 1]
      path[position].weight = weight
    }
    path.removeLast()
    return path
  }

  /// Returns the sum of the weights of the path without one of its features.
  private static func weight(of path: [Step], without removed: Int) -> Double {
    let depth = path.count - 1
    let (zero, one) = (path[removed].zero, path[removed].one)
    var next = path[depth].weight
    var total = 0.0
    for position in (0..<depth).reversed() {
      let part = Double(depth - position) / Double(depth + 1)
      if one != 0 {
        let weight = next * Double(depth + 1) / (Double(position + 1) * one)
        total += weight
        next = path[position].weight - weight * zero * part
      } else {
        total += path[position].weight / zero / part
      }
    }
    return total
  }
}
