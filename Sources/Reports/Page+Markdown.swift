internal import Diagnostics

extension Page {
  /// The page as Markdown; ends with a newline.
  public var markdown: String {
    let pieces = Self.pieces(blocks)
    return pieces.isEmpty ? "" : pieces.joined(separator: "\n\n") + "\n"
  }

  private static func pieces(_ blocks: [Block]) -> [String] {
    blocks.flatMap { block -> [String] in
      switch block {
      case .group(let blocks), .indented(_, let blocks), .only(.document, let blocks):
        pieces(blocks)
      case .only(.terminal, _): []
      case .figure(let figure):
        ["**\(MarkdownText.escaped(figure.title))**", MarkdownText.paragraph(figure.caption)]
          .filter { !$0.isEmpty } + pieces([.table(figure.numbers)])
      case .details(let summary, let blocks):
        ["<details><summary>\(MarkdownText.escaped(summary))</summary>"] + pieces(blocks)
          + ["</details>"]
      default: [piece(block)].filter { !$0.isEmpty }
      }
    }
  }

  private static func piece(_ block: Block) -> String {
    switch block {
    case .heading(let text, let level):
      String(repeating: "#", count: level) + " " + MarkdownText.escaped(text)
    case .paragraph(let text): MarkdownText.paragraph(text)
    case .warnings(let texts, let lead):
      // Red where Markdown has alerts, and bold everywhere.
      texts.isEmpty
        ? ""
        : "> [!CAUTION]\n" + (lead.map { "> \(MarkdownText.escaped($0))\n>\n" } ?? "")
          + texts.map { "> - **\(MarkdownText.escaped($0))**" }.joined(separator: "\n")
    case .notes(let texts), .list(let texts):
      texts.map { "- \(MarkdownText.escaped($0))" }.joined(separator: "\n")
    case .fields(let fields, _):
      fields.map { name, value in
        "- \(MarkdownText.escaped(name.isEmpty ? value : "\(name): \(value)"))"
      }.joined(separator: "\n")
    case .table(let table): table.rows.isEmpty ? "" : table.markdown
    case .code(let text):
      MarkdownText.fenced(
        text.split(separator: "\n", omittingEmptySubsequences: false)
          .map { TerminalText.escaped(String($0)) })
    case .group, .indented, .only, .figure, .details: ""
    }
  }
}
