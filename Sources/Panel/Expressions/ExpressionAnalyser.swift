internal import Diagnostics
internal import Foundation
internal import OrderedCollections
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

/// One pass over a parsed expression that finds the columns it reads and what it may not do.
///
/// Only kinds of nodes that are known to read nothing but their own children are accepted. Kinds
/// that a later engine adds are refused until they have been reviewed.
struct ExpressionWalk {
  let sql: SQLText
  let scope: ExpressionScope
  let names: NameTable
  let changing: ChangingFunctions
  let functions: SafeFunctions
  /// The number of bytes before the expression in the parsed statement.
  let offset: Int
  private(set) var references: Set<ColumnReference> = []
  private(set) var findings: [Finding] = []
  /// The position of the innermost call, for nodes without a position of their own.
  private var call: SourceSpan?
  private var hasLambda = false

  init(
    sql: SQLText, scope: ExpressionScope, names: NameTable, changing: ChangingFunctions,
    functions: SafeFunctions, offset: Int
  ) {
    self.sql = sql
    self.scope = scope
    self.names = names
    self.changing = changing
    self.functions = functions
    self.offset = offset
  }

  /// Kinds of nodes that are as safe as their children.
  private static let transparent: Set<String> = [
    "CONSTANT", "OPERATOR", "CONJUNCTION", "CASE", "COLLATE",
  ]

  /// Visits a node, or a list or map of nodes.
  /// - Parameter isCompared: whether this is the value that something is compared with.
  mutating func visit(_ value: Any, isCompared: Bool = false) {
    if let list = value as? [Any] {
      for element in list { visit(element, isCompared: isCompared) }
    } else if let node = value as? [String: Any] {
      guard let kind = node["class"] as? String else { return children(node, isCompared) }
      self.node(node, kind, isCompared)
    }
  }

  private mutating func node(_ node: [String: Any], _ kind: String, _ isCompared: Bool) {
    switch kind {
    case "COLUMN_REF": column(node, isCompared)
    case "FUNCTION": function(node)
    case "TYPE": type(node)
    case "LAMBDA": lambda(node)
    case "SUBQUERY": findings.append(.sqlSubquery(at: span(node)))
    case "WINDOW": findings.append(.sqlWindow(at: span(node)))
    case "STAR": findings.append(.sqlStar(at: span(node)))
    case "PARAMETER": findings.append(.sqlParameter(at: span(node)))
    case "POSITIONAL_REFERENCE": findings.append(.sqlPosition(at: span(node)))
    case "COMPARISON", "BETWEEN": comparison(node)
    case "CAST": cast(node)
    case "OPERATOR" where (node["type"] as? String)?.hasSuffix("IN") == true: membership(node)
    case _ where Self.transparent.contains(kind): children(node)
    default: findings.append(.sqlUnknownForm(at: span(node)))
    }
  }

  /// Visits a node's children, sorted by name so that findings have the same order on every run.
  private mutating func children(_ node: [String: Any], _ isCompared: Bool = false) {
    for key in node.keys.sorted() {
      if let child = node[key] { visit(child, isCompared: isCompared) }
    }
  }

  private mutating func comparison(_ node: [String: Any]) {
    for key in node.keys.sorted() {
      guard let child = node[key] else { continue }
      visit(child, isCompared: ["right", "lower", "upper"].contains(key))
    }
  }

  private mutating func membership(_ node: [String: Any]) {
    for (index, child) in (node["children"] as? [Any] ?? []).enumerated() {
      visit(child, isCompared: index > 0)
    }
  }

  // MARK: - Calls and types

  /// Functions that the grammar generates for `LIKE` and similar operators.
  private static let patterns: Set<String> = [
    "~~", "!~~", "~~*", "!~~*", "~~~", "like_escape", "ilike_escape", "regexp_full_match",
  ]

