internal import Diagnostics

extension Page {
  /// The page for a terminal; ends with a newline. Warnings begin with `!! `.
  /// - Parameters:
  ///   - width: the terminal's width in columns, which tables are fitted to; nil for unlimited.
  ///   - rowLimit: the most rows to show of a table; a line below it counts the others. nil for
  ///     all.
  public func text(width: Int? = nil, rowLimit: Int? = nil) -> String {
    let text = TerminalPage(width: width, rowLimit: rowLimit).joined(blocks, by: "\n\n")
    return text.isEmpty ? "" : text + "\n"
  }
}

private struct TerminalPage {
  let width: Int?
  let rowLimit: Int?
  /// The number of spaces before every line.
  var indentation = 0

  /// The most characters of a line of a long paragraph in indented blocks.
  private static let lineLength = 100

  func joined(_ blocks: [Page.Block], by separator: String) -> String {
    pieces(blocks).filter { !$0.isEmpty }.joined(separator: separator)
  }

  private func pieces(_ blocks: [Page.Block]) -> [String] {
    blocks.flatMap { block in
      if case .only(let medium, let inner) = block {
        medium == .terminal ? pieces(inner) : []
      } else {
        [text(block)]
      }
    }
  }

  private func text(_ block: Page.Block) -> String {
    switch block {
    case .heading(let text, _): line(text)
    case .paragraph(let text):
      indentation == 0
        ? line(text)
        : TerminalText.wrapped(text, width: Self.lineLength - indentation).map(line)
          .joined(separator: "\n")
    case .warnings(let texts, _): lines(texts, "!! ")
    case .notes(let texts): lines(texts, "note: ")
    case .list(let texts): lines(texts, "- ")
    case .fields(let fields, let width):
      fields.map { name, value in
        line("  \(name)" + String(repeating: " ", count: max(1, width - name.count)) + value)
      }.joined(separator: "\n")
    case .table(let table):
      table.rows.isEmpty
        ? "" : indented(table.text(width: width.map { $0 - indentation }, limit: rowLimit))
    case .figure(let figure):
      joined(
        [.paragraph(figure.title), .paragraph(figure.caption), .table(figure.numbers)], by: "\n")
    case .code(let text): indented(text)
    case .details(let summary, let blocks):
      joined([.paragraph(summary), .indented(2, blocks)], by: "\n")
    case .group(let blocks): joined(blocks, by: "\n")
    case .indented(let columns, let blocks):
      TerminalPage(width: width, rowLimit: rowLimit, indentation: indentation + columns)
        .joined(blocks, by: "\n")
    case .only: ""
    }
  }

  private var margin: String { String(repeating: " ", count: indentation) }

  private func line(_ text: String) -> String {
    text.isEmpty ? "" : margin + TerminalText.escaped(text)
  }

  private func lines(_ texts: [String], _ mark: String) -> String {
    texts.map { line(mark + $0) }.joined(separator: "\n")
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : margin + TerminalText.escaped(String($0)) }
      .joined(separator: "\n")
  }
}
