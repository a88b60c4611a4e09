/// Reads literal and folded scalars: indentation is stripped, line breaks are kept or folded.
///
/// The indentation need not be known: the first line of the content tells it, since what the line
/// has in front of its content is the indentation.
struct BlockScanner {
  private enum Chomping { case strip, clip, keep }

  private let bytes: [UInt8]
  /// The content that is expected.
  private let text: [UInt8]
  private(set) var output = ContentOutput()
  private var offset = 0
  private var trailing: [Range<Int>] = []

  init(bytes: [UInt8], text: [UInt8]) {
    self.bytes = bytes
    self.text = text
  }

  /// Reads from `|` or `>` on; false where the source does not give the expected content.
  mutating func scan(from start: Int) -> Bool {
    guard start < bytes.count, "|>".utf8.contains(bytes[start]) else { return false }
    let isLiteral = bytes[start] == UInt8(ascii: "|")
    offset = start + 1
    let chomping = skipHeader()
    // Breaks at the content's start are blank lines in both styles.
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

  /// Passes indicators, blanks and comment up to the next line.
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

  /// Reads all lines of content and returns the break of the last.
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

  /// Passes lines that hold no more than the indentation.
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
