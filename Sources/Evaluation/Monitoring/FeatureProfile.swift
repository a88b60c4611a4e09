/// The values of one feature in one cohort, counted in the cells of its train rows.
///
/// Two profiles of one feature are all that is needed to measure how far its values have moved. A
/// profile has a few hundred numbers, whatever the size of the cohort, and no value of any account.
public struct FeatureProfile: Sendable, Codable, Equatable {
  /// The number of rows in each cell: of a number, the cells of its `RankGrid`; of a category, its
  /// levels in the learner's order.
  public let cells: [Int]
  /// The number of rows without a value.
  public let missing: Int
  /// The number of rows with a level that the learner reads as `other`; 0 for numbers.
  public let other: Int
  /// The number of rows with a level that no train row had; 0 for numbers.
  public let unseen: Int
  /// The number of rows below the least or above the greatest value of the train rows; 0 for
  /// categories.
  public let outside: Int

  /// Creates a profile from its counts.
  public init(cells: [Int], missing: Int, other: Int = 0, unseen: Int = 0, outside: Int = 0) {
    self.cells = cells
    self.missing = missing
    self.other = other
    self.unseen = unseen
    self.outside = outside
  }

  /// The number of rows.
  public var rows: Int { cells.reduce(missing + other + unseen, +) }

  /// Whether these can be the counts of a cohort: no number is negative or larger than a cohort can
  /// be, and no more rows are outside than have a value.
  public var isPossible: Bool {
    (cells + [missing, other, unseen, outside]).allSatisfy { $0 >= 0 && $0 <= Int32.max }
      && outside <= rows - missing
  }
}

extension FeatureProfile {
  /// How a category's level is read.
  public enum Level: Sendable, Equatable {
    /// The row has no value.
    case missing
    /// A level of its own, counted from 0.
    case kept(Int)
    /// A level that was too rare in the train rows.
    case other
    /// A level that no train row had.
    case unseen
  }

  /// Counts the levels of a category.
  /// - Parameters:
  ///   - rows: the number of rows with each level of some dictionary.
  ///   - levels: how each of these levels is read; none is `missing`.
  ///   - missing: the number of rows without a value.
  ///   - count: the number of kept levels.
  public init(rows: [Int], levels: [Level], missing: Int, keptCount count: Int) {
    precondition(rows.count == levels.count, "one count is needed per level")
    var cells = [Int](repeating: 0, count: count)
    var (other, unseen) = (0, 0)
    for (rows, level) in zip(rows, levels) {
      switch level {
      case .kept(let index): cells[index] += rows
      case .other: other += rows
      case .unseen: unseen += rows
      case .missing: preconditionFailure("a row without a value has no level")
      }
    }
    self.init(cells: cells, missing: missing, other: other, unseen: unseen)
  }
}

/// The cells in which the values of a number are counted: half a percent of the train rows each,
/// unless more of them have the same value.
///
/// The edges are the distinct values among the 0.5 %, 1 %, ... 99.5 % quantiles of the train rows,
/// and the number just below the first of them, so that values below the most frequent one have a
/// cell even if less than 0.5 % of the train rows do. Cell q holds the values above edge q - 1, up to
/// and including edge q; the last cell holds the values above the last edge.
public struct RankGrid: Sendable, Equatable {
  /// Ascending; at least two.
  public let edges: [Double]
  /// The share of the train rows with a value in each cell; one more than edges, and 1 together.
  public let masses: [Double]
  /// The least value of the train rows.
  public let minimum: Double
  /// The greatest value of the train rows.
  public let maximum: Double

  /// Makes the cells from the values of the train rows; missing ones are NaN and do not count. nil
  /// if there is no value.
  public init?(_ values: [Double]) {
    let sorted = values.filter { !$0.isNaN }.sorted()
    guard let least = sorted.first, let greatest = sorted.last else { return nil }
    var edges: [Double] = []
    for half in 1..<200 {
      // The least value that at least this share of the rows does not exceed.
      let value = sorted[(half * sorted.count + 199) / 200 - 1]
      if edges.isEmpty { edges.append(value.nextDown) }
      if edges[edges.count - 1] < value { edges.append(value) }
    }
    var counts = [Int](repeating: 0, count: edges.count + 1)
    var cell = 0
    for value in sorted {
      while cell < edges.count, value > edges[cell] { cell += 1 }
      counts[cell] += 1
    }
    self.edges = edges
    masses = counts.map { Double($0) / Double(sorted.count) }
    minimum = least
    maximum = greatest
  }

  /// Makes the cells of stored edges again.
  /// - Parameters:
  ///   - edges: as `edges`.
  ///   - counts: the number of train rows with a value in each cell.
  /// - Returns: nil if these cannot be the cells of a number.
  public init?(edges: [Double], counts: [Int], minimum: Double, maximum: Double) {
    guard edges.count >= 2, zip(edges, edges.dropFirst()).allSatisfy({ $0 < $1 }),
      counts.count == edges.count + 1, counts.allSatisfy({ 0...Int(Int32.max) ~= $0 }),
      counts.contains(where: { $0 > 0 }), minimum <= maximum
    else { return nil }
    let total = counts.reduce(0, +)
    self.edges = edges
    masses = counts.map { Double($0) / Double(total) }
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Counts values, of which missing ones are NaN.
  public func profile(of values: [Double]) -> FeatureProfile {
    var cells = [Int](repeating: 0, count: edges.count + 1)
    var (missing, outside) = (0, 0)
    for value in values {
      guard !value.isNaN else {
        missing += 1
        continue
      }
      cells[cell(of: value)] += 1
      if value < minimum || value > maximum { outside += 1 }
    }
    return FeatureProfile(cells: cells, missing: missing, outside: outside)
  }

  /// Returns the index of a value's cell.
  func cell(of value: Double) -> Int {
    var (low, high) = (0, edges.count)
    while low < high {
      let middle = (low + high) / 2
      if edges[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension FeatureProfile {
  /// Returns the counts of two cohorts together; cells that one of them lacks are empty.
  public func adding(_ other: FeatureProfile) -> FeatureProfile {
    let count = max(cells.count, other.cells.count)
    func cell(_ index: Int, _ profile: FeatureProfile) -> Int {
      index < profile.cells.count ? profile.cells[index] : 0
    }
    return FeatureProfile(
      cells: (0..<count).map { cell($0, self) + cell($0, other) },
      missing: missing + other.missing, other: self.other + other.other,
      unseen: unseen + other.unseen, outside: outside + other.outside)
  }
}
