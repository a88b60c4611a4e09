internal import Columns
internal import Foundation

/// How a logistic regression reads one feature: its values fall into bins, and each bin has a row of
/// a small table, whose columns are columns of the design matrix.
enum LogisticTerm: Sendable, Hashable {
  /// A number. A value falls into the bin after the last cut below it; missing values have the bin
  /// after the last.
  case number(NumberBins)
  /// A category with codes from 0; missing values have the code after the last.
  case category(codes: Int)

  /// The number of bins, that of missing values included.
  var binCount: Int {
    switch self {
    case .number(let bins): bins.ranks.count + 1
    case .category(let codes): codes + 1
    }
  }
}

/// The bins of a number, with the mean rank of each among the rows that they were learned on.
struct NumberBins: Sendable, Hashable {
  /// The largest number of bins.
  static let limit = 255

  /// Ascending; one fewer than `ranks`.
  let cuts: [Double]
  /// From 0 to 1, ascending; never empty.
  let ranks: [Double]
  /// Whether values were missing.
  let hasMissing: Bool
  /// The number of knots of the spline over the ranks.
  let knots: Int

  /// Learns bins from values, of which NaN is missing.
  ///
  /// Every value has a bin of its own if there are few; otherwise bins have about the same weight.
  /// - Parameters:
  ///   - labels: one per value; 1 is positive.
  ///   - weights: of each positive and of each negative.
  init(
    values: [Double], labels: [UInt8], weights: (positive: Double, negative: Double), knots: Int
  ) {
    self.knots = knots
    // Rows are counted before they are weighted, so that their order does not matter.
    let tallies = Self.tallies(values, labels).map { tally in
      (
        value: tally.value,
        weight: Double(tally.positives) * weights.positive
          + Double(tally.count - tally.positives) * weights.negative
      )
    }
    let total = tallies.reduce(0) { $0 + $1.weight }
    hasMissing = values.contains(where: \.isNaN)
    guard tallies.count > 1, total > 0 else {
      (cuts, ranks) = ([], [0.5])
      return
    }
    let share = tallies.count <= Self.limit ? 0 : total / Double(Self.limit)
    var cuts: [Double] = []
    var ranks: [Double] = []
    var (below, inside) = (0.0, 0.0)
    for (index, tally) in tallies.enumerated() {
      inside += tally.weight
      let isLast = index == tallies.count - 1
      // Bins end at multiples of the share, so that there are never more than the limit.
      let next = Double(ranks.count + 1) * share
      guard isLast || share == 0 || below + inside >= next else { continue }
      ranks.append((below + inside / 2) / total)
      if !isLast { cuts.append(Self.middle(tally.value, tallies[index + 1].value)) }
      below += inside
      inside = 0
    }
    if cuts.count == ranks.count { cuts.removeLast() }
    (self.cuts, self.ranks) = (cuts, ranks)
  }

  /// A number at least the lower and below the upper one.
  private static func middle(_ lower: Double, _ upper: Double) -> Double {
    let middle = lower / 2 + upper / 2
    guard middle.isFinite else { return lower.isFinite ? lower : upper.nextDown }
    return middle >= lower && middle < upper ? middle : lower
  }

  private struct Tally {
    let value: Double
    var count = 0
    var positives = 0

    mutating func add(_ label: UInt8) {
      count += 1
      positives += Int(label)
    }
  }

  /// The rows of each distinct value, ascending.
  private static func tallies(_ values: [Double], _ labels: [UInt8]) -> [Tally] {
    var (low, high) = (Double.infinity, -Double.infinity)
    var isWhole = true
    for value in values where !value.isNaN {
      low = min(low, value)
      high = max(high, value)
      isWhole = isWhole && value == value.rounded(.down)
    }
    guard low <= high else { return [] }
    if isWhole, high - low < 65_536 {
      var tallies = (0...Int(high - low)).map { Tally(value: low + Double($0)) }
      for (value, label) in zip(values, labels) where !value.isNaN {
        tallies[Int(value - low)].add(label)
      }
      return tallies.filter { $0.count > 0 }
    }
    var result: [Tally] = []
    let present = values.indices.filter { !values[$0].isNaN }
    for index in present.sorted(by: { values[$0] < values[$1] }) {
      if result.last?.value != values[index] { result.append(Tally(value: values[index])) }
      result[result.count - 1].add(labels[index])
    }
    return result
  }

