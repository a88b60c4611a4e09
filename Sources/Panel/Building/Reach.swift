internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// How far rows reach, beside how far they are said to.
struct Reach {
  /// The day of the last row on or before the day they are said to reach to.
  let last: CalendarDate
  /// Rows in the year that ends on that day.
  let yearCount: Int

  /// The chance below which silence is taken for missing data.
  private static let smallestChance = 1e-6

  /// nil when there is no row at all.
  /// - Parameters:
  ///   - day: the column that dates a row.
  ///   - rows: a table or a query in brackets.
  ///   - latest: one with fewer rows, the latest among them, where there is one.
  ///   - through: the day that they are said to reach to.
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
      // They reach as far as they should: how many there are does not matter.
      self.last = through
      yearCount = 0
      return
    }
    guard let last = try last(in: rows) else { return nil }
    self.last = last
    yearCount =
      try connection.count(
        "SELECT count(*) FROM \(rows) WHERE \(day) <= \(end) "
          + "AND \(day) > \(ExpressionCompiler.literal(last)) - 365") ?? 0
  }

  /// Whether nobody would believe that so many days went by without a row.
  ///
  /// Rows at the year's mean rate come in no day of the gap with the chance exp(-rate * days), as
  /// those of a Poisson process do. Weekends and seasons make gaps of some days likelier; at one in a
  /// million they do not matter.
  /// - Parameter through: the last day whose rows must all have arrived.
  func isImplausible(through: CalendarDate) -> Bool {
    let rate = Double(yearCount) / 365
    return exp(-rate * Double(through.days - last.days)) < Self.smallestChance
  }
}

extension Reach {
  /// Of the events behind the label.
  init?(
    ofLabel spec: ExperimentSpec, _ source: LoadedSource, through: CalendarDate,
    _ connection: Connection
  ) throws(WarehouseError) {
    switch spec.label.event {
    case .date(let column):
      try self.init(
        of: SQL.identifier(column.value.column), in: source.table, through: through, connection)
    case .row(let name, let condition):
      let end = ExpressionCompiler.literal(through)
      try self.init(
        of: LoadedSource.time,
        in: LabelSQL.events(spec, name.value, where: condition, cutoff: end), through: through,
        connection)
    }
  }

  /// Of the days on which a source's rows became known; nil, too, for one whose rows have no day.
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
