public import Diagnostics

/// What a command has to tell people: a function of a value that a lower layer returned.
///
/// ```swift
/// let page = Page(comparison)
/// print(page.text(width: 100))
/// ```
///
/// A page knows nothing of formats: `text(width:rowLimit:)` and `markdown` render the same blocks. What
/// programs read is not a page but a document, `ComparisonDocument` and the like, whose keys stay.
public struct Page: Sendable {
  /// Where a page is read.
  public enum Medium: Sendable {
    /// By somebody who has just called a command.
    case terminal
    /// As a file or a comment, by itself.
    case document
  }

  /// A piece of a page. One without content is left out.
  public indirect enum Block: Sendable {
    /// A heading of level 1, the page's title, to 3.
    case heading(String, level: Int)
    case paragraph(String)
    /// What makes numbers unbelievable; stands out. The lead comes before it in documents.
    case warnings([String], lead: String? = nil)
    /// What a reader has to know besides.
    case notes([String])
    case list([String])
    /// Values with their names, one a line; on a terminal the values begin at the same column.
    case fields([(name: String, value: String)], width: Int)
    case table(Table)
    /// Lines that are shown as they are: a drawing, commands.
    case code(String)
    /// Blocks on consecutive lines of a terminal; all other blocks have a blank line between them.
    case group([Block])
    /// Blocks that a terminal shows so many columns to the right, with long paragraphs wrapped.
    case indented(Int, [Block])
    /// Blocks of one medium.
    case only(Medium, [Block])
  }

  public var blocks: [Block]

  /// A page of these blocks.
  public init(_ blocks: [Block]) { self.blocks = blocks }
}

/// How a page, or the document of the same value, is printed.
public enum PageFormat: String, CaseIterable, Sendable {
  case text, json, markdown

  /// The page, or the document where programs read it; ends with a newline.
  /// - Parameters:
  ///   - width: the columns of the terminal; nil: as many as needed.
  ///   - rowLimit: the most rows of a table that a terminal shows; nil: all.
  /// - Throws: `EncodingError`.
  public func render(
    _ page: @autoclosure () -> Page, _ document: @autoclosure () -> some Encodable,
    width: Int? = nil, rowLimit: Int? = nil
  ) throws -> String {
    switch self {
    case .text: page().text(width: width, rowLimit: rowLimit)
    case .json: try JSONDocument.text(document())
    case .markdown: page().markdown
    }
  }
}
