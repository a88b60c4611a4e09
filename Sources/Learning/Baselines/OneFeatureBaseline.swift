public import Columns
internal import Evaluation
internal import Foundation

/// A baseline that uses one feature only: the one that ranks the selection rows best.
///
/// A model that does not beat it has learned nothing that a sorted list would not show.
public struct OneFeatureBaseline: Sendable, Hashable, Codable {
  /// How a feature's value becomes a margin.
  enum Rule: Sendable, Hashable, Codable {
    /// `sign` times the value. Beyond the range of the selection rows it still increases, but never
    /// as far as `missing`, which is outside that range.
    case number(sign: Double, low: Double, high: Double, missing: Double)
    /// The smoothed log odds of each of the learner's codes.
    case category(margins: [Double], missing: Double, unseen: Double)
  }

  /// The index of the chosen feature's column.
  public let column: Int
  /// The chosen feature's name.
  public let feature: String
  /// The area under the ROC curve on the rows on which the feature was chosen, where it is
  /// optimistic.
  public let areaUnderCurve: Double

  let rule: Rule

  /// Chooses the feature with the largest area under the ROC curve (Hanley and McNeil, 1982).
  ///
  /// A number ranks by its value, ascending or descending, with missing values before or after all
  /// others, whichever is best. A category ranks by its rate of positives, smoothed toward the base
  /// rate as if by 20 more rows. If features tie, the first is chosen.
  ///
  /// - Parameters:
  ///   - blocks: the selection rows; never rows that the baseline is evaluated on.
  ///   - labels: one per row; above 0 is positive.
  ///   - judging: later rows that choose between the features instead of the selection rows, on
  ///     which a feature that identifies entities looks better than it is; nil if there are none.
  ///   - threads: the number of columns processed in parallel.
  /// - Throws: `invalidInput` if shapes do not match or only one class is present.
  public static func select(
    blocks: [FeatureBlock], names: [String], encodings: [ColumnEncoding], labels: [Float],
    judging: (blocks: [FeatureBlock], labels: [Float])? = nil, threads: Int
  ) throws(LearningError) -> OneFeatureBaseline {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard names.count == rows.columnCount, labels.count == rows.rowCount else {
      throw LearningError(.invalidInput, "names, labels, and columns do not match")
    }
    let positives = labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 }
    guard positives > 0, positives < labels.count else {
      throw LearningError(.invalidInput, "a one-feature baseline needs rows of both classes")
    }
    let candidates = Parallel.map(rows.columnCount, threads: threads) { column in
      let values = rows.column(column)
      return encodings[column].isCategory
        ? CategoryRanking.rank(values, labels) : NumberRanking.rank(values, labels)
    }
    var ranked = candidates.map(\.areaUnderCurve)
    if let judging {
      ranked = try areas(candidates, judging.blocks, judging.labels, encodings, threads: threads)
    }
    var best = 0
    for column in ranked.indices where ranked[column] > ranked[best] { best = column }
    return OneFeatureBaseline(
      column: best, feature: names[best], areaUnderCurve: ranked[best],
      rule: candidates[best].rule)
  }

  /// Returns the area under the ROC curve that each feature's rule reaches on other rows.
  private static func areas(
    _ candidates: [FeatureRanking], _ blocks: [FeatureBlock], _ labels: [Float],
    _ encodings: [ColumnEncoding], threads: Int
  ) throws(LearningError) -> [Double] {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard labels.count == rows.rowCount, rows.columnCount == candidates.count else {
      throw LearningError(.invalidInput, "labels and columns of the judging rows do not fit")
    }
    let classes = labels.map { $0 > 0 ? UInt8(1) : 0 }
    return Parallel.map(rows.columnCount, threads: threads) { column in
      let margins = rows.column(column).map { margin($0, candidates[column].rule) }
      return ScoreGroups(labels: classes, scores: margins).areaUnderROC ?? 0.5
    }
  }

  /// Returns one margin per row. All are finite unless the feature itself is infinite, and higher
  /// means more likely.
  ///
  /// For a number the margin is not a log odds. It only ranks, until it is calibrated.
  ///
  /// - Throws: `invalidInput` if the chosen column does not exist.
  public func margins(
    blocks: [FeatureBlock], encodings: [ColumnEncoding]
  ) throws(LearningError) -> [Double] {
    let rows = try RowMajorConverter(blocks: blocks, encodings: encodings)
    guard column < rows.columnCount else {
      throw LearningError(.invalidInput, "there is no column \(column), `\(feature)`")
    }
    return rows.column(column).map { Self.margin($0, rule) }
  }

  /// Returns how far beyond the end of the selection rows' range a value counts. It increases with
  /// the distance, so that later values keep their order, and is always less than half the gap to
  /// `missing`.
  private static func tail(_ distance: Double, at end: Double) -> Double {
    NumberRanking.gap(at: end) / 2 * (1 - 1 / (1 + distance))
  }

  private static func margin(_ value: Double, _ rule: Rule) -> Double {
    switch rule {
    case .number(let sign, let low, let high, let missing):
      value.isNaN
        ? missing
        : value > high
          ? sign * (high + tail(value - high, at: high))
          : value < low ? sign * (low - tail(low - value, at: low)) : sign * value
    case .category(let margins, let missing, let unseen):
      value.isNaN ? missing : Int(value) < margins.count ? margins[Int(value)] : unseen
    }
  }
}

