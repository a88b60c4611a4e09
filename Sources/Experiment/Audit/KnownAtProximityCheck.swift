internal import Panel
internal import Spec

/// `known_at_proximity`: no more values may become known on the days around cutoffs than on other
/// days.
///
/// The check covers each column that says when values became known (rows of event sources,
/// versions, event dates). It takes the busier of two days, the cutoff's own and the day before,
/// and compares it with the average of the 90 days before both. Suppose a load stamps a month's
/// events with the month's end. It puts 30 days' values onto a cutoff's own day, so a panel reads
/// on that day what in truth arrived later.
///
/// The limit, in average days, is a third of the number of days between cutoffs, and at least 2.
/// With month ends it is ten. A batch that gathers all days since the last cutoff brings three
/// times that. An honest calendar stays below: with month ends a weekly load brings 7 days' values
/// at once, and month ends are two or three times as busy as other days. The limit must be reached
/// at half of the cutoffs, so that one migration or first load on a cutoff does not count, and by
/// at least 20 values in total.
package struct KnownAtProximityCheck {
  static let window = 90
  package static let minimum = 20

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let days = subject.blocks.map(\.cutoff.date.days)
    let limit = Self.limit(days)
    let found = try subject.builder.arrivals().compactMap {
      ArrivalProximity($0, cutoffs: days, limit: limit)
    }
    let judged = found.filter { $0.around + $0.before >= Self.minimum }
    guard let worst = judged.max(by: { $0.ratio < $1.ratio }) else {
      return AuditOutcome(
        .inconclusive, .arrivalsFew, numbers: [("columns", Double(found.count))])
    }
    let failing = judged.filter(\.isSuspicious)
    let numbers: [(String, Double)] = [
      ("columns", Double(judged.count)), ("cutoffs", Double(days.count)),
      ("largest_ratio", worst.ratio), ("limit", limit),
    ]
    let skipped = found.filter { $0.around + $0.before < Self.minimum }.map {
      AuditDetail.arrivalsFew(column: $0.name)
    }
    let details =
      judged.sorted { $0.ratio > $1.ratio }.map(AuditDetail.arrivals) + skipped
    guard let first = failing.max(by: { $0.ratio < $1.ratio }) else {
      return AuditOutcome(.pass, .arrivalsSpread(worst), numbers: numbers, details: details)
    }
    return AuditOutcome(.fail, .arrivalsCrowded(first), numbers: numbers, details: details)
  }

  /// A third of the median number of days between cutoffs, at least 2.
  static func limit(_ cutoffs: [Int]) -> Double {
    let sorted = Set(cutoffs).sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map(-).sorted()
    guard !gaps.isEmpty else { return 10 }
    return max(2, (Double(gaps[gaps.count / 2]) / 3).rounded())
  }
}

/// The number of values that became known around the cutoffs, compared with the days before.
package struct ArrivalProximity: Sendable {
  package enum Day: Sendable { case cutoff, dayBefore }

  package let name: String
  /// The values on the busier of the two days, over all cutoffs.
  package let around: Int
  /// The values on the 90 days before both, over all cutoffs.
  let before: Int
  /// The busier day.
  package let day: Day
  /// The share of cutoffs at which that day by itself is crowded.
  private let shareOfCutoffs: Double

  /// The multiple of the average day at which a day counts as crowded.
  private let limit: Double

  /// nil when no value became known around the cutoffs or on the days before.
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
    day = busier == 0 ? .cutoff : .dayBefore
    let window = Double(KnownAtProximityCheck.window)
    let crowded = zip(around[busier], before).count { day, earlier in
      day > 0 && Double(day) >= limit * Double(earlier) / window
    }
    shareOfCutoffs = cutoffs.isEmpty ? 0 : Double(crowded) / Double(cutoffs.count)
    if self.around + self.before == 0 { return nil }
  }

  /// The ratio of the busier day to the average day before. If there are none, one is assumed.
  package var ratio: Double {
    before == 0
      ? Double(around) * Double(KnownAtProximityCheck.window)
      : Double(around) / (Double(before) / Double(KnownAtProximityCheck.window))
  }

  /// That day's share of the values of the 90 days and that day.
  package var share: Double { Double(around) / Double(around + before) }

  var isSuspicious: Bool {
    ratio >= limit && shareOfCutoffs >= 0.5
      && around >= KnownAtProximityCheck.minimum
  }
}
