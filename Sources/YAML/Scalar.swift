public import Diagnostics

/// A scalar as written, with its value under the core schema of YAML 1.2.
public struct Scalar: Sendable {
  /// The notation in which a scalar was written.
  public enum Style: Sendable { case plain, singleQuoted, doubleQuoted, literal, folded }

  /// A value of one of the core schema's types. `010` is the integer 10, `0o10` is 8, and `no` and
  /// `1:30` are strings.
  public enum Value: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
  }

  /// A core tag, which overrides the type implied by the text: `!!str 010` is the string `010`.
  public enum Tag: String, CaseIterable, Sendable {
    case string = "tag:yaml.org,2002:str"
    case integer = "tag:yaml.org,2002:int"
    case float = "tag:yaml.org,2002:float"
    case bool = "tag:yaml.org,2002:bool"
    case null = "tag:yaml.org,2002:null"
  }

  /// The scalar's content after quotes, escapes and folded lines have been processed.
  public var text: String
  /// The notation in which the scalar was written.
  public var style: Style
  /// The tag in front of the scalar, if any.
  public var tag: Tag?
  /// The position in the source; nil for a scalar created by a program.
  let source: SourceSpan?

  /// Creates a scalar. If a span is given, the scalar can map its content back to the source.
  public init(text: String, style: Style, tag: Tag? = nil, at span: SourceSpan? = nil) {
    self.text = text
    self.style = style
    self.tag = tag
    self.source = span
  }

  /// The scalar's value: its tag decides the type if it has one; otherwise a quoted or block scalar
  /// is a string and a plain scalar follows the core schema.
  ///
  /// Text that does not fit its tag, which the parser has already reported, is a string. An integer
  /// that overflows `Int` becomes the nearest `float`.
  public var value: Value {
    switch tag {
    case nil: style == .plain ? CoreSchema.resolve(text) : .string(text)
    case .string: .string(text)
    case .some(let tag): CoreSchema.resolve(text, as: tag) ?? .string(text)
    }
  }

  /// Returns the source span of a range of the content (UTF-8 offsets into `text`).
  ///
  /// Exact in every style: quotes, escapes, folded lines and stripped indentation are accounted
  /// for. An empty range maps to a position. For a scalar created by a program, the span is empty
  /// and in a nameless file. Cost: linear in the scalar's source text; nothing is cached between
  /// calls.
  public func span(ofContent range: Range<Int>) -> SourceSpan {
    guard let source else { return Self.nowhere }
    return ContentMap(of: self, at: source)?.span(of: range) ?? source
  }

  /// Returns a function that does the same for many ranges and builds the mapping only once.
  public func contentPlaces() -> @Sendable (Range<Int>) -> SourceSpan {
    guard let source else { return { _ in Self.nowhere } }
    let map = ContentMap(of: self, at: source)
    return { range in map?.span(of: range) ?? source }
  }

  private static let nowhere = SourceFile(name: "", bytes: []).start
}

extension Scalar.Value {
  /// The kind of the value in everyday words.
  public var kindName: String {
    switch self {
    case .null: "nothing"
    case .bool: "true/false"
    case .integer: "a whole number"
    case .float: "a number"
    case .string: "text"
    }
  }
}

/// A map from each byte of a scalar's content to the source bytes that it came from.
///
/// The scalar is read again from the source by YAML's rules. If that does not reproduce the content
/// exactly, there is no map, so a position is never a guess.
struct ContentMap {
  private let file: SourceFile
  private let pieces: [ContentPiece]
  /// The source position of empty content.
  private let emptyPlace: Int

