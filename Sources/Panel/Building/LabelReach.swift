internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// How far the events behind the label reach, beside how far they are said to.
struct LabelReach {
  /// The day of the last event on or before data_through.
  let last: CalendarDate
  /// Events in the year that ends on that day.
  let yearCount: Int

  /// The chance below which silence is taken for missing data.
  private static let smallestChance = 1e-6

  /// nil when there is no event at all.
  init?(
    _ spec: ExperimentSpec, _ source: LoadedSource, through: CalendarDate, _ connection: Connection
  ) throws(WarehouseError) {
    let end = ExpressionCompiler.literal(through)
    let day: String
    var rows = source.table
    switch spec.label.event {
    case .date(let column): day = SQL.identifier(column.value.column)
    case .row(let name, let condition):
      day = LoadedSource.time
      rows = LabelSQL.events(spec, name.value, where: condition, cutoff: end)
    }
    let latest = "(SELECT max(\(day)) FROM \(rows) WHERE \(day) <= \(end))"
    guard
      let last = try connection.scalar("SELECT \(latest)").flatMap({ CalendarDate($0) })
    else { return nil }
    self.last = last
    yearCount =
      try connection.count(
        "SELECT count(*) FROM \(rows) WHERE \(day) <= \(end) "
          + "AND \(day) > \(ExpressionCompiler.literal(last)) - 365") ?? 0
  }

  /// Whether nobody would believe that so many days went by without an event.
  ///
  /// Events at the year's mean rate come in no day of the gap with the chance exp(-rate * days), as
  /// those of a Poisson process do. Weekends and seasons make gaps of some days likelier; at one in a
  /// million they do not matter.
  /// - Parameter through: the last day whose events must all have arrived.
  func isImplausible(through: CalendarDate) -> Bool {
    let rate = Double(yearCount) / 365
    return exp(-rate * Double(through.days - last.days)) < Self.smallestChance
  }
}
