/// How a feature's stored values become the numbers that the learner sees.
public enum ColumnEncoding: Sendable, Equatable {
  /// The value itself; a missing one becomes NaN.
  case number
  /// A dictionary code (from 0) becomes `codes[code]`, a missing value `missing`, a code past the
  /// table's end `unseen`. A negative result becomes NaN, which the learner takes for missing.
  ///
  /// Needs an integer column.
  case category(codes: [Int32], missing: Int32 = -1, unseen: Int32 = 0)

  /// Whether the learner must take the numbers for categories.
  public var isCategory: Bool {
    if case .category = self { true } else { false }
  }
}
