/// Makes text safe to print: user text can neither move the cursor nor hide its content.
public enum TerminalText {
  /// The number of columns of a tab.
  static let tabWidth = 4

  /// The text on one line, with control and direction characters escaped.
  public static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
      if isUnsafe(scalar) {
        result += escape(scalar)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text as terminal cells: the printed characters and the columns they take.
  static func cells(_ text: String) -> [Cell] {
    text.map { character in
      if character == "\t" {
        return Cell(text: String(repeating: " ", count: tabWidth), width: tabWidth)
      }
      if character.unicodeScalars.contains(where: isUnsafe) {
        let text = escaped(String(character))
        return Cell(text: text, width: text.unicodeScalars.reduce(0) { $0 + width($1) })
      }
      return Cell(text: String(character), width: width(character))
    }
  }

  /// The text in lines of at most a given number of characters, split between words. A longer word
  /// has a line of its own.
  public static func wrapped(_ text: String, width: Int) -> [String] {
    text.split(separator: " ").reduce(into: []) { lines, word in
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
  }

  /// The columns a text takes.
  package static func width(_ text: String) -> Int { text.reduce(0) { $0 + width($1) } }

  /// Shortens a text to at most a given number of columns. A shortened text ends in `…`.
  package static func cut(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    var left = columns - 1
    let start = text.prefix { character in
      left -= width(character)
      return left >= 0
    }
    return start + "…"
  }

  /// The columns a character takes.
  ///
  /// An emoji takes two, however many scalars it joins. Any other character takes the sum over its
  /// scalars.
  static func width(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    let isEmoji =
      scalars.contains { $0.properties.isEmojiPresentation }
      || (scalars.count > 1 && scalars.contains { $0.value == 0xFE0F })
    return isEmoji ? 2 : scalars.reduce(0) { $0 + width($1) }
  }

  /// The columns a scalar takes by itself: 0 for combining marks, 2 for wide scalars (UAX #11).
  static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 { return scalar.value == 0xAD ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    // Hangul vowels and final consonants are drawn inside the syllable of a leading consonant.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  /// Scalars of East Asian width W or F, excluding emoji.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
    0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
    0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18D08, 0x1AFF0...0x1B2FB, 0x1F200...0x1F265,
    0x20000...0x3FFFD,
  ]

  /// Whether a scalar could control the terminal, break the line or change the text direction.
  static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00...0x1F, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069,
      0xFEFF:
      true
    default: false
    }
  }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    default: "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
    }
  }
}
