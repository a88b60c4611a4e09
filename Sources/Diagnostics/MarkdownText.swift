/// Makes text safe for Markdown: text from specs or data is displayed and has no other effect.
///
/// The result contains no tags, links, images, mentions, headings or table cells, on GitHub either.
/// Only `code` between single backticks stays code, because findings and Holdout's sentences use
/// it.
public enum MarkdownText {
  /// Text within a line that displays unchanged, except that its `code` stays code.
  public static func escaped(_ text: String) -> String {
    let (pieces, isPaired) = Self.pieces(text)
    return pieces.enumerated().map { index, piece in
      isPaired && index % 2 == 1 ? code(piece) : plain(piece)
    }.joined(separator: isPaired ? "`" : "&#96;")
  }

  /// Text for a line of its own, whose first characters start no list and underline no heading.
  public static func paragraph(_ text: String) -> String {
    escaped(text).replacing(#/^([ ]*)([-+=])/#) { "\($0.output.1)\\\($0.output.2)" }
      .replacing(#/^([ ]*[0-9]+)([.)])/#) { "\($0.output.1)\\\($0.output.2)" }
  }

  /// A name in a code span, in which nothing is a mention or a tag.
  public static func code(_ text: String) -> String {
    let inner = code(flat(text).unicodeScalars[...]).replacing("`", with: "'")
    return "`\(inner.isEmpty ? " " : inner)`"
  }

  /// Lines as a code block, with fences that its content cannot close.
  public static func fenced(_ lines: [String], language: String = "") -> String {
    let runs = lines.flatMap { $0.matches(of: #/`+/#).map(\.output.count) }
    let fence = String(repeating: "`", count: max(3, (runs.max() ?? 0) + 1))
    return ([fence + language] + lines + [fence]).joined(separator: "\n")
  }

  /// The text on one line, split at backticks. If they are paired, every second piece is code.
  static func pieces(_ text: String) -> (pieces: [Substring.UnicodeScalarView], isPaired: Bool) {
    let line = flat(text)
    // Split by scalars, as Markdown does: a combining mark does not hide the character before it.
    let pieces = line.unicodeScalars.split(separator: "`", omittingEmptySubsequences: false)
    // A run of several backticks pairs only with a run of the same length, and an unpaired one with
    // nothing. In either case apparent code might not be code.
    return (pieces, pieces.count % 2 == 1 && !line.contains("``"))
  }

  private static func code(_ text: Substring.UnicodeScalarView) -> String {
    text.map { $0 == "|" ? "\\|" : String($0) }.joined()
  }

  private static func plain(_ text: Substring.UnicodeScalarView) -> String {
    text.map { special[$0] ?? String($0) }.joined()
      // Inside a word `_` has no meaning. At either end of one it may start emphasis.
      .replacing(#/\b_|_\b/#) { "\\\($0.output)" }
      // GitHub turns bare addresses into links.
      .replacing("://", with: "&#58;//")
      .replacing(#/(?i)www\./#) { "\($0.output.dropLast())&#46;" }
  }

  private static let special: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "\\|", "@": "&#64;", "*": "\\*", "[": "\\[",
    "]": "\\]", "#": "\\#", "\\": "\\\\", "~": "\\~",
  ]

  /// The text on one line, without control characters.
  static func flat(_ text: String) -> String {
    TerminalText.escaped(text.replacing(#/[\r\n\t]+/#, with: " "))
  }
}
