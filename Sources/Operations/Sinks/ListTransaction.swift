internal import Spec
internal import Warehouse

/// The change of a table that puts a list in the place of the rows of its model and cutoff.
struct ListTransaction {
  /// What was changed.
  struct Change {
    let replaced: Int
    let madeTable: Bool
    /// Columns that the table lacked.
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
