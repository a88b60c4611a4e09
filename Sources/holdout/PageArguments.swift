public import ArgumentParser
internal import Diagnostics
internal import Files
public import Reports

extension PageFormat: ExpressibleByArgument {}

/// How a command prints its page, and where.
struct PageArguments: ParsableArguments {
  @Option(help: "How it is printed: text, json, markdown or html.")
  var format: PageFormat = .text
  @OptionGroup var file: OutArguments

  /// Prints a page, or the document for the same value, or writes it to the file.
  /// - Parameters:
  ///   - figures: the same as a page for a browser, with figures.
  ///   - isWhole: whether to print every row of long tables.
  /// - Throws: `EncodingError`, what `figures` throws, or `FindingsError` if the file cannot be
  ///   written.
  func print(
    _ page: @autoclosure () -> Page, figures: @autoclosure () throws -> Page,
    _ document: @autoclosure () -> some Encodable, isWhole: Bool = false
  ) throws {
    guard file.out != nil else {
      return try Terminal.print(
        page(), figures: try figures(), document(), as: format, isWhole: isWhole)
    }
    try file.write(try format.render(page(), figures: try figures(), document()), as: format)
  }
}

/// The file that a command writes its page to.
struct OutArguments: ParsableArguments {
  @Option(help: "Write to this file instead of printing.", completion: .file())
  var out: String?
  @Flag(help: "Replace a file that something else has written.")
  var force = false

  /// Refuses a file that must not be replaced, before any work is done.
  /// - Throws: `FindingsError`.
  func check() throws {
    if let out { try Terminal.checkOutput(out, force: force) }
  }

  /// Writes text to the file, if there is one.
  /// - Throws: `FindingsError` if it cannot be written.
  func write(_ text: String, as format: PageFormat) throws(FindingsError) {
    guard let out else { return }
    try Terminal.write(format.mark + text, to: out, force: force)
    Terminal.note("written to \(out)")
  }
}

extension PageFormat {
  /// The first line of a file that may be replaced; empty in formats that have no comments.
  var mark: String {
    switch self {
    case .markdown, .html: OutputMark.markdown
    case .text, .json: ""
    }
  }
}
