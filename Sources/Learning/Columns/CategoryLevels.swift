public import Columns

/// The levels of one categorical feature that the learner distinguishes, learned only on training
/// rows.
///
/// Code 0 means any other level: too rare in the training rows, or absent from them. The kept
/// levels follow from 1, sorted by the UTF-8 bytes of their text, so the codes depend only on the
/// training rows. The levels belong to a model and are stored with it.
///
/// ```swift
/// let levels = CategoryLevels(
///   dictionary: ["AT", "DE", "FR"], counts: counts, missing: "none", minFrequency: 50)
/// let encoding = levels.encoding(dictionary: ["DE", "IT"])
/// ```
public struct CategoryLevels: Sendable, Hashable, Codable {
  /// The code of every level that is not kept.
  public static let otherCode: Int32 = 0

  /// The level that replaces a missing value; nil leaves it missing.
  public let missing: String?
  /// The number of training rows that a level needs to be kept.
  public let minFrequency: Int
  /// The kept levels, ascending by UTF-8 bytes; the first has code 1.
  public let levels: [String]
  /// The levels in the training rows that are not kept, ascending by UTF-8 bytes; nil if the
  /// model's file lacks them.
  public let rare: [String]?

  private enum CodingKeys: String, CodingKey {
    case missing, levels, rare
    // The key in stored models, whose files are never rewritten.
    case minFrequency = "minimumCount"
  }

  private enum DerivedKeys: String, CodingKey { case codes, otherCode, missingCode }

  /// Encodes the levels, plus the code of each level in order, of any other level, and of a missing
  /// value (negative if it stays missing). Those codes are for readers that do not know the rule;
  /// decoding the levels ignores them.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(missing, forKey: .missing)
    try container.encode(minFrequency, forKey: .minFrequency)
    try container.encode(levels, forKey: .levels)
    try container.encodeIfPresent(rare, forKey: .rare)
    var derived = encoder.container(keyedBy: DerivedKeys.self)
    try derived.encode(levels.map { code(of: $0) }, forKey: .codes)
    try derived.encode(Self.otherCode, forKey: .otherCode)
    try derived.encode(code(of: nil), forKey: .missingCode)
  }

  /// Learns the levels from a dictionary's counts on the training rows.
  ///
  /// Equal texts in the dictionary are counted together. A missing value counts toward the level
  /// given by `missing`.
  public init(
    dictionary: [String], counts: CategoryCounts, missing: String?, minFrequency: Int
  ) {
    var entries = zip(dictionary, counts.counts).map { (text: $0, count: $1) }
    if let missing { entries.append((missing, counts.missing)) }
    entries.sort { Self.precedes($0.text, $1.text) }
    var kept: [String] = []
    var rare: [String] = []
    var start = 0
    while start < entries.count {
      var end = start
      var total = 0
      while end < entries.count, !Self.precedes(entries[start].text, entries[end].text) {
        total += entries[end].count
        end += 1
      }
      if total >= max(minFrequency, 1) {
        kept.append(entries[start].text)
      } else if total > 0 {
        rare.append(entries[start].text)
      }
      start = end
    }
    self.missing = missing
    self.minFrequency = minFrequency
    levels = kept
    self.rare = rare
  }

  /// Returns the learner's code of a level; nil is a missing value, and -1 means it stays missing.
  public func code(of text: String?) -> Int32 {
    guard let text = text ?? missing else { return -1 }
    return Self.index(of: text, in: levels).map { Int32($0 + 1) } ?? Self.otherCode
  }

  /// Returns whether no training row had a level; false if that is unknown.
  public func isNew(_ text: String) -> Bool {
    guard let rare else { return false }
    return Self.index(of: text, in: levels) == nil && Self.index(of: text, in: rare) == nil
  }

  /// Returns the index of a text in texts sorted by UTF-8 bytes.
  private static func index(of text: String, in sorted: [String]) -> Int? {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(sorted[middle], text) { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && !precedes(text, sorted[low]) ? low : nil
  }

  /// Returns the table from the codes of any dictionary, the training rows' or another's, to the
  /// learner's codes.
  public func encoding(dictionary: [String]) -> ColumnEncoding {
    .category(
      codes: dictionary.map { code(of: $0) }, missing: code(of: nil), unseen: Self.otherCode)
  }

  /// Compares bytes, because Swift's string comparison treats some different texts as equal.
  private static func precedes(_ left: String, _ right: String) -> Bool {
    left.utf8.lexicographicallyPrecedes(right.utf8)
  }
}

/// The number of rows with each dictionary code of one feature.
public struct CategoryCounts: Sendable, Hashable {
  /// The number of rows with each code, from code 0.
  public var counts: [Int]
  /// The number of rows without a value.
  public var missing: Int

  /// Creates counts from their parts.
  public init(counts: [Int], missing: Int) {
    self.counts = counts
    self.missing = missing
  }

  /// Counts one column's codes; codes of `dictionaryCount` and above are ignored.
  ///
  /// - Throws: `invalidInput` if a block lacks the column or stores it as floating point.
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
