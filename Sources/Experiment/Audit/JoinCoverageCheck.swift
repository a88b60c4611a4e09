internal import Diagnostics
internal import Panel
internal import Spec

/// `join_coverage`: source rows whose key matches no entity, and test rows without a match in a
/// source that has one row per entity.
///
/// Fails when more than `KeyCoverage.largestUnmatchedShare` of a source's rows match no entity (for a
/// source in `references`, of the values that refer to it: see `KeyCoverage.isPoor`), or
/// when more than half of the test rows, or of the train rows, lack a source that a feature reads,
/// and the two shares differ by more than a quarter. Purchased data may well cover only part of the
/// accounts. But if a match becomes the exception, the source has usually ended, or begun, at the
/// wrong time.
///
/// The first limit also holds for the older rows of an event source by themselves if the newest rows have
/// at most a quarter of their share: entities are then deleted after their events, and past cohorts
/// lack them. At least 20 keys of older rows must match no entity, and as many of the newest rows must
/// be expected to.
struct JoinCoverageCheck {
  static let missing = 0.5
  static let difference = 0.25
  /// The newest rows of events, and the age of older ones, in days.
  static let newest = 90
  static let older = 180
  /// The largest share of unmatched newest rows, relative to that of older ones, that shows deletion.
  static let remaining = 0.25
  static let fewest = 20

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    var details: [AuditDetail] = []
    var failing: [PoorJoin] = []
    let deleted = try Self.deleted(subject)
    var (worstUnmatched, worstMissing) = (0.0, 0.0)
    for source in try subject.builder.keyCoverage() where source.rows > 0 {
      details.append(.keyCoverage(source))
      let share = source.unmatchedShare
      if let key = source.foreignKey {
        if source.isPoor {
          failing.append(.values(share: share, column: key, source: source.source))
        }
        continue
      }
      worstUnmatched = max(worstUnmatched, share)
      if source.isPoor { failing.append(.rows(share: share, source: source.source)) }
    }
    details += deleted
    // Rows of the test cutoffs lack a source for a good reason if rows of the train cutoffs did as
    // well, or if the source only removes entities from the cohort (deals that are won).
    let read = subject.builder.featureSources
    let train = try Self.lacking(subject.train, subject)
    let test = try Self.lacking(subject.test, subject)
    let rows = subject.test.reduce(0) { $0 + $1.rowCount }
    for source in test.keys.sorted() {
      let share = test[source] ?? 0
      worstMissing = max(worstMissing, share)
      let earlier = train[source] ?? 0
      if read.contains(source), max(share, earlier) > Self.missing,
        abs(share - earlier) > Self.difference
      {
        failing.append(.panel(source: source, test: share, train: earlier))
      }
      details.append(.withoutRow(source: source, test: share, testRows: rows, train: earlier))
    }
    let numbers: [(String, Double)] = [
      ("largest_share_of_unmatched_rows", worstUnmatched),
      ("unmatched_limit", KeyCoverage.largestUnmatchedShare),
      ("largest_share_of_test_rows_without", worstMissing), ("without_limit", Self.missing),
    ]
    guard rows > 0 else {
      return AuditOutcome(.inconclusive, .noTestRows, numbers: numbers, details: details)
    }
    guard !details.isEmpty else { return AuditOutcome(.pass, .oneSource, numbers: numbers) }
    guard failing.isEmpty, deleted.isEmpty else {
      return AuditOutcome(
        .fail,
        .joinsPoor(
          failing, deleted: deleted.isEmpty ? nil : subject.spec.cohort.entity.value),
        numbers: numbers, details: details)
    }
    return AuditOutcome(
      .pass, .joined(largestUnmatched: worstUnmatched), numbers: numbers, details: details)
  }

  /// The event sources whose older rows belong to no entity much more often than the newest
  /// ones.
  private static func deleted(_ subject: AuditSubject) throws -> [AuditDetail] {
    guard let end = subject.end.first?.cutoff.date else { return [] }
    return try subject.builder.unmatchedEvents(to: end, newest: newest, older: older).filter {
      $0.older.share > KeyCoverage.largestUnmatchedShare && $0.older.unmatchedKeys >= fewest
        && $0.newest.share <= remaining * $0.older.share
        && Double($0.newest.keys) * $0.older.share >= Double(fewest)
    }.map {
      .deletedEntities(
        source: $0.source, older: $0.older.share, olderDays: older, newest: $0.newest.share,
        newestDays: newest)
    }
  }

  /// The share of the rows of some cutoffs that have no row in each source.
  private static func lacking(
    _ blocks: [PanelBlock], _ subject: AuditSubject
  ) throws -> [String: Double] {
    var counts: [String: Int] = [:]
    for block in blocks {
      for source in try subject.presence(of: block)
      where source.source != subject.spec.cohort.entity.value {
        counts[source.source, default: 0] += source.hasRow.count { !$0 }
      }
    }
    let rows = blocks.reduce(0) { $0 + $1.rowCount }
    return counts.mapValues { Double($0) / Double(max(rows, 1)) }
  }
}
