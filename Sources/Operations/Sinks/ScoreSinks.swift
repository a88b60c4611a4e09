public import Diagnostics
internal import Files
internal import Foundation
internal import OrderedCollections
public import Runs
public import Spec
public import Warehouse

/// Where a list is written: a database table, a Parquet file, or both, as if in one transaction.
///
/// The list is a table of the embedded engine. Its columns `model` and `cutoff_date` identify it.
/// After a write, either both sinks hold the list or both are unchanged. If the process is killed,
/// the table and the file are each complete, old or new, and the next write replaces both.
///
/// A DuckDB file allows one writer and no readers at the same time. `write` therefore detaches its
/// file from the engine, under whatever name sources are read from it, and leaves it detached.
/// Everything needed from it must be in the engine before.
public struct ScoreSinks {
  private let project: Project
  private let engine: Engine
  private let table: (connection: ConnectionSpec, name: Located<String>)?
  private let parquet: Located<String>?
  private let lockTimeout: LockTimeout

  /// - Parameters:
  ///   - table: nil for no table.
  ///   - parquet: a path in which `{cutoff}` is replaced by the cutoff's date, relative to the
  ///     project folder; nil for no file.
  ///   - lockTimeout: the seconds to wait for a database that another process has locked.
  public init(
    project: Project, engine: Engine,
    table: (connection: ConnectionSpec, name: Located<String>)?, parquet: Located<String>?,
    lockTimeout: Double
  ) {
    self.project = project
    self.engine = engine
    self.table = table
    self.parquet = parquet
    self.lockTimeout = LockTimeout(seconds: lockTimeout)
  }

  /// The sinks that a spec asks for.
  /// - Parameter source: the connection of the cohort's source, which has the table unless the spec
  ///   names another.
  /// - Throws: `FindingsError` if holdout.yaml does not have the connection.
  public init(
    project: Project, engine: Engine, score: ScoreSpec, source: Located<String>?,
    lockTimeout: Double
  ) throws(FindingsError) {
    var table: (connection: ConnectionSpec, name: Located<String>)?
    if let name = score.table {
      let wanted = score.connection ?? source
      let connections = project.spec.connections
      guard let connection = connections[wanted?.value ?? "default"] else {
        throw FindingsError(
          .unknownListConnection(wanted, table: name, known: Array(connections.keys)))
      }
      table = (connection, name)
    }
    self.init(
      project: project, engine: engine, table: table, parquet: score.parquet,
      lockTimeout: lockTimeout)
  }

  /// Copies rows of a model's earlier lists into a new table of the engine.
  ///
  /// A column that the table lacks is null. If there is no table yet, the copy has no rows.
  /// - Parameters:
  ///   - columns: their names.
  ///   - through: the last cutoff whose rows are copied.
  ///   - stage: the name of the engine's table.
  /// - Returns: whether the source table exists.
  /// - Throws: `FindingsError` if it cannot be read, or is not a table of lists.
  @discardableResult
  public func fetchEarlier(
    columns: [String], model: String, through: CalendarDate, into stage: String
  ) throws -> Bool {
    guard let table, let database = try open(table, .readOnly) else {
      try makeEmpty(stage, columns)
      return false
    }
    defer { database.close() }
    return try reporting(table, .reading) {
      guard let present = try database.columns() else {
        try makeEmpty(stage, columns)
        return false
      }
      try check(present, of: table, database.dialect)
      let known = Dictionary(
        present.map { (database.dialect.folded($0.name), $0) }, uniquingKeysWith: { $1 })
      let wanted = columns.map { name in
        let column = known[database.dialect.folded(name)]
        return (name, column?.type ?? ListType(defaultFor: name), column != nil)
      }
      try database.fetch(
        wanted,
        where: "model = \(SQL.literal(model)) AND cutoff_date <= \(database.date(through))",
        into: stage)
      return true
    }
  }

