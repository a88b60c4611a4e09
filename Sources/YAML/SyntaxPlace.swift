import Diagnostics

/// The places that a syntax problem is shown at.
struct SyntaxPlace {
  private let file: SourceFile
  private let offset: Int
  private let contextOffset: Int
  private let openBracket: Int?

  init(_ problem: SyntaxProblem, in file: SourceFile) {
    self.file = file
    openBracket = problem.openBracket
    offset = min(problem.offset, file.bytes.count)
    contextOffset = min(problem.contextOffset ?? problem.offset, file.bytes.count)
  }

  /// The character that stopped the parse; empty at the end of a line.
  var character: SourceSpan { span(from: offset) }

  /// The first character of what was being read.
  var context: SourceSpan { span(from: contextOffset) }

  /// The word at which what was being read begins.
  var contextWord: SourceSpan {
    let line = file.rangeOfLine(file.line(at: contextOffset))
    let rest = file.bytes[contextOffset..<max(contextOffset, line.upperBound)]
    let word = rest.prefix { $0 != 0x20 && $0 != 0x09 }
    return SourceSpan(file: file, range: contextOffset..<word.endIndex)
  }

  /// The innermost bracket that is open.
  var bracket: SourceSpan? { openBracket.map { span(from: $0) } }

  /// From where reading began to the end of that line, without blanks at its end.
  var contextLine: SourceSpan {
    var end = file.rangeOfLine(file.line(at: contextOffset)).upperBound
    while end > contextOffset + 1, [0x20, 0x09].contains(file.bytes[end - 1]) { end -= 1 }
    return SourceSpan(file: file, range: contextOffset..<max(contextOffset, end))
  }

  /// Whether nothing but blanks and line breaks follows.
  var isAtEnd: Bool {
    file.bytes[offset...].allSatisfy { [0x20, 0x09, 0x0A, 0x0D].contains($0) }
  }

  /// The tab in the indentation of the line that stopped the parse.
  var indentationTab: SourceSpan? {
    let line = file.rangeOfLine(file.line(at: offset))
    let indentation = file.bytes[line].prefix { $0 == 0x20 || $0 == 0x09 }
    guard let tab = indentation.firstIndex(of: 0x09) else { return nil }
    return SourceSpan(file: file, range: tab..<tab + 1)
  }

  /// The escape that stopped the parse, from its backslash on.
  var escape: SourceSpan {
    let line = file.rangeOfLine(file.line(at: offset))
    let before = file.bytes[line.lowerBound..<min(offset + 1, line.upperBound)]
    guard let backslash = before.lastIndex(of: UInt8(ascii: "\\")) else { return character }
    let last = span(from: max(offset, backslash + 1))
    return SourceSpan(file: file, range: backslash..<last.range.upperBound)
  }

  /// The backslash and the one character behind it.
  var backslashed: String { String(escape.text.prefix(2)) }

  /// The character's number in Unicode's notation, such as `U+0007`.
  var codeName: String {
    let digits = String(character.text.unicodeScalars.first?.value ?? 0, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  private func span(from start: Int) -> SourceSpan {
    var end = start
    if end < file.bytes.count, LineBreak.length(in: file.bytes, at: end) == 0 {
      end += 1
      while end < file.bytes.count, file.bytes[end] & 0xC0 == 0x80 { end += 1 }
    }
    return SourceSpan(file: file, range: start..<end)
  }
}
