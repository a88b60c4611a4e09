internal import Columns
package import Diagnostics
package import Panel
package import Spec

/// The level of each test row in one of `evaluation.segments`.
package struct SegmentLevels: Sendable {
  /// The name in `evaluation.segments`.
  package let name: String
  /// The names of the levels that test rows have, all different: texts in the order of their bytes,
  /// numbers ascending, and the level of rows without a value last.
  package let names: [String]
  /// The level of each row, an index of `names`.
  package let codes: [Int32]

  /// The name of the level of rows without a value, unless the feature has another.
  static let missing = "(missing)"
  /// The most levels that a column may have.
  static let maximum = 5000

  init(name: String, names: [String], codes: [Int32]) {
    (self.name, self.names, self.codes) = (name, names, codes)
  }

  /// Returns the levels of a spec's segments.
  /// - Parameters:
  ///   - texts: the texts of the rows' categories.
  ///   - test: the test rows, with the columns of segments.
  /// - Throws: `FindingsError` if a column has too many levels.
  package static func all(
    _ spec: ExperimentSpec, texts: PanelTexts, _ test: [PanelBlock]
  ) throws(FindingsError) -> [SegmentLevels] {
    var column = 0
    var all: [SegmentLevels] = []
    for segment in spec.evaluation.segments {
      switch segment.input {
      case .feature(let name):
        guard let index = spec.features.firstIndex(where: { $0.name.value == name.value }) else {
          continue
        }
        all.append(
          SegmentLevels(
            spec.features[index], texts: texts.levels[index],
            test.map { $0.features.columns[index] }))
      case .column:
        let levels = SegmentLevels(
          spec.segmentColumns[column], texts: texts.segments[column],
          test.map { $0.segments[column] })
        if levels.names.count > maximum {
          throw FindingsError(.tooManyLevels(segment.name, count: levels.names.count))
        }
        all.append(levels)
        column += 1
      }
    }
    return all
  }

  /// - Parameters:
  ///   - texts: the texts of a category's codes.
  ///   - columns: the feature's values, by block.
  private init(_ feature: FeatureSpec, texts: [String], _ columns: [FeatureColumn]) {
    name = feature.name.value
    switch feature.expression.facts.type {
    case .category:
      let codes = columns.flatMap { $0.codes(missing: texts.count) }
      (names, self.codes) = Self.texts(texts, codes, missing: feature.expression.policy?.missing)
    case .flag:
      let codes = columns.flatMap { $0.numbers.map { $0.isNaN ? 2 : $0 == 0 ? 0 : Int32(1) } }
      (names, self.codes) = Self.used(["false", "true", Self.missing], codes)
    case .number, .wholeNumber:
      let ranges = NumberRanges(columns.flatMap(\.numbers))
      (names, codes) = Self.used(ranges.names + [Self.missing], ranges.codes)
    }
  }

  /// Returns texts in the order of their bytes, whatever the order of the codes, which depends on
  /// the schedule of threads.
  /// - Parameters:
  ///   - codes: the number of texts for a row without a value.
  ///   - missing: the level that replaces a missing value, which may also be a text; nil for a level
  ///     of its own.
  private static func texts(
    _ texts: [String], _ codes: [Int32], missing: String?
  ) -> (names: [String], codes: [Int32]) {
    let order = texts.indices.sorted {
      texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8)
    }
    var positions = [Int32](repeating: 0, count: texts.count + 1)
    for (position, index) in order.enumerated() { positions[index] = Int32(position) }
    var names = order.map { texts[$0] }
    if let missing, let position = names.firstIndex(of: missing) {
      positions[texts.count] = Int32(position)
    } else {
      positions[texts.count] = Int32(names.count)
      names.append(missing ?? unused(Self.missing, in: Set(texts)))
    }
    return used(names, codes.map { positions[Int($0)] })
  }

  /// Returns a name that no text has.
  private static func unused(_ name: String, in texts: Set<String>) -> String {
    var name = name
    while texts.contains(name) { name = "(\(name))" }
    return name
  }

  /// Returns only the names that a row has.
  private static func used(
    _ names: [String], _ codes: [Int32]
  ) -> (names: [String], codes: [Int32]) {
    var isUsed = [Bool](repeating: false, count: names.count)
    for code in codes { isUsed[Int(code)] = true }
    var positions = [Int32](repeating: -1, count: names.count)
    var found: [String] = []
    for (index, name) in names.enumerated() where isUsed[index] {
      positions[index] = Int32(found.count)
      found.append(name)
    }
    return (found, codes.map { positions[Int($0)] })
  }
}