  private mutating func function(_ node: [String: Any]) {
    let outer = call
    defer { call = outer }
    if EngineParser.range(node) != nil { call = span(node) }
    let name = node["function_name"] as? String ?? ""
    let arguments = node["arguments"] as? [Any] ?? []
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? [name]
    let isQualified = ["schema", "catalog"].contains { (node[$0] as? String)?.isEmpty == false }
    if isQualified || path.count > 1 {
      let isColumn = isReadable(Array(path.dropLast()))
      findings.append(
        .sqlQualifiedCall(
          path, ofColumn: isColumn, hasArguments: !arguments.isEmpty, at: span(node)))
      return
    }
    if changing.containsCall(name, arguments: arguments.count) {
      findings.append(.sqlNotDeterministic(name.lowercased(), at: span(node)))
    } else if functions.verdict(name) == .refused, !SafeFunctions.isTable(name) {
      findings.append(.functionRefused(name, at: span(node)))
    }
    let isPattern = Self.patterns.contains(name)
    for (index, argument) in arguments.enumerated() {
      visit(argument, isCompared: isPattern && index > 0)
    }
    // Visit the rest of the call, such as a filter or an order.
    var rest = node
    rest["arguments"] = nil
    children(rest)
  }

  /// Visits a conversion. In engines that accept it, the name of a day in place of a date reads the
  /// clock.
  private mutating func cast(_ node: [String: Any]) {
    let literal = (node["child"] as? [String: Any])?["literal"] as? [String: Any]
    let type = (node["type_expr"] as? [String: Any])?["type_name"] as? String ?? ""
    let isTime = type.uppercased().hasPrefix("DATE") || type.uppercased().hasPrefix("TIME")
    if isTime, let text = literal?["text"] as? String,
      Self.clockTexts.contains(text.lowercased().filter { !$0.isWhitespace })
    {
      findings.append(.sqlNotDeterministic(text, at: span(node)))
    }
    children(node)
  }

  private static let clockTexts: Set<String> = [
    "now", "today", "tomorrow", "yesterday", "current_date", "current_time", "current_timestamp",
  ]

  /// Visits a type, which must be unqualified: a type from a schema may be made from a table's
  /// values.
  private mutating func type(_ node: [String: Any]) {
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    let isQualified = ["schema", "catalog"].contains { (node[$0] as? String)?.isEmpty == false }
    if isQualified || path.count > 1 {
      findings.append(.sqlQualifiedType(at: span(node)))
    } else if ChangingFunctions.isZonedTime(path.first) {
      findings.append(.sqlNotDeterministic(path[0], at: span(node)))
    }
    children(node)
  }

  /// Visits a lambda, or `column -> 'path'`, which the parser cannot distinguish from one.
  private mutating func lambda(_ node: [String: Any]) {
    let left = node["lhs"] as? [String: Any] ?? [:]
    let path = left["column_names"] as? [String]
    let isArrow = node["syntax_type"] as? String == "SINGLE_ARROW"
    // The left side is a lambda's parameter, its parameters in parentheses, or any other value.
    let isValue =
      path.map(isReadable)
      ?? (left["function_name"] as? String != "row")
    if isArrow, isValue { return children(node) }
    // A comprehension with a condition contains several lambdas, but users see only one.
    if !hasLambda { findings.append(.sqlLambda(at: span(node))) }
    hasLambda = true
  }

  // MARK: - Names

  private mutating func column(_ node: [String: Any], _ isCompared: Bool) {
    let path = node["column_names"] as? [String] ?? []
    if path == ["cutoff"] { return }
    // Some functions without parentheses, such as current_date, are parsed as columns.
    let isListed = isReadable(path)
    let isWord = ChangingFunctions.clockWords.contains(path.first?.lowercased() ?? "")
    if path.count == 1, changing.contains(path[0]), isWord || !isListed {
      findings.append(.sqlNotDeterministic(path[0], at: span(node)))
      return
    }
    if let feature = scope.feature(path), names.features.contains(feature) { return }
    guard let reference = scope.reference(path), names.column(reference) != nil else {
      let unknown = UnknownName(
        path: path, written: span(node).text, isCompared: isCompared, scope: scope, names: names)
      findings.append(unknown.finding(at: span(node)))
      return
    }
    if let current = names.lookAhead(of: reference) {
      findings.append(.sqlReadsCurrent(current, at: span(node)))
      return
    }
    references.insert(reference)
  }

  /// Returns whether a name is a listed column or a feature.
  private func isReadable(_ path: [String]) -> Bool {
    if let feature = scope.feature(path) { return names.features.contains(feature) }
    return scope.reference(path).flatMap(names.column) != nil
  }

  private func span(_ node: [String: Any]) -> SourceSpan {
    guard let range = EngineParser.range(node), range.lowerBound >= offset else {
      return call ?? sql.content
    }
    let end = sql.text.utf8.count
    let start = min(range.lowerBound - offset, end)
    return sql.span(of: start..<min(start + max(range.count, 1), end))
  }
}