  /// Writes a list: replaces the table's rows of its model and cutoff, and the file.
  ///
  /// - Parameters:
  ///   - staged: the list's table in the engine.
  ///   - order: the SQL that orders the file's rows. A list staged in this order takes less memory,
  ///     because it need not be sorted.
  /// - Throws: `FindingsError`; both sinks are then unchanged, unless the finding says otherwise.
  public func write(
    staged: String, order: String, model: String, cutoff: CalendarDate
  ) throws -> WrittenList {
    let list = try columns(of: staged)
    let rows = try engine.connection.count("SELECT count(*) FROM \(SQL.identifier(staged))") ?? 0
    let strangers = try engine.connection.count(
      "SELECT count(*) FROM \(SQL.identifier(staged)) WHERE cutoff_date IS DISTINCT FROM "
        + "DATE '\(cutoff)' OR model IS DISTINCT FROM \(SQL.literal(model))")
    precondition(strangers == 0, "a list holds the rows of its own model and cutoff")
    let shown = parquet.map { $0.map { $0.replacing("{cutoff}", with: "\(cutoff)") } }
    if let shown { try checkPlace(of: shown) }
    let file = shown.map { ListFile(absolute($0.value)) }
    if let file, let shown {
      try reporting(shown) {
        try file.prepare(staged, order: order, engine)
      }
    }
    guard let table else {
      if let file, let shown { try reporting(shown) { try file.replace(lockTimeout: lockTimeout) } }
      file?.settle()
      return WrittenList(
        rows: rows, replaced: 0, table: nil, madeTable: false, addedColumns: [], file: shown?.value)
    }
    let transaction = ListTransaction(
      list: list, staged: staged, model: model, cutoff: cutoff)
    guard let database = try open(table, .readWrite) else {
      preconditionFailure("a database that is written is made where there is none")
    }
    defer { database.close() }
    let change = try commit(transaction, to: database, table, file, shown)
    return WrittenList(
      rows: rows, replaced: change.replaced, table: table.name.value, madeTable: change.madeTable,
      addedColumns: change.madeTable ? [] : change.added, file: shown?.value)
  }

  /// Refuses a file outside the project, or one without a Parquet file's name: a spec chooses the
  /// path, and must not overwrite what something else reads.
  private func checkPlace(of file: Located<String>) throws(FindingsError) {
    guard file.value.lowercased().hasSuffix(".parquet") else {
      throw FindingsError(.listFileName(file))
    }
    let project = ReadingRoots(project: project.folder)
    guard project.objection(toWriting: absolute(file.value)) == nil else {
      throw FindingsError(.listFileOutside(file))
    }
  }

  /// Changes the table and the file together.
  private func commit(
    _ transaction: ListTransaction, to database: any ListDatabase,
    _ table: (connection: ConnectionSpec, name: Located<String>), _ file: ListFile?,
    _ shown: Located<String>?
  ) throws -> ListTransaction.Change {
    do {
      let change = try reporting(table, holder: database.holder) {
        try database.begin()
        let present = try database.columns()
        if let present { try check(present, of: table, database.dialect) }
        let plan = TablePlan(list: transaction.list, table: present, dialect: database.dialect)
        try plan.clashes.map { .listColumnType($0, table.name) }.throwIfErrors()
        return try transaction.apply(plan, exists: present != nil, to: database)
      }
      // After this, only the commit can fail.
      if let file, let shown { try reporting(shown) { try file.replace(lockTimeout: lockTimeout) } }
      try database.commit()
      file?.settle()
      return change
    } catch {
      database.rollback()
      var failure = error
      if let lost = error as? CommitFailure {
        failure = FindingsError(
          .listNotWritten(table.name, lost.outcome, message: concealed(lost.error, table)))
      }
      guard let shown else { throw failure }
      do {
        try file?.restore()
      } catch {
        let findings = (failure as? FindingsError)?.findings ?? []
        throw FindingsError(findings + [.listFile(shown, error)])
      }
      throw failure
    }
  }

  // MARK: - The table

  /// Opens the table's database; nil if it is opened for reading and does not exist.
  private func open(
    _ table: (connection: ConnectionSpec, name: Located<String>), _ access: Engine.Access
  ) throws -> (any ListDatabase)? {
    let address = try table.connection.address.resolved(project.spec.environment)
    let name = TableName(table.name.value)
    return try reporting(table, .opening) {
      switch table.connection.target {
      case .duckdb:
        let path = absolute(address)
        if access == .readOnly, !FileManager.default.fileExists(atPath: path) { return nil }
        return try DuckDBListDatabase(
          path, name, engine: engine, access: access, lockTimeout: lockTimeout)
      case .driver(let driver, _):
        guard let dialect = ListDialect(driver: driver.value) else {
          throw FindingsError(.unwritableDriver(driver, table: table.name))
        }
        return try DriverListDatabase(
          dialect, driver: driver.value, uri: address, name, engine: engine,
          lockTimeout: lockTimeout)
      }
    }
  }

