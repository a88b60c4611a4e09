import Foundation

/// How often something happened, with what that says of its probability.
struct Share: CustomStringConvertible {
  let count: Int
  let total: Int

  init(_ count: Int, of total: Int) {
    self.count = count
    self.total = total
  }

  /// The probability of at most `count` of so many at the given probability of one.
  private static func atMost(_ count: Int, of total: Int, _ probability: Double) -> Double {
    guard count >= 0 else { return 0 }
    guard count < total, probability > 0 else { return 1 }
    guard probability < 1 else { return 0 }
    let terms = (0...count).map { hits -> Double in
      let (own, others) = (Double(hits), Double(total - hits))
      let ways: Double = lgamma(own + others + 1) - lgamma(own + 1) - lgamma(others + 1)
      return exp(ways + own * log(probability) + others * log1p(-probability))
    }
    return min(1, terms.reduce(0, +))
  }

  /// The probability of so many or fewer, were the probability of one the given.
  func chanceOfSoFew(at probability: Double) -> Double {
    Self.atMost(count, of: total, probability)
  }

  /// The probability of so many or more.
  func chanceOfSoMany(at probability: Double) -> Double {
    1 - Self.atMost(count - 1, of: total, probability)
  }

  /// The 95 % interval of Clopper and Pearson (1934).
  var interval: (lower: Double, upper: Double) {
    func root(_ isAbove: (Double) -> Bool) -> Double {
      var (low, high) = (0.0, 1.0)
      for _ in 0..<60 {
        let middle = (low + high) / 2
        if isAbove(middle) { high = middle } else { low = middle }
      }
      return (low + high) / 2
    }
    return (
      count == 0 ? 0 : root { chanceOfSoMany(at: $0) > 0.025 },
      count == total ? 1 : root { chanceOfSoFew(at: $0) < 0.025 }
    )
  }

  var description: String {
    func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }
    let ends = interval
    return
      "\(count) of \(total) = \(percent(Double(count) / Double(total))) % "
      + "(95 %: \(percent(ends.lower)) to \(percent(ends.upper)))"
  }
}
