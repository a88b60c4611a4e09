internal import Columns
internal import Diagnostics
internal import Foundation
internal import Panel
internal import Spec

/// Compares the newest rows with the past, to find values that are written when an outcome becomes
/// known.
///
/// A value that was really known at a cutoff has the same distribution in every cohort, apart from
/// drift: in the newest one, whose outcomes are still open, as in those of a year ago. A value that
/// is written later (a status, an owner, a total as of the export) has not yet been written for the
/// newest cohort. So the rows that it marks as future buyers, or as lost, are common in past
/// cohorts, and are gone on the last day of the data.
///
/// Each feature's rows are divided into parts by how much more often than their cutoff's average
/// they were positive: at least twice as often (`high`), at most half as often (`low`). The share of
/// a part among the rows of a cutoff, as log odds, is followed over the mature cutoffs and to the
/// end of the data. Its change from the last mature cutoff to the end must be larger
/// - than twice every change over the same number of days in the past, and a factor of 1.5 (changes
///   that end less than that many days before the last mature cutoff are left out if enough others
///   remain, because a value that is written later has begun to change there),
/// - than a factor of 3 if the feature only counts events, because business comes and goes,
/// - than a factor of 9 if the part becomes more common: what an outcome writes is absent at the end,
///   while a campaign or another mix of new entities makes a part more common (missing values also
///   count with the smaller factor if the rows that have one are fewer than 85 % of the usual number),
/// - than chance (signed root of the likelihood ratio of two binomials above 4),
/// - and must also show, in the same direction, an eighth and a quarter of the horizon before the
///   end, so that a holiday does not count.
///
/// With `evaluation.cluster`, a share is that of clusters, each of which counts as one: of a cluster
/// with rows inside and outside a part, the share of its rows that are inside. A group of companies that
/// changes all at once then changes no more than any other cluster does.
struct EndOfData: Sendable {
  /// How much more or less often than average a part must be positive.
  static let lift = 2.0
  /// The smallest change of the odds that counts.
  static let change = 1.5
  /// The smallest change of the odds that counts in a feature that reads no column of its events.
  static let changeOfCounts = 3.0
  /// The smallest change of the odds that counts in a part that becomes more common.
  static let rise = 9.0
  /// The largest share of the usual number of rows that counts as fewer.
  static let fewer = 0.85
  /// The signed root of the likelihood ratio, which is about a normal deviate, that counts.
  static let deviate = 4.0
  /// The fewest distinct positive entities, and expected ones, of a part.
  static let fewest = 20
  /// The fewest changes of the past to compare with.
  static let fewestPairs = 3

  /// The mature cutoffs, oldest first.
  private let past: [PanelBlock]
  /// The last day of the data, then an eighth and a quarter of the horizon before.
  private let end: [PanelBlock]
  /// How much each row of these counts.
  private let pastWeights: [ClusterWeights]
  private let endWeights: [ClusterWeights]
  /// Pairs of mature cutoffs that are as far apart as the last one and the end of the data.
  private let pairs: [(Int, Int)]
  /// The base rate of each mature cutoff.
  private let rates: [Double]

  /// nil when there is no row whose outcome is open, or no mature cutoff, or when the label is
  /// conditional: then the rows of a mature cutoff are a part of the cohort that is not known yet for
  /// the newest one.
  init?(_ subject: AuditSubject) {
    guard subject.spec.label.among == nil else { return nil }
    end = subject.end
    let through = subject.builder.timeline.dataThrough
    let mature = subject.blocks.filter { $0.cutoff.windowEnd <= through }
      .sorted { $0.cutoff.date < $1.cutoff.date }
      .map { (block: $0, weights: ClusterWeights($0)) }
      .filter { $0.weights.count >= Self.fewest }
    past = mature.map(\.block)
    pastWeights = mature.map(\.weights)
    endWeights = end.map(ClusterWeights.init)
    guard let last = past.last, let newest = end.first, endWeights[0].count >= Self.fewest else {
      return nil
    }
    let days = past.map(\.cutoff.date.days)
    let gap = newest.cutoff.date.days - last.cutoff.date.days
    guard gap > 0 else { return nil }
    // Months differ in length, so the nearest cutoff counts if it is within a quarter of the gap.
    let all: [(Int, Int)] = days.indices.compactMap { later in
      let wanted = days[later] - gap
      guard let earlier = days.indices.min(by: { abs(days[$0] - wanted) < abs(days[$1] - wanted) }),
        earlier < later, abs(days[earlier] - wanted) * 4 <= gap
      else { return nil }
      return (earlier, later)
    }
    let settled = all.filter { days[$0.1] <= last.cutoff.date.days - gap }
    pairs = settled.count >= Self.fewestPairs ? settled : all
    rates = past.map { block in
      Double(block.labels.count { $0 == 1 }) / Double(block.rowCount)
    }
  }

  var pastCount: Int { past.count }
  var pairCount: Int { pairs.count }

