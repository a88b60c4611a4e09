public import Columns

/// The margins that rows have if one feature takes the values of other rows, for permutation
/// importance.
///
/// A model would predict all trees of all rows, for every feature and shuffle. Here, a row only
/// visits the splits from its first test of the feature on, in the trees where its own path has one.
/// In any other tree its leaf cannot change. Values that give the same answers to the feature's
/// tests are followed once.
///
/// ```swift
/// let model = try ReplacedFeatures(
///   booster, blocks: blocks, encodings: encodings, rows: sample, threads: 2)
/// for feature in model.features {
///   let replaced = model.replacing(feature, from: [[1, 2, 0]])  // row 0 takes the value of row 1
/// }
/// ```
public struct ReplacedFeatures: Sendable {
  /// The features that the model tests, ascending.
  public let features: [Int]
  /// The margin of each row, bit-identical to `Booster.predictMargins`.
  public let margins: [Double]
  private let table: SplitTable
  private let answers: BitRows
  private let paths: BitRows

  /// Takes rows through the model's trees.
  ///
  /// - Parameters:
  ///   - blocks: rows with the model's features as columns.
  ///   - encodings: how each column is read.
  ///   - rows: the rows to use, ascending, counted over all blocks. Everywhere else, a row is an
  ///     index of this list.
  ///   - threads: changes no number.
  /// - Throws: `invalidInput` if columns and model do not match.
  public init(
    _ booster: Booster, blocks: [FeatureBlock], encodings: [ColumnEncoding], rows: [Int],
    threads: Int
  ) throws(LearningError) {
    let converter = try booster.converter(of: blocks, encodings)
    let table = SplitTable(booster.trees, featureCount: booster.featureNames.count)
    let rows = rows.map { Int32($0) }
    let size = RowMajorConverter.chunkSize
    let chunks = Parallel.map((rows.count + size - 1) / size, threads: threads) { chunk in
      table.visits(
        of: Array(rows[chunk * size..<min((chunk + 1) * size, rows.count)]), in: converter)
    }
    features = table.topSplits.indices.filter { !table.topSplits[$0].isEmpty }
    margins = chunks.flatMap(\.margins)
    answers = BitRows(bitCount: table.tests.count, words: chunks.flatMap(\.answers.words))
    paths = BitRows(bitCount: table.splits.count, words: chunks.flatMap(\.paths.words))
    self.table = table
  }

  /// Returns the margins with one feature's values taken from other rows.
  ///
  /// A margin is the row's own plus, in the order of the trees, the value of each leaf that the row
  /// reaches instead of another, minus that one's. If no leaf changes, not a bit of the margin does.
  ///
  /// - Parameter sources: lists with, for each row, the row whose value it takes; at most 63.
  public func replacing(_ feature: Int, from sources: [[Int32]]) -> ReplacedMargins {
    precondition(sources.count < UInt64.bitWidth, "at most 63 lists of sources")
    precondition(sources.allSatisfy { $0.count == margins.count }, "one source is needed per row")
    guard features.contains(feature) else {
      return ReplacedMargins(
        margins: [], rows: [], sourceCount: sources.count,
        indices: [Int32](repeating: -1, count: margins.count * sources.count))
    }
    let variants = AnswerVariants(answers.columns(table.testsOfFeature[feature]), sources)
    let changes = changes(variants, feature)
    var indices = [Int32](repeating: -1, count: changes.count)
    var (changed, rows): ([Double], [Int32]) = ([], [])
    for row in margins.indices {
      for variant in variants.starts[row]..<variants.starts[row + 1] where changes[variant] != 0 {
        indices[variant] = Int32(changed.count)
        changed.append(margins[row] + changes[variant])
        rows.append(Int32(row))
      }
    }
    return ReplacedMargins(
      margins: changed, rows: rows, sourceCount: sources.count,
      indices: variants.taken.map { indices[Int($0)] })
  }

  /// Returns how much the margin of each variant differs from that of its row.
  private func changes(_ variants: AnswerVariants, _ feature: Int) -> [Double] {
    var changes = [Double](repeating: 0, count: variants.patterns.count)
    table.splits.withUnsafeBufferPointer { splits in
      table.leafValues.withUnsafeBufferPointer { leafValues in
        answers.words.withUnsafeBufferPointer { answers in
          changes.withUnsafeMutableBufferPointer { changes in
            var walk = VariantWalk(
              splits: splits, leafValues: leafValues, answers: answers,
              answerWidth: self.answers.width, tests: table.testsOfFeature[feature],
              variants: variants, changes: changes)
            for row in margins.indices where walk.begin(row) {
              for top in table.topSplits[feature]
              where walk.canLeave(at: top) && paths[row, Int(top.node)] {
                walk.follow(from: top)
              }
            }
          }
        }
      }
    }
    return changes
  }
}

