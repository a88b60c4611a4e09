/// The tokens of a piece of SQL, used to find where a word, a text or an operator begins and ends.
///
/// This is not a parser, and text that is not SQL has tokens, too. Offsets count UTF-8 bytes.
package struct SQLTokens {
  /// Which quotes and comments count.
  package enum Dialect {
    /// Those of the embedded engine.
    case engine
    /// Only those that all databases share. Everything else is code, so a text that one database reads
    /// as a string may have tokens, but code never hides in a string. `/*!`, whose content MySQL runs,
    /// is a token.
    case common
  }

  package struct Token {
    package enum Kind { case word, quotedName, text, number, symbol }

    package let kind: Kind
    package let range: Range<Int>
  }

  package let bytes: [UInt8]
  package private(set) var tokens: [Token] = []

  private let dialect: Dialect

  package init(_ text: String, dialect: Dialect = .engine) {
    bytes = Array(text.utf8)
    self.dialect = dialect
    var position = 0
    while position < bytes.count {
      if let end = endOfSpace(from: position) {
        position = end
        continue
      }
      let (kind, end) = token(at: position)
      tokens.append(Token(kind: kind, range: position..<end))
      position = end
    }
  }

  /// Returns a token as written.
  package func text(_ token: Token) -> String {
    String(decoding: bytes[token.range], as: UTF8.self)
  }

  /// Returns a token in lower case, for comparisons.
  package func word(_ index: Int) -> String {
    tokens.indices.contains(index) ? text(tokens[index]).lowercased() : ""
  }

  /// Returns the index of the token that contains an offset.
  package func index(at offset: Int) -> Int? { tokens.firstIndex { $0.range.contains(offset) } }

  /// Returns the range from an offset to the end of its token; a name includes all its parts, as in
  /// `source.column`.
  package func range(at offset: Int) -> Range<Int> {
    guard var index = index(at: offset) else { return offset..<min(offset + 1, bytes.count) }
    var end = tokens[index].range.upperBound
    while isName(index), word(index + 1) == ".", tokens[index + 1].range.lowerBound == end,
      isName(index + 2), tokens[index + 2].range.lowerBound == end + 1
    {
      index += 2
      end = tokens[index].range.upperBound
    }
    return offset..<end
  }

  /// The range of the last token; a name includes all its parts.
  package var last: Range<Int>? {
    guard var index = tokens.indices.last else { return nil }
    let end = tokens[index].range.upperBound
    while isName(index), index > 1, word(index - 1) == ".", isName(index - 2) { index -= 2 }
    return tokens[index].range.lowerBound..<end
  }

  /// The range without blanks and comments at both ends.
  package var extent: Range<Int>? {
    guard let first = tokens.first, let last = tokens.last else { return nil }
    return first.range.lowerBound..<last.range.upperBound
  }

  private func isName(_ index: Int) -> Bool {
    tokens.indices.contains(index)
      && (tokens[index].kind == .word || tokens[index].kind == .quotedName)
  }

  /// The first closing bracket without an opening one.
  package var unopened: Token? {
    var open = 0
    for token in tokens where token.kind == .symbol {
      switch bytes[token.range.lowerBound] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
        open -= 1
        if open < 0 { return token }
      default: continue
      }
    }
    return nil
  }

  /// The first comma outside all brackets.
  package var comma: Token? {
    var open = 0
    for token in tokens where token.kind == .symbol {
      switch bytes[token.range.lowerBound] {
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): open += 1
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): open -= 1
      case UInt8(ascii: ",") where open == 0: return token
      default: continue
      }
    }
    return nil
  }

  /// Returns the first token with the given text.
  package func first(_ symbol: String) -> Token? { tokens.first { text($0) == symbol } }

  /// Returns the first word whose lower-case form satisfies a predicate.
  package func first(where isMeant: (String) -> Bool) -> Token? {
    tokens.indices.first { tokens[$0].kind == .word && isMeant(word($0)) }.map { tokens[$0] }
  }

  // MARK: - Reading

  /// The operators of several characters; longer ones that begin with another one come first.
  private static let operators = [
    "->>", "::", "&&", "||", "<>", "<=", ">=", "!=", "==", "->", "**", "//", ":=", "=>",
  ].map { Array($0.utf8) }

  /// Returns the end of the blank or comment at an offset; nil if there is none.
  private func endOfSpace(from start: Int) -> Int? {
    if bytes[start] <= 32 { return start + 1 }
    if bytes[start...].starts(with: "--".utf8) {
      return bytes[start...].firstIndex { $0 == 10 || (dialect == .common && $0 == 13) }
        ?? bytes.count
    }
    guard bytes[start...].starts(with: "/*".utf8), !isExecutable(start) else { return nil }
    var end = start + 2
    while end < bytes.count, !bytes[end...].starts(with: "*/".utf8) { end += 1 }
    return min(end + 2, bytes.count)
  }

  private func token(at start: Int) -> (Token.Kind, end: Int) {
    let byte = bytes[start]
    if isExecutable(start) { return (.symbol, start + 3) }
    if byte == UInt8(ascii: "'") { return (.text, endOfQuoted(from: start)) }
    if byte == UInt8(ascii: "\"") || (dialect == .engine && byte == UInt8(ascii: "`")) {
      return (.quotedName, endOfQuoted(from: start))
    }
    if dialect == .engine, byte == UInt8(ascii: "$"), let end = endOfDollarQuoted(from: start) {
      return (.text, end)
    }
    if dialect == .engine, Self.isDigit(byte) {
      let number = bytes[start...].prefix { Self.isWord($0) || $0 == UInt8(ascii: ".") }
      return (.number, number.endIndex)
    }
    if Self.isWord(byte) { return (.word, bytes[start...].prefix(while: Self.isWord).endIndex) }
    let known = Self.operators.first { bytes[start...].starts(with: $0) }
    return (.symbol, start + (known?.count ?? 1))
  }

  /// Returns the offset after a quoted piece, in which a doubled quote is content.
  private func endOfQuoted(from start: Int) -> Int {
    var position = start + 1
    while position < bytes.count {
      if bytes[position] == bytes[start] {
        guard position + 1 < bytes.count, bytes[position + 1] == bytes[start] else {
          return position + 1
        }
        position += 1
      }
      position += 1
    }
    return bytes.count
  }

  /// Returns the offset after `$$...$$` or `$name$...$name$`; nil if there is no such text.
  private func endOfDollarQuoted(from start: Int) -> Int? {
    let name = bytes[(start + 1)...].prefix(while: Self.isWord)
    guard name.endIndex < bytes.count, bytes[name.endIndex] == UInt8(ascii: "$"),
      !(name.first.map(Self.isDigit) ?? false)
    else { return nil }
    let tag = bytes[start...name.endIndex]
    var position = tag.endIndex
    while position < bytes.count, !bytes[position...].starts(with: tag) { position += 1 }
    return min(position + tag.count, bytes.count)
  }

  /// Whether a comment starts here that MySQL runs.
  private func isExecutable(_ start: Int) -> Bool {
    dialect == .common && bytes[start...].starts(with: "/*!".utf8)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_") || byte >= 128
      || (97...122).contains(byte | 0x20)
  }
}
