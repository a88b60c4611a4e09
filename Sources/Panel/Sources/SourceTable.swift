internal import Diagnostics
internal import Spec

/// What is read of a source, and so what its table in the engine has (see `LoadedSource`).
struct SourceTable: Sendable {
  let spec: SourceSpec
  /// The columns that are read, with the forms they are kept in.
  let columns: [(column: ColumnSpec, use: ColumnUse)]

  /// The table's name in the engine.
  var table: String { LoadedSource.table(spec.name.value) }
}
