internal import Foundation
internal import Spec
internal import Warehouse

/// PostgreSQL or SQLite, accessed through its ADBC driver.
final class DriverListDatabase: ListDatabase {
  let dialect: ListDialect
  let table: String
  private let engine: Engine
  private let name: TableName
  private let driver: String
  private let uri: String
  private let lockTimeout: LockTimeout
  private let connection: Connection
  /// PostgreSQL's transaction id, used to ask later how the transaction ended.
  private var transaction: String?

  init(
    _ dialect: ListDialect, driver: String, uri: String, _ name: TableName, engine: Engine,
    lockTimeout: LockTimeout
  ) throws(WarehouseError) {
    self.dialect = dialect
    self.driver = driver
    self.uri = uri
    self.engine = engine
    self.name = name
    self.lockTimeout = lockTimeout
    table = name.sql()
    connection = try Connection(driver: driver, uri: uri)
    if dialect == .sqlite { try connection.execute("PRAGMA busy_timeout = \(milliseconds)") }
  }

  private var milliseconds: Int { max(1, Int(lockTimeout.seconds * 1000)) }

  /// PostgreSQL's advisory lock key for the table's lists, which works before the table exists.
  private var lock: String { "hashtextextended(\(SQL.literal("holdout list \(table)")), 0)" }

  func begin() throws(WarehouseError) {
    try connection.begin()
    guard dialect == .postgresql else {
      // The driver's own transaction would take the write lock only later, when it may no longer be
      // available.
      try execute("COMMIT")
      try execute("BEGIN IMMEDIATE")
      return
    }
    // Each statement must see what was committed during the wait for the lock.
    try execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
    try execute("SET LOCAL lock_timeout = \(milliseconds)")
    try execute("SELECT 1 FROM pg_advisory_xact_lock(\(lock))")
    transaction = try connection.query("SELECT CAST(txid_current() AS text)").next()?
      .columns.first?.text(0)
  }

  func columns() throws(WarehouseError) -> [ListColumn]? {
    let sql =
      switch dialect {
      case .sqlite:
        "SELECT name, type FROM pragma_table_info(\(SQL.literal(name.name))"
          + (name.schema.map { ", \(SQL.literal($0))" } ?? "") + ")"
      default:
        """
        SELECT CAST(columns.attname AS text), CAST(types.typname AS text)
        FROM pg_attribute AS columns JOIN pg_type AS types ON types.oid = columns.atttypid
        WHERE columns.attrelid = to_regclass(\(SQL.literal(table))) AND columns.attnum > 0
          AND NOT columns.attisdropped ORDER BY columns.attnum
        """
      }
    let columns = try connection.query(sql).collect().flatMap { ListColumn.rows($0, dialect) }
    return columns.isEmpty ? nil : columns
  }

  func execute(_ sql: String) throws(WarehouseError) { try connection.execute(sql) }

  func count(_ sql: String) throws(WarehouseError) -> Int {
    try connection.query(sql).next()?.columns.first?.integer(0) ?? 0
  }

  func insert(_ entries: [TablePlan.Entry], from staged: String) throws(WarehouseError) {
    // The drivers write values unchanged, so the engine converts them first.
    let selected = entries.map { entry in
      let name = SQL.identifier(entry.column)
      return "\(entry.type.transferred(name, to: dialect)) AS \(name)"
    }
    let rows = try engine.connection.query(
      "SELECT \(selected.joined(separator: ", ")) FROM \(SQL.identifier(staged))")
    try connection.ingest(
      rows, into: name.name, catalog: dialect == .sqlite ? name.schema : nil,
      schema: dialect == .sqlite ? nil : name.schema, appending: true)
  }

  func commit() throws(CommitFailure) {
    do throws(WarehouseError) {
      try connection.commit()
    } catch {
      switch outcome() {
      case "committed": return
      case nil where dialect == .postgresql: throw CommitFailure(outcome: .unknown, error: error)
      default: throw CommitFailure(outcome: .undone, error: error)
      }
    }
  }

