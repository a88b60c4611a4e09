public import ArgumentParser
internal import Experiment
internal import Files
public import Reports

extension PageFormat: ExpressibleByArgument {}

/// How a command prints its page, and where.
struct PageArguments: ParsableArguments {
  @Option(help: "How it is printed: text, json, markdown or html.")
  var format: PageFormat = .text
  @Option(help: "Write to this file instead of printing.", completion: .file())
  var out: String?
  @Flag(help: "Replace a file for --out that something else has written.")
  var force = false

  /// Refuses a file that must not be replaced, before any work is done.
  /// - Throws: `FindingsError`.
  func checkOutput() throws {
    if let out { try Terminal.checkOutput(out, force: force) }
  }

  /// Prints a page, or the document for the same value, or writes it to the file.
  /// - Parameter isWhole: whether to print every row of long tables.
  /// - Throws: `EncodingError`, or `FindingsError` if the file cannot be written.
  func print(
    _ page: @autoclosure () -> Page, _ document: @autoclosure () -> some Encodable,
    isWhole: Bool = false
  ) throws {
    guard let out else {
      return try Terminal.print(page(), document(), as: format, isWhole: isWhole)
    }
    let text = try format.render(page(), document())
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
