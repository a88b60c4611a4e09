internal import Diagnostics
internal import Spec
internal import Warehouse

/// Checks for rows that say what their sources did not mean: days that mean no day, dates that are
/// written as times, versions that end a day early, and exports that overlap.
///
/// They run if all rows are loaded, which is not so when one day is scored, and they never change a
/// row.
extension SourceLoader {
  /// Checks a source's days and files, once its rows are stored.
  mutating func checkMeaning(_ draft: Draft, _ table: String) throws(WarehouseError) {
    guard alteration == .none, onlyCutoff == nil else { return }
    for column in Self.datedColumns(draft) {
      let days = try DayCounts(of: column.sql, in: table, engine.connection)
      for placeholder in days.placeholders(column.role) {
        findings.append(
          .placeholderDay(
            draft.spec, column.name, placeholder,
            early: try early(column, placeholder, in: table, draft)))
      }
    }
    try checkMidnights(draft)
    try checkOverlaps(draft, table)
  }

  /// Reports columns whose times are all midnight, if the clock of days moves them: they are
  /// probably dates.
  private mutating func checkMidnights(_ draft: Draft) throws(WarehouseError) {
    var columns: [(place: Located<String>, midnights: (hasTime: String, isMidnight: String))] = []
    for (_, _, place, parser) in draft.times {
      if let midnights = parser.midnights { columns.append((place, midnights)) }
    }
    let places = Set(draft.times.map(\.column.name.value))
    for (column, use, parser) in draft.columns
    where use.contains(.value) && !places.contains(column.name.value) {
      if let midnights = parser.midnights { columns.append((column.name, midnights)) }
    }
    guard !columns.isEmpty else { return }
    let counts = columns.flatMap { _, midnights in
      [midnights.hasTime, "(\(midnights.hasTime) AND \(midnights.isMidnight))"]
        .map { "count(*) FILTER (WHERE \($0))" }
    }
    let row = try engine.connection.query(
      "SELECT \(counts.joined(separator: ", ")) FROM \(draft.relation.sql)"
    ).next()
    for (index, column) in columns.enumerated() {
      let (all, atMidnight) =
        (row?.columns[2 * index].integer(0) ?? 0, row?.columns[2 * index + 1].integer(0) ?? 0)
      // Few times may all be midnight by chance.
      if all >= 10, all == atMidnight {
        findings.append(.timesAtMidnight(draft.spec, column.place, count: all))
      }
    }
  }

  /// A stored column of days, and the role of its days.
  private struct DatedColumn {
    let sql: String
    let name: Located<String>
    let role: DayCounts.Role
  }

  private static func datedColumns(_ draft: Draft) -> [DatedColumn] {
    var found = draft.times.compactMap { name, _, place, _ -> DatedColumn? in
      let role: DayCounts.Role
      switch name {
      case LoadedSource.created: role = .creation
      case LoadedSource.time, LoadedSource.knownAt: role = .row
      // A first version may start in the distant past, and a last one may never end.
      default: return nil
      }
      return DatedColumn(sql: name, name: place, role: role)
    }
    let places = Set(draft.times.map(\.place.value))
    for (column, use, _) in draft.columns
    where column.type == .date && use.contains(.value) && !places.contains(column.name.value) {
      found.append(
        DatedColumn(
          sql: SQL.identifier(column.name.value), name: column.name,
          role: column.columnClass == .event ? .event : .value))
    }
    return found
  }

