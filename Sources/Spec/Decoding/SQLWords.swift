/// The words of a piece of SQL, without its strings and comments.
///
/// This is not a parser. It finds names well enough to warn before any data is read. The engine's
/// own parser decides what an expression may do.
struct SQLWords {
  struct Word {
    var text: String
    /// The range in UTF-8 offsets.
    var range: Range<Int>
  }

  /// A `source.column` with its position.
  struct QualifiedName {
    var source: String
    var column: String
    var range: Range<Int>
  }

  private enum Token {
    case word(Word)
    case symbol(UInt8)
  }

  private var tokens: [Token] = []

  init(_ text: String) {
    let bytes = Array(text.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : 0
      if byte == UInt8(ascii: "'") {
        index = Self.end(ofQuoted: bytes, from: index)
        tokens.append(.symbol(byte))
      } else if byte == UInt8(ascii: "\"") {
        let end = Self.end(ofQuoted: bytes, from: index)
        let inner = bytes[(index + 1)..<max(index + 1, end - 1)]
        tokens.append(.word(Word(text: String(decoding: inner, as: UTF8.self), range: index..<end)))
        index = end
      } else if byte == UInt8(ascii: "-"), next == byte {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
      } else if byte == UInt8(ascii: "/"), next == UInt8(ascii: "*") {
        index += 2
        while index < bytes.count,
          !(bytes[index - 1] == UInt8(ascii: "*") && bytes[index] == UInt8(ascii: "/"))
        {
          index += 1
        }
        index += 1
      } else if Self.isWordByte(byte) {
        let start = index
        while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        tokens.append(.word(Word(text: word, range: start..<index)))
      } else {
        if byte > 32 { tokens.append(.symbol(byte)) }
        index += 1
      }
    }
  }

  /// Every word outside strings and comments.
  var names: [Word] {
    tokens.compactMap { if case .word(let word) = $0 { word } else { nil } }
  }

  /// Every `a.b`.
  var qualifiedNames: [QualifiedName] {
    var result: [QualifiedName] = []
    for index in tokens.indices.dropLast(2) {
      guard case .word(let first) = tokens[index], isDot(index + 1),
        case .word(let second) = tokens[index + 2], index == 0 || !isDot(index - 1)
      else { continue }
      result.append(
        QualifiedName(
          source: first.text, column: second.text,
          range: first.range.lowerBound..<second.range.upperBound))
    }
    return result
  }

  /// What may be columns in a condition on an event source, in the order of the text: every `a.b`,
  /// and every other word as a column of that source.
  func columns(ofEvents source: String) -> [(column: ColumnReference, range: Range<Int>)] {
    let qualified = qualifiedNames
    let others = names.filter { word in
      !qualified.contains { $0.range.contains(word.range.lowerBound) }
    }
    let columns =
      qualified.map {
        (column: ColumnReference(source: $0.source, column: $0.column), range: $0.range)
      }
      + others.map { (column: ColumnReference(source: source, column: $0.text), range: $0.range) }
    return columns.sorted { $0.range.lowerBound < $1.range.lowerBound }
  }

  /// Functions, and words that call one without parentheses, whose value changes between calls.
  var changing: [Word] {
    tokens.indices.compactMap { index in
      guard case .word(let word) = tokens[index], index == 0 || !isDot(index - 1) else {
        return nil
      }
      let name = word.text.lowercased()
      if Self.changingWords.contains(name) { return word }
      guard index + 1 < tokens.count, case .symbol(UInt8(ascii: "(")) = tokens[index + 1] else {
        return nil
      }
      return Self.changingFunctions.contains(name) ? word : nil
    }
  }

  private static let changingWords: Set<String> = [
    "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    "current_localtime", "current_localtimestamp",
  ]
  private static let changingFunctions: Set<String> = [
    "now", "today", "random", "uuid", "gen_random_uuid", "get_current_time",
    "get_current_timestamp", "transaction_timestamp", "setseed", "nextval",
  ]

  private func isDot(_ index: Int) -> Bool {
    if case .symbol(UInt8(ascii: ".")) = tokens[index] { true } else { false }
  }

  /// Returns the offset after a quoted piece, in which a doubled quote means one quote.
  private static func end(ofQuoted bytes: [UInt8], from start: Int) -> Int {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == bytes[start] {
        guard index + 1 < bytes.count, bytes[index + 1] == bytes[start] else { return index + 1 }
        index += 1
      }
      index += 1
    }
    return bytes.count
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
      || byte == 95 || byte >= 128
  }
}