/// Margins of rows with other values of one feature.
public struct ReplacedMargins: Sendable {
  /// The margins that differ from their row's own, row by row.
  public let margins: [Double]
  /// The row of each of them.
  public let rows: [Int32]
  let sourceCount: Int
  /// For each row, and each list of sources.
  let indices: [Int32]

  /// Returns one value per row with the values of one list of sources.
  /// - Parameters:
  ///   - own: the value of each row whose margin is its own.
  ///   - changed: the value of each margin in `margins`.
  public func values(ofSource source: Int, own: [Double], changed: [Double]) -> [Double] {
    precondition(changed.count == margins.count, "one value is needed per margin")
    precondition(own.count * sourceCount == indices.count, "one value is needed per row")
    return own.indices.map { row in
      let index = indices[row * sourceCount + source]
      return index < 0 ? own[row] : changed[Int(index)]
    }
  }
}

/// The different answers to one feature's tests that each row gives with its own value, and with
/// those of its sources.
private struct AnswerVariants {
  /// The first variant of each row, its own answers, and the number of all variants at the end.
  private(set) var starts: [Int] = [0]
  /// The pattern of each variant.
  private(set) var patterns: [Int32] = []
  /// The answers of each pattern.
  let answers: BitRows
  /// For each row, and each list of sources: the variant.
  private(set) var taken: [Int32] = []

  /// - Parameter own: the answers of each row with its own value.
  init(_ own: BitRows, _ sources: [[Int32]]) {
    let rowCount = own.rowCount
    let (patternOfRow, firstRows) = own.patterns
    answers = own.rows(firstRows)
    starts.reserveCapacity(rowCount + 1)
    // Patterns first, list by list; each row's variants take their place below.
    taken = [Int32](repeating: 0, count: rowCount * sources.count)
    for (number, list) in sources.enumerated() {
      for row in 0..<rowCount {
        taken[row * sources.count + number] = patternOfRow[Int(list[row])]
      }
    }
    // The last variant of each pattern. It is the row's if it does not come before the row's first.
    var last = [Int32](repeating: -1, count: firstRows.count)
    for row in 0..<rowCount {
      let start = Int32(patterns.count)
      last[Int(patternOfRow[row])] = start
      patterns.append(patternOfRow[row])
      for index in row * sources.count..<(row + 1) * sources.count {
        let pattern = taken[index]
        if last[Int(pattern)] < start {
          last[Int(pattern)] = Int32(patterns.count)
          patterns.append(pattern)
        }
        taken[index] = last[Int(pattern)]
      }
      starts.append(patterns.count)
    }
  }
}

/// Takes all variants of a row through a tree at once, as bits: the first is the row itself.
private struct VariantWalk {
  private let splits: UnsafeBufferPointer<SplitTable.Split>
  private let leafValues: UnsafeBufferPointer<Double>
  /// Each row's answers to all tests.
  private let answers: UnsafeBufferPointer<UInt64>
  private let answerWidth: Int
  /// The tests of the feature.
  private let tests: Range<Int>
  private let variants: AnswerVariants
  /// By variant.
  private let changes: UnsafeMutableBufferPointer<Double>
  private var row = 0
  private var rowVariants = 0..<0
  /// The tests that the row's variants do not all answer alike.
  private var varying: [UInt64]
  /// The variants that pass each test of the feature, and the row of which that is known.
  private var passing: [UInt64]
  private var passingRow: [Int]
  /// Nodes off the row's own path, and the variants that go there.
  private var leaving: [(node: SplitTable.Node, variants: UInt64)] = []

  init(
    splits: UnsafeBufferPointer<SplitTable.Split>, leafValues: UnsafeBufferPointer<Double>,
    answers: UnsafeBufferPointer<UInt64>, answerWidth: Int, tests: Range<Int>,
    variants: AnswerVariants, changes: UnsafeMutableBufferPointer<Double>
  ) {
    (self.splits, self.leafValues, self.answers) = (splits, leafValues, answers)
    (self.answerWidth, self.tests) = (answerWidth, tests)
    (self.variants, self.changes) = (variants, changes)
    varying = [UInt64](repeating: 0, count: variants.answers.width)
    passing = [UInt64](repeating: 0, count: tests.count)
    passingRow = [Int](repeating: -1, count: tests.count)
  }