  /// Reports versions that end before they begin, which are valid on no day.
  mutating func reportReversed(_ draft: Draft, rowCount: Int) throws(WarehouseError) {
    let (from, to) = (draft.times[0].parser.parsed, draft.times[1].parser.parsed)
    let isReversed =
      "(\(to)) < (\(from)) AND \(draft.key) IN (SELECT key FROM \(Self.keys(of: draft.spec)))"
    let row = try engine.connection.query(
      "SELECT count(*), min(key), CAST(min_by(ended, key) AS VARCHAR) FROM (SELECT "
        + "\(draft.key) AS key, \(to) AS ended FROM \(draft.relation.sql) WHERE \(isReversed))"
    ).next()
    guard let row, let count = row.columns[0].integer(0), count > 0,
      let last = row.columns[2].text(0).flatMap({ CalendarDate($0) })
    else { return }
    findings.append(
      .versionsEndBefore(
        draft.spec, count: count, of: rowCount,
        example: row.columns[1].text(0) ?? "", last: last))
  }

  /// Reports JSON fields that no object has, or that contain objects or lists themselves.
  mutating func checkFields(_ draft: Draft) throws(WarehouseError) {
    for (column, _, parser) in draft.columns {
      guard let object = parser.object, let path = parser.path, let field = column.jsonField else {
        continue
      }
      let rows = "(SELECT \(object) AS object FROM \(draft.relation.sql)) WHERE object IS NOT NULL"
      let row = try engine.connection.query(
        "SELECT count(*), count(*) FILTER (WHERE json_exists(object, \(path))), "
          + "count(*) FILTER (WHERE json_type(object, \(path)) = 'OBJECT'), "
          + "count(*) FILTER (WHERE json_type(object, \(path)) = 'ARRAY') FROM \(rows)"
      ).next()
      func count(_ index: Int) -> Int { row?.columns[index].integer(0) ?? 0 }
      if count(0) > 0, count(1) == 0 {
        let keys = try engine.connection.texts(
          "SELECT DISTINCT unnest(json_keys(object)) AS key FROM \(rows) ORDER BY 1 LIMIT 12")
        findings.append(.missingField(field, column, in: draft.spec, keys))
      } else if count(2) + count(3) > 0 {
        findings.append(
          .nestedField(field, column, in: draft.spec, what: count(2) > 0 ? "objects" : "lists"))
      }
    }
  }

  /// Returns how many rows with a placeholder would have happened ten years before the row was
  /// created.
  private func early(
    _ column: DatedColumn, _ placeholder: DayCounts.Placeholder, in table: String, _ draft: Draft
  ) throws(WarehouseError) -> Int {
    guard case .entity(.some) = draft.spec.shape, column.role != .creation else { return 0 }
    return try engine.connection.count(
      "SELECT count(*) FROM \(table) WHERE \(column.sql) = "
        + "\(ExpressionCompiler.literal(placeholder.day)) "
        + "AND \(column.sql) < \(LoadedSource.created) - 3653") ?? 0
  }
}

/// The number of rows of a source for each day in a column.
struct DayCounts {
  /// The role of a day.
  enum Role {
    /// When an entity begins to exist.
    case creation
    /// When something happened; null before it happens.
    case event
    /// When a row happened or became known.
    case row
    /// A date like any other value.
    case value
  }

  /// A day that seems to mean no day.
  struct Placeholder: Equatable {
    enum Sign: Equatable {
      /// A day that programs write for no day, far from all others.
      case customary
      /// Many rows on one day, years from all others.
      case remote
      /// Far more rows than on any other day.
      case spike(next: Int)
    }

    let day: CalendarDate
    let count: Int
    let total: Int
    let sign: Sign
    /// The nearest other day.
    let nearest: CalendarDate?
  }

  /// The days with their counts, ascending and without duplicates.
  private(set) var days: [(day: Int, count: Int)] = []

  init(_ days: [(day: Int, count: Int)]) {
    self.days = days.sorted { $0.day < $1.day }
  }

  init(
    of column: String, in table: String, _ connection: Connection
  ) throws(WarehouseError) {
    let rows = try connection.query(
      "SELECT CAST(day AS INTEGER), CAST(count(*) AS BIGINT) FROM "
        + "(SELECT \(column) - DATE '1970-01-01' AS day FROM \(table)) "
        + "WHERE day IS NOT NULL GROUP BY day")
    var days: [(day: Int, count: Int)] = []
    while let batch = try rows.next() {
      for row in 0..<batch.rowCount {
        if let day = batch.columns[0].integer(row), let count = batch.columns[1].integer(row) {
          days.append((day, count))
        }
      }
    }
    self.init(days)
  }

