internal import Diagnostics
internal import Spec
internal import Warehouse

/// The engine's objection to an expression, in words for its author: H308.
struct EngineRefusal {
  private let use: ExpressionUse
  /// The lines of the engine's message, without what only the engine's developers need.
  private let lines: [String]
  /// The UTF-8 offset in the expression.
  private let position: Int?

  /// Creates the refusal.
  /// - Parameter offset: where the expression starts in the statement that failed.
  init(_ use: ExpressionUse, _ error: WarehouseError, offset: Int) {
    self.use = use
    position = error.position.map { $0 - offset }.flatMap { position in
      position >= 0 && position < use.sql.text.utf8.count ? position : nil
    }
    lines = Self.lines(error.message)
  }

  /// Returns the cleaned lines of a message, without names in views that the user did not write.
  static func lines(_ message: String) -> [String] {
    message.split(whereSeparator: \.isNewline).map(tidied)
      .filter { !$0.isEmpty && !$0.hasPrefix("Candidate bindings") }
  }

  private static func tidied(_ line: Substring) -> String {
    let end = line.lastIndex { !$0.isWhitespace }.map(line.index(after:)) ?? line.startIndex
    return String(line[..<end].drop(while: \.isWhitespace))
      .replacing("INTEGER_LITERAL", with: "INTEGER")
      .replacing("STRING_LITERAL", with: "VARCHAR")
  }

  var finding: Finding {
    let first = lines.first ?? ""
    if first.hasPrefix("WHERE clause cannot contain aggregates") {
      return Finding(
        308, "an aggregate cannot be used for \(subject)", at: span, label: "not allowed here",
        hints: [Finding.summarise])
    }
    if let (range, hint) = date(first) {
      return Finding(308, message(first), at: use.sql.span(of: range), hints: [hint])
    }
    let hint = hint(first)
    // The engine's nearest name is a guess by spelling, so drop it if a proper fix is known.
    let notes = lines.dropFirst().filter { hint == nil || !$0.hasPrefix("Did you mean") }
    return Finding(
      308, message(first), at: span, notes: Array(notes.prefix(3)),
      hints: [hint].compactMap(\.self))
  }

  private var subject: String {
    if case .events = use.scope { "one event" } else { "one entity" }
  }

  private var span: SourceSpan {
    guard let position else { return use.sql.content }
    return use.sql.span(of: SQLTokens(use.sql.text).range(at: position))
  }

  private func message(_ line: String) -> String {
    let isMarked = line.hasSuffix(".") || line.hasSuffix("!")
    return "the engine rejects this SQL: \(isMarked ? String(line.dropLast()) : line)"
  }

  private func hint(_ line: String) -> String? {
    if let name = line.firstMatch(of: /Function with name (\S+) does not exist/)?.output.1 {
      return NewcomerFunctions.fix(String(name))
    }
    if line.contains("argument types '&&(") { return SyntaxDiagnosis.connectives }
    if line.contains(
      /Cannot compare values of type (VARCHAR and type \w*INT|\w*INT\w* and type VARCHAR)/)
    {
      return "compare text with text, `'12'`; `TRY_CAST(... AS DOUBLE)` converts it to a number"
    }
    return nil
  }

  /// Finds an unquoted date, which is a subtraction, if the engine objects to a comparison with it.
  private func date(_ line: String) -> (Range<Int>, String)? {
    guard line.contains(/Cannot compare values of type .*(DATE|TIMESTAMP)/) else { return nil }
    let tokens = SQLTokens(use.sql.text)
    let numbers = tokens.tokens.indices.dropLast(4).first { index in
      let kinds = (0...4).map { tokens.tokens[index + $0].kind }
      return kinds == [.number, .symbol, .number, .symbol, .number]
        && tokens.word(index + 1) == "-" && tokens.word(index + 3) == "-"
    }
    guard let numbers else { return nil }
    let parts = [0, 2, 4].map { tokens.word(numbers + $0) }
    let range =
      tokens.tokens[numbers].range.lowerBound..<tokens.tokens[numbers + 4].range.upperBound
    return (range, "write a date as `DATE '\(parts.joined(separator: "-"))'`")
  }
}

extension Explanation {
  static let engineRefusalFindings: [Explanation] = [
    Explanation(
      308, "SQL that the engine rejects",
      cause: """
        The expression parses, but the engine does not know a function, does not accept these \
        types, or fails on a value in the data. The engine is DuckDB, and its functions can differ \
        from those of other databases. Aggregates are rejected because an expression sees one \
        entity. Text and dates are rejected for features that are numbers or flags.
        """,
      example: .spec(
        """
        feature_sets: {more: [known_size: {sql: "«nvl»(customers.size, 0)"}]}
        features: [account, more]
        """, Example.checkWithData),
      fix: """
        Use DuckDB's function, here `coalesce(customers.size, 0)`. For values that cannot be \
        converted, `TRY_CAST(... AS DOUBLE)` gives null.
        """)
  ]
}