  /// Builds the map. Fails if reading the source again does not reproduce the content.
  init?(of scalar: Scalar, at span: SourceSpan) {
    let start = span.range.lowerBound
    switch scalar.style {
    case .literal, .folded:
      var scanner = BlockScanner(bytes: span.file.bytes, text: Array(scalar.text.utf8))
      guard scanner.scan(from: start) else { return nil }
      pieces = scanner.output.pieces
      emptyPlace = span.range.upperBound
    case .plain, .singleQuoted, .doubleQuoted:
      let quote = scalar.style == .plain ? 0 : 1
      guard span.range.count >= 2 * quote else { return nil }
      var scanner = FlowScanner(bytes: span.file.bytes, style: scalar.style)
      let inner = start + quote..<span.range.upperBound - quote
      guard scanner.scan(inner) else { return nil }
      guard scanner.output.bytes.elementsEqual(scalar.text.utf8) else { return nil }
      pieces = scanner.output.pieces
      emptyPlace = inner.lowerBound
    }
    file = span.file
  }

  /// Returns the source span of a range of the content; the range is clamped to the content.
  func span(of range: Range<Int>) -> SourceSpan {
    let start = range.isEmpty ? place(of: range.lowerBound) : firstByte(of: range.lowerBound)
    let end = range.isEmpty ? start : max(start, endOfByte(before: range.upperBound))
    return SourceSpan(file: file, range: start..<end)
  }

  private func firstByte(of offset: Int) -> Int {
    guard let piece = piece(at: offset) else { return place(of: offset) }
    return piece.isVerbatim
      ? piece.source.lowerBound + max(0, offset - piece.content.lowerBound)
      : piece.source.lowerBound
  }

  private func endOfByte(before offset: Int) -> Int {
    guard let piece = piece(at: offset - 1) ?? pieces.last else { return emptyPlace }
    let length = min(offset, piece.content.upperBound) - piece.content.lowerBound
    return piece.isVerbatim ? piece.source.lowerBound + length : piece.source.upperBound
  }

  /// Returns the source position before a byte of the content. At the content's end, that is after
  /// its last byte but before a line break.
  private func place(of offset: Int) -> Int {
    if piece(at: offset) != nil { return firstByte(of: offset) }
    guard let last = pieces.last else { return emptyPlace }
    return last.isLineBreak ? last.source.lowerBound : last.source.upperBound
  }

  private func piece(at offset: Int) -> ContentPiece? {
    var low = 0
    var high = pieces.count
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].content.upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low < pieces.count ? pieces[low] : nil
  }
}

/// Reads plain and quoted scalars: it drops blanks around line breaks, folds lines and decodes
/// escapes.
struct FlowScanner {
  private let bytes: [UInt8]
  private let style: Scalar.Style
  private(set) var output = ContentOutput()
  /// Blanks that belong to the content only if no line break follows.
  private var blanks: Range<Int>?
  private var breaks: [Range<Int>] = []
  /// Whether a backslash removed the line break before `breaks`.
  private var isContinued = false

  init(bytes: [UInt8], style: Scalar.Style) {
    self.bytes = bytes
    self.style = style
  }

