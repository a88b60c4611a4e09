internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// Takes free SQL expressions apart with the engine's own parser, and refuses what a row-level
/// expression cannot be: subqueries, other tables, functions whose value changes between runs.
struct ExpressionAnalyser {
  let parser: EngineParser
  let names: NameTable
  let changing: ChangingFunctions
  let functions: SafeFunctions

  /// What stands before the expression in the statements that are parsed.
  private static let prefix = "SELECT "
  private static let bracket = "SELECT ("

  /// The columns that an expression reads; findings go to `findings`.
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

  /// The one expression that the text is, parsed in brackets.
  private func expression(_ sql: SQLText) throws(WarehouseError) -> Expression {
    let syntax = SyntaxDiagnosis(sql)
    guard !syntax.isEmpty else { return .finding(.sqlEmpty(at: sql.span)) }
    // Without brackets as well, as its own could close the ones that are put around it.
    let bare = try parser.parse(Self.prefix + sql.text)
    // A comment at the end must not swallow the closing bracket, hence the line break.
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

  /// The value of a statement that does nothing but compute one; nil for any other.
  private static func single(_ root: [String: Any]) -> [String: Any]? {
    let nodes = EngineParser.nodes(root)
    guard nodes.count == 1, let list = nodes[0]["select_list"] as? [[String: Any]],
      list.count == 1,
      (nodes[0]["from_table"] as? [String: Any])?["type"] as? String == "EMPTY",
      nodes[0]["where_clause"] is NSNull
    else { return nil }
    return list[0]
  }

  /// Whether the brackets around the text made a tuple of it.
  private static func isTuple(_ node: [String: Any]) -> Bool {
    node["function_name"] as? String == "row"
      && EngineParser.range(node)?.lowerBound == bracket.utf8.count - 1
  }
}
