/// Reads plain and quoted scalars: blanks around line breaks vanish, breaks fold, escapes decode.
struct FlowScanner {
  private let bytes: [UInt8]
  private let style: Scalar.Style
  private(set) var output = ContentOutput()
  /// Blanks that count only if no line break follows them.
  private var blanks: Range<Int>?
  private var breaks: [Range<Int>] = []
  /// Whether a backslash has swallowed the line break before `breaks`.
  private var isContinued = false

  init(bytes: [UInt8], style: Scalar.Style) {
    self.bytes = bytes
    self.style = style
  }

  /// Reads what is between the quotes; false where it is not a scalar of this style.
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

  /// Takes one character or escape and returns its length in the source.
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

  /// The escapes of one letter (YAML 1.2.2, section 5.7).
  private static let escapes: [UInt8: String] = [
    UInt8(ascii: "0"): "\u{0}", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}",
    UInt8(ascii: "t"): "\t", 0x09: "\t", UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}",
    UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r", UInt8(ascii: "e"): "\u{1B}",
    UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"", UInt8(ascii: "/"): "/",
    UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
    UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
  ]
}
