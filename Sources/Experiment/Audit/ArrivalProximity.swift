internal import Foundation
internal import Panel

/// How many values became known around the cutoffs, beside how many on the days before.
struct ArrivalProximity {
  let name: String
  /// On the busier day of the two, over all cutoffs.
  let around: Int
  /// On the 90 days before both, over all cutoffs.
  let before: Int
  let dayName: String
  /// The share of cutoffs at which that day alone is crowded.
  private let shareOfCutoffs: Double

  /// From this many times the average day on a day is crowded.
  private let limit: Double

  /// nil where no value became known around the cutoffs.
  init?(_ arrivals: Arrivals, cutoffs: [Int], limit: Double) {
    self.limit = limit
    name = "\(arrivals.source).\(arrivals.column)"
    let before = cutoffs.map { cutoff in
      let last = cutoff - 2
      return arrivals.count((last - KnownAtProximityCheck.window + 1)...last)
    }
    let around = [0, 1].map { back in cutoffs.map { arrivals.count(($0 - back)...($0 - back)) } }
    let totals = around.map { $0.reduce(0, +) }
    let busier = totals[1] > totals[0] ? 1 : 0
    self.around = totals[busier]
    self.before = before.reduce(0, +)
    dayName = busier == 0 ? "the cutoffs' own days" : "the days before the cutoffs"
    let window = Double(KnownAtProximityCheck.window)
    let crowded = zip(around[busier], before).count { day, earlier in
      day > 0 && Double(day) >= limit * Double(earlier) / window
    }
    shareOfCutoffs = cutoffs.isEmpty ? 0 : Double(crowded) / Double(cutoffs.count)
    if self.around + self.before == 0 { return nil }
  }

  /// The busier day beside the average day before; without any value before, all there is.
  var ratio: Double {
    before == 0
      ? Double(around) * Double(KnownAtProximityCheck.window)
      : Double(around) / (Double(before) / Double(KnownAtProximityCheck.window))
  }

  /// Of the values of the 90 days and that day, how many are that day's.
  var share: Double { Double(around) / Double(around + before) }

  var times: String { String(format: "%.1f times", ratio) }

  var isSuspicious: Bool {
    ratio >= limit && shareOfCutoffs >= 0.5
      && around >= KnownAtProximityCheck.minimum
  }
}
