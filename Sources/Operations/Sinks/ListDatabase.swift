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
