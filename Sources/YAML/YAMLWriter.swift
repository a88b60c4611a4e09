import Diagnostics

/// Writes values as YAML in one canonical form: the same values always give the same text.
///
/// Block style, two spaces a level, keys in the order given, lists indented below their key. Text
/// that would be read as another type is quoted, by YAML 1.1's rules too; text of several lines, or
/// too long for one, is a literal block. Parsing the text gives the values again.
public struct YAMLWriter: Sendable {
  /// Text with more characters than this on its one line becomes a literal block.
  private static let longText = 80
  /// libyaml takes no more than 1,024 characters for a key on one line with its value.
  private static let longKey = 1_000

  private var output = ""
  /// What is written behind the scalars and empty collections still to come, last first.
  private var comments: [String]

  private init(comments: [String] = []) { self.comments = comments.reversed() }

  /// The text of a node as canonical YAML, ending with a newline.
  public static func write(_ node: Node) -> String { write(YAMLValue(node)) }

  /// The text of a value as canonical YAML, ending with a newline.
  public static func write(_ value: YAMLValue) -> String {
    var writer = YAMLWriter()
    writer.writeBlock(value, indentation: 0, isLineStart: true)
    return writer.output
  }

  /// The same with a comment behind each scalar and each empty list or map.
  /// - Parameter comments: one for each, in the order in which they stand.
  public static func write(_ node: Node, comments: [String]) -> String {
    var writer = YAMLWriter(comments: comments)
    writer.writeBlock(YAMLValue(node), indentation: 0, isLineStart: true)
    return writer.output
  }

  /// The column that comments stand in where the line is short enough.
  private static let commentColumn = 64

  /// Ends a line with the next comment, if there are any; a literal block's goes behind its header.
  private mutating func endLine(_ text: String) {
    guard let comment = comments.popLast() else {
      output += text + "\n"
      return
    }
    let shown = PrintedText.safe(TerminalText.escaped(comment))
    let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    output += lines[0]
    let lineStart = output.utf8.lastIndex(of: UInt8(ascii: "\n")) ?? output.startIndex
    let width = output[lineStart...].count
    output += String(repeating: " ", count: max(2, Self.commentColumn - width)) + "# \(shown)\n"
    if lines.count > 1 { output += lines[1] + "\n" }
  }

  /// Writes a value behind `-` or `key:`, or at the start of a line, and ends the line.
  private mutating func writeBlock(_ value: YAMLValue, indentation: Int, isLineStart: Bool) {
    switch value {
    case .sequence(let items) where !items.isEmpty:
      for (index, item) in items.enumerated() {
        if index > 0 || !isLineStart { indent(indentation) }
        output += "-"
        writeItem(item, indentation: indentation)
      }
    case .mapping(let entries) where !entries.isEmpty:
      for (index, entry) in entries.enumerated() {
        if index > 0 || !isLineStart { indent(indentation) }
        writeEntry(entry, indentation: indentation)
      }
    case .sequence: endLine(isLineStart ? "[]" : " []")
    case .mapping: endLine(isLineStart ? "{}" : " {}")
    case .scalar(let scalar):
      endLine((isLineStart ? "" : " ") + text(of: scalar, indentation: indentation))
    }
  }

  private mutating func writeItem(_ item: YAMLValue, indentation: Int) {
    guard item.isCollection else {
      writeBlock(item, indentation: indentation + 2, isLineStart: false)
      return
    }
    output += " "
    writeBlock(item, indentation: indentation + 2, isLineStart: true)
  }

  private mutating func writeEntry(_ entry: YAMLValue.Entry, indentation: Int) {
    let key = key(entry.key)
    if key.unicodeScalars.count > Self.longKey {
      output += "? " + key + "\n"
      indent(indentation)
      output += ":"
    } else {
      output += key + ":"
    }
    if entry.value.isCollection { output += "\n" }
    writeBlock(entry.value, indentation: indentation + 2, isLineStart: false)
  }

  private mutating func indent(_ count: Int) {
    output += String(repeating: " ", count: count)
  }

  // MARK: Scalars

  private func text(of scalar: Scalar.Value, indentation: Int) -> String {
    switch scalar {
    case .null: return "null"
    case .bool(let flag): return flag ? "true" : "false"
    case .integer(let number): return String(number)
    case .float(let number):
      if number.isNaN { return ".nan" }
      if number.isInfinite { return number < 0 ? "-.inf" : ".inf" }
      return number.description
    case .string(let text):
      let isLong = text.count > Self.longText || text.contains("\n")
      if isLong, let literal = literal(text, indentation: indentation) { return literal }
      return TextStyle.isPlain(text) ? text : TextStyle.quoted(text)
    }
  }

  /// A key, which must be read as text: `null` needs quotes, `1` does not.
  private func key(_ text: String) -> String {
    let isNull = CoreSchema.resolve(text) == .null
    let isNumber = !isNull && CoreSchema.resolve(text) != .string(text)
    return (isNumber && text.utf8.first != UInt8(ascii: "-")) || TextStyle.isPlain(text)
      ? text : TextStyle.quoted(text)
  }

  /// A literal block, or nil for text that a block cannot say.
  private func literal(_ text: String, indentation: Int) -> String? {
    guard TextStyle.isLiteral(text) else { return nil }
    // At the root a block's lines still need an indentation.
    let margin = String(repeating: " ", count: max(2, indentation))
    let body = text.utf8.last == UInt8(ascii: "\n") ? String(text.dropLast()) : text
    let header =
      if body.utf8.count == text.utf8.count { "|-" } else {
        body.utf8.last == UInt8(ascii: "\n") ? "|+" : "|"
      }
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false)
    return header + lines.map { $0.isEmpty ? "\n" : "\n" + margin + $0 }.joined()
  }
}

extension YAMLValue {
  /// Whether it takes lines of its own.
  fileprivate var isCollection: Bool {
    switch self {
    case .scalar: false
    case .sequence(let items): !items.isEmpty
    case .mapping(let entries): !entries.isEmpty
    }
  }
}
