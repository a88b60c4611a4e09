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

  /// Splits a script. Semicolons in quotes, comments and dollar quotes do not end a statement.
  public init(_ text: String) {
    var scanner = Scanner(bytes: Array(text.utf8))
    statements = scanner.statements()
  }
}

/// Finds the ends of statements byte by byte.
private struct Scanner {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func statements() -> [SQLScript.Statement] {
    var found: [SQLScript.Statement] = []
    var start = 0
    var hasContent = false
    func finish(_ end: Int) {
      guard hasContent else { return }
      let body = bytes[start..<end].drop { $0 == 32 || ($0 >= 9 && $0 <= 13) }
      let line = bytes[..<body.startIndex].count { $0 == UInt8(ascii: "\n") } + 1
      found.append(SQLScript.Statement(sql: String(decoding: body, as: UTF8.self), line: line))
    }
    while position < bytes.count {
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: ";"):
        finish(position)
        position += 1
        start = position
        hasContent = false
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        hasContent = true
        skip(past: [byte], from: position + 1)
      case UInt8(ascii: "-") where starts(with: "--"): skip(past: [10], from: position)
      case UInt8(ascii: "/") where starts(with: "/*"):
        skip(past: Array("*/".utf8), from: position + 2)
      case UInt8(ascii: "$"):
        hasContent = true
        skipDollarQuote()
      default:
        hasContent = hasContent || !(byte == 32 || (byte >= 9 && byte <= 13))
        position += 1
      }
    }
    finish(bytes.count)
    return found
  }

  private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

  /// Moves past the next occurrence of an ending, or to the end of the text.
  private mutating func skip(past ending: [UInt8], from start: Int) {
    position = min(start, bytes.count)
    while position < bytes.count, !bytes[position...].starts(with: ending) { position += 1 }
    position = min(position + ending.count, bytes.count)
  }

  /// Moves past a text in dollar quotes, `$$...$$` or `$name$...$name$`.
  private mutating func skipDollarQuote() {
    let tag = bytes[(position + 1)...].prefix { $0 != UInt8(ascii: "$") }
    let isTag =
      tag.allSatisfy { byte in
        let isDigit = byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
        return isDigit || byte == UInt8(ascii: "_") || byte >= 128
          || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      } && tag.first.map { $0 < UInt8(ascii: "0") || $0 > UInt8(ascii: "9") } ?? true
    guard isTag, tag.endIndex < bytes.count else {
      position += 1
      return
    }
    skip(past: Array(bytes[position...tag.endIndex]), from: tag.endIndex + 1)
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
