internal import Diagnostics

/// Writes values as YAML in one canonical form: equal values always give the same text.
///
/// Uses block style, two spaces a level, keys in their given order, and lists indented below their
/// key. Text that YAML 1.2 or 1.1 would read as another type is quoted. Text that is long or has
/// several lines becomes a literal block. Parsing the output gives the same values again.
public struct YAMLWriter: Sendable {
  /// The length above which a one-line text becomes a literal block.
  private static let longText = 80
  /// The length above which a key gets a line of its own: libyaml accepts at most 1,024 characters
  /// for a key on the same line as its value.
  private static let longKey = 1_000

  private var output = ""
  /// The comments for the scalars and empty collections not yet written, last first.
  private var comments: [String]

  private init(comments: [String] = []) { self.comments = comments.reversed() }

  /// Returns a node as canonical YAML, ending with a newline.
  public static func write(_ node: Node) -> String { write(YAMLValue(node)) }

  /// Returns a value as canonical YAML, ending with a newline.
  public static func write(_ value: YAMLValue) -> String {
    var writer = YAMLWriter()
    writer.writeBlock(value, indentation: 0, isLineStart: true)
    return writer.output
  }

  /// Returns a node as canonical YAML with a comment after each scalar and each empty list or map.
  /// - Parameter comments: one comment for each of them, in document order.
  public static func write(_ node: Node, comments: [String]) -> String {
    var writer = YAMLWriter(comments: comments)
    writer.writeBlock(YAMLValue(node), indentation: 0, isLineStart: true)
    return writer.output
  }

  /// Returns a text on one line that is the same text wherever a scalar may be: as a key, as a
  /// value, and within `{}` and `[]`.
  public static func inline(_ text: String) -> String {
    TextStyle.isPlain(text) && !text.contains(",") ? text : TextStyle.quoted(text)
  }

  /// Returns a text that may follow `# ` on a line: what libyaml does not accept, or what ends a
  /// line, is escaped.
  public static func comment(_ text: String) -> String { TextStyle.comment(text) }

  /// The column at which comments are aligned if the line is short enough.
  private static let commentColumn = 64

  /// Ends a line with the next comment, if any; a literal block's comment follows its header.
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

  /// Writes a value after `-` or `key:`, or at the start of a line, and ends the line.
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

  /// Returns a key, which must be read as text: `null` needs quotes, `1` does not.
  private func key(_ text: String) -> String {
    let isNull = CoreSchema.resolve(text) == .null
    let isNumber = !isNull && CoreSchema.resolve(text) != .string(text)
    return (isNumber && text.utf8.first != UInt8(ascii: "-")) || TextStyle.isPlain(text)
      ? text : TextStyle.quoted(text)
  }

  /// Returns a literal block, or nil for text that a literal block cannot represent.
  private func literal(_ text: String, indentation: Int) -> String? {
    guard TextStyle.isLiteral(text) else { return nil }
    // Even at the root, the lines of a block need indentation.
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
  /// Whether the value takes lines of its own.
  fileprivate var isCollection: Bool {
    switch self {
    case .scalar: false
    case .sequence(let items): !items.isEmpty
    case .mapping(let entries): !entries.isEmpty
    }
  }
}

/// The YAML styles that can represent a text.
enum TextStyle {
  /// Returns whether the text needs no quotes: YAML 1.2 and 1.1 both read it as text.
  static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, CoreSchema.resolve(text) == .string(text),
      text.unicodeScalars.count <= 200, !wordsOfYAML11.contains(text.lowercased()),
      !isNumberOfYAML11(text)
    else { return false }
    guard isWord(first) || "_./(".unicodeScalars.contains(first) else { return false }
    let isMarker = text.utf8.elementsEqual("...".utf8) || text.hasPrefix("... ")
    guard !isMarker, text.unicodeScalars.last != " " else { return false }
    return text.unicodeScalars.allSatisfy {
      isWord($0) || " _./,()+-*%@=<>;'|&!?~^$".unicodeScalars.contains($0)
    }
  }

  /// Returns whether a literal block reproduces the text exactly.
  static func isLiteral(_ text: String) -> Bool {
    guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "\n") }) else { return false }
    // The lines of a block start a line of the output. Quote text that a CI system would take for a
    // command.
    return first != 0x20 && first != 0x09 && !text.contains("##")
      && !text.split(separator: "\n").contains { $0.drop(while: \.isWhitespace).hasPrefix("::") }
      && text.unicodeScalars.allSatisfy { $0 == "\n" || $0 == "\t" || isPrintable($0) }
  }

  /// Returns the text in double quotes on one line.
  static func quoted(_ text: String) -> String {
    var result = "\""
    var isAfterHash = false
    for scalar in text.unicodeScalars {
      defer { isAfterHash = scalar == "#" }
      switch scalar {
      case "#" where isAfterHash: result += "\\x23"
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, length) = scalar.value < 0x100 ? ("x", 2) : ("u", 4)
        result += "\\" + letter + String(repeating: "0", count: length - digits.count) + digits
      }
    }
    return result + "\""
  }

  /// Returns the text of a comment, with every scalar that may not be in one escaped.
  static func comment(_ text: String) -> String {
    guard !text.unicodeScalars.allSatisfy(isPrintable) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
      default: result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      }
    }
    return result
  }

  /// Returns whether libyaml accepts the scalar unescaped and no reader takes it for a line break.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // Bidirectional control characters are escaped, too.
    case 0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069: false
    case 0x20...0x7E, 0xA0...0x2027, 0x202F...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
  }

  /// Words that YAML 1.1 reads as true or false.
  private static let wordsOfYAML11: Set<String> = ["y", "n", "yes", "no", "on", "off"]

  /// Returns whether YAML 1.1 reads the text as a number: digits with `_` or `:` between them, or
  /// `0b1`.
  private static func isNumberOfYAML11(_ text: String) -> Bool {
    let digits = text.drop { $0 == "+" || $0 == "-" }
    guard let first = digits.first, first.isASCII, first.isNumber else { return false }
    return digits.allSatisfy { $0.isASCII && ($0.isHexDigit || "_:.box".contains($0)) }
  }
}