  /// Reads the text between the quotes. Returns false if it is not a scalar of this style.
  mutating func scan(_ range: Range<Int>) -> Bool {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let byte = bytes[offset]
      let breakLength = LineBreak.length(in: bytes, at: offset)
      if byte == 0x20 || byte == 0x09 {
        if breaks.isEmpty, !isContinued {
          blanks = (blanks?.lowerBound ?? offset)..<offset + 1
        }
        offset += 1
      } else if breakLength > 0 {
        blanks = nil
        breaks.append(offset..<offset + breakLength)
        offset += breakLength
      } else {
        flush()
        guard let length = scanCharacter(at: offset) else { return false }
        offset += length
      }
    }
    flush()
    return true
  }

  private mutating func flush() {
    if let blanks { output.copy(blanks, of: bytes) }
    var lines = breaks[...]
    if !isContinued, let first = lines.popFirst() {
      if first.count == 3 {
        output.lineBreak(first, of: bytes, isBlock: false)
      } else if lines.isEmpty {
        output.replace(first, with: [0x20])
      }
    }
    for line in lines { output.lineBreak(line, of: bytes, isBlock: false) }
    blanks = nil
    breaks = []
    isContinued = false
  }

  /// Reads one character or escape and returns its length in the source.
  private mutating func scanCharacter(at offset: Int) -> Int? {
    let byte = bytes[offset]
    let next = offset + 1 < bytes.count ? bytes[offset + 1] : 0
    if style == .singleQuoted, byte == UInt8(ascii: "'"), next == byte {
      output.replace(offset..<offset + 2, with: [byte])
      return 2
    }
    guard style == .doubleQuoted, byte == UInt8(ascii: "\\") else {
      output.copy(offset..<offset + 1, of: bytes)
      return 1
    }
    let breakLength = LineBreak.length(in: bytes, at: offset + 1)
    if breakLength > 0 {
      isContinued = true
      return 1 + breakLength
    }
    if let content = Self.escapes[next] {
      output.replace(offset..<offset + 2, with: Array(content.utf8))
      return 2
    }
    let lengths: [UInt8: Int] = [0x78: 2, 0x75: 4, 0x55: 8]
    guard let length = lengths[next], offset + 2 + length <= bytes.count else { return nil }
    let digits = String(decoding: bytes[offset + 2..<offset + 2 + length], as: UTF8.self)
    guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { return nil }
    output.replace(offset..<offset + 2 + length, with: Array(String(scalar).utf8))
    return 2 + length
  }

  /// The single-letter escapes (YAML 1.2.2, section 5.7).
  private static let escapes: [UInt8: String] = [
    UInt8(ascii: "0"): "\u{0}", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "t"): "\t", 0x09: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}",
    UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}",
    UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"", UInt8(ascii: "/"): "/",
    UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
    UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
  ]
}

/// Reads literal and folded scalars: it strips the indentation and keeps or folds line breaks.
///
/// The indentation is found from the first line of content: it is the number of spaces that the
/// line has in the source beyond those it has in the content.
struct BlockScanner {
  private enum Chomping { case strip, clip, keep }

  private let bytes: [UInt8]
  /// The expected content.
  private let text: [UInt8]
  private(set) var output = ContentOutput()
  private var offset = 0
  private var trailing: [Range<Int>] = []

  init(bytes: [UInt8], text: [UInt8]) {
    self.bytes = bytes
    self.text = text
  }

  /// Reads from `|` or `>` on. Returns false if the source does not give the expected content.
  mutating func scan(from start: Int) -> Bool {
    guard start < bytes.count, "|>".utf8.contains(bytes[start]) else { return false }
    let isLiteral = bytes[start] == UInt8(ascii: "|")
    offset = start + 1
    let chomping = skipHeader()
    // In both styles, line breaks at the start of the content are blank lines.
    var blankLines = 0
    var first = 0
    while first < text.count, case let length = LineBreak.length(in: text, at: first), length > 0 {
      blankLines += 1
      first += length
    }
    skipBlankLines(upTo: first < text.count ? blankLines : Int.max)
    var lastBreak: Range<Int>?
    if first < text.count {
      let indentation = spaces(in: bytes, at: offset) - spaces(in: text, at: first)
      guard indentation >= 0 else { return false }
      lastBreak = scanLines(indentation: indentation, isLiteral: isLiteral)
    }
    if chomping != .strip, let lastBreak { emit(lastBreak) }
    if chomping == .keep { emitTrailing() }
    return output.bytes == text
  }

  /// Skips indicators, blanks and a comment up to the next line.
  private mutating func skipHeader() -> Chomping {
    var chomping = Chomping.clip
    while offset < bytes.count, LineBreak.length(in: bytes, at: offset) == 0 {
      switch bytes[offset] {
      case UInt8(ascii: "-"): chomping = .strip
      case UInt8(ascii: "+"): chomping = .keep
      case UInt8(ascii: "0")...UInt8(ascii: "9"): break
      default:
        skipLine()
        continue
      }
      offset += 1
    }
    offset += LineBreak.length(in: bytes, at: offset)
    return chomping
  }

