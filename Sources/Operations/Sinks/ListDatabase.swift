internal import Spec
internal import Warehouse

/// A database that stores lists, open for reading or writing one table.
///
/// Used by one thread, for one transaction.
protocol ListDatabase: AnyObject {
  var dialect: ListDialect { get }
  /// The table's name in statements of this database.
  var table: String { get }

  /// Begins a transaction that keeps others from writing the table.
  func begin() throws(WarehouseError)
  /// The table's columns; nil if there is no table.
  func columns() throws(WarehouseError) -> [ListColumn]?
  func execute(_ sql: String) throws(WarehouseError)
  /// The number that a query returns in one row and column.
  func count(_ sql: String) throws(WarehouseError) -> Int
  /// Inserts rows of the embedded engine into the table.
  /// - Parameter staged: the engine's table.
  func insert(_ entries: [TablePlan.Entry], from staged: String) throws(WarehouseError)
  func commit() throws(CommitFailure)
  func rollback()
  /// Copies rows of the table into a table of the embedded engine.
  func fetch(
    _ columns: [(name: String, type: ListType, isPresent: Bool)], where condition: String,
    into stage: String
  ) throws(WarehouseError)
  /// The process that blocks writing, if it can be determined.
  func holder(_ error: WarehouseError) -> String?
  /// Closes the database, so that others can write it.
  func close()
}

/// A commit that the database did not confirm.
struct CommitFailure: Error {
  enum Outcome {
    /// The transaction was rolled back.
    case undone
    /// The connection was lost and the database cannot be asked.
    case unknown
  }

  let outcome: Outcome
  let error: WarehouseError
}

extension ListDatabase {
  /// The condition that a row belongs to a model's list at a cutoff.
  func isOf(model: String, cutoff: CalendarDate) -> String {
    "cutoff_date = \(date(cutoff)) AND model = \(SQL.literal(model))"
  }

  /// A date literal; SQLite stores dates as text.
  func date(_ date: CalendarDate) -> String {
    dialect == .sqlite ? SQL.literal("\(date)") : "DATE \(SQL.literal("\(date)"))"
  }
}

/// The result of writing a list.
public struct WrittenList: Sendable {
  /// The number of rows in the list.
  public let rows: Int
  /// The number of rows that the table had for the same model and cutoff; 0 without a table.
  public let replaced: Int
  /// The table's name, if one was written.
  public let table: String?
  /// Whether the table was created.
  public let madeTable: Bool
  /// The columns added to the table, null in its older rows.
  public let addedColumns: [String]
  /// The file's path, relative to the project folder unless it was given as absolute; nil without a
  /// file.
  public let file: String?
}

/// A column of a list, or of the table that stores it.
struct ListColumn {
  let name: String
  /// nil for a type that no list has.
  let type: ListType?
  /// The name of the type in the column's database.
  let typeName: String
}

/// A table's name, optionally with its schema: `scores`, `sales.scores`.
struct TableName {
  let schema: String?
  let name: String

  /// - Parameter text: the name, optionally preceded by a schema and a dot.
  init(_ text: String) {
    let dot = text.firstIndex(of: ".")
    schema = dot.map { String(text[..<$0]) }
    name = dot.map { String(text[text.index(after: $0)...]) } ?? text
  }

  /// The name in a statement.
  /// - Parameter database: the table's database, if an engine has several.
  func sql(in database: String? = nil) -> String {
    [database, schema, name].compactMap(\.self).map(SQL.identifier).joined(separator: ".")
  }
}