  /// Days that programs write for no day: the first days of their calendars, and days that never
  /// come.
  private static let customary: Set<String> = [
    "0001-01-01", "1582-10-15", "1600-01-01", "1601-01-01", "1753-01-01", "1800-01-01",
    "1858-11-17",
    "1899-12-30", "1899-12-31", "1900-01-01", "1900-01-02", "1901-01-01", "1904-01-01",
    "1969-12-31",
    "1970-01-01", "1970-01-02",
    "2078-12-31", "2079-06-06", "2099-01-01", "2099-12-31", "2100-01-01", "2199-12-31",
    "2200-01-01",
    "2200-12-31", "2222-02-22", "2500-01-01", "2999-01-01", "2999-12-31", "3000-01-01",
    "3000-12-31", "4000-01-01", "5000-01-01", "9000-01-01", "9999-01-01", "9999-12-30",
    "9999-12-31",
  ]

  /// A little longer than a year, so that the same day of the next year is included.
  private static let year = 370
  private static let farAhead = CalendarDate(days: 29_220)  // 2050

  /// Returns the days that seem to mean no day.
  ///
  /// Honest data has old days, busy days, and days with a single row; none of these is a
  /// placeholder. These are: a customary day such that no day within a year has more than a tenth
  /// of its rows; a first or last day of the data with five rows or more that is five years from
  /// every other; and the first or last day of a year (for events, any day) with twenty times the
  /// rows of every other day.
  func placeholders(_ role: Role) -> [Placeholder] {
    let total = days.reduce(0) { $0 + $1.count }
    guard days.count > 1 else { return onlyDay(total, role) }
    let largest = days.indices.sorted { days[$0].count > days[$1].count }.prefix(2)
    return days.indices.compactMap { index -> Placeholder? in
      let (day, count) = days[index]
      let date = CalendarDate(days: day)
      // An event is read as null until its day, so a day that never comes already means no day.
      let isPast = date < Self.farAhead
      guard isPast || role != .event else { return nil }
      let gap = gap(around: index)
      func found(_ sign: Placeholder.Sign) -> Placeholder {
        Placeholder(
          day: date, count: count, total: total, sign: sign,
          nearest: CalendarDate(days: gap.nearest))
      }
      if Self.customary.contains("\(date)"), count >= 10 * largestWithinYear(of: index) {
        return found(.customary)
      }
      let isEdge = index == 0 || index == days.count - 1
      if isEdge, count >= 5, gap.days >= 5 * Self.year { return found(.remote) }
      guard index == largest[0], role != .creation, count >= 20, days.count >= 10 else {
        return nil
      }
      let next = days[largest[1]].count
      let isYearEnd = "\(date)".hasSuffix("-01-01") || "\(date)".hasSuffix("-12-31")
      let share = Double(count) / Double(total)
      let isLarge = isYearEnd ? share >= 0.05 : role == .event && share >= 0.2
      return isLarge && count >= 20 * next ? found(.spike(next: next)) : nil
    }
  }

  /// Returns placeholders in a column with a single day, which tells nothing unless programs write
  /// that day for no day.
  private func onlyDay(_ total: Int, _ role: Role) -> [Placeholder] {
    guard let (day, count) = days.first else { return [] }
    let date = CalendarDate(days: day)
    guard Self.customary.contains("\(date)"), date < Self.farAhead || role != .event else {
      return []
    }
    return [
      Placeholder(day: date, count: count, total: total, sign: .customary, nearest: nil)
    ]
  }

  private func gap(around index: Int) -> (days: Int, nearest: Int) {
    let day = days[index].day
    let neighbors = [index - 1, index + 1].filter(days.indices.contains).map { days[$0].day }
    let nearest = neighbors.min { abs($0 - day) < abs($1 - day) } ?? day
    return (abs(nearest - day), nearest)
  }