/// Ranks rows by the rate of positives of their category.
enum CategoryRanking {
  /// The number of rows that the base rate counts as in each category.
  private static let smoothing = 20.0

  /// Ranks codes (from 0; NaN is missing) by their smoothed log odds.
  static func rank(_ values: [Double], _ labels: [Float]) -> FeatureRanking {
    var tallies: [ClassTally] = []
    var missing = ClassTally()
    for (value, label) in zip(values, labels) {
      guard !value.isNaN else {
        missing.add(label)
        continue
      }
      while tallies.count <= Int(value) { tallies.append(ClassTally()) }
      tallies[Int(value)].add(label)
    }
    let all = tallies + [missing]
    let positives = all.reduce(0) { $0 + $1.positives }
    let baseRate = Double(positives) / Double(values.count)
    let margins = all.map { logOdds($0, baseRate: baseRate) }
    let order = all.indices.sorted { (margins[$0], $0) < (margins[$1], $1) }
    return FeatureRanking(
      areaUnderCurve: ClassTally.areaUnderCurve(merged(order, all, margins)),
      rule: .category(
        margins: margins.dropLast(), missing: margins[all.count - 1],
        unseen: logOdds(ClassTally(), baseRate: baseRate)))
  }

  private static func logOdds(_ tally: ClassTally, baseRate: Double) -> Double {
    let positives = Double(tally.positives) + smoothing * baseRate
    let negatives = Double(tally.negatives) + smoothing * (1 - baseRate)
    return log(positives / negatives)
  }

  /// Returns the tallies in the given order, with categories of equal margin merged as ties.
  private static func merged(
    _ order: [Int], _ tallies: [ClassTally], _ margins: [Double]
  ) -> [ClassTally] {
    var result: [ClassTally] = []
    var last: Double?
    for index in order where !tallies[index].isEmpty {
      if last != margins[index] { result.append(ClassTally()) }
      result[result.count - 1].positives += tallies[index].positives
      result[result.count - 1].negatives += tallies[index].negatives
      last = margins[index]
    }
    return result
  }
}

/// Ranks rows by a number, ascending or descending, with missing values at one end.
enum NumberRanking {
  /// Tries both directions and both ends for missing values.
  static func rank(_ values: [Double], _ labels: [Float]) -> FeatureRanking {
    var missing = ClassTally()
    var low = Double.infinity
    var high = -Double.infinity
    var isWhole = true
    for (value, label) in zip(values, labels) {
      if value.isNaN {
        missing.add(label)
      } else {
        low = min(low, value)
        high = max(high, value)
        isWhole = isWhole && value == value.rounded(.down)
      }
    }
    let tallies: [ClassTally]
    if low > high {
      (low, high, tallies) = (0, 0, [])
    } else if isWhole, high - low <= Double(4 * values.count + 65536) {
      tallies = counted(values, labels, low: low, high: high)
    } else {
      tallies = sorted(values, labels)
    }
    let missingFirst = ClassTally.areaUnderCurve([missing] + tallies)
    let missingLast = ClassTally.areaUnderCurve(tallies + [missing])
    let below = low - gap(at: low)
    let above = high + gap(at: high)
    let choices: [(area: Double, sign: Double, missing: Double)] = [
      (missingLast, 1, above), (missingFirst, 1, below),
      (1 - missingFirst, -1, -below), (1 - missingLast, -1, -above),
    ]
    var best = choices[0]
    for choice in choices.dropFirst() where choice.area > best.area { best = choice }
    return FeatureRanking(
      areaUnderCurve: best.area,
      rule: .number(sign: best.sign, low: low, high: high, missing: best.missing))
  }