  /// Starts with a row, and returns whether it has other variants than itself.
  mutating func begin(_ row: Int) -> Bool {
    self.row = row
    rowVariants = variants.starts[row]..<variants.starts[row + 1]
    guard rowVariants.count > 1 else { return false }
    let width = varying.count
    let own = Int(variants.patterns[rowVariants.lowerBound]) * width
    for word in 0..<width {
      let answers = variants.answers.words[own + word]
      varying[word] = variants.patterns[rowVariants].reduce(0) {
        $0 | (variants.answers.words[Int($1) * width + word] ^ answers)
      }
    }
    return true
  }

  /// Whether a variant may go another way than the row, from the first split that tests the feature.
  func canLeave(at top: SplitTable.TopSplit) -> Bool {
    !top.isOnly || varies(Int(top.test) - tests.lowerBound)
  }

  /// Whether variants differ in one of the feature's tests.
  private func varies(_ test: Int) -> Bool { varying[test >> 6] >> (test & 63) & 1 != 0 }

  /// Adds what one tree changes.
  /// - Parameter top: the first split on the row's path that tests the feature.
  mutating func follow(from top: SplitTable.TopSplit) {
    guard top.isOnly else {
      follow(from: top.node)
      return
    }
    // From either side of the split, the row's own answers lead to one leaf.
    let split = splits[Int(top.node)]
    let isLeft = passes(Int(split.test))
    let left = passing(Int(split.test) - tests.lowerBound)
    let gone = UInt64.max >> (64 - rowVariants.count) & (isLeft ? ~left : left)
    guard gone != 0 else { return }
    let value = leafValue(from: isLeft ? split.left : split.right)
    add(leafValue(from: isLeft ? split.right : split.left) - value, to: gone)
  }

  /// Returns the value of the leaf that the row's own answers lead to.
  private func leafValue(from first: SplitTable.Node) -> Double {
    var node = first
    while node >= 0 {
      let split = splits[Int(node)]
      node = passes(Int(split.test)) ? split.left : split.right
    }
    return leafValues[Int(~node)]
  }

  /// Adds a change to the margins of some variants.
  private func add(_ change: Double, to variants: UInt64) {
    var rest = variants
    while rest != 0 {
      changes[rowVariants.lowerBound + rest.trailingZeroBitCount] += change
      rest &= rest - 1
    }
  }

  /// Adds what a tree with several tests of the feature changes.
  private mutating func follow(from top: SplitTable.Node) {
    var node = top
    var staying = UInt64.max >> (64 - rowVariants.count)
    while node >= 0 {
      let split = splits[Int(node)]
      let isLeft = passes(Int(split.test))
      if tests.contains(Int(split.test)), varies(Int(split.test) - tests.lowerBound) {
        let left = passing(Int(split.test) - tests.lowerBound)
        let gone = staying & (isLeft ? ~left : left)
        if gone != 0 {
          leaving.append((isLeft ? split.right : split.left, gone))
          staying &= ~gone
        }
      }
      node = isLeft ? split.left : split.right
    }
    let value = leafValues[Int(~node)]
    while let (node, variants) = leaving.popLast() { follow(variants, from: node, instead: value) }
  }

  /// Takes variants from a node to their leaves.
  /// - Parameter value: the value of the row's own leaf.
  private mutating func follow(
    _ variants: UInt64, from first: SplitTable.Node, instead value: Double
  ) {
    var (node, going) = (first, variants)
    while node >= 0 {
      let split = splits[Int(node)]
      guard tests.contains(Int(split.test)) else {
        node = passes(Int(split.test)) ? split.left : split.right
        continue
      }
      let passing = passing(Int(split.test) - tests.lowerBound)
      let (left, right) = (going & passing, going & ~passing)
      if left != 0, right != 0 { leaving.append((split.left, left)) }
      (node, going) = right != 0 ? (split.right, right) : (split.left, left)
    }
    add(leafValues[Int(~node)] - value, to: going)
  }

  /// Whether the row passes a test.
  private func passes(_ test: Int) -> Bool {
    answers[row * answerWidth + test >> 6] >> (test & 63) & 1 != 0
  }

  /// The variants that pass one of the feature's tests.
  private mutating func passing(_ test: Int) -> UInt64 {
    guard passingRow[test] != row else { return passing[test] }
    var bits: UInt64 = 0
    for variant in rowVariants.reversed() {
      bits = bits << 1 | (variants.answers[Int(variants.patterns[variant]), test] ? 1 : 0)
    }
    passing[test] = bits
    passingRow[test] = row
    return bits
  }
}
