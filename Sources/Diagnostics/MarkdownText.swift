/// Text made safe for Markdown: what a spec or data say is shown, and does nothing.
///
/// No tags, links, images, mentions, headings, or cells of a table come out of it, on GitHub either. Only
/// `code` between single backticks stays code, as findings and sentences of Holdout use it.
public enum MarkdownText {
  /// Text within a line that shows as it is, its `code` apart.
  public static func escaped(_ text: String) -> String {
    let line = flat(text)
    // By scalars, as Markdown reads them: a combining mark does not hide the character before it.
    let pieces = line.unicodeScalars.split(separator: "`", omittingEmptySubsequences: false)
    // Runs of several backticks pair with runs of the same length only, and an odd one with nothing:
    // what looks like code here might then be none.
    let isPaired = pieces.count % 2 == 1 && !line.contains("``")
    return pieces.enumerated().map { index, piece in
      isPaired && index % 2 == 1 ? code(piece) : plain(piece)
    }.joined(separator: isPaired ? "`" : "&#96;")
  }

  /// The same for a line of its own, whose first characters begin no list and underline no heading.
  public static func paragraph(_ text: String) -> String {
    escaped(text).replacing(#/^([ ]*)([-+=])/#) { "\($0.output.1)\\\($0.output.2)" }
      .replacing(#/^([ ]*[0-9]+)([.)])/#) { "\($0.output.1)\\\($0.output.2)" }
  }

  /// A name in a code span, in which nothing is a mention or a tag.
  public static func code(_ text: String) -> String {
    let inner = code(flat(text).unicodeScalars[...]).replacing("`", with: "'")
    return "`\(inner.isEmpty ? " " : inner)`"
  }

  private static func code(_ text: Substring.UnicodeScalarView) -> String {
    text.map { $0 == "|" ? "\\|" : String($0) }.joined()
  }

  private static func plain(_ text: Substring.UnicodeScalarView) -> String {
    text.map { special[$0] ?? String($0) }.joined()
      // Within a word `_` means nothing; at an end of one it may begin emphasis.
      .replacing(#/\b_|_\b/#) { "\\\($0.output)" }
      // GitHub makes links of bare addresses.
      .replacing("://", with: "&#58;//")
      .replacing(#/(?i)www\./#) { "\($0.output.dropLast())&#46;" }
  }

  private static let special: [Unicode.Scalar: String] = [
    "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "\\|", "@": "&#64;", "*": "\\*", "[": "\\[",
    "]": "\\]", "#": "\\#", "\\": "\\\\", "~": "\\~",
  ]

  /// The text on one line, without control characters.
  private static func flat(_ text: String) -> String {
    TerminalText.escaped(text.replacing(#/[\r\n\t]+/#, with: " "))
  }
}
