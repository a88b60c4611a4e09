internal import Diagnostics
internal import Foundation
internal import Spec
internal import Warehouse

/// One pass over a parsed query that checks whether all of it is a SELECT that reads only the
/// tables of its connection and files that may be read.
///
/// Only known kinds of nodes are accepted. Kinds that a later engine adds are refused until they
/// have been reviewed.
struct QueryWalk {
  /// A position in the query; nil for the entire query.
  typealias Place = Range<Int>?

  /// Who wrote the query, which findings name.
  enum Author {
    /// The author of a spec.
    case spec
    /// The person who gave it to `holdout sql`.
    case person

    /// The query, as in "not allowed in a source's SQL".
    var query: String { self == .spec ? "a source's SQL" : "a query" }
    /// The one who calls, as in "a spec cannot call".
    var caller: String { self == .spec ? "a spec" : "a query" }

    var onlySelect: String {
      self == .spec
        ? "a source is one SELECT: it can only read"
        : "a query is one SELECT: it can only read; `holdout sql FILE.sql` runs any SQL"
    }

    var onlySources: String {
      self == .spec
        ? "a spec's SQL can read only its sources"
        : "a query can read only data files of the project; `holdout sql FILE.sql` runs any SQL"
    }
  }

  let functions: SafeFunctions
  let access: DataAccess
  /// Returns the span of a position.
  let span: (Place) -> SourceSpan
  /// The tokens of the query, to find what has no position of its own.
  let tokens: SQLTokens
  /// Returns whether calls of a function already have another kind of finding.
  let isReported: (String) -> Bool
  let author: Author
  private(set) var findings: [Finding] = []
  /// The last parts of the names of tables that are read, in lower case.
  private(set) var tables: Set<String> = []

  init(
    functions: SafeFunctions, access: DataAccess, tokens: SQLTokens, author: Author = .spec,
    isReported: @escaping (String) -> Bool = { _ in false },
    span: @escaping (Place) -> SourceSpan
  ) {
    self.functions = functions
    self.access = access
    self.tokens = tokens
    self.author = author
    self.isReported = isReported
    self.span = span
  }

  /// Visits a parsed statement.
  mutating func visit(statements root: [String: Any]) {
    let statements = root["statements"] as? [Any] ?? []
    if statements.count != 1 {
      let end = tokens.first(";")
      findings.append(.severalStatements(author, at: span(end?.range)))
      return
    }
    visit(statements[0])
  }

  /// Visits a node, or a list or map of nodes.
  private mutating func visit(_ value: Any) {
    if let list = value as? [Any] {
      for element in list { visit(element) }
    } else if let node = value as? [String: Any] {
      guard isKnown(node) else { return }
      for key in node.keys.sorted() {
        if let child = node[key] { visit(child) }
      }
    }
  }

  private static let nodes: Set<String> = [
    // Queries.
    "SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE",
    // The contents of FROM.
    "BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EMPTY", "EXPRESSION_LIST", "PIVOT",
    // Modifiers after a query, and the order of rows.
    "ORDER_MODIFIER", "LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "DISTINCT_MODIFIER",
    "ORDER_DEFAULT", "ASCENDING", "DESCENDING",
  ]

  private static let expressions: Set<String> = [
    "COLUMN_REF", "CONSTANT", "FUNCTION", "OPERATOR", "CONJUNCTION", "COMPARISON", "BETWEEN",
    "CASE",
    "CAST", "COLLATE", "SUBQUERY", "WINDOW", "STAR", "LAMBDA", "TYPE", "POSITIONAL_REFERENCE",
  ]

  /// Returns whether a node's children are to be visited; a node that is not allowed gets a
  /// finding.
  private mutating func isKnown(_ node: [String: Any]) -> Bool {
    if let kind = node["class"] as? String {
      guard Self.expressions.contains(kind) else {
        refuse(kind, node)
        return false
      }
      // The node of a table function contains its call, which was checked together with it.
      if kind == "FUNCTION" || kind == "WINDOW" { call(node) }
      return true
    }
    guard let kind = node["type"] as? String else { return true }
    guard Self.nodes.contains(kind) else {
      refuse(kind, node)
      return false
    }
    switch kind {
    case "BASE_TABLE": table(node)
    case "TABLE_FUNCTION":
      tableFunction(node)
      return false
    default: break
    }
    return true
  }

