internal import Foundation
package import Panel
internal import Spec

/// `newest_rows`: a `static` column, or a column of event rows, must look the same in the newest rows
/// as in older ones. A value that is written, overwritten or deleted later does not: the newest
/// opportunities are still `open`, the newest customers have spent nothing yet. For rows of groups of
/// entities (`references`), the groups take the place of the entities.
///
/// Rows are divided by their age on the last day of the data into windows of 15, 30 and 90 days. For
/// each level of a column (numbers: missing, zero, quarters), the share of rows in the newest window,
/// as log odds, is compared with the median of the windows older than the fourth. It must differ
/// - by more than twice the largest difference of any of those windows, and a factor of two,
/// - by more than chance (signed root of the likelihood ratio above 5; rows are counted as entities),
/// - in the same direction as the second window, because what is written later is written gradually,
/// - because rows of the level, or of the others, are fewer: a campaign that brings more rows of one
///   kind takes none from the others,
/// - in a level that at least half of the older windows have: a new product is not a leak,
/// - also when rows of levels that began on one day are left out, and when these rows count as rows of
///   the level: territories are renamed, and a new product takes rows from older ones,
/// - in a column with at least one level whose entities have the label's event 1.5 times as often as
///   all others, or two thirds as often: other columns tell nothing about the label.
struct NewestRowsCheck {
  static let windows = [15, 30, 90]
  /// The windows that may differ from those before.
  static let newest = 4
  /// The fewest older windows to compare with, and the fewest entities in a window.
  static let fewestWindows = 6
  static let fewestEntities = 20.0
  /// The fewest days for which a level can be said to have begun on one day.
  static let shortest = 14
  static let change = 2.0
  static let deviate = 5.0
  static let lift = 1.5
  /// The share of the newest window's difference that the second window must have.
  static let echo = 0.15

  func outcome(_ subject: AuditSubject) throws -> AuditOutcome {
    guard let end = subject.end.first?.cutoff.date,
      let start = subject.blocks.map(\.cutoff.date).min()
    else { return AuditOutcome(.inconclusive, .noPanelRows) }
    let columns = try subject.builder.rowAges(from: start, to: end)
    var found: [RowChange] = []
    var compared = 0
    for column in columns {
      let changes = Self.windows.map { RowWindows(column, days: $0) }
      if changes.contains(where: { $0.isLongEnough }) { compared += 1 }
      let worst = changes.flatMap { $0.changes() }.max { $0.excess < $1.excess }
      if let worst { found.append(worst) }
    }
    let numbers: [(String, Double)] = [
      ("columns", Double(columns.count)), ("compared", Double(compared)),
      ("changed", Double(found.count)),
    ]
    guard !found.isEmpty else {
      return AuditOutcome(
        .pass, compared == 0 && !columns.isEmpty ? .newestUntested : .newestAlike,
        numbers: numbers)
    }
    return AuditOutcome(
      .fail, .newestDiffer(found.map(\.name)), numbers: numbers,
      details: found.map(AuditDetail.rowChange))
  }
}

extension RowAges.Level {
  /// Whether rows of the level have a text, of which new ones can come into use.
  fileprivate var isOfTexts: Bool {
    switch self {
    case .text, .other: true
    case .missing, .zero, .quarter: false
    }
  }
}

/// A level of a column whose share differs in the newest rows.
package struct RowChange: Sendable {
  package let name: String
  package let level: RowAges.Level
  /// The length of the newest window.
  package let days: Int
  /// The fewest days of the rows in the older windows.
  package var olderDays: Int { days * NewestRowsCheck.newest }
  /// The share of the level in the newest window, and in the older windows together.
  package let newest: Double
  package let older: Double
  /// The difference of log odds, divided by the largest acceptable one.
  let excess: Double
}

/// The rows of a column in windows of equal length, counted back from the last day of the data.
struct RowWindows {
  private let column: RowAges
  private let days: Int
  /// Rows per entity and window.
  private let perEntity: Double
  /// Entities by window, and by level and window. Rows of one entity count as one.
  private let totals: [Double]
  private let levels: [[Double]]
  /// Rows of the older windows, and events of their entities, by level.
  private let older: [(rows: Double, events: Double)]