  /// The bin of a value.
  @inline(__always)
  func bin(of value: Double) -> Int {
    if value.isNaN { return ranks.count }
    var (low, count) = (0, cuts.count)
    while count > 0 {
      let half = count / 2
      if cuts[low + half] < value {
        low += half + 1
        count -= half + 1
      } else {
        count = half
      }
    }
    return low
  }
}

/// A restricted cubic spline: cubic between its knots, linear beyond them (Stone and Koo, 1985).
struct RestrictedSpline: Sendable {
  /// Where Harrell (2015, table 2.3) places knots, as shares of the range: three knots, then four,
  /// and so on.
  private static let shares: [[Double]] = [
    [0.1, 0.5, 0.9],
    [0.05, 0.35, 0.65, 0.95],
    [0.05, 0.275, 0.5, 0.725, 0.95],
    [0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
    [0.025, 0.1833, 0.3417, 0.5, 0.6583, 0.8167, 0.975],
  ]

  private let knots: [Double]

  /// Creates a spline with knots in a range.
  /// - Parameter count: the number of knots, in `LogisticSettings.knotRange`.
  init(over range: ClosedRange<Double>, knots count: Int) {
    let shares = Self.shares[count - LogisticSettings.knotRange.lowerBound]
    knots = shares.map { range.lowerBound + $0 * (range.upperBound - range.lowerBound) }
  }

  /// The number of columns of a basis.
  var columnCount: Int { knots.count - 1 }

  /// The value itself and its truncated cubes, restricted and divided by the squared range of
  /// the knots (Harrell, 2015, formula 2.25).
  func basis(_ value: Double) -> [Double] {
    let last = knots[knots.count - 1]
    let second = knots[knots.count - 2]
    let scale = (last - knots[0]) * (last - knots[0])
    func cube(_ knot: Double) -> Double {
      let distance = max(0, value - knot)
      return distance * distance * distance
    }
    let (cubeOfSecond, cubeOfLast) = (cube(second), cube(last))
    let cubes = knots.dropLast(2).map { knot -> Double in
      let share = (last - knot) / (last - second)
      return (cube(knot) - share * cubeOfSecond + (share - 1) * cubeOfLast) / scale
    }
    return [value] + cubes
  }
}

/// The positives and negatives of each level of a category, by fold of their clusters, and the
/// smoothed log odds that they give.
struct TargetEncoding: Sendable {
  /// The number of rows that the base rate counts as in each level.
  static let priorRows = 200.0

  private let foldCount: Int
  /// By code, then fold.
  private let positives: [Double]
  private let negatives: [Double]
  /// By fold.
  private let foldPositives: [Double]
  private let foldNegatives: [Double]

  /// - Parameters:
  ///   - positives: the weight of the positives by code, then fold.
  ///   - negatives: the same for negatives.
  init(foldCount: Int, positives: [Double], negatives: [Double]) {
    self.foldCount = foldCount
    self.positives = positives
    self.negatives = negatives
    func totals(_ values: [Double]) -> [Double] {
      (0..<foldCount).map { fold in
        stride(from: fold, to: values.count, by: foldCount).reduce(0) { $0 + values[$1] }
      }
    }
    foldPositives = totals(positives)
    foldNegatives = totals(negatives)
  }

  /// The log odds of a level minus those of all rows, from the rows outside some folds: the level's
  /// rate, shrunken toward the base rate (Micci-Barreca, 2001).
  func logOdds(code: Int, without folds: Set<Int>) -> Double {
    var (own, other, all, rest) = (0.0, 0.0, 0.0, 0.0)
    for fold in 0..<foldCount where !folds.contains(fold) {
      own += positives[code * foldCount + fold]
      other += negatives[code * foldCount + fold]
      all += foldPositives[fold]
      rest += foldNegatives[fold]
    }
    guard all > 0, rest > 0 else { return 0 }
    let base = all / (all + rest)
    return log(
      (own + Self.priorRows * base) / (other + Self.priorRows * (1 - base)) * (rest / all))
  }
}