  /// Statements that change something or query the engine, by the prefix of their nodes' names.
  private static let statements: [(node: String, words: [String])] = [
    ("COPY", ["copy"]), ("INSERT", ["insert"]), ("UPDATE", ["update"]), ("DELETE", ["delete"]),
    ("MERGE", ["merge"]), ("SHOW", ["summarize", "describe", "desc", "show"]),
    ("PARAMETER", ["$", "?"]),
  ]

  private mutating func refuse(_ kind: String, _ node: [String: Any]) {
    let words = Self.statements.first { kind.hasPrefix($0.node) }?.words ?? []
    let index = tokens.tokens.indices.first { words.contains(tokens.word($0)) }
    let word = index.map { tokens.word($0).uppercased() }
    let place = EngineParser.range(node) ?? index.map { tokens.tokens[$0].range }
    findings.append(.notASelect(word, author, at: span(place)))
  }

  // MARK: - Calls

  private mutating func call(_ node: [String: Any]) {
    let name = node["function_name"] as? String ?? ""
    switch functions.verdict(name) {
    case .safe, .changing, .unknown: break
    // `unnest` returns rows where a value is allowed.
    case .refused where SafeFunctions.isTable(name) && !SafeFunctions.readsFiles(name): break
    case .refused where isReported(name): break
    case .refused:
      findings.append(.functionRefused(name, author, at: span(EngineParser.range(node))))
    case .foreign: findings.append(.macroRefused(name, author, at: span(EngineParser.range(node))))
    }
  }

  private mutating func tableFunction(_ node: [String: Any]) {
    let function = node["function"] as? [String: Any] ?? [:]
    let name = (function["function_name"] as? String ?? "").lowercased()
    let place = EngineParser.range(node) ?? EngineParser.range(function)
    switch functions.tableVerdict(name) {
    case .safe, .changing, .unknown: break
    case .refused where isReported(name): break
    case .refused: findings.append(.functionRefused(name, author, at: span(place)))
    case .foreign: findings.append(.macroRefused(name, author, at: span(place)))
    }
    var arguments: [[String: Any]] = []
    for argument in function["arguments"] as? [[String: Any]] ?? [] {
      let expression = argument["expression"] as? [String: Any] ?? argument
      guard let option = Self.option(argument, expression) else {
        arguments.append(expression)
        continue
      }
      if Self.refusedOptions.contains(where: option.hasPrefix) {
        findings.append(
          .optionRefused(option, of: name, author, at: span(EngineParser.range(expression))))
      }
      visit(expression)
    }
    if SafeFunctions.readsFiles(name) {
      for argument in arguments { files(argument, of: name, place) }
    } else {
      for argument in arguments { visit(argument) }
    }
    // Visit the rest of both nodes, such as a filter, an alias or an ordinality.
    var rest = node
    rest["function"] = nil
    rest["type"] = nil
    var call = function
    for key in ["arguments", "class", "type"] { call[key] = nil }
    visit(rest)
    visit(call)
  }

  /// Options that create tables.
  private static let refusedOptions = ["store_rejects", "rejects_"]

  /// Returns the name of an argument that is an option: `name := value` or `name = value`.
  private static func option(
    _ argument: [String: Any], _ expression: [String: Any]
  ) -> String? {
    if let name = argument["name"] as? String, !name.isEmpty { return name.lowercased() }
    guard expression["type"] as? String == "COMPARE_EQUAL",
      let left = expression["left"] as? [String: Any],
      let names = left["column_names"] as? [String], names.count == 1
    else { return nil }
    return names[0].lowercased()
  }

  private mutating func files(_ argument: [String: Any], of function: String, _ place: Place) {
    let place = EngineParser.range(argument) ?? place
    let isList = argument["function_name"] as? String == "list_value"
    let texts: [[String: Any]] =
      isList
      ? (argument["arguments"] as? [[String: Any]] ?? []).map {
        $0["expression"] as? [String: Any] ?? $0
      } : [argument]
    for text in texts {
      let literal = text["literal"] as? [String: Any]
      guard text["class"] as? String == "CONSTANT", literal?["kind"] as? String == "STRING",
        let path = literal?["text"] as? String
      else {
        findings.append(.fileNotNamed(function, at: span(place)))
        continue
      }
      if let refusal = access.refusal(path) {
        let own = EngineParser.range(text) ?? place
        findings.append(.fileNotReadable(path, refusal, at: span(own)))
      }
    }
  }

