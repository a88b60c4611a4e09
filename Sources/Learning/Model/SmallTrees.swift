/// A model whose trees have few splits, in a form that predicts many rows quickly.
///
/// A row's answers to the tests of a tree with at most eight splits make a byte, and the byte finds what the
/// tree adds to the margin in a table. So no row walks from node to node: tests are asked of whole columns,
/// and only once where trees share them. Margins and contributions are LightGBM's bit for bit, as they are
/// added up in its order.
struct SmallTrees: Sendable {
  private struct Tree: Sendable {
    let tree: DecisionTree
    /// The places of its splits' tests among all tests.
    let tests: [Int]
    /// By answers.
    let values: [Double]
  }

  private let trees: [Tree]
  /// All trees' tests, each once.
  private let tests: [SplitTest]
  private let expectedMargin: Double

  static let largestSplitCount = 8

  /// nil where a tree has more splits.
  init?(_ trees: [DecisionTree]) {
    guard trees.allSatisfy({ $0.tests.count <= Self.largestSplitCount }) else { return nil }
    var tests: [SplitTest] = []
    var places: [SplitTest: Int] = [:]
    self.trees = trees.map { tree in
      let used = tree.tests.map { test in
        if let known = places[test] { return known }
        tests.append(test)
        places[test] = tests.count - 1
        return tests.count - 1
      }
      let values = (0..<1 << tree.tests.count).map(tree.value)
      return Tree(tree: tree, tests: used, values: values)
    }
    self.tests = tests
    expectedMargin = trees.reduce(0) { $0 + $1.expectedValue }
  }

  /// The margin of each row.
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
                for (place, code) in codes.enumerated() {
                  margins[chunk.lowerBound + place] += values[Int(code)]
                }
              }
            }
          }
        }
      }
    }
    return margins
  }

  /// What each feature added to each row's margin, and the expected margin behind them: row after row.
  func contributions(_ rows: RowMajorConverter, threads: Int) -> [Double] {
    let width = rows.columnCount + 1
    var contributions = [Double](repeating: 0, count: rows.rowCount * width)
    contributions.withUnsafeMutableBufferPointer { contributions in
      // Safety: each part writes to its own rows, and `forEach` returns before the buffer ends.
      nonisolated(unsafe) let contributions = contributions
      Self.forEachPart(of: rows.rowCount, threads: threads) { part in
        var sheet = AnswerSheet(tests)
        // Rows share few codes of a tree, so that each has to be shared out but once.
        var known = [[TreeShares.Share]?](
          repeating: nil, count: trees.count << Self.largestSplitCount)
        for chunk in Self.chunks(of: part) {
          sheet.answer(rows, chunk)
          for (index, tree) in trees.enumerated() {
            sheet.withCodes(tree.tests) { codes in
              for (place, code) in codes.enumerated() {
                let entry = index << Self.largestSplitCount | Int(code)
                let shares = known[entry] ?? TreeShares.shares(of: tree.tree, Int(code))
                known[entry] = shares
                let start = (chunk.lowerBound + place) * width
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

  /// Calls `body` once for each thread with consecutive rows of its own.
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
