internal import Foundation

/// The baseline that knows nothing of a row: the train rows' base rate for each.
public struct PriorBaseline: Sendable, Hashable, Codable {
  /// The share of positives among the train rows.
  public let probability: Double

  /// Takes the base rate of labels; above 0 is positive.
  ///
  /// - Throws: `invalidInput` when there are none.
  public init(labels: [Float]) throws(LearningError) {
    guard !labels.isEmpty else {
      throw LearningError(.invalidInput, "there are no rows to take a base rate from")
    }
    let positives = labels.reduce(into: 0) { $0 += $1 > 0 ? 1 : 0 }
    probability = Double(positives) / Double(labels.count)
  }

  /// The probability's log odds; infinite when all labels are equal.
  public var margin: Double { log(probability / (1 - probability)) }
}
