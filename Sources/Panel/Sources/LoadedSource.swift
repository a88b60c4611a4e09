internal import Diagnostics
public import Spec
internal import Warehouse

/// A source as loaded into the engine: typed, keyed by entity index (for a source with a foreign key,
/// by the number of its own key), without columns that nothing reads.
struct LoadedSource: Sendable {
  let spec: SourceSpec
  /// The columns that are read, with the forms in which they are stored.
  let columns: [(column: ColumnSpec, use: ColumnUse)]
  /// The levels of each column stored as codes: the text of code i is element i.
  let levels: [String: [String]]
  /// The first day with data; nil if the source has no time.
  let firstDay: CalendarDate?
  let rowCount: Int
  /// A query for the `key` of every row as it arrived, null if it has none, and the `day` of an event.
  let keys: String
  /// A hash of the rows as they arrived, with every column and independent of their order; nil for
  /// files, and for a list of one day.
  let contentHash: String?

  /// The table with the rows whose event time is after a day, if the source's own table is a view.
  let latest: Latest?

  struct Latest: Sendable {
    let table: String
    let after: CalendarDate
  }

  /// The first day from which the source is complete: its `data_from` or, without one, the first day
  /// with data.
  var completeFrom: CalendarDate? { spec.dataFrom?.value ?? firstDay }

  /// The table's name in the engine.
  var table: String { Self.table(spec.name.value) }

  static func table(_ name: String) -> String { "source.\(SQL.identifier(name))" }

  // Holdout's own columns. Their names contain a space, so no user column can have the same name.
  static let created = SQL.identifier("row created")
  static let validFrom = SQL.identifier("valid from")
  static let validTo = SQL.identifier("valid to")
  static let time = SQL.identifier("event time")
  static let knownAt = SQL.identifier("known at")
}

/// The columns of a source that are read, and so the columns of its table in the engine (see
/// `LoadedSource`).
struct SourceTable: Sendable {
  let spec: SourceSpec
  /// The columns that are read, with the forms in which they are stored.
  let columns: [(column: ColumnSpec, use: ColumnUse)]
  /// As in `LoadedSource`.
  var latest: LoadedSource.Latest?

  /// The table's name in the engine.
  var table: String { LoadedSource.table(spec.name.value) }

  /// Returns a table with all rows whose event time is after a day, and maybe others; with all rows
  /// if the day is nil.
  func table(after day: CalendarDate?) -> String {
    guard let latest, let day, day >= latest.after else { return table }
    return latest.table
  }
}

/// A source's rows as they arrive: SQL that can follow FROM, and its columns.
struct RawRelation {
  let sql: String
  /// Whether the rows can be read again cheaply, even after databases were detached.
  let isRereadable: Bool
  /// The column names with the engine's types, in the table's order.
  let types: [(name: String, type: String)]
  /// SQL for the file that a row is from, if there are several.
  var fileColumn: String?
  /// The names of further columns, which nothing reads.
  var others: [String] = []
  /// Text columns that contain JSON objects or lists.
  var nested: [String: NestedColumns.Kind] = [:]

  /// Returns the type of a column; names are compared ignoring case, as in the engine.
  func type(of column: String) -> String? {
    types.first { $0.name.lowercased() == column.lowercased() }?.type
  }
}

/// A change applied to the rows of every source before they are loaded, to test whether it affects
/// a panel.
///
/// The panel of a day must not depend on what the data says about later days. So it is built again
/// from data in which everything later is changed, through everything that reads the data: parsing,
/// duplicates, dictionaries, views. What a source promises (`expect`) is not checked on altered
/// rows.
public enum DataAlteration: Hashable, Sendable {
  /// The rows as they are.
  case none
  /// Everything not known at the end of this day is replaced by wild values.
  case poisoned(after: CalendarDate)
  /// Everything not known at the end of this day is removed: the data as it would have looked then.
  case cut(after: CalendarDate)
}
