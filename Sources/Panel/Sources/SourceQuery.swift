internal import Diagnostics
internal import Spec
internal import Warehouse

/// A source's own query: what of it is run, and what is wrong with it before anything is.
struct SourceQuery {
  let sql: SQLText
  /// The query without the semicolon at its end.
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

  /// Where the engine's objection stands in the user's file.
  /// - Parameter offset: how many bytes of the statement that failed stand before the query.
  func span(_ error: WarehouseError, offset: Int) -> SourceSpan {
    guard let position = error.position, position >= offset,
      position - offset < text.utf8.count
    else { return sql.content }
    return sql.span(of: tokens.range(at: position - offset))
  }

  /// A query that the parser does not take: told without the brackets that it is run in.
  func syntaxError(_ parser: EngineParser) throws(WarehouseError) -> WarehouseError? {
    guard case .failure(let failure) = try parser.parse(text), !failure.isUnsupported else {
      return nil
    }
    return WarehouseError(.query, failure.message, kind: "Parser", position: failure.position)
  }

  /// Calls of what may differ from run to run.
  func findings(
    _ parser: EngineParser, _ changing: ChangingFunctions
  ) throws(WarehouseError) -> [Finding] {
    switch try parser.parse(text) {
    case .tree(let root):
      var calls: [(name: String, range: Range<Int>?)] = []
      collect(EngineParser.nodes(root), changing, &calls)
      return calls.map { name, range in
        .queryNotDeterministic(
          name, at: range.map { sql.span(of: clipped($0)) } ?? sql.content)
      }
    case .failure(let failure):
      // A form of query that the parser tells no tree of, such as PIVOT, is read word by word.
      guard failure.isUnsupported else { return [] }
      return tokens.tokens.indices.filter { index in
        let name = tokens.word(index)
        let isCall = tokens.word(index + 1) == "(" && changing.contains(name)
        return isCall || ChangingFunctions.clockWords.contains(name)
      }.map {
        .queryNotDeterministic(tokens.word($0), at: sql.span(of: tokens.tokens[$0].range))
      }
    }
  }

  private func clipped(_ range: Range<Int>) -> Range<Int> {
    let start = min(range.lowerBound, text.utf8.count)
    return start..<min(max(range.upperBound, start + 1), text.utf8.count)
  }

  /// Finds calls in a node, or in a list or map of nodes, in the order of the map's keys.
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

  /// Functions that stand for a table and read nothing but their arguments and the files that these name.
  private static let tableFunctions: Set<String> = [
    "read_parquet", "parquet_scan", "read_csv", "read_csv_auto", "read_json", "read_json_auto",
    "read_json_objects", "read_json_objects_auto", "read_ndjson", "read_ndjson_auto",
    "read_ndjson_objects", "range", "generate_series", "unnest", "json_each", "json_tree",
    "repeat", "repeat_row",
  ]
  /// Schemas and catalogs of the engine, and those in which Holdout keeps what it has loaded.
  private static let foreignSchemas: Set<String> = [
    "information_schema", "pg_catalog", "source", "fetched", "memory", "system", "temp",
  ]

  /// The name of a table that tells of the machine, the engine or Holdout itself; nil for any other node.
  private static func foreignTable(_ node: [String: Any]) -> String? {
    switch node["type"] as? String {
    case "TABLE_FUNCTION":
      let function = node["function"] as? [String: Any] ?? [:]
      let name = (function["function_name"] as? String ?? "").lowercased()
      return tableFunctions.contains(name) ? nil : name
    case "BASE_TABLE":
      let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
      let names = path.map { $0.lowercased() }
      let isOfEngine = ["duckdb_", "pg_", "pragma_", "sqlite_"].contains {
        names.last?.hasPrefix($0) ?? false
      }
      let isForeign = names.dropLast().contains { foreignSchemas.contains($0) }
      return isForeign || (names.count == 1 && isOfEngine) ? path.joined(separator: ".") : nil
    default: return nil
    }
  }

  private static func isZonedTime(_ node: [String: Any]) -> Bool {
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    return node["class"] as? String == "TYPE" && ChangingFunctions.isZonedTime(path.last)
  }

  /// How many values a call takes; a column that it is written behind is one of them.
  private func arguments(of node: [String: Any]) -> Int {
    let written = (node["arguments"] as? [Any])?.count ?? 0
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    return path.count > 1 ? written + 1 : written
  }
}
