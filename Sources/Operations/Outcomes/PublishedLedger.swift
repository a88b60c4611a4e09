internal import Diagnostics
internal import Spec
internal import Warehouse

/// Which lists there are among the rows that were read, after a look at whether they are lists.
struct PublishedLedger {
  struct Entry {
    let cutoff: CalendarDate
    let rows: Int
    /// Sorted.
    let runIds: [String]
  }

  /// Oldest first.
  let entries: [Entry]

  /// - Parameters:
  ///   - from: the first cutoff that counts; nil: any.
  ///   - to: the last one.
  /// - Throws: `FindingsError` where rows are none of a list, or none is of these cutoffs.
  init(
    _ lists: PublishedLists, _ columns: PublishedColumns, engine: Engine, from: CalendarDate?,
    to: CalendarDate?
  ) throws {
    guard columns.missing.isEmpty else {
      throw FindingsError(
        .malformedLists(lists.words, ["it has no column \(columns.missing.quoted)"]))
    }
    let problems = try Self.problems(lists.settings.key.value, engine.connection)
    guard problems.isEmpty else { throw FindingsError(.malformedLists(lists.words, problems)) }
    let rows = try engine.connection.query(
      "SELECT cutoff, count(*) AS rows, string_agg(DISTINCT run_id, ' ' ORDER BY run_id) AS runs "
        + "FROM \(PublishedLists.copy) GROUP BY cutoff"
    ).collect()
    let all = rows.flatMap { batch in
      (0..<batch.rowCount).compactMap { row in
        batch["cutoff"]?.integer(row).map { day in
          Entry(
            cutoff: CalendarDate(days: day), rows: batch["rows"]?.integer(row) ?? 0,
            runIds: (batch["runs"]?.text(row) ?? "").split(separator: " ").map(String.init))
        }
      }
    }.sorted { $0.cutoff < $1.cutoff }
    entries = all.filter { entry in
      (from.map { $0 <= entry.cutoff } ?? true) && (to.map { entry.cutoff <= $0 } ?? true)
    }
    guard entries.isEmpty else { return }
    let range = [from.map { "from \($0)" }, to.map { "to \($0)" }].compactMap(\.self)
    let known = all.map(\.cutoff.description)
    throw FindingsError(
      .nothingPublished(
        lists.model, lists.words,
        range: all.isEmpty || range.isEmpty ? nil : range.joined(separator: " "),
        known: known.count > 5
          ? ["\(known[0])", "\(known.count - 2) more", "\(known[known.count - 1])"] : known))
  }

  /// What rows of a list cannot be.
  private static func problems(
    _ key: String, _ connection: Connection
  ) throws(WarehouseError) -> [String] {
    let copy = PublishedLists.copy
    var problems: [String] = []
    let checks = [
      ("key IS NULL", "no `\(key)`"), ("cutoff IS NULL", "no date as `cutoff_date`"),
      ("score IS NULL OR NOT (score >= 0 AND score <= 1)", "a `score` that is no probability"),
      ("rank IS NULL", "no number as `rank_global`"),
    ]
    for (condition, words) in checks {
      let count = try connection.count("SELECT count(*) FROM \(copy) WHERE \(condition)") ?? 0
      if count > 0 {
        problems.append("\(count.grouped) \(count == 1 ? "row has" : "rows have") \(words)")
      }
    }
    let repeated =
      "FROM (SELECT key, cutoff FROM \(copy) WHERE key IS NOT NULL AND cutoff IS NOT NULL "
      + "GROUP BY ALL HAVING count(*) > 1)"
    let count = try connection.count("SELECT count(*) \(repeated)") ?? 0
    if count > 0,
      let first = try connection.scalar(
        "SELECT min(CAST(cutoff AS VARCHAR) || ': ' || key) \(repeated)")
    {
      let accounts = count == 1 ? "1 account stands" : "\(count.grouped) accounts stand"
      problems.append(
        "\(accounts) twice in a list: `\(first)`\(count == 1 ? "" : ", for instance")")
    }
    return problems
  }
}

extension [String] {
  /// Names in backticks.
  fileprivate var quoted: String { map { "`\($0)`" }.inWords("and") }
}