  /// - Parameters:
  ///   - moved: levels whose rows are left out, or counted as those of another level.
  ///   - target: this level; nil: they are left out.
  init(_ column: RowAges, days: Int, moving moved: Set<Int> = [], to target: Int? = nil) {
    self.column = column
    self.days = days
    let count = (column.counts.map(\.age).max() ?? 0) / days + 1
    var totals = [Double](repeating: 0, count: count)
    var levels = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: column.levels.count)
    var older = [(rows: Double, events: Double)](repeating: (0, 0), count: column.levels.count)
    // With few rows per entity and window, the rows of a window are nearly as many entities.
    let perEntity = max(1, min(column.rowsPerEntity, column.rowsPerEntity * 2 / Double(count) + 1))
    for cell in column.counts where cell.age >= 0 {
      let window = cell.age / days
      let entities = Double(cell.rows) / perEntity
      guard let level = moved.contains(cell.level) ? target : cell.level else { continue }
      totals[window] += entities
      levels[level][window] += entities
      if window >= NewestRowsCheck.newest {
        older[level].rows += Double(cell.rows)
        older[level].events += Double(cell.events)
      }
    }
    self.perEntity = perEntity
    self.totals = totals
    self.levels = levels
    self.older = older
  }

  /// The older windows with enough rows.
  private var settled: [Int] {
    totals.indices.filter {
      $0 >= NewestRowsCheck.newest && totals[$0] >= NewestRowsCheck.fewestEntities
    }
  }

  var isLongEnough: Bool {
    settled.count >= NewestRowsCheck.fewestWindows
      && totals.prefix(2).allSatisfy { $0 >= NewestRowsCheck.fewestEntities }
  }

  /// The levels that differ in the newest window, also without the levels that began on one day, and
  /// when the rows of these count as rows of the level.
  func changes() -> [RowChange] {
    let found = differences()
    let begun = found.isEmpty ? [] : levelsBegun()
    guard !begun.isEmpty else { return found.map { $0.change } }
    let without = Set(RowWindows(column, days: days, moving: begun).differences().map { $0.level })
    return found.compactMap { level, change in
      if begun.contains(level) { return change }
      let merged = RowWindows(column, days: days, moving: begun, to: level).differences()
      return without.contains(level) && merged.contains { $0.level == level } ? change : nil
    }
  }

  /// The texts that began on one day of the newest windows: nearly no row is older, and their share is
  /// the same in the first and the second half of the time since. An open order is no such level, as
  /// its share falls with age.
  private func levelsBegun() -> Set<Int> {
    var rows = [[Int: Int]](repeating: [:], count: column.levels.count)
    var all: [Int: Int] = [:]
    for cell in column.counts where cell.age >= 0 {
      rows[cell.level][cell.age, default: 0] += cell.rows
      all[cell.age, default: 0] += cell.rows
    }
    func entities(_ ages: [Int: Int], _ range: Range<Int>) -> Double {
      Double(ages.reduce(0) { $0 + (range.contains($1.key) ? $1.value : 0) }) / perEntity
    }
    return Set(
      column.levels.indices.filter { level in
        let count = rows[level].values.reduce(0, +)
        guard column.levels[level].isOfTexts,
          Double(count) / perEntity >= NewestRowsCheck.fewestEntities
        else { return false }
        var (seen, length) = (0, 0)
        for (age, number) in rows[level].sorted(by: { $0.key < $1.key })
        where seen * 50 < count * 49 {
          seen += number
          length = age + 1
        }
        guard length >= NewestRowsCheck.shortest, length <= NewestRowsCheck.newest * days + 1 else {
          return false
        }
        let halves = [0..<length / 2, length / 2..<length].map {
          Share(part: entities(rows[level], $0), rows: entities(all, $0))
        }
        guard halves.allSatisfy({ $0.rows >= 5 }) else { return false }
        let shares = halves.map(\.value)
        return halves[0].deviate(from: halves[1]) <= 3
          || max(shares[0], shares[1]) <= 1.3 * min(shares[0], shares[1])
      })
  }

  /// The levels that differ in the newest window.
  private func differences() -> [(level: Int, change: RowChange)] {
    let all = older.reduce((0.0, 0.0)) { ($0.0 + $1.rows, $0.1 + $1.events) }
    guard isLongEnough, older.contains(where: { isInformative($0, all) }) else { return [] }
    let settled = settled
    let allRows = settled.reduce(0) { $0 + totals[$1] }
    return levels.indices.compactMap { level -> (level: Int, change: RowChange)? in
      let counts = levels[level]
      let rows = settled.reduce(0) { $0 + counts[$1] }
      guard rows >= NewestRowsCheck.fewestEntities,
        settled.count(where: { counts[$0] > 0 }) * 2 >= settled.count
      else { return nil }
      func share(_ window: Int) -> Share { Share(part: counts[window], rows: totals[window]) }
      let past = settled.map { share($0).logOdds }.sorted()
      let median = past[past.count / 2]
      let largest = past.reduce(0) { max($0, abs($1 - median)) }
      let limit = max(log(NewestRowsCheck.change), 2 * largest)
      let change = share(0).logOdds - median
      let second = share(1).logOdds - median
      guard abs(change) > limit, change * second > 0,
        abs(second) > NewestRowsCheck.echo * abs(change),
        share(0).deviate(from: Share(part: rows, rows: allRows)) > NewestRowsCheck.deviate,
        isShrinking({ change < 0 ? counts[$0] : totals[$0] - counts[$0] })
      else { return nil }
      let found = RowChange(
        name: column.name, level: column.levels[level], days: days, newest: share(0).value,
        older: rows / allRows, excess: abs(change) / limit)
      return (level, found)
    }
  }

  /// Whether the newest window has fewer rows of a kind than the windows after the fourth, given how
  /// the number of all rows has grown over as many windows in the past.
  private func isShrinking(_ rows: (Int) -> Double) -> Bool {
    let reference = totals.indices.dropFirst(NewestRowsCheck.newest).prefix(NewestRowsCheck.newest)
    let span = NewestRowsCheck.newest + NewestRowsCheck.newest / 2
    let growth = settled.filter { $0 + span < totals.count && totals[$0 + span] > 0 }
      .map { totals[$0] / totals[$0 + span] }.sorted()
    let usual = growth.isEmpty ? 1 : max(1, growth[growth.count / 2])
    return rows(0) * Double(reference.count) < usual * reference.reduce(0) { $0 + rows($1) }
  }

  /// Whether entities with rows of a level have the event more or less often than the others.
  private func isInformative(
    _ level: (rows: Double, events: Double), _ all: (rows: Double, events: Double)
  ) -> Bool {
    let rest = (rows: all.rows - level.rows, events: all.events - level.events)
    guard min(level.rows, rest.rows) >= NewestRowsCheck.fewestEntities else { return false }
    let own = (level.events + 0.5) / (level.rows + 1)
    let others = (rest.events + 0.5) / (rest.rows + 1)
    return own > others * NewestRowsCheck.lift || own < others / NewestRowsCheck.lift
  }
}