  private mutating func skipLine() {
    while offset < bytes.count, LineBreak.length(in: bytes, at: offset) == 0 { offset += 1 }
  }

  private mutating func skipBlankLines(upTo count: Int) {
    while trailing.count < count {
      let end = offset + spaces(in: bytes, at: offset)
      let length = LineBreak.length(in: bytes, at: end)
      guard length > 0 else { return }
      trailing.append(end..<end + length)
      offset = end + length
    }
  }

  /// Reads all lines of the content and returns the line break after the last one.
  private mutating func scanLines(indentation: Int, isLiteral: Bool) -> Range<Int>? {
    var lastBreak: Range<Int>?
    var wasBlank = false
    while spaces(in: bytes, at: offset) >= indentation, offset + indentation < bytes.count {
      let start = offset + indentation
      offset = start
      skipLine()
      let isBlank = bytes[start] == 0x20 || bytes[start] == 0x09
      if let lastBreak {
        let folds = !isLiteral && lastBreak.count < 3 && !wasBlank && !isBlank
        if !folds {
          emit(lastBreak)
        } else if trailing.isEmpty {
          output.replace(lastBreak, with: [0x20], isLineBreak: true)
        }
      }
      emitTrailing()
      output.copy(start..<offset, of: bytes)
      wasBlank = isBlank
      let length = LineBreak.length(in: bytes, at: offset)
      lastBreak = length > 0 ? offset..<offset + length : nil
      offset += length
      skipShortLines(indentation: indentation)
    }
    return lastBreak
  }

  /// Skips lines that have nothing beyond the indentation.
  private mutating func skipShortLines(indentation: Int) {
    while true {
      let end = offset + min(indentation, spaces(in: bytes, at: offset))
      let length = LineBreak.length(in: bytes, at: end)
      guard length > 0 else { return }
      trailing.append(end..<end + length)
      offset = end + length
    }
  }

  private mutating func emitTrailing() {
    for lineBreak in trailing { emit(lineBreak) }
    trailing = []
  }

  private mutating func emit(_ lineBreak: Range<Int>) {
    output.lineBreak(lineBreak, of: bytes, isBlock: true)
  }

  private func spaces(in bytes: [UInt8], at start: Int) -> Int {
    var end = start
    while end < bytes.count, bytes[end] == 0x20 { end += 1 }
    return end - start
  }
}

/// The content assembled from the source so far.
struct ContentOutput {
  private(set) var bytes: [UInt8] = []
  private(set) var pieces: [ContentPiece] = []

  /// Appends source bytes unchanged.
  mutating func copy(_ source: Range<Int>, of file: [UInt8]) {
    guard !source.isEmpty else { return }
    let content = bytes.count..<bytes.count + source.count
    bytes += file[source]
    if let last = pieces.last, last.isVerbatim, last.source.upperBound == source.lowerBound {
      pieces[pieces.count - 1].content = last.content.lowerBound..<content.upperBound
      pieces[pieces.count - 1].source = last.source.lowerBound..<source.upperBound
    } else {
      pieces.append(ContentPiece(content: content, source: source, isVerbatim: true))
    }
  }

  /// Appends content that replaces the source bytes.
  mutating func replace(_ source: Range<Int>, with content: [UInt8], isLineBreak: Bool = false) {
    guard !content.isEmpty else { return }
    let range = bytes.count..<bytes.count + content.count
    bytes += content
    pieces.append(
      ContentPiece(content: range, source: source, isVerbatim: false, isLineBreak: isLineBreak))
  }

  /// Appends a line break, which becomes LF unless it is LS or PS.
  mutating func lineBreak(_ source: Range<Int>, of file: [UInt8], isBlock: Bool) {
    let content = LineBreak.content(in: file, at: source.lowerBound, length: source.count)
    replace(source, with: content, isLineBreak: isBlock)
  }
}
