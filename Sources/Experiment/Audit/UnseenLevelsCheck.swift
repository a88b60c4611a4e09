internal import Columns
internal import Diagnostics
internal import Panel
internal import Spec

/// `unseen_levels`: category levels of calibrate or test rows that no train row has.
///
/// The model treats all of them as one level. Genuinely new levels appear a few accounts at a time
/// (a new lead source), or at a steady pace (a new campaign every month). When more than 1 % of a
/// role's rows have one, and more than twice the share of any train cutoff that is compared with
/// cutoffs as much older than it, levels were renamed, reorganized or written another way. A missing
/// value counts as a level. Levels that `min_frequency` would have folded into `other` do not count.
struct UnseenLevelsCheck {
  static let limit = 0.01
  /// The fewest train cutoffs that must have older ones to be compared with.
  static let fewestCutoffs = 4

  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    var looked = 0
    var worst = 0.0
    var failing: [String] = []
    var details: [(share: Double, detail: AuditDetail)] = []
    let trainRows = subject.train.reduce(0) { $0 + $1.rowCount }
    for (index, feature) in subject.spec.features.enumerated()
    where feature.expression.isCategory {
      looked += 1
      let missing = Int(Int32.min)
      let seen = Set(
        subject.train.flatMap { $0.features.columns[index].codes(missing: missing) })
      let levels = subject.builder.levels(ofFeature: index)
      let minimum = feature.expression.policy?.minFrequency ?? 0
      for (role, blocks) in [(Role.calibrate, subject.calibrate), (.test, subject.test)] {
        let codes = blocks.flatMap { $0.features.columns[index].codes(missing: missing) }
        var counts: [Int32: Int] = [:]
        for code in codes where !seen.contains(code) { counts[code, default: 0] += 1 }
        // The frequency that a level would have among as many rows as train has.
        let scale = Double(trainRows) / Double(max(codes.count, 1))
        counts = counts.filter { Double($0.value) * scale >= Double(minimum) }
        guard !counts.isEmpty else { continue }
        let rows = counts.values.reduce(0, +)
        let share = Double(rows) / Double(codes.count)
        worst = max(worst, share)
        if share > Self.limit, share > 2 * Self.usualShare(index, subject, blocks) {
          failing.append(feature.name.value)
        }
        // A missing value sorts as the text that people see.
        let named = counts.map { code, count in
          (level: code == .min ? nil : levels[Int(code)], count: count)
        }.sorted {
          $0.count == $1.count
            ? $0.level ?? "(null)" < $1.level ?? "(null)" : $0.count > $1.count
        }
        details.append(
          (
            share,
            .unseenLevels(
              feature: feature.name.value, role, share: share, levels: named.map(\.level))
          ))
      }
    }
    let numbers: [(String, Double)] = [
      ("category_features", Double(looked)), ("largest_share", worst), ("limit", Self.limit),
    ]
    let lines = details.sorted { $0.share > $1.share }.map(\.detail)
    guard subject.test.contains(where: { $0.rowCount > 0 }) else {
      return AuditOutcome(.inconclusive, .noTestRows, numbers: numbers, details: lines)
    }
    guard looked > 0 else { return AuditOutcome(.pass, .noCategories, numbers: numbers) }
    var once: Set<String> = []
    let names = failing.filter { once.insert($0).inserted }
    guard !names.isEmpty else {
      return AuditOutcome(
        .pass, .levelsSeen(largestShare: worst), numbers: numbers, details: lines)
    }
    return AuditOutcome(
      .fail, .levelsUnseen(names, largestShare: worst), numbers: numbers, details: lines)
  }

  /// The largest share of rows with a new level that a train cutoff has, compared with cutoffs that
  /// are as much older as the last train cutoff is than some blocks; 0 with too little history.
  private static func usualShare(
    _ feature: Int, _ subject: AuditSubject, _ blocks: [PanelBlock]
  ) -> Double {
    let train = subject.train.sorted { $0.cutoff.date < $1.cutoff.date }
    guard let last = train.last?.cutoff.date.days, let first = train.first?.cutoff.date.days,
      let newest = blocks.map(\.cutoff.date.days).max()
    else { return 0 }
    let gap = newest - last
    let compared = train.indices.filter {
      train[$0].cutoff.date.days - gap >= first && train[$0].rowCount > 0
    }
    guard compared.count >= fewestCutoffs else { return 0 }
    let codes = train.map { $0.features.columns[feature].codes(missing: Int(Int32.min)) }
    let shares = compared.dropFirst(compared.count / 2).map { index in
      let limit = train[index].cutoff.date.days - gap
      var seen: Set<Int32> = []
      for (older, codes) in zip(train, codes) where older.cutoff.date.days <= limit {
        seen.formUnion(codes)
      }
      return Double(codes[index].count { !seen.contains($0) }) / Double(codes[index].count)
    }
    return shares.max() ?? 0
  }
}