  /// Returns how far outside the values' range missing values are placed.
  static func gap(at end: Double) -> Double { max(1, 2 * end.ulp) }

  /// Returns one tally per whole number from `low` to `high`.
  private static func counted(
    _ values: [Double], _ labels: [Float], low: Double, high: Double
  ) -> [ClassTally] {
    var tallies = [ClassTally](repeating: ClassTally(), count: Int(high - low) + 1)
    for (value, label) in zip(values, labels) where !value.isNaN {
      tallies[Int(value - low)].add(label)
    }
    return tallies
  }

  /// Returns one tally per distinct value, ascending.
  private static func sorted(_ values: [Double], _ labels: [Float]) -> [ClassTally] {
    var positives: [Double] = []
    var negatives: [Double] = []
    for (value, label) in zip(values, labels) where !value.isNaN {
      if label > 0 { positives.append(value) } else { negatives.append(value) }
    }
    positives.sort()
    negatives.sort()
    var tallies: [ClassTally] = []
    var (positive, negative) = (0, 0)
    while positive < positives.count || negative < negatives.count {
      let value = min(
        positive < positives.count ? positives[positive] : .infinity,
        negative < negatives.count ? negatives[negative] : .infinity)
      var tally = ClassTally()
      while positive < positives.count, positives[positive] == value {
        tally.positives += 1
        positive += 1
      }
      while negative < negatives.count, negatives[negative] == value {
        tally.negatives += 1
        negative += 1
      }
      tallies.append(tally)
    }
    return tallies
  }
}

/// How well one feature ranks the selection rows, and the rule that ranks other rows the same way.
struct FeatureRanking: Sendable {
  let areaUnderCurve: Double
  let rule: OneFeatureBaseline.Rule
}

/// The number of rows of each class that share one value.
struct ClassTally {
  var positives = 0
  var negatives = 0

  var isEmpty: Bool { positives == 0 && negatives == 0 }

  mutating func add(_ label: Float) {
    if label > 0 { positives += 1 } else { negatives += 1 }
  }

  /// Returns the area under the ROC curve of values that rank in the order of `tallies`, ascending.
  ///
  /// The share of pairs of a positive and a negative in which the positive ranks higher; a tie
  /// counts half (Mann and Whitney, 1947). Twice the pairs are counted, as integers.
  static func areaUnderCurve(_ tallies: some Sequence<ClassTally>) -> Double {
    var twicePairs = 0
    var positives = 0
    var negatives = 0
    for tally in tallies {
      twicePairs += tally.positives * (2 * negatives + tally.negatives)
      positives += tally.positives
      negatives += tally.negatives
    }
    return Double(twicePairs) / (2 * Double(positives) * Double(negatives))
  }
}

/// A baseline that ignores the features: every row gets the training rows' base rate.
public struct PriorBaseline: Sendable, Hashable, Codable {
  /// The share of positives among the training rows.
  public let probability: Double

  /// Computes the base rate of labels; above 0 is positive.
  ///
  /// - Throws: `invalidInput` if there are no labels.
  public init(labels: [Float]) throws(LearningError) {
    guard !labels.isEmpty else {
      throw LearningError(.invalidInput, "there are no rows to take a base rate from")
    }
    let positives = labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 }
    probability = Double(positives) / Double(labels.count)
  }

  /// The probability's log odds; infinite if all labels are equal.
  public var margin: Double { log(probability / (1 - probability)) }
}
