internal import Diagnostics
public import Spec
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

/// What is read of a source, and so what its table in the engine has (see `LoadedSource`).
struct SourceTable: Sendable {
  let spec: SourceSpec
  /// The columns that are read, with the forms they are kept in.
  let columns: [(column: ColumnSpec, use: ColumnUse)]
  /// As `LoadedSource`'s.
  var latest: LoadedSource.Latest?

  /// The table's name in the engine.
  var table: String { LoadedSource.table(spec.name.value) }

  /// A table with all rows whose event time is after a day, and maybe others; nil: with all rows.
  func table(after day: CalendarDate?) -> String {
    guard let latest, let day, day >= latest.after else { return table }
    return latest.table
  }
}

/// A source's rows as they arrive: something that can stand behind FROM, and its columns.
struct RawRelation {
  let sql: String
  /// Whether the rows can be read again at little cost, and after databases were detached.
  let isRereadable: Bool
  /// The engine's type by column name, in the table's order.
  let types: [(name: String, type: String)]
  /// SQL for the file that a row is of, where there are several.
  var fileColumn: String?
  /// Columns that the rows have beside these, which nothing reads.
  var others: [String] = []
  /// Columns of text that hold objects or lists of JSON.
  var nested: [String: NestedColumns.Kind] = [:]

  /// The type of a column; names compare without regard to case, as in the engine.
  func type(of column: String) -> String? {
    types.first { $0.name.lowercased() == column.lowercased() }?.type
  }
}

/// What is done to the rows of every source before they are loaded, to learn whether a panel notices.
///
/// The panel of a day must come out the same whatever the data say of later days. So it is built once
/// more from data in which nothing later is as it was, through everything that reads them: parsing,
/// duplicates, dictionaries, views. What a source promises (`expect`) is not asked of altered rows.
public enum DataAlteration: Hashable, Sendable {
  /// The rows as they are.
  case none
  /// What was not known at the end of this day is replaced by wild values.
  case poisoned(after: CalendarDate)
  /// What was not known at the end of this day is taken away: the data as they would have looked then.
  case cut(after: CalendarDate)
}
