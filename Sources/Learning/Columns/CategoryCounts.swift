public import Panel

/// How often each dictionary code of one feature occurs in some rows.
public struct CategoryCounts: Sendable, Hashable {
  /// The number of rows with each code, from code 0.
  public var counts: [Int]
  /// The number of rows without a value.
  public var missing: Int

  /// Makes counts that were taken elsewhere.
  public init(counts: [Int], missing: Int) {
    self.counts = counts
    self.missing = missing
  }

  /// Counts one column's codes; a code past `dictionaryCount` is left out.
  ///
  /// - Throws: `invalidInput` when a block lacks the column or stores it as a fraction.
  public init(
    column: Int, of blocks: [FeatureBlock], dictionaryCount: Int
  ) throws(LearningError) {
    self.init(counts: [Int](repeating: 0, count: dictionaryCount), missing: 0)
    for block in blocks {
      guard block.columns.indices.contains(column) else {
        throw LearningError(.invalidInput, "there is no column \(column)")
      }
      switch block.columns[column] {
      case .int8(let codes): add(codes)
      case .int16(let codes): add(codes)
      case .int32(let codes): add(codes)
      case .float, .double:
        throw LearningError(
          .invalidInput, "column \(column) holds categories, so its storage must be an integer")
      }
    }
  }

  private mutating func add<Code: FixedWidthInteger>(_ codes: [Code]) {
    for code in codes {
      if code == .min {
        missing += 1
      } else if counts.indices.contains(Int(code)) {
        counts[Int(code)] += 1
      }
    }
  }
}
