internal import Diagnostics
internal import Spec

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
