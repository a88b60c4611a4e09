internal import Diagnostics
internal import Foundation
internal import OrderedCollections
internal import Spec
internal import Warehouse

/// Takes free SQL expressions apart with the engine's own parser, and refuses what a row-level
/// expression cannot be: subqueries, other tables, functions whose value changes between runs.
struct ExpressionAnalyser {
  let engine: Engine
  let sources: [String: SourceSpec]
  /// Functions whose value depends on when, or in which process, they are called.
  private let changing: Set<String>

  init(engine: Engine, sources: [String: SourceSpec]) throws(WarehouseError) {
    self.engine = engine
    self.sources = sources
    // What the engine itself calls volatile, but for those that have a stable form too.
    let names =
      "SELECT lower(function_name) FROM duckdb_functions() WHERE function_type = 'scalar' "
      + "GROUP BY 1 HAVING bool_and(stability <> 'CONSISTENT')"
    let rows = try engine.connection.query(names).collect()
    changing = rows.reduce(into: Self.alwaysChanging) { names, batch in
      for row in 0..<batch.rowCount { names.insert(batch.columns[0].text(row) ?? "") }
    }
  }

  /// Names that are macros, or that the grammar reads as columns or rewrites, so that the engine's
  /// list of functions lacks them.
  private static let alwaysChanging: Set<String> = [
    "now", "ago", "today", "current_date", "current_time", "current_timestamp", "localtime",
    "localtimestamp", "current_user", "user", "session_user", "current_database",
    "current_catalog", "current_schema", "current_role", "random", "uuid", "getvariable",
    "current_setting", "pg_postmaster_start_time", "pg_conf_load_time", "getenv", "nextval",
    "currval", "read_text", "read_blob",
  ]

  /// Stands before the expression in what is parsed, so positions are shifted by its length.
  private static let prefix = "SELECT ("

  /// The columns that an expression reads; findings go to `findings`.
  func references(
    in sql: SQLText, scope: ExpressionScope, findings: inout [Finding]
  ) throws(WarehouseError) -> Set<ColumnReference> {
    // A comment at the end must not swallow the closing bracket, hence the line break.
    let statement = "\(Self.prefix)\(sql.text)\n)"
    guard let root = try root(of: statement, sql, &findings) else { return [] }
    // Once more without brackets, as its own could close the ones that were put around it.
    var problems: [Finding] = []
    guard try self.root(of: "SELECT \(sql.text)", sql, &problems) != nil else {
      findings.append(.sqlNotAnExpression(at: sql.span))
      return []
    }
    var walk = Walk(sql: sql, scope: scope, sources: sources, changing: changing)
    walk.statements(root)
    findings.append(contentsOf: walk.findings)
    return walk.references
  }

  /// A statement as the engine's parser sees it; nil after a finding.
  private func root(
    of statement: String, _ sql: SQLText, _ findings: inout [Finding]
  ) throws(WarehouseError) -> [String: Any]? {
    let json = try engine.connection.scalar("SELECT json_serialize_sql(\(SQL.literal(statement)))")
    guard let root = Self.object(json) else { return nil }
    guard root["error"] as? Bool == true else { return root }
    let message = root["error_message"] as? String ?? "the expression cannot be read"
    let position = (root["position"] as? String).flatMap(Int.init)
    findings.append(.sqlSyntax(message, at: Self.span(sql, position, length: nil)))
    return nil
  }

  private static func object(_ json: String?) -> [String: Any]? {
    json.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) } as? [String: Any]
  }

  /// Where a piece of the parsed statement stands in the user's file.
  static func span(_ sql: SQLText, _ position: Int?, length: Int?) -> SourceSpan {
    guard let position, position >= prefix.utf8.count else { return sql.span }
    let start = min(position - prefix.utf8.count, sql.text.utf8.count)
    guard let length else { return span(sql, atToken: start) }
    return sql.span(of: start..<min(start + max(length, 1), sql.text.utf8.count))
  }

  /// Where the token at an offset of an expression stands in the user's file.
  static func span(_ sql: SQLText, atToken start: Int?) -> SourceSpan {
    guard let start, start < sql.text.utf8.count else { return sql.span }
    return sql.span(of: tokenRange(in: Array(sql.text.utf8), at: start))
  }

  /// The word, or the single byte, that starts at an offset.
  private static func tokenRange(in bytes: [UInt8], at start: Int) -> Range<Int> {
    let word = bytes[start...].prefix { byte in
      byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") || byte >= 128
        || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }
    return start..<min(start + max(word.count, 1), bytes.count)
  }
}

/// One pass over a parsed expression.
private struct Walk {
  let sql: SQLText
  let scope: ExpressionScope
  let sources: [String: SourceSpec]
  let changing: Set<String>
  var references: Set<ColumnReference> = []
  var findings: [Finding] = []

  mutating func statements(_ root: [String: Any]) {
    let statements = root["statements"] as? [[String: Any]] ?? []
    guard statements.count == 1, let node = statements[0]["node"] as? [String: Any],
      let list = node["select_list"] as? [Any], list.count == 1,
      (node["from_table"] as? [String: Any])?["type"] as? String == "EMPTY",
      node["where_clause"] is NSNull
    else {
      findings.append(.sqlNotAnExpression(at: sql.span))
      return
    }
    visit(list[0])
  }

  private mutating func visit(_ value: Any) {
    if let list = value as? [Any] {
      for element in list { visit(element) }
    } else if let node = value as? [String: Any] {
      switch node["class"] as? String {
      case "COLUMN_REF": column(node)
      case "SUBQUERY": findings.append(.sqlSubquery(at: span(node)))
      case "WINDOW": findings.append(.sqlWindow(at: span(node)))
      case "STAR": findings.append(.sqlStar(at: span(node)))
      case "PARAMETER": findings.append(.sqlNotAnExpression(at: span(node)))
      case "FUNCTION": function(node)
      default: break
      }
      guard node["class"] as? String != "SUBQUERY" else { return }
      // Sorted, so that findings come in the same order on every run.
      for key in node.keys.sorted() { visit(node[key] ?? NSNull()) }
    }
  }

  private mutating func function(_ node: [String: Any]) {
    let name = (node["function_name"] as? String ?? "").lowercased()
    // `age` of one date counts from today.
    let isAgeNow = name == "age" && (node["arguments"] as? [Any])?.count == 1
    if changing.contains(name) || isAgeNow {
      findings.append(.sqlNotDeterministic(name, at: span(node)))
    }
  }

  private mutating func column(_ node: [String: Any]) {
    let path = (node["column_names"] as? [String] ?? []).map { $0 }
    if path == ["cutoff"] { return }
    // Some functions without brackets, such as current_date, parse as columns.
    if path.count == 1, changing.contains(path[0].lowercased()) {
      findings.append(.sqlNotDeterministic(path[0], at: span(node)))
      return
    }
    guard let reference = scope.reference(path), let source = sources[reference.source] else {
      findings.append(.sqlUnknownName(path, scope: scope, sources: sources, at: span(node)))
      return
    }
    guard let declared = source.columns[reference.column] else {
      findings.append(.sqlUnknownColumn(reference, in: source, at: span(node)))
      return
    }
    guard declared.columnClass != .current else {
      findings.append(.sqlReadsCurrent(reference, at: span(node)))
      return
    }
    references.insert(reference)
  }

  private func span(_ node: [String: Any]) -> SourceSpan {
    let position = (node["query_location"] as? NSNumber).flatMap { Int(exactly: $0.uint64Value) }
    let length = (node["query_location_length"] as? NSNumber)?.intValue
    return ExpressionAnalyser.span(sql, position, length: length)
  }
}
