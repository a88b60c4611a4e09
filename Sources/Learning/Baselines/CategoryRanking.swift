internal import Foundation

/// Ranks rows by the rate of positives of their category.
enum CategoryRanking {
  /// The base rate counts as much as this many rows of each category.
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

  /// Categories with equal margins tie.
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
