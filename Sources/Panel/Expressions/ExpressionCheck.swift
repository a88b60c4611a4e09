internal import Diagnostics
internal import Spec
internal import Warehouse

/// Asks the engine about each free SQL expression by itself, so that what it objects to can be
/// underlined in the user's file.
struct ExpressionCheck {
  let engine: Engine
  let query: PanelQuery

  /// Names, functions and types that the engine does not accept, and values that are not what the
  /// expression is for.
  func findings(at cutoff: Cutoff) throws -> [Finding] {
    var findings: [Finding] = []
    for use in query.spec.expressions {
      let (statement, offset) = statement(use, at: cutoff)
      do throws(WarehouseError) {
        try engine.connection.prepare(statement)
        if let type = try type(of: use, at: cutoff),
          let finding = Finding.sqlValue(use, kind: ValueKind(type))
        {
          findings.append(finding)
        }
      } catch {
        findings.append(EngineRefusal(use, error, offset: offset).finding)
      }
    }
    return findings
  }

  /// Expressions that fail on the data of a cutoff.
  func failures(at cutoff: Cutoff) throws -> [Finding] {
    var findings: [Finding] = []
    for use in query.spec.expressions {
      let (statement, offset) = statement(use, at: cutoff)
      do throws(WarehouseError) {
        try engine.connection.execute(statement)
      } catch {
        findings.append(EngineRefusal(use, error, offset: offset).finding)
      }
    }
    return findings
  }

  /// The engine's type of an expression's value, before anything is made of it.
  private func type(
    of use: ExpressionUse, at cutoff: Cutoff
  ) throws(WarehouseError) -> String? {
    let (views, from) = rows(use, at: cutoff)
    let sql = "DESCRIBE WITH \(views) SELECT (\(use.sql.text)\n) AS value FROM \(from)"
    return try engine.connection.query(sql).next()?["column_type"]?.text(0)
  }

  /// A statement that computes only this expression, and the offset of the expression in it.
  private func statement(_ use: ExpressionUse, at cutoff: Cutoff) -> (String, Int) {
    let (views, from) = rows(use, at: cutoff)
    // In WHERE, the engine refuses aggregates, which have no meaning for one entity.
    let before = "WITH \(views) SELECT count(*) FROM \(from) WHERE CAST(("
    return ("\(before)\(use.sql.text)\n) AS \(use.purpose.type)) IS NOT NULL", before.utf8.count)
  }

  /// The rows that an expression is computed on: the views, and what stands behind FROM.
  private func rows(_ use: ExpressionUse, at cutoff: Cutoff) -> (views: String, from: String) {
    let spec = query.spec
    let names: [String]
    var from: String
    switch use.scope {
    case .row(let sources):
      names = sources.filter { query.sources[$0] != nil }
      let entity = SQL.identifier(spec.cohort.entity.value)
      from = entity
      for name in names.dropFirst() {
        from +=
          " LEFT JOIN \(SQL.identifier(name)) ON \(SQL.identifier(name)).entity = \(entity).entity"
      }
    case .events(let source):
      names = [source]
      from = SQL.identifier(source)
    }
    return (names.compactMap { query.view($0, at: cutoff.date) }.joined(separator: ",\n"), from)
  }
}
