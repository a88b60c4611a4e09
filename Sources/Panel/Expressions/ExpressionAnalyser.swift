internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// Analyzes free SQL expressions with the engine's own parser and refuses what a row-level
/// expression cannot be: subqueries, other tables, functions whose value changes between runs.
struct ExpressionAnalyser {
  let parser: EngineParser
  let names: NameTable
  let changing: ChangingFunctions
  let functions: SafeFunctions

  /// The text before the expression in the statements that are parsed.
  private static let prefix = "SELECT "
  private static let bracket = "SELECT ("

  /// Returns the columns that an expression reads; findings are added to `findings`.
  func references(
    in sql: SQLText, scope: ExpressionScope, findings: inout [Finding]
  ) throws(WarehouseError) -> Set<ColumnReference> {
    switch try expression(sql) {
    case .finding(let finding):
      findings.append(finding)
      return []
    case .node(let node):
      var walk = ExpressionWalk(
        sql: sql, scope: scope, names: names, changing: changing, functions: functions,
        offset: Self.bracket.utf8.count)
      walk.visit(node)
      findings.append(contentsOf: walk.findings)
      return walk.references
    }
  }

  private enum Expression {
    case node([String: Any])
    case finding(Finding)
  }

  /// Returns the single expression that the text consists of, parsed in parentheses.
  private func expression(_ sql: SQLText) throws(WarehouseError) -> Expression {
    let syntax = SyntaxDiagnosis(sql)
    guard !syntax.isEmpty else { return .finding(.sqlEmpty(at: sql.span)) }
    // Parse it without parentheses as well: its own could close those that are added around it.
    let bare = try parser.parse(Self.prefix + sql.text)
    // The line break prevents a comment at the end from swallowing the closing parenthesis.
    let bracketed = try parser.parse("\(Self.bracket)\(sql.text)\n)")
    switch (bare, bracketed) {
    case (.failure(let failure), let other):
      if syntax.startsAsQuery { return .finding(syntax.query) }
      let second: EngineParser.Failure? =
        if case .failure(let failure) = other { failure } else { nil }
      return .finding(
        syntax.unreadable(
          failure.shifted(Self.prefix.utf8.count), second?.shifted(Self.bracket.utf8.count)))
    case (.tree, .failure(let failure)):
      return .finding(syntax.clause(at: failure.shifted(Self.bracket.utf8.count).position))
    case (.tree(let bare), .tree(let tree)):
      guard Self.single(bare) != nil, let node = Self.single(tree), !Self.isTuple(node) else {
        return .finding(syntax.tooMany)
      }
      return .node(node)
    }
  }

  /// Returns the value of a statement that only computes one; nil for any other statement.
  private static func single(_ root: [String: Any]) -> [String: Any]? {
    let nodes = EngineParser.nodes(root)
    guard nodes.count == 1, let list = nodes[0]["select_list"] as? [[String: Any]],
      list.count == 1,
      (nodes[0]["from_table"] as? [String: Any])?["type"] as? String == "EMPTY",
      nodes[0]["where_clause"] is NSNull
    else { return nil }
    return list[0]
  }

  /// Returns whether the parentheses around the text made it a tuple.
  private static func isTuple(_ node: [String: Any]) -> Bool {
    node["function_name"] as? String == "row"
      && EngineParser.range(node)?.lowerBound == bracket.utf8.count - 1
  }
}