  private func largestWithinYear(of index: Int) -> Int {
    let day = days[index].day
    var largest = 0
    var low = index
    while low > 0, day - days[low - 1].day <= Self.year {
      low -= 1
      largest = max(largest, days[low].count)
    }
    var high = index
    while high + 1 < days.count, days[high + 1].day - day <= Self.year {
      high += 1
      largest = max(largest, days[high].count)
    }
    return largest
  }
}

/// How the versions of a history follow each other.
struct VersionGaps {
  /// The number of pairs of a version and the next one of the same key.
  let pairs: Int
  /// The number of pairs in which the next version starts before this one ends.
  let overlaps: Int
  /// The number of pairs with days between them on which neither is valid.
  let holes: Int
  /// The number of such holes of exactly one day.
  let oneDay: Int

  /// Counts the gaps between versions.
  /// - Parameter table: the stored versions.
  init(of table: String, _ connection: Connection) throws(WarehouseError) {
    let row = try connection.query(
      """
      SELECT count(*), count(*) FILTER (WHERE next < ended), count(*) FILTER (WHERE next > ended),
        count(*) FILTER (WHERE next = ended + 1)
      FROM (SELECT coalesce(\(LoadedSource.validTo), DATE '9999-12-31') AS ended,
        lead(\(LoadedSource.validFrom)) OVER
          (PARTITION BY entity ORDER BY \(LoadedSource.validFrom)) AS next FROM \(table))
      WHERE next IS NOT NULL
      """
    ).next()
    func count(_ column: Int) -> Int { row?.columns[column].integer(0) ?? 0 }
    (pairs, overlaps, holes, oneDay) = (count(0), count(1), count(2), count(3))
  }

  init(pairs: Int, overlaps: Int, holes: Int, oneDay: Int) {
    (self.pairs, self.overlaps, self.holes, self.oneDay) = (pairs, overlaps, holes, oneDay)
  }

  /// Whether versions seem to be written with their last day rather than the day after it: most
  /// holes have one day, and they are too many to be occasional errors.
  var endInclusively: Bool {
    oneDay >= 3 && Double(oneDay) >= 0.5 * Double(holes) && Double(oneDay) >= 0.05 * Double(pairs)
  }
}

// MARK: - Findings

extension Finding {
  /// Returns the warning about a placeholder.
  /// - Parameter early: the number of rows that happened ten years before the entity's row was
  ///   created.
  static func placeholderDay(
    _ source: SourceSpec, _ column: Located<String>, _ placeholder: DayCounts.Placeholder,
    early: Int
  ) -> Finding {
    let count = placeholder.count
    var notes: [String] = []
    switch placeholder.sign {
    case .customary: notes.append("programs often write this day for a missing date")
    case .remote: break
    case .spike(let next):
      notes.append("no other day has more than \(next == 1 ? "1 row" : "\(next.grouped) rows")")
    }
    if let nearest = placeholder.nearest, placeholder.sign != .customary || early == 0 {
      notes.append("the nearest other day is \(nearest)")
    }
    if early > 0 {
      notes.append(
        "\(early == 1 ? "1 row is" : "\(early.grouped) rows are") created more than ten years later"
      )
    }
    let name = SQL.identifier(column.value)
    return Finding(
      443, .warning,
      "\(count.grouped) of the \(placeholder.total.grouped) days in `\(column.value)` of "
        + "`\(source.name.value)` \(count == 1 ? "is" : "are") \(placeholder.day)",
      at: column.span, label: "does this day mean a missing date?", notes: notes,
      hints: [
        "if so, read it as null: `sql: SELECT * REPLACE (nullif(\(name), '\(placeholder.day)') AS "
          + "\(name)) FROM ...`"
      ])
  }

