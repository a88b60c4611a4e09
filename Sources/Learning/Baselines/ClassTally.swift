/// How many rows of each class have one value.
struct ClassTally {
  var positives = 0
  var negatives = 0

  var isEmpty: Bool { positives == 0 && negatives == 0 }

  mutating func add(_ label: Float) {
    if label > 0 { positives += 1 } else { negatives += 1 }
  }

  /// The area under the ROC curve of values that rank in the order of `tallies`, ascending.
  ///
  /// The share of pairs of a positive and a negative in which the positive ranks higher; a tie
  /// counts half (Mann and Whitney, 1947). Twice the pairs are counted, in whole numbers.
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
