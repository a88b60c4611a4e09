internal import Diagnostics
internal import Spec
internal import Warehouse

/// Text that the engine's parser does not accept as an expression: H301 and H302.
///
/// An expression is parsed twice, as is and in parentheses. The parser's message about the second
/// is more precise, because nothing can follow an expression in parentheses. Those parentheses are
/// Holdout's own and must never be shown.
struct SyntaxDiagnosis {
  let sql: SQLText
  private let tokens: SQLTokens

  init(_ sql: SQLText) {
    self.sql = sql
    tokens = SQLTokens(sql.text)
  }

  /// Whether the text has only blanks and comments.
  var isEmpty: Bool { tokens.tokens.isEmpty }

  /// Words with which queries start.
  private static let queryWords: Set<String> = [
    "select", "with", "from", "values", "table", "pivot", "unpivot", "insert", "update", "delete",
    "create",
  ]

  var startsAsQuery: Bool { Self.queryWords.contains(tokens.word(0)) }

  /// The finding for a query where an expression is expected.
  var query: Finding {
    .sqlNotAnExpression(
      at: sql.content, hint: "write only the expression, without `SELECT`, `FROM` and `WHERE`")
  }

  /// The finding for several values where one is expected.
  var tooMany: Finding {
    guard let comma = tokens.comma else { return .sqlNotAnExpression(at: sql.content) }
    return .sqlNotAnExpression(
      at: sql.span(of: comma.range), label: "one value is expected",
      hint: "there is an extra `,`")
  }

  /// Returns the finding for an expression that is followed by something, such as a name or a
  /// clause of a query.
  /// - Parameter position: the offset of what follows.
  func clause(at position: Int?) -> Finding {
    guard let position, let index = tokens.index(at: position) else {
      return .sqlNotAnExpression(at: sql.content)
    }
    let word = tokens.text(tokens.tokens[index])
    let hint =
      switch word.lowercased() {
      case ";": "remove the `;`"
      case "as": "an expression has no name: remove `AS` and the name"
      default: "remove `\(word)` and its clause"
      }
    return .sqlNotAnExpression(
      at: sql.span(of: tokens.tokens[index].range), label: "not part of an expression", hint: hint)
  }

  // MARK: - What cannot be parsed

  /// Returns the finding for a text that cannot be parsed, based on the parser's messages without
  /// and with parentheses.
  /// - Parameters:
  ///   - bare: the failure without parentheses, with positions in the text.
  ///   - bracketed: the failure with parentheses, with positions in the text; nil if that can be
  ///     parsed.
  func unreadable(_ bare: EngineParser.Failure, _ bracketed: EngineParser.Failure?) -> Finding {
    let end = tokens.bytes.count
    if let bracketed, let position = bracketed.position, position < end, position >= 0 {
      // If both report the same error, use the message that cannot mention the added parenthesis.
      return finding((position == bare.position ? bare : bracketed).message, at: position)
    }
    if let unopened = tokens.unopened {
      let position = bare.position.flatMap { $0 < end ? $0 : nil } ?? unopened.range.lowerBound
      return finding(
        bare.message, at: position,
        hint: "there is an extra `\(tokens.text(unopened))`")
    }
    if bracketed?.position != nil, let last = tokens.last {
      return Finding(
        301, "the SQL ends too early", at: sql.span(of: last),
        label: "something is missing after this",
        hints: ["a bracket, an operand, or `END` is missing"])
    }
    return finding(bare.message, at: bare.position)
  }

  private func finding(_ message: String, at position: Int?, hint: String? = nil) -> Finding {
    let words = message.prefix(1).lowercased() + message.dropFirst()
    let message = "this SQL cannot be read: \(words)"
    if let (symbol, hint) = conditions(words) {
      return Finding(301, message, at: sql.span(of: symbol.range), hints: [hint])
    }
    let place = position.map { sql.span(of: tokens.range(at: $0)) } ?? sql.content
    let hint = hint ?? fix(words, at: position) ?? "the expression is SQL as DuckDB reads it"
    return Finding(301, message, at: place, hints: [hint])
  }

  /// Finds conditions that are combined with another language's operators.
  private func conditions(_ message: String) -> (SQLTokens.Token, String)? {
    let isChained = message.hasPrefix("chained comparisons")
    guard let symbol = tokens.first("&&") ?? (isChained ? tokens.first("||") : nil) else {
      return nil
    }
    return (symbol, Self.connectives)
  }

  static let connectives = "combine conditions with `AND` and `OR`"

  private static let periods: Set<String> = [
    "day", "days", "week", "weeks", "month", "months", "quarter", "quarters", "year", "years",
    "hour", "hours",
  ]

  /// Returns what was probably meant, if the token at which the parser failed shows it.
  private func fix(_ message: String, at position: Int?) -> String? {
    if message.hasPrefix("unterminated string") {
      return "a quote is not closed; double a quote inside text, `''`"
    }
    if message.hasPrefix("unterminated quoted") { return "a quote is not closed" }
    if message.hasPrefix("chained comparisons") { return "write `a < b AND b < c`" }
    guard let position, let index = tokens.index(at: position) else { return nil }
    let token = tokens.tokens[index]
    let (before, earlier) = (tokens.word(index - 1), tokens.word(index - 2))
    let isNegated = before == "not" && earlier == "is"
    if ["none", "nil"].contains(tokens.word(index)), before == "is" || isNegated {
      return "test for a missing value with `IS \(isNegated ? "NOT " : "")NULL`"
    }
    if token.kind == .text, before == "is" || isNegated {
      return "compare text with `\(isNegated ? "<>" : "=")`"
    }
    if Self.periods.contains(tokens.word(index)), index > 0,
      tokens.tokens[index - 1].kind == .number
    {
      let unit = tokens.word(index).uppercased()
      let single = unit.hasSuffix("S") ? String(unit.dropLast()) : unit
      return "write a period as `INTERVAL \(before) \(single)`"
    }
    return nil
  }
}

extension Explanation {
  static let syntaxDiagnosisFindings: [Explanation] = [
    Explanation(
      301, "SQL that cannot be read",
      cause: """
        The text is not SQL: a word is misspelled or missing, or a bracket or quote is not closed. \
        Every expression is parsed before any data are read, to find the columns it depends on.
        """,
      example: .spec(
        """
        feature_sets: {more: [demos: {count: calls, where: "kind = 'demo' «minutes» > 5"}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Look at the marked word and the text before it; here `AND` is missing. If the SQL ends too \
        early, a bracket, an operand, or an `END` is missing.
        """)
  ]
}