  /// PostgreSQL's status of the transaction after a failed commit; nil if it cannot be asked.
  ///
  /// A commit may have succeeded even if its response was lost.
  private func outcome() -> String? {
    guard let transaction,
      let other = try? Connection(driver: driver, uri: uri)
    else { return nil }
    for _ in 0..<50 {
      let answer =
        (try? other.query("SELECT COALESCE(txid_status(\(transaction)), 'aborted')").next())?
        .columns.first?.text(0)
      guard answer == "in progress" else { return answer }
      // The server process has not noticed yet that the client is gone.
      usleep(100_000)
    }
    return nil
  }

  func rollback() { try? connection.rollback() }

  func fetch(
    _ columns: [(name: String, type: ListType, isPresent: Bool)], where condition: String,
    into stage: String
  ) throws(WarehouseError) {
    let isSQLite = dialect == .sqlite
    let marker = SQL.identifier("holdout row")
    let selected = columns.map { column in
      let name = SQL.identifier(column.name)
      return column.isPresent
        ? name : "CAST(NULL AS \(column.type.name(in: dialect))) AS \(name)"
    }
    var sql =
      "SELECT \(isSQLite ? "1" : "true") AS \(marker), \(selected.joined(separator: ", ")) "
      + "FROM \(table) WHERE \(condition)"
    if isSQLite {
      // SQLite columns have no fixed types: the driver infers them from the first rows, so a row
      // without nulls is inserted first.
      let examples = columns.map { "\($0.type.sqliteExample) AS \(SQL.identifier($0.name))" }
      sql = "SELECT 0 AS \(marker), \(examples.joined(separator: ", ")) UNION ALL \(sql)"
    }
    let raw = "fetched \(stage)"
    try engine.connection.execute("DROP TABLE IF EXISTS \(SQL.identifier(raw))")
    defer { try? engine.connection.execute("DROP TABLE IF EXISTS \(SQL.identifier(raw))") }
    try engine.connection.ingest(try connection.query(sql), into: raw)
    let casts = columns.map { column in
      let name = SQL.identifier(column.name)
      return "CAST(\(name) AS \(column.type.engineName)) AS \(name)"
    }
    try engine.connection.execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(stage)) AS SELECT \(casts.joined(separator: ", ")) "
        + "FROM \(SQL.identifier(raw)) WHERE CAST(\(marker) AS BOOLEAN)")
  }

  func holder(_ error: WarehouseError) -> String? {
    guard dialect == .postgresql, let other = try? Connection(driver: driver, uri: uri),
      let row = try? other.query(
        """
        SELECT format('process %s of %s (%s)', activity.pid, activity.usename,
          COALESCE(NULLIF(activity.application_name, ''), 'without a name'))
        FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)
        WHERE locks.granted AND (locks.relation = to_regclass(\(SQL.literal(table)))
          OR (locks.locktype = 'advisory' AND locks.objsubid = 1
            AND (CAST(locks.classid AS bigint) << 32) | CAST(locks.objid AS bigint) = \(lock)))
          AND activity.pid <> pg_backend_pid() LIMIT 1
        """
      ).next()
    else { return nil }
    return row.columns.first?.text(0)
  }

  func close() {}
}

extension ListType {
  /// SQL that converts a value of this type for a driver.
  fileprivate func transferred(_ value: String, to dialect: ListDialect) -> String {
    switch (dialect, self) {
    // In ISO 8601, which SQLite's own functions read: a time in UTC without a zone.
    case (.sqlite, .date): "CAST(\(value) AS VARCHAR)"
    case (.sqlite, .timestamp), (.sqlite, .moment): "CAST(CAST(\(value) AS TIMESTAMP) AS VARCHAR)"
    default: "CAST(\(value) AS \(engineName))"
    }
  }

  /// An example value of the type as SQLite stores it.
  fileprivate var sqliteExample: String {
    switch self {
    case .text, .date, .timestamp, .moment: "''"
    case .flag, .integer: "0"
    case .real: "0.5"
    }
  }
}
