/// A file of SQL statements, split at the semicolons that end them.
public struct SQLScript: Sendable {
  /// One statement of a script.
  public struct Statement: Sendable {
    /// The text of the statement.
    public let sql: String
    /// The line on which the statement starts, counted from 1.
    public let line: Int
  }

  /// The statements in the order written.
  public let statements: [Statement]

  /// Splits a script. Semicolons in quotes, comments, and dollar quotes do not end a statement.
  public init(_ text: String) {
    let scanned = SQLTokens(text)
    let bytes = scanned.bytes
    var found: [Statement] = []
    var (start, hasContent) = (0, false)
    func finish(_ end: Int) {
      guard hasContent else { return }
      let body = bytes[start..<end].drop { $0 == 32 || (9...13).contains($0) }
      let line = bytes[..<body.startIndex].count { $0 == UInt8(ascii: "\n") } + 1
      found.append(Statement(sql: String(decoding: body, as: UTF8.self), line: line))
    }
    for token in scanned.tokens {
      guard scanned.text(token) == ";" else {
        hasContent = true
        continue
      }
      finish(token.range.lowerBound)
      (start, hasContent) = (token.range.upperBound, false)
    }
    finish(bytes.count)
    statements = found
  }
}

/// Quoting of names and values for use in statements.
public enum SQL {
  /// Returns a name in double quotes.
  public static func identifier(_ name: String) -> String {
    "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
      + "\""
  }

  /// Returns a text in single quotes.
  public static func literal(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
