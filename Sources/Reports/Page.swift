public import Diagnostics

/// A command's output for people, built from a value that a lower layer returned.
///
/// ```swift
/// let page = Page(comparison)
/// print(page.text(width: 100))
/// ```
///
/// A page is independent of formats: `text(width:rowLimit:)`, `markdown`, and `html(title:)` render the
/// same blocks. Programs read a document instead, such as `ComparisonDocument`, whose keys are stable.
public struct Page: Sendable {
  /// Where a page is read.
  public enum Medium: Sendable {
    /// Printed for the user who ran the command.
    case terminal
    /// A file or a comment that is read on its own.
    case document
  }

  /// A part of a page. A block without content is left out.
  public indirect enum Block: Sendable {
    /// A heading of level 1 (the page's title) to 3.
    case heading(String, level: Int)
    case paragraph(String)
    /// Reasons not to trust the numbers, highlighted. The lead comes before them in documents.
    case warnings([String], lead: String? = nil)
    /// What a reader must know besides.
    case notes([String])
    case list([String])
    /// Named values, one per line; on a terminal the values are aligned.
    case fields([(name: String, value: String)], width: Int)
    case table(Table)
    /// A drawing with its numbers; where nothing can be drawn, only the numbers.
    case figure(Figure)
    /// Lines shown unchanged, such as a drawing or commands.
    case code(String)
    /// Blocks for those who want to know more. HTML shows them on request.
    case details(String, [Block])
    /// Blocks on consecutive lines of a terminal; all other blocks are separated by a blank line.
    case group([Block])
    /// Blocks that a terminal indents by this many columns, with long paragraphs wrapped.
    case indented(Int, [Block])
    /// Blocks for one medium only.
    case only(Medium, [Block])
  }

  public var blocks: [Block]

  /// A page of these blocks.
  public init(_ blocks: [Block]) { self.blocks = blocks }
}

/// The output format of a page or of the document for the same value.
public enum PageFormat: String, CaseIterable, Sendable {
  case text, json, markdown, html

  /// The page, or the document in a format for programs; ends with a newline.
  /// - Parameters:
  ///   - figures: the same as a page for a browser, with figures.
  ///   - width: the terminal's width in columns; nil for unlimited.
  ///   - rowLimit: the most rows of a table to show on a terminal; nil for all.
  /// - Throws: `EncodingError`, and what `figures` throws.
  public func render(
    _ page: @autoclosure () -> Page, figures: @autoclosure () throws -> Page,
    _ document: @autoclosure () -> some Encodable, width: Int? = nil, rowLimit: Int? = nil
  ) throws -> String {
    switch self {
    case .text: page().text(width: width, rowLimit: rowLimit)
    case .json: try JSONDocument.text(document())
    case .markdown: page().markdown
    case .html: try figures().html()
    }
  }
}

/// A chart on a page, with its numbers as a table and a caption that says how to read it.
public struct Figure: Sendable {
  let chart: Chart
  let numbers: Table
  let caption: String

  /// A figure of one kind of chart.
  package init(_ kind: some ChartKind, caption: String = "") {
    (chart, numbers, self.caption) = (kind.chart, kind.numbers, caption)
  }

  var title: String { chart.title }
}
