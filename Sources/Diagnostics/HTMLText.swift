/// Makes text safe for HTML and SVG: text from specs or data is displayed and has no other effect.
///
/// The result contains no tags, entities of the text's own, control or direction characters, and
/// may be used in elements and in quoted attributes. Right-to-left names are isolated, so that they
/// do not reorder the numbers and punctuation next to them.
public enum HTMLText {
  /// Text on one line, for SVG, an attribute, or anything else that takes no elements.
  public static func escaped(_ text: String) -> String { entities(MarkdownText.flat(text)) }

  /// A sentence or the cell of a table: its `code` is code, and right-to-left text is in `bdi`.
  public static func sentence(_ text: String) -> String {
    let (pieces, isPaired) = MarkdownText.pieces(text)
    return pieces.enumerated().map { index, piece in
      let text = isolated(String(piece))
      return isPaired && index % 2 == 1 ? "<code>\(text)</code>" : text
    }.joined(separator: isPaired ? "" : "`")
  }

  /// A line of a block whose spaces matter, such as a drawing.
  public static func line(_ text: String) -> String { entities(TerminalText.escaped(text)) }

  /// Escaped text with every right-to-left part in `bdi`: all of a text without other letters,
  /// otherwise each part from the first right-to-left character to the last.
  private static func isolated(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isRightToLeft) else { return entities(text) }
    if !text.unicodeScalars.contains(where: { $0.properties.isAlphabetic && !isRightToLeft($0) }) {
      return "<bdi>\(entities(text))</bdi>"
    }
    var (result, part, rest) = ("", "", "")
    func close() {
      result += (part.isEmpty ? "" : "<bdi>\(entities(part))</bdi>") + entities(rest)
      (part, rest) = ("", "")
    }
    for character in text {
      if character.unicodeScalars.contains(where: isRightToLeft) {
        part += rest
        rest = ""
        part.append(character)
      } else if part.isEmpty || character.isLetter {
        if !part.isEmpty { close() }
        result += entities(String(character))
      } else {
        // Digits and punctuation belong to the part only if it goes on.
        rest.append(character)
      }
    }
    close()
    return result
  }

  private static func entities(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { special[$0] != nil }) else { return text }
    return text.unicodeScalars.map { special[$0] ?? String($0) }.joined()
  }

  private static let special: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;",
    // XML does not allow these two.
    "\u{FFFE}": "\u{FFFD}", "\u{FFFF}": "\u{FFFD}",
  ]

  /// Whether a scalar is of a script that is written from right to left, by its block.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFC, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
      true
    default: false
    }
  }
}
