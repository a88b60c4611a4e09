internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// Views of attached DuckDB files, which are SQL that came with the data: a source reads one only where a
/// source's own SQL might say the same.
struct DatabaseViews {
  private let views: [String: [String]]

  /// Collects the definitions of all views by name, in small letters.
  init(_ engine: Engine) throws(WarehouseError) {
    let sql =
      "SELECT lower(view_name), sql FROM duckdb_views() WHERE NOT internal "
      + "AND database_name NOT IN ('memory', 'system', 'temp') AND sql IS NOT NULL"
    var views: [String: [String]] = [:]
    for batch in try engine.connection.query(sql).collect() {
      for row in 0..<batch.rowCount {
        guard let name = batch.columns[0].text(row), let text = batch.columns[1].text(row) else {
          continue
        }
        views[name, default: []].append(text)
      }
    }
    self.views = views
  }

  /// Why tables may not be read, where they are views or views read them.
  /// - Parameter tables: the names that are read, in small letters. Views are looked for by name alone,
  ///   in every database and schema.
  func findings(
    _ tables: Set<String>, of source: SourceSpec, at span: SourceSpan, _ parser: EngineParser,
    _ functions: SafeFunctions, _ access: DataAccess
  ) throws(WarehouseError) -> [Finding] {
    var findings: [Finding] = []
    var seen: Set<String> = []
    var left = tables.sorted()
    while let name = left.popLast() {
      guard seen.insert(name).inserted else { continue }
      for text in views[name] ?? [] {
        guard let query = Self.query(text), case .tree(let root) = try parser.parse(query) else {
          findings.append(.viewRefused(name, source, "its SQL cannot be read", at: span))
          continue
        }
        var walk = QueryWalk(functions: functions, access: access, tokens: SQLTokens(query)) { _ in
          span
        }
        walk.visit(statements: root)
        if let first = walk.findings.first {
          findings.append(.viewRefused(name, source, first.message, at: span))
        }
        left += walk.tables.sorted()
      }
    }
    return findings
  }

  /// What stands behind `CREATE VIEW name (columns) AS`, without the semicolon at the end.
  private static func query(_ text: String) -> String? {
    let tokens = SQLTokens(text)
    var depth = 0
    for (index, token) in tokens.tokens.enumerated() {
      let word = tokens.word(index)
      if word == "(" { depth += 1 }
      if word == ")" { depth -= 1 }
      guard depth == 0, word == "as", token.kind == .word else { continue }
      var end = tokens.tokens.count
      while end > index + 1, tokens.word(end - 1) == ";" { end -= 1 }
      let last = tokens.tokens[end - 1].range.upperBound
      return String(decoding: tokens.bytes[token.range.upperBound..<last], as: UTF8.self)
    }
    return nil
  }
}

extension Finding {
  fileprivate static func viewRefused(
    _ name: String, _ source: SourceSpec, _ reason: String, at span: SourceSpan
  ) -> Finding {
    Finding(
      373, "source `\(source.name.value)` reads the view `\(name)`, whose SQL may not be run",
      at: span, notes: [reason],
      hints: ["read a table, or change the view: it may do what a source's own SQL may"])
  }
}