  private mutating func table(_ node: [String: Any]) {
    let path = (node["qualified_name"] as? [String: Any])?["path"] as? [String] ?? []
    guard let name = path.last else { return }
    tables.insert(name.lowercased())
    let place = EngineParser.range(node)
    switch DataAccess.fileName(name) {
    case .none: break
    case .other: findings.append(.fileOfUnknownKind(name, at: span(place)))
    case .data:
      // Even with a schema before it, it may be the name of a file rather than of a table.
      if let refusal = access.refusal(name) {
        findings.append(.fileNotReadable(name, refusal, at: span(place)))
      }
    }
  }
}

// MARK: - Findings

extension Finding {
  static func severalStatements(
    _ author: QueryWalk.Author = .spec, at span: SourceSpan
  ) -> Finding {
    Finding(
      371, "this SQL is more than one statement", at: span, label: "not allowed here",
      hints: [author.onlySelect])
  }

  /// Returns the finding for a statement that is not a SELECT.
  /// - Parameter word: the word with which the statement begins, if known.
  static func notASelect(
    _ word: String?, _ author: QueryWalk.Author = .spec, at span: SourceSpan
  ) -> Finding {
    Finding(
      371,
      word.map { "`\($0)` is not allowed in \(author.query)" } ?? "this SQL is not a SELECT",
      at: span, label: "not allowed here", hints: [author.onlySelect])
  }

  static func notSerialized(
    _ author: QueryWalk.Author, at span: SourceSpan, isPivot: Bool
  ) -> Finding {
    isPivot
      ? Finding(
        371, "`PIVOT` without its values is not allowed in \(author.query)", at: span,
        label: "not allowed here",
        hints: [
          "name the values, `PIVOT t ON kind IN ('call', 'demo') USING sum(minutes)`",
          "or write `SELECT id, sum(minutes) FILTER (WHERE kind = 'call') AS call ... GROUP BY id`",
        ])
      : notASelect(nil, author, at: span)
  }

  static func functionRefused(
    _ name: String, _ author: QueryWalk.Author = .spec, at span: SourceSpan
  ) -> Finding {
    Finding(
      370, "\(author.caller) cannot call `\(name)`", at: span, label: "not allowed here",
      hints: [author.onlySources])
  }

  static func macroRefused(
    _ name: String, _ author: QueryWalk.Author, at span: SourceSpan
  ) -> Finding {
    Finding(
      370, "\(author.caller) cannot call `\(name)`, a macro of an attached database",
      at: span, label: "not allowed here", hints: ["write out in SQL what the macro does"])
  }

  static func optionRefused(
    _ option: String, of function: String, _ author: QueryWalk.Author, at span: SourceSpan
  ) -> Finding {
    Finding(
      370, "\(author.caller) cannot pass `\(option)` to `\(function)`", at: span,
      label: "not allowed here", hints: ["a source reads rows and creates no tables"])
  }
}

extension Explanation {
  static let queryWalkFindings: [Explanation] = [
    Explanation(
      370, "a function that a spec cannot call",
      cause: """
        A spec's SQL can read only its sources. It cannot call functions that read files as text, \
        settings, the engine's catalog, secrets, or other queries, functions that write or wait, \
        or macros of an attached database. Functions added by a newer engine are rejected until \
        they are known to be safe.
        """,
      example: .spec(
        """
        feature_sets: {more: [plan: {sql: "length(«json_serialize_sql('SELECT 1')»)"}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Remove the call, or compute the values where the data are made. Read data files with \
        `read_csv`, `read_parquet`, or `read_json`. `holdout sql FILE.sql` runs any SQL.
        """),
    Explanation(
      371, "SQL of a source that does more than read",
      cause: """
        A source's SQL is one SELECT. A second statement, a statement that changes something, even \
        inside a `WITH`, and forms whose syntax tree the engine cannot show, such as `PIVOT` \
        without its values, are rejected before anything runs.
        """,
      example: .spec(
        """
        sources:
          calls:
            parquet: null
            sql: "«PIVOT» 'data/calls.parquet' ON kind USING sum(minutes)"
        """, Example.checkWithData),
      fix: """
        Write one SELECT. Name the values of a `PIVOT`, `ON kind IN ('call', 'demo')`, or aggregate with \
        `sum(minutes) FILTER (WHERE kind = 'call')`.
        """),
  ]
}
