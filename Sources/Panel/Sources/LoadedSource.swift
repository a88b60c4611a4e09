internal import Diagnostics
internal import Spec
internal import Warehouse

/// A source as it stands in the engine: typed, keyed by entity number, without what nobody reads.
struct LoadedSource: Sendable {
  let spec: SourceSpec
  /// The columns that are read, with the forms they are kept in.
  let columns: [(column: ColumnSpec, use: ColumnUse)]
  /// The levels of each column kept as codes: the text of code i is element i.
  let levels: [String: [String]]
  /// The first day on which the source says anything; nil when it has no time.
  let firstDay: CalendarDate?
  let rowCount: Int
  /// A query for the `key` of every row as it arrived, null where it has none.
  let keys: String
  /// A hash of the rows as they arrived, with every column and in any order; nil for files, and for a list
  /// of one day.
  let contentHash: String?

  /// The table with the rows whose event time is after a day, where the source's own table is a view.
  let latest: Latest?

  struct Latest: Sendable {
    let table: String
    let after: CalendarDate
  }

  /// The table's name in the engine.
  var table: String { Self.table(spec.name.value) }

  static func table(_ name: String) -> String { "source.\(SQL.identifier(name))" }

  // The columns that are Holdout's own, which no user column can be called as they hold a blank.
  static let created = SQL.identifier("row created")
  static let validFrom = SQL.identifier("valid from")
  static let validTo = SQL.identifier("valid to")
  static let time = SQL.identifier("event time")
  static let knownAt = SQL.identifier("known at")
}
