internal import Spec

/// Cutoffs whose panel rows are read together: neighbors with the same features, all with a label or
/// all without.
struct CutoffBatch: Sendable {
  let cutoffs: [Cutoff]
  /// The indices of the requested features.
  let features: Set<Int>
}

/// Whether cutoffs are read one by one or several at a time. The rows are the same either way.
package enum CutoffReading: Sendable {
  /// As their sources are small or large.
  case bySize
  case singly
  /// This many at a time, whatever the size of their sources. If that fails, nothing else is tried.
  case together(Int)
}

/// Decides how many cutoffs are read at a time.
///
/// The engine takes milliseconds to parse and plan a query, even if it reads twenty rows. For small
/// sources, one query for many cutoffs (`BatchQuery`) is therefore many times as fast as one for
/// each. For large sources it is not: each row is combined with each cutoff first, while the query of
/// one cutoff skips blocks of rows. The decision depends on the numbers of rows only.
package struct BatchRule: Sendable {
  /// The most rows of the sources of a query that reads several cutoffs.
  static let rowLimit = 200_000
  /// The most values that such a query may combine: rows, times cutoffs, times features. An ordered
  /// aggregate holds some 20 bytes for each.
  static let cellLimit = 4_000_000
  /// The most cutoffs of a batch. With more, the time to plan no longer matters.
  static let largest = 128
  /// Batches per thread, so that no thread waits long for another's last batch.
  static let perThread = 4

  /// The sources' tables in the engine with their numbers of rows.
  let tables: [(name: String, rows: Int)]
  let entityCount: Int
  let reading: CutoffReading

  package init(tables: [(name: String, rows: Int)], entityCount: Int, reading: CutoffReading) {
    self.tables = tables
    self.entityCount = entityCount
    self.reading = reading
  }

  /// Whether cutoffs must be read together.
  var isForced: Bool { if case .together = reading { true } else { false } }

  /// Returns whether a query can read several cutoffs, and reads few enough rows.
  func isSmall(_ sql: String) -> Bool {
    // The engine does not bind a lateral query with the joins by which entities find the rows of a
    // source in `references`.
    !sql.contains(SourceLoader.keysPrefix) && (isForced || rows(sql) <= Self.rowLimit)
  }

  /// Returns the number of cutoffs of a batch.
  /// - Parameters:
  ///   - queries: all queries of a cutoff, with their numbers of features.
  ///   - count: the number of cutoffs.
  package func size(
    _ queries: [(sql: String, features: Int)], count: Int, threads: Int
  ) -> Int {
    switch reading {
    case .singly: return 1
    case .together(let size): return size
    case .bySize:
      let small = queries.filter { isSmall($0.sql) }
      guard !small.isEmpty else { return 1 }
      let features = queries.reduce(0) { $0 + $1.features }
      // The finished rows of a batch are in memory together.
      let cells = small.map { rows($0.sql) * ($0.features + 1) } + [entityCount * (features + 1)]
      let share = (count + Self.perThread * threads - 1) / (Self.perThread * threads)
      return max(1, min(Self.largest, Self.cellLimit / max(1, cells.max() ?? 1), share))
    }
  }

  /// Returns the number of rows of the sources that a query names.
  private func rows(_ sql: String) -> Int {
    tables.reduce(0) { $0 + (sql.contains($1.name) ? $1.rows : 0) }
  }
}
