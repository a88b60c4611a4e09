internal import Foundation
internal import Spec
internal import Warehouse

/// A DuckDB file, attached to the embedded engine while it is in use.
final class DuckDBListDatabase: ListDatabase {
  let dialect = ListDialect.duckdb
  let table: String
  private let engine: Engine
  private let name: TableName
  /// The database's name in the engine.
  private let database: String
  private var isAttached = false

  private static let alias = "score list"

  /// - Parameter access: for writing, every other attachment of the file is closed first. The file
  ///   has one writer, so a process that waited to write while reading could wait for itself, or
  ///   for others that do the same.
  init(
    _ path: String, _ name: TableName, engine: Engine, access: Engine.Access,
    lockTimeout: LockTimeout
  ) throws(WarehouseError) {
    let open = try engine.attachments(of: path)
    if access == .readOnly, let present = open.first {
      // Closing a second attachment would also release this one's lock (POSIX).
      database = present
    } else {
      for name in open { try engine.detach(name) }
      try engine.attach(path, as: Self.alias, access, lockTimeout: lockTimeout)
      database = Self.alias
      isAttached = true
    }
    self.engine = engine
    self.name = name
    table = name.sql(in: database)
  }

  func begin() throws(WarehouseError) { try execute("BEGIN TRANSACTION") }

  func columns() throws(WarehouseError) -> [ListColumn]? {
    let rows = try engine.connection.query(
      """
      SELECT column_name, data_type FROM duckdb_columns()
      WHERE database_name = \(SQL.literal(database))
        AND schema_name = \(SQL.literal(name.schema ?? "main"))
        AND lower(table_name) = lower(\(SQL.literal(name.name))) ORDER BY column_index
      """)
    let columns = try rows.collect().flatMap { ListColumn.rows($0, dialect) }
    return columns.isEmpty ? nil : columns
  }

  func execute(_ sql: String) throws(WarehouseError) { try engine.connection.execute(sql) }

  func count(_ sql: String) throws(WarehouseError) -> Int {
    try engine.connection.count(sql) ?? 0
  }

  func insert(_ entries: [TablePlan.Entry], from staged: String) throws(WarehouseError) {
    let columns = entries.map { SQL.identifier($0.column) }.joined(separator: ", ")
    // The engine casts to the table's types, which hold all values of the list's types.
    try execute(
      "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM \(SQL.identifier(staged))")
  }

  func commit() throws(CommitFailure) {
    do throws(WarehouseError) {
      try execute("COMMIT")
    } catch {
      throw CommitFailure(outcome: .undone, error: error)
    }
  }

  func rollback() { try? execute("ROLLBACK") }

  func fetch(
    _ columns: [(name: String, type: ListType, isPresent: Bool)], where condition: String,
    into stage: String
  ) throws(WarehouseError) {
    let selected = columns.map { column in
      let name = SQL.identifier(column.name)
      return "CAST(\(column.isPresent ? name : "NULL") AS \(column.type.engineName)) AS \(name)"
    }
    try execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(stage)) AS "
        + "SELECT \(selected.joined(separator: ", ")) FROM \(table) WHERE \(condition)")
  }

  func holder(_ error: WarehouseError) -> String? { error.holder }

  func close() {
    guard isAttached else { return }
    isAttached = false
    // The commit is already in the file or its log, even if this fails.
    try? engine.detach(database)
  }

  deinit { close() }
}

extension ListColumn {
  /// The columns in a catalog's rows of names and types.
  static func rows(_ batch: RecordBatch, _ dialect: ListDialect) -> [ListColumn] {
    (0..<batch.rowCount).map { row in
      let type = batch.columns[1].text(row) ?? ""
      return ListColumn(
        name: batch.columns[0].text(row) ?? "", type: ListType(type, in: dialect), typeName: type)
    }
  }
}
