/// Ranks rows by a number, up or down, with missing values at one end.
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

  /// How far outside of the values' range missing ones lie.
  static func gap(at end: Double) -> Double { max(1, 2 * end.ulp) }

  /// One tally per whole number from `low` to `high`.
  private static func counted(
    _ values: [Double], _ labels: [Float], low: Double, high: Double
  ) -> [ClassTally] {
    var tallies = [ClassTally](repeating: ClassTally(), count: Int(high - low) + 1)
    for (value, label) in zip(values, labels) where !value.isNaN {
      tallies[Int(value - low)].add(label)
    }
    return tallies
  }

  /// One tally per distinct value, ascending.
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