  /// The findings of one feature, or of one column's missing values.
  ///
  /// - Parameters:
  ///   - bins: for each mature cutoff, the bin of each row, from 0.
  ///   - endBins: the same for each block at the end.
  ///   - least: the smallest change of the odds that counts.
  private func findings(
    _ name: String, bins: [[Int32]], endBins: [[Int32]], binCount: Int, parts: [EndChange.Part],
    least: Double = EndOfData.change
  ) -> [EndChange] {
    var (positives, expected) = (
      [Double](repeating: 0, count: binCount), [Double](repeating: 0, count: binCount)
    )
    for (index, block) in past.enumerated() {
      for (row, bin) in bins[index].enumerated() {
        expected[Int(bin)] += rates[index]
        if block.labels[row] == 1 { positives[Int(bin)] += 1 }
      }
    }
    // Levels with too few outcomes to tell their rate, and new ones, may take the place of others
    // that disappear, as when territories are renamed.
    let isOpen = expected.map { $0 < 3 }
    return parts.compactMap { part in
      let chosen: [Bool] = (0..<binCount).map { bin in
        switch part {
        case .missing: bin == 0
        case .high: !isOpen[bin] && positives[bin] >= Self.lift * expected[bin]
        case .low: !isOpen[bin] && positives[bin] <= expected[bin] / Self.lift
        }
      }
      return finding(
        name, part, chosen, isOpen, bins: bins, endBins: endBins, positives: positives,
        expected: expected, least: least)
    }
  }

  private func finding(
    _ name: String, _ part: EndChange.Part, _ chosen: [Bool], _ isOpen: [Bool], bins: [[Int32]],
    endBins: [[Int32]], positives: [Double], expected: [Double], least: Double
  ) -> EndChange? {
    func total(_ values: [Double], _ isIn: Bool) -> Double {
      zip(values, chosen).reduce(0) { $0 + ($1.1 == isIn ? $1.0 : 0) }
    }
    let lift = total(positives, true) / total(expected, true)
    let rest = total(positives, false) / total(expected, false)
    guard isInformative(part, bins, chosen, lift, rest) else { return nil }
    // Rows of a part that disappears may have moved to an open bin, so they count as the part.
    func shares(_ weights: [ClusterWeights], _ bins: [[Int32]], withOpen: Bool) -> [Share] {
      let isIn = chosen.indices.map {
        chosen[$0] || (withOpen && part != .missing && isOpen[$0])
      }
      return zip(weights, bins).map { weights, bins in weights.share { isIn[Int(bins[$0])] } }
    }
    func series(withOpen: Bool) -> (past: [Share], end: [Share]) {
      (
        shares(pastWeights, bins, withOpen: withOpen),
        shares(endWeights, endBins, withOpen: withOpen)
      )
    }
    let own = series(withOpen: false)
    let isFalling = own.end[0].logOdds < own.past[own.past.count - 1].logOdds
    let (pastShares, endShares) = isFalling ? series(withOpen: true) : own
    let reference = pastShares[pastShares.count - 1]
    let changes = pairs.map { abs(pastShares[$0.1].logOdds - pastShares[$0.0].logOdds) }
    // Without a past to compare with, only a change that no drift makes in so short a time counts.
    let largest = changes.count >= Self.fewestPairs ? changes.max() ?? 0 : log(3)
    // The outcome's mark is absent at the end. If values are missing, either side may be the mark.
    func isMark(_ lift: Double) -> Bool { lift >= Self.lift || lift <= 1 / Self.lift }
    let isAbsent =
      part == .missing
      ? isMark(isFalling ? lift : rest) || (!isFalling && isFewer(own))
      : isFalling
    let limit = max(log(isAbsent ? least : max(least, Self.rise)), 2 * largest)
    let direction = isFalling ? -1.0 : 1.0
    let change = direction * (endShares[0].logOdds - reference.logOdds)
    guard change > limit, endShares[0].deviate(from: reference) > Self.deviate else { return nil }
    let isSustained = endShares.dropFirst().allSatisfy { share in
      direction * (share.logOdds - reference.logOdds) > log(Self.change) / 2
    }
    guard isSustained else { return nil }
    return EndChange(
      name: name, part: part, lift: lift.isFinite ? lift : 0,
      before: reference.value, end: endShares[0].value, pastFactor: exp(largest))
  }

  /// Whether clearly fewer rows than usual are outside the part at the end: then their values are not
  /// written yet, and they are not outnumbered by new rows of another kind.
  private func isFewer(_ series: (past: [Share], end: [Share])) -> Bool {
    let past = series.past.map { $0.rows - $0.part }.sorted()
    return series.end[0].rows - series.end[0].part < Self.fewer * past[past.count / 2]
  }

