internal import Diagnostics
internal import Panel
internal import Spec

/// `known_at_proximity`: on the days around cutoffs no more may become known than on other days.
///
/// For each column that says when values became known (rows of event sources, versions, event dates)
/// the busier of two days, the cutoff's own and the one before, is compared with the average day of the
/// 90 days before them. A load that stamps what happened during a month with the month's end puts 30
/// days' values onto a cutoff's own day, so that a panel reads on that day what in truth arrived later.
///
/// It fails from a third of the days between cutoffs on, in average days, at least from twice: with month
/// ends, ten times. A batch that gathers all days since the last cutoff brings three times that; an honest
/// calendar stays below: with month ends a weekly load brings 7 days' values at once, and month ends are
/// two or three times as busy as other days. The limit must be reached at half of the cutoffs, so that one
/// migration or first load on a cutoff does not count, and by at least 20 values in all.
struct KnownAtProximityCheck {
  static let window = 90
  static let minimum = 20

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    let days = subject.blocks.map(\.cutoff.date.days)
    let limit = Self.limit(days)
    let found = try subject.builder.arrivals().compactMap {
      ArrivalProximity($0, cutoffs: days, limit: limit)
    }
    let judged = found.filter { $0.around + $0.before >= Self.minimum }
    guard let worst = judged.max(by: { $0.ratio < $1.ratio }) else {
      return .couldNotTell(
        "Fewer than \(Self.minimum) values became known in the months before the cutoffs, too few "
          + "to compare days.",
        numbers: [("columns", Double(found.count))])
    }
    let failing = judged.filter(\.isSuspicious)
    let numbers: [(String, Double)] = [
      ("columns", Double(judged.count)), ("cutoffs", Double(days.count)),
      ("largest_ratio", worst.ratio), ("limit", limit),
    ]
    let skipped = found.filter { $0.around + $0.before < Self.minimum }.map {
      "`\($0.name)`: fewer than \(Self.minimum) values, not compared"
    }
    let details =
      judged.sorted { $0.ratio > $1.ratio }.map { proximity in
        "`\(proximity.name)`: \(proximity.around.grouped) values on \(proximity.dayName), "
          + "\(proximity.times) the average day of the 90 before; "
          + "\(AuditWords.share(proximity.share)) of the values of these days"
      } + skipped
    guard let first = failing.max(by: { $0.ratio < $1.ratio }) else {
      return AuditOutcome(
        verdict: .pass,
        sentence: "Values do not pile up on the days of the cutoffs: at most \(worst.times) an "
          + "average day, in `\(worst.name)`.",
        numbers: numbers, details: details)
    }
    return AuditOutcome(
      verdict: .fail,
      sentence:
        "`\(first.name)` says that \(first.times) as many values as on an average day became "
        + "known on \(first.dayName): a load that stamps a whole month with its last day does that.",
      numbers: numbers, details: details)
  }

  /// A third of the median number of days between cutoffs, at least 2.
  static func limit(_ cutoffs: [Int]) -> Double {
    let sorted = Set(cutoffs).sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map(-).sorted()
    guard !gaps.isEmpty else { return 10 }
    return max(2, (Double(gaps[gaps.count / 2]) / 3).rounded())
  }
}
