internal import Diagnostics
internal import Spec
internal import Warehouse

/// A source's own query: the text that is run, and the checks before it is run.
struct SourceQuery {
  let sql: SQLText
  /// The query without semicolons at its end.
  let text: String
  private let tokens: SQLTokens

  init(_ sql: SQLText) {
    self.sql = sql
    tokens = SQLTokens(sql.text)
    var end = tokens.tokens.count
    while end > 0, tokens.word(end - 1) == ";" { end -= 1 }
    text =
      end < tokens.tokens.count
      ? String(decoding: tokens.bytes[..<tokens.tokens[end].range.lowerBound], as: UTF8.self)
      : sql.text
  }

  /// Returns the position of the engine's objection in the user's file.
  /// - Parameter offset: the number of bytes before the query in the statement that failed.
  func span(_ error: WarehouseError, offset: Int) -> SourceSpan {
    guard let position = error.position, position >= offset,
      position - offset < text.utf8.count
    else { return sql.content }
    return sql.span(of: tokens.range(at: position - offset))
  }

  /// Returns the error of a query that cannot be parsed. It is parsed without the parentheses in
  /// which it is run, so the message does not mention them.
  func syntaxError(_ parser: EngineParser) throws(WarehouseError) -> WarehouseError? {
    guard case .failure(let failure) = try parser.parse(text), !failure.isUnsupported else {
      return nil
    }
    return WarehouseError(.query, failure.message, kind: "Parser", position: failure.position)
  }

  /// Returns what prevents the query from being run: calls that may differ between runs, and
  /// anything but reading the connection's tables and files that may be read.
  /// - Returns: also the names of the tables that are read.
  func findings(
    _ parser: EngineParser, _ changing: ChangingFunctions, _ functions: SafeFunctions,
    _ access: DataAccess
  ) throws(WarehouseError) -> (findings: [Finding], tables: Set<String>) {
    switch try parser.parse(text) {
    case .tree(let root):
      var calls: [(name: String, range: Range<Int>?)] = []
      collect(EngineParser.nodes(root), changing, &calls)
      let findings = calls.map { name, range in
        Finding.queryNotDeterministic(
          name, at: range.map { sql.span(of: clipped($0)) } ?? sql.content)
      }
      var walk = QueryWalk(
        functions: functions, access: access, tokens: tokens, isReported: changing.contains
      ) { range in range.map { sql.span(of: clipped($0)) } ?? sql.content }
      walk.visit(statements: root)
      return (findings + walk.findings, walk.tables)
    case .failure(let failure):
      // A query that cannot be parsed is reported where it is run.
      guard failure.isUnsupported else { return ([], []) }
      // The parser returns no tree for it, so its effects are unknown.
      let pivot = tokens.first { ["pivot", "pivot_wider"].contains($0) }
      let place = pivot.map { sql.span(of: $0.range) } ?? sql.content
      return ([.notSerialized(.spec, at: place, isPivot: pivot != nil)], [])
    }
  }

  private func clipped(_ range: Range<Int>) -> Range<Int> {
    let start = min(range.lowerBound, text.utf8.count)
    return start..<min(max(range.upperBound, start + 1), text.utf8.count)
  }

  /// Finds calls in a node, or in a list or map of nodes, in the sorted order of the map's keys.
  private func collect(
    _ value: Any, _ changing: ChangingFunctions, _ calls: inout [(name: String, range: Range<Int>?)]
  ) {
    if let list = value as? [Any] {
      for element in list { collect(element, changing, &calls) }
      return
    }
    guard let node = value as? [String: Any] else { return }
    let name = (node["function_name"] as? String ?? "").lowercased()
    let words = node["column_names"] as? [String] ?? []
    if let table = Self.foreignTable(node) {
      calls.append((table, EngineParser.range(node)))
      return
    }
    if Self.isZonedTime(node) {
      calls.append(("TIMETZ", EngineParser.range(node)))
    } else if changing.containsCall(name, arguments: arguments(of: node)) {
      calls.append((name, EngineParser.range(node)))
    } else if words.count == 1, ChangingFunctions.clockWords.contains(words[0].lowercased()) {
      calls.append((words[0], EngineParser.range(node)))
    } else if node["repeatable"] as? Bool == false, node["sample_size"] != nil {
      let words = tokens.tokens.indices.filter { tokens.word($0).hasSuffix("sample") }
      calls.append(("sample", words.first.map { tokens.tokens[$0].range }))
    }
    for key in node.keys.sorted() {
      if let child = node[key] { collect(child, changing, &calls) }
    }
  }

  /// Schemas and catalogs of the engine, and those in which Holdout keeps loaded data.
  private static let foreignSchemas: Set<String> = [
    "information_schema", "pg_catalog", "source", "fetched", "memory", "system", "temp",
  ]

  /// Returns the name of a table that describes the machine, the engine or Holdout itself; nil for
  /// any other node.
  private static func foreignTable(_ node: [String: Any]) -> String? {
    guard node["type"] as? String == "BASE_TABLE" else { return nil }
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    let names = path.map { $0.lowercased() }
    let isOfEngine = ["duckdb_", "pg_", "pragma_", "sqlite_"].contains {
      names.last?.hasPrefix($0) ?? false
    }
    let isForeign = names.dropLast().contains { foreignSchemas.contains($0) }
    return isForeign || (names.count == 1 && isOfEngine) ? path.joined(separator: ".") : nil
  }

  private static func isZonedTime(_ node: [String: Any]) -> Bool {
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    return node["class"] as? String == "TYPE" && ChangingFunctions.isZonedTime(path.last)
  }

  /// Returns the number of values that a call takes; a column before it, as in `column.call()`, is
  /// one of them.
  private func arguments(of node: [String: Any]) -> Int {
    let written = (node["arguments"] as? [Any])?.count ?? 0
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    return path.count > 1 ? written + 1 : written
  }
}