  /// Whether a part's outcomes differ from the rest's, with enough entities to know.
  private func isInformative(
    _ part: EndChange.Part, _ bins: [[Int32]], _ chosen: [Bool], _ lift: Double, _ rest: Double
  ) -> Bool {
    // Expected positives are counted per cluster, as a purchase is positive at several cutoffs.
    var (inside, outside, rows): (Set<Int32>, Set<Int32>, Int) = ([], [], 0)
    var expected = 0.0
    for (index, block) in past.enumerated() {
      let clusters = block.clusters
      for (row, bin) in bins[index].enumerated() {
        if chosen[Int(bin)] { expected += rates[index] }
        guard block.labels[row] == 1 else { continue }
        rows += 1
        if chosen[Int(bin)] {
          inside.insert(clusters[row])
        } else {
          outside.insert(clusters[row])
        }
      }
    }
    let rowsPerCluster = Double(rows) / Double(max(inside.union(outside).count, 1))
    let isEnoughHigh = { (clusters: Set<Int32>) in clusters.count >= Self.fewest }
    let isEnoughLow = expected / max(rowsPerCluster, 1) >= Double(Self.fewest)
    switch part {
    case .high: return isEnoughHigh(inside)
    case .low: return isEnoughLow
    case .missing:
      return (lift >= Self.lift && isEnoughHigh(inside)) || (lift <= 1 / Self.lift && isEnoughLow)
        || (rest >= Self.lift && isEnoughHigh(outside)) || rest <= 1 / Self.lift
    }
  }

  /// The findings of a feature's values.
  /// - Parameters:
  ///   - levelCount: the number of codes of a category; nil for numbers.
  ///   - least: the smallest change of the odds that counts.
  func findings(
    feature index: Int, name: String, levelCount: Int?, least: Double
  ) -> [EndChange] {
    let binning = FeatureBins(past, feature: index, levelCount: levelCount)
    return findings(
      name, bins: past.map(binning.bins), endBins: end.map(binning.bins),
      binCount: binning.count, parts: [.high, .low], least: least)
  }

  /// The finding of whether a feature is missing.
  func missing(feature index: Int, name: String, least: Double) -> EndChange? {
    func bins(_ block: PanelBlock) -> [Int32] {
      let column = block.features.columns[index]
      return (0..<block.rowCount).map { column.isNull($0) ? 0 : 1 }
    }
    return findings(
      name, bins: past.map(bins), endBins: end.map(bins), binCount: 2, parts: [.missing],
      least: least
    ).first
  }

  /// The smallest change of the odds that counts in a feature.
  /// - Parameter columns: the columns that it reads; empty if it only counts events.
  static func least(reads columns: [String]) -> Double {
    columns.isEmpty ? changeOfCounts : change
  }

  /// Whether a column is missing in each row of the mature cutoffs and of the blocks at the end, for
  /// sources with one row per entity, in the order of sources and columns.
  private func missingRows(
    _ subject: AuditSubject
  ) throws -> [(name: String, bins: [[Int32]])] {
    var bins: [String: [[Int32]]] = [:]
    var order: [String] = []
    for block in past + end {
      for source in try subject.presence(of: block) {
        for column in source.columns {
          let name = "\(column.reference)"
          if bins[name] == nil { order.append(name) }
          bins[name, default: []].append(column.isPresent.map { $0 ? 1 : 0 })
        }
      }
    }
    return order.compactMap { name in
      bins[name].flatMap { $0.count == past.count + end.count ? (name, $0) : nil }
    }
  }

  /// The findings of whether the columns of sources with one row per entity are missing.
  func missingColumns(_ subject: AuditSubject) throws -> [EndChange] {
    try missingRows(subject).compactMap { name, rows in
      findings(
        name, bins: Array(rows.prefix(past.count)), endBins: Array(rows.suffix(end.count)),
        binCount: 2, parts: [.missing]
      ).first
    }
  }

  /// The columns whose missing values are shown not to come from the label's event.
  ///
  /// If the event wrote (or removed) a value, the rows that are positive after the last mature cutoff
  /// would still lack it at the end, so that the share of missing values would change by the base
  /// rate. A change of less than half of that, with two standard errors to spare, rules it out.
  func unwritten(_ subject: AuditSubject) throws -> Set<String> {
    let last = past.count - 1
    let rate = pastWeights[last].share { past[last].labels[$0] == 1 }.value
    let names = try missingRows(subject).compactMap { name, rows -> String? in
      let before = pastWeights[last].share { rows[last][$0] == 0 }
      let after = endWeights[0].share { rows[last + 1][$0] == 0 }
      func variance(_ share: Share) -> Double {
        share.value * (1 - share.value) / max(share.rows, 1)
      }
      let error = (variance(before) + variance(after)).squareRoot()
      return abs(after.value - before.value) + 2 * error < rate / 2 ? name : nil
    }
    return Set(names)
  }
}

/// A part of a feature's rows that changes abruptly at the end of the data.
package struct EndChange: Sendable {
  package enum Part: Equatable, Sendable { case high, low, missing }
  package let name: String
  package let part: Part
  /// The positives of the part, divided by those that its cutoffs' averages give.
  package let lift: Double
  /// The share of the part at the last mature cutoff, and at the end of the data.
  package let before: Double
  package let end: Double
  /// The largest factor by which the odds changed over the same number of days in the past.
  package let pastFactor: Double
}
