internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// The last day of some rows, for comparison with the day up to which they are said to be complete.
struct Reach {
  /// The day of the last row on or before the day up to which they are said to be complete.
  let last: CalendarDate
  /// The number of rows in the year that ends on `last`.
  let yearCount: Int
  /// The gaps of two days and more between consecutive days with rows, from the first day to `last`:
  /// the day before the gap, and the days to the next row.
  private let gaps: [(after: Int, days: Int)]

  /// The probability below which silence is considered missing data.
  private static let smallestChance = 1e-6

  /// Finds the last row; nil if there are none.
  /// - Parameters:
  ///   - day: the column with a row's day.
  ///   - rows: a table, or a query in parentheses.
  ///   - latest: a smaller table that includes the latest rows, if there is one.
  ///   - through: the day up to which the rows are said to be complete.
  init?(
    of day: String, in rows: String, latest: String? = nil, through: CalendarDate,
    _ connection: Connection
  ) throws(WarehouseError) {
    let end = ExpressionCompiler.literal(through)
    func last(in rows: String) throws(WarehouseError) -> CalendarDate? {
      try connection.scalar("SELECT max(\(day)) FROM \(rows) WHERE \(day) <= \(end)")
        .flatMap { CalendarDate($0) }
    }
    if let latest, try last(in: latest) == through {
      // The rows reach that day, so their number does not matter.
      self.last = through
      yearCount = 0
      gaps = []
      return
    }
    guard let last = try last(in: rows) else { return nil }
    self.last = last
    yearCount =
      try connection.count(
        "SELECT count(*) FROM \(rows) WHERE \(day) <= \(end) "
          + "AND \(day) > \(ExpressionCompiler.literal(last)) - 365") ?? 0
    gaps =
      last == through ? [] : try Self.gaps(of: day, in: rows, through: last, connection)
  }

  private static func gaps(
    of day: String, in rows: String, through last: CalendarDate, _ connection: Connection
  ) throws(WarehouseError) -> [(after: Int, days: Int)] {
    let result = try connection.query(
      "SELECT before, CAST(own - before AS INTEGER) FROM (SELECT own, lag(own) OVER (ORDER BY own) "
        + "AS before FROM (SELECT DISTINCT \(day) AS own FROM \(rows) "
        + "WHERE \(day) <= \(ExpressionCompiler.literal(last)))) WHERE own - before > 1")
    var gaps: [(after: Int, days: Int)] = []
    while let batch = try result.next() {
      for row in 0..<batch.rowCount {
        guard let after = batch.columns[0].integer(row), let days = batch.columns[1].integer(row)
        else { continue }
        gaps.append((after, days))
      }
    }
    return gaps
  }

  /// Returns whether so many days without a row are implausible.
  ///
  /// In a Poisson process with the year's mean rate, a gap of that length has the probability
  /// exp(-rate * days), which must be below one in a million. The gap must also be longer than what
  /// the past shows: weekends and holidays, which are gaps that have occurred at least twice, and a
  /// season, which is a gap at the same time a year or two before.
  /// - Parameter through: the last day whose rows must all have arrived.
  func isImplausible(through: CalendarDate) -> Bool {
    let rate = Double(yearCount) / 365
    let silence = through.days - last.days
    guard exp(-rate * Double(silence)) < Self.smallestChance else { return false }
    // The next row comes at the earliest on the day after `through`.
    let usual = gaps.map(\.days).sorted(by: >).dropFirst().first ?? 0
    let seasonal =
      gaps.filter { gap in
        [365, 730].contains { back in abs(gap.after - (last.days - back)) <= 7 }
      }.map(\.days).max() ?? 0
    return silence >= max(usual, seasonal)
  }
}

extension Reach {
  /// Finds the last of the events behind the label.
  init?(
    ofLabel spec: ExperimentSpec, _ source: LoadedSource, through: CalendarDate,
    _ connection: Connection
  ) throws(WarehouseError) {
    switch spec.label.event {
    case .date(let column):
      try self.init(
        of: SQL.identifier(column.value.column), in: source.table, through: through, connection)
    case .row(let name, let condition), .absence(let name, let condition):
      try self.init(
        ofEvents: name.value, where: condition, spec, through: through, connection)
    }
  }

  /// Finds the last of a source's events that satisfy a condition.
  init?(
    ofEvents source: String, where condition: SQLText?, _ spec: ExperimentSpec,
    through: CalendarDate, _ connection: Connection
  ) throws(WarehouseError) {
    let end = ExpressionCompiler.literal(through)
    try self.init(
      of: LoadedSource.time, in: LabelSQL.events(spec, source, where: condition, cutoff: end),
      through: through, connection)
  }

  /// Finds the last day on which rows of a source became known; nil also if its rows have no day.
  init?(
    ofArrivals source: LoadedSource, through: CalendarDate, _ connection: Connection
  ) throws(WarehouseError) {
    let day: String
    switch source.spec.shape {
    case .entity(let created):
      guard created != nil else { return nil }
      day = LoadedSource.created
    case .history: day = LoadedSource.validFrom
    case .events(_, let knownAt): day = knownAt == nil ? LoadedSource.time : LoadedSource.knownAt
    }
    try self.init(
      of: day, in: source.table, latest: source.latest?.table, through: through, connection)
  }
}
