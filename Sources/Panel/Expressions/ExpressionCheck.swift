internal import Diagnostics
internal import Spec
internal import Warehouse

/// Asks the engine about each free SQL expression by itself, so that what it objects to can be
/// underlined in the user's file.
struct ExpressionCheck {
  let engine: Engine
  let query: PanelQuery

  /// Names, functions and types that the engine does not accept.
  func findings(at cutoff: Cutoff) throws -> [Finding] {
    var findings: [Finding] = []
    for use in query.spec.expressions {
      let (statement, offset) = statement(use, at: cutoff)
      do throws(WarehouseError) {
        try engine.connection.prepare(statement)
      } catch {
        findings.append(Self.finding(use, error, offset: offset))
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
        findings.append(Self.finding(use, error, offset: offset))
      }
    }
    return findings
  }

  private static func finding(_ use: ExpressionUse, _ error: WarehouseError, offset: Int) -> Finding
  {
    let position = error.position.map { $0 - offset }.flatMap { $0 >= 0 ? $0 : nil }
    let lines = error.message.split(separator: "\n").map(String.init)
    return Finding(
      308, "the engine refuses this SQL: \(lines.first ?? error.message)",
      at: ExpressionAnalyser.span(use.sql, atToken: position),
      notes: Array(lines.dropFirst().prefix(3)))
  }

  /// A statement that computes only this expression, and the offset of the expression in it.
  private func statement(_ use: ExpressionUse, at cutoff: Cutoff) -> (String, Int) {
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
    let views = names.compactMap { query.view($0, at: cutoff.date) }.joined(separator: ",\n")
    // In WHERE, the engine refuses aggregates, which have no meaning for one entity.
    let before = "WITH \(views) SELECT count(*) FROM \(from) WHERE CAST(("
    return ("\(before)\(use.sql.text)\n) AS \(use.type)) IS NOT NULL", before.utf8.count)
  }
}