/// Numbers as levels: each value is one if there are few, otherwise ranges of about equal size.
package struct NumberRanges {
  /// The names of the levels, ascending: a value, or `LOWEST to HIGHEST`, both included.
  package let names: [String]
  /// The level of each number, an index of `names`; the number of names for NaN.
  package let codes: [Int32]

  /// With more distinct values, the levels are ranges.
  private static let mostValues = 10
  /// The most ranges.
  private static let mostRanges = 5

  /// - Parameter numbers: the numbers of all rows; NaN for a row without one.
  package init(_ numbers: [Double]) {
    let sorted = numbers.filter { !$0.isNaN }.sorted()
    var values: [(value: Double, count: Int)] = []
    for number in sorted {
      if values.last?.value == number {
        values[values.count - 1].count += 1
      } else {
        values.append((number, 1))
      }
    }
    let ranges =
      values.count <= Self.mostValues ? values.indices.map { $0...$0 } : Self.ranges(values)
    let ends = ranges.map {
      (lowest: values[$0.lowerBound].value, highest: values[$0.upperBound].value)
    }
    let texts = Self.texts(ends.flatMap { [$0.lowest, $0.highest] })
    names = ends.indices.map { index in
      let (lowest, highest) = (texts[2 * index], texts[2 * index + 1])
      return ends[index].lowest == ends[index].highest ? lowest : "\(lowest) to \(highest)"
    }
    let count = Int32(ends.count)
    codes = numbers.map { number in
      number.isNaN ? count : Int32(ends.firstIndex { number <= $0.highest } ?? ends.count)
    }
  }

  /// Divides distinct values, in ascending order, into ranges: a range ends where its number of rows
  /// is nearest to its share of the rows that are left. A value is never divided.
  private static func ranges(_ values: [(value: Double, count: Int)]) -> [ClosedRange<Int>] {
    var ranges: [ClosedRange<Int>] = []
    var rest = values.reduce(0) { $0 + $1.count }
    var start = 0
    while start < values.count {
      let left = mostRanges - ranges.count
      var (end, count) = (start, values[start].count)
      while end + 1 < values.count {
        let more = count + values[end + 1].count
        // The distances to rest / left, times left. Of two that are as near, the shorter one ends.
        guard left == 1 || abs(more * left - rest) < abs(count * left - rest) else { break }
        (end, count) = (end + 1, more)
      }
      ranges.append(start...end)
      rest -= count
      start = end + 1
    }
    return ranges
  }

  /// The numbers as texts: whole numbers exactly, others with at least three significant digits, or
  /// as many more as distinguish them.
  private static func texts(_ numbers: [Double]) -> [String] {
    let distinct = Set(numbers).count
    func texts(_ digits: Int) -> [String] {
      numbers.map { number in
        number == number.rounded()
          ? NumberText.exact(number) : NumberText.significant(digits, number)
      }
    }
    return (3...17).lazy.map(texts).first { Set($0).count == distinct }
      ?? numbers.map { "\($0)" }
  }
}

extension FeatureColumn {
  /// A category column's codes, with a separate code for missing values.
  func codes(missing: Int) -> [Int32] {
    let missing = Int32(missing)
    return switch self {
    case .int8(let codes): codes.map { $0 == .min ? missing : Int32($0) }
    case .int16(let codes): codes.map { $0 == .min ? missing : Int32($0) }
    case .int32(let codes): codes.map { $0 == .min ? missing : $0 }
    case .float(let values): values.map { _ in -1 }
    case .double(let values): values.map { _ in -1 }
    }
  }
}

// Segments that the data do not allow: H446.
extension Finding {
  fileprivate static func tooManyLevels(_ segment: Located<String>, count: Int) -> Finding {
    Finding(
      446,
      "`\(segment.value)` has \(count.grouped) levels in the test rows, and a segment has at most "
        + SegmentLevels.maximum.grouped,
      at: segment.span, label: "too many to evaluate one by one",
      hints: ["name a column with fewer values, such as a region or an industry"])
  }
}

extension Explanation {
  static let segmentLevelsFindings: [Explanation] = [
    Explanation(
      446, "a segment with too many levels",
      cause: """
        Every level of a segment is evaluated by itself, and the metrics of each are written to \
        metrics.json. A column with more than 5,000 texts in the test rows is rather a key or a free \
        text than a segment, and nearly all of its levels have too few buyers to say anything.
        """,
      example: .spec(
        "evaluation: {segments: [«history.email»]}",
        sql: """
          INSERT INTO customers SELECT 'D' || id, DATE '2024-01-01', NULL, 1, 'trade', 'prospect'
          FROM range(6000) AS draws(id);
          INSERT INTO history SELECT 'D' || id, DATE '2024-01-01', NULL, 'North',
            'D' || id || '@example.org', false, DATE '2024-01-01'
          FROM range(6000) AS draws(id);
          """, Example.run),
      fix: """
        Name a column with fewer values. To use only a part of a text, such as a domain, choose a \
        category feature with `sql` and name that.
        """)
  ]
}
