internal import Spec
internal import Warehouse

/// A database that keeps lists, opened to read or to write one table.
///
/// Used by one thread, for one transaction.
protocol ListDatabase: AnyObject {
  var dialect: ListDialect { get }
  /// The table's name in statements of this database.
  var table: String { get }

  /// Begins a transaction during which nobody else writes the table.
  func begin() throws(WarehouseError)
  /// The table's columns; nil where there is no table.
  func columns() throws(WarehouseError) -> [ListColumn]?
  func execute(_ sql: String) throws(WarehouseError)
  /// The number that a query of one row and column gives.
  func count(_ sql: String) throws(WarehouseError) -> Int
  /// Adds rows of the embedded engine to the table.
  /// - Parameter staged: the engine's table.
  func insert(_ entries: [TablePlan.Entry], from staged: String) throws(WarehouseError)
  func commit() throws(CommitFailure)
  func rollback()
  /// Makes a table of the embedded engine out of rows of the table.
  func fetch(
    _ columns: [(name: String, type: ListType, isPresent: Bool)], where condition: String,
    into stage: String
  ) throws(WarehouseError)
  /// Who keeps others from writing, where that can be told.
  func holder(_ error: WarehouseError) -> String?
  /// Lets go of the database, so that others may write it.
  func close()
}

/// A transaction whose end the database did not confirm.
struct CommitFailure: Error {
  enum Outcome {
    /// Nothing of it stays.
    case undone
    /// The database went away and cannot be asked.
    case unknown
  }

  let outcome: Outcome
  let error: WarehouseError
}

extension ListDatabase {
  /// The condition under which a row belongs to the list of a model at a cutoff.
  func isOf(model: String, cutoff: CalendarDate) -> String {
    "cutoff_date = \(date(cutoff)) AND model = \(SQL.literal(model))"
  }

  /// A date in a statement; SQLite keeps dates as text.
  func date(_ date: CalendarDate) -> String {
    dialect == .sqlite ? SQL.literal("\(date)") : "DATE \(SQL.literal("\(date)"))"
  }
}

/// What writing a list did.
public struct WrittenList: Sendable {
  /// The rows of the list.
  public let rows: Int
  /// The rows of the same model and cutoff that the table had before; 0 without a table.
  public let replaced: Int
  /// The table's name, where one was written.
  public let table: String?
  /// Whether the table was made.
  public let madeTable: Bool
  /// Columns that the table lacked, null in its older rows.
  public let addedColumns: [String]
  /// The file's path, relative to the project folder unless it was given whole; nil without a file.
  public let file: String?
}

/// A column of a list, or of the table that keeps it.
struct ListColumn {
  let name: String
  /// nil: of a type that no list has.
  let type: ListType?
  /// The type as it is called where the column stands.
  let typeName: String
}

/// A table's name, which may say in which schema it lies: `scores`, `sales.scores`.
struct TableName {
  let schema: String?
  let name: String

  /// - Parameter text: the name, after a schema and a dot if there is one.
  init(_ text: String) {
    let dot = text.firstIndex(of: ".")
    schema = dot.map { String(text[..<$0]) }
    name = dot.map { String(text[text.index(after: $0)...]) } ?? text
  }

  /// The name in a statement.
  /// - Parameter database: the database that the table lies in, where an engine has several.
  func sql(in database: String? = nil) -> String {
    [database, schema, name].compactMap(\.self).map(SQL.identifier).joined(separator: ".")
  }
}