  /// Refuses an existing table that holds something other than lists.
  private func check(
    _ present: [ListColumn], of table: (connection: ConnectionSpec, name: Located<String>),
    _ dialect: ListDialect
  ) throws(FindingsError) {
    let names = Set(present.map { dialect.folded($0.name) })
    let missing = ["cutoff_date", "model"].filter { !names.contains($0) }
    guard missing.isEmpty else {
      throw FindingsError(.notATableOfLists(table.name, missing: missing))
    }
  }

  /// The step during which a database call may fail.
  private enum Step { case opening, reading, writing }

  /// Runs a closure on the database, and turns its errors into findings without secrets.
  private func reporting<Value>(
    _ table: (connection: ConnectionSpec, name: Located<String>), _ step: Step = .writing,
    holder: (WarehouseError) -> String? = { $0.holder }, _ work: () throws -> Value
  ) throws -> Value {
    do {
      return try work()
    } catch let error as WarehouseError {
      let message = concealed(error, table)
      if error.isHeld {
        throw FindingsError(
          .listDatabaseHeld(
            table.connection, table.name, holder: holder(error), seconds: lockTimeout.seconds))
      }
      switch step {
      case .opening:
        throw FindingsError(
          .listDatabase(table.connection, table.name, error.code, message: message))
      case .reading: throw FindingsError(.listNotRead(table.name, message: message))
      case .writing: throw FindingsError(.listNotWritten(table.name, message: message))
      }
    }
  }

  /// The first line of a database's message, without the values of environment variables.
  private func concealed(
    _ error: WarehouseError, _ table: (connection: ConnectionSpec, name: Located<String>)
  ) -> String {
    let line = error.message.split(whereSeparator: \.isNewline).first.map(String.init)
    return table.connection.address.concealed(line ?? error.message, project.spec.environment)
  }

  // MARK: - The engine and the file

  private func columns(of staged: String) throws(WarehouseError) -> [ListColumn] {
    let rows = try engine.connection.query("DESCRIBE \(SQL.identifier(staged))").collect()
    return rows.flatMap { batch in
      (0..<batch.rowCount).map { row in
        let type = batch.columns[1].text(row) ?? ""
        return ListColumn(
          name: batch.columns[0].text(row) ?? "", type: ListType(engineType: type), typeName: type)
      }
    }
  }

  private func makeEmpty(_ stage: String, _ columns: [String]) throws(WarehouseError) {
    let definitions = columns.map {
      "\(SQL.identifier($0)) \(ListType(defaultFor: $0).engineName)"
    }
    try engine.connection.execute(
      "CREATE OR REPLACE TABLE \(SQL.identifier(stage)) (\(definitions.joined(separator: ", ")))")
  }

  private func reporting(_ file: Located<String>, _ work: () throws -> Void) throws {
    do {
      try work()
    } catch let error as ListFile.Failure {
      throw FindingsError(.listFile(file, error))
    } catch let error as WarehouseError {
      throw FindingsError(.listFile(file, message: error.message))
    }
  }

  private func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : "\(project.folder)/\(path)"
  }
}

/// The change of a table that replaces the rows of a list's model and cutoff with the list.
struct ListTransaction {
  /// The result of the change.
  struct Change {
    let replaced: Int
    let madeTable: Bool
    /// Columns added to the table.
    let added: [String]
  }

  let list: [ListColumn]
  /// The list's table in the engine.
  let staged: String
  let model: String
  let cutoff: CalendarDate

  /// Changes the table, within the database's transaction.
  func apply(
    _ plan: TablePlan, exists: Bool, to database: any ListDatabase
  ) throws(WarehouseError) -> Change {
    let definitions = plan.definition(
      of: database.table, exists: exists, dialect: database.dialect)
    for statement in definitions { try database.execute(statement) }
    let old = "FROM \(database.table) WHERE \(database.isOf(model: model, cutoff: cutoff))"
    let replaced = exists ? try database.count("SELECT count(*) \(old)") : 0
    if replaced > 0 { try database.execute("DELETE \(old)") }
    try database.insert(plan.entries, from: staged)
    return Change(
      replaced: replaced, madeTable: !exists, added: plan.additions.map(\.column))
  }
}