  static func timesAtMidnight(
    _ source: SourceSpec, _ column: Located<String>, count: Int
  ) -> Finding {
    let name = column.value
    return Finding(
      445, .warning,
      "all \(count.grouped) times in `\(name)` of `\(source.name.value)` are midnight",
      at: column.span, label: "are these dates?",
      notes: ["`day` moves them to another day"],
      hints: [
        "if they are dates, write `\(name): {type: date, time_of_day: ignored}` under "
          + "`sources.\(source.name.value).columns`, with the column's class"
      ])
  }

  static func versionsEndInclusively(_ source: SourceSpec, _ gaps: VersionGaps) -> Finding {
    guard case .history(_, let to, let isInclusive) = source.shape else {
      preconditionFailure("only a history has versions")
    }
    return Finding(
      444, .warning,
      "\(gaps.oneDay.grouped) of \(gaps.pairs.grouped) versions of `\(source.name.value)` end one day "
        + "before the next begins",
      at: to.span, label: "on that day neither is valid",
      notes: [
        "of \(gaps.holes.grouped) gaps between versions, \(gaps.oneDay.grouped) last one day"
      ],
      hints: [
        isInclusive
          ? "check how the days are written: with `inclusive: true`, each version is valid on its "
            + "last day"
          : "if it is the last day on which a version is valid, write `valid_to: {column: "
            + "\(to.value), inclusive: true}`"
      ])
  }
}

extension Explanation {
  static let sourceMeaningFindings: [Explanation] = [
    Explanation(
      443, "a day that seems to mean a missing date",
      cause: """
        Systems without null write a day for "never": 1900-01-01, 1970-01-01, or another. Read as \
        a day, it says that something happened long ago: the account leaves the cohort, or has \
        tens of thousands of days since then. A day is reported if programs use it for a missing \
        date and it is a year from all busy days, if at least five rows have it and it is five \
        years from all others, or if it is far busier than every other day. The last day of a \
        version can be 9999-12-31, and a future date of class `event` reads as null: neither is \
        reported.
        """,
      example: .spec(
        "sources: {customers: {columns: {«first_order»: {type: date, class: event}}}}",
        sql: "UPDATE customers SET first_order = DATE '1900-01-01' WHERE id IN ('C3', 'C5', 'C8');",
        Example.checkWithData),
      fix: """
        Read it as null with `sql`: `SELECT * REPLACE (nullif(first_order, DATE '1900-01-01') AS \
        first_order) FROM ...`.
        """),
    Explanation(
      445, "dates that are written as times",
      cause: """
        Every value of the column is a time at midnight, so it is probably a date that a database \
        stores as a time. With `day.ends_at`, or in another time zone, midnight belongs to another \
        day, and each date would be read as the day before or after.
        """,
      example: .spec(
        "day: {ends_at: \"06:00\"}\nsources: {calls: {time: «day»}}",
        sql: "ALTER TABLE calls ALTER day TYPE TIMESTAMP;", Example.checkWithData),
      fix: """
        Write `time_of_day: ignored` for the column, so that it keeps the days that are written. \
        List the column if it is not listed: `day: {type: date, time_of_day: ignored}`.
        """),
    Explanation(
      444, "versions that end one day before the next begins",
      cause: """
        `valid_to` is the day after the last day on which a version is valid. If the data have the \
        last day itself, no version is valid on that day. A cutoff on it, often a month end, then \
        has missing features, and the row may leave the cohort. Most gaps between versions of this \
        source are exactly one day long.
        """,
      example: .spec(
        "sources: {history: {valid_to: «valid_to»}}",
        sql: """
          UPDATE history SET valid_to = valid_from + 99;
          INSERT INTO history SELECT * REPLACE (valid_from + 100 AS valid_from, NULL AS valid_to)
          FROM history;
          """, Example.checkWithData),
      fix: """
        Write `valid_to: {column: valid_to, inclusive: true}` if the day is the last day on which \
        the version is valid.
        """),
  ]
}
