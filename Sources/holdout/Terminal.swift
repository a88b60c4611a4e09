import Diagnostics
import Experiment
import Files
import Foundation
import Reports
import Synchronization

/// Where text goes: data to standard output, all else to standard error.
enum Terminal {
  /// Whether standard error is a terminal that a person looks at.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Colour only on a terminal, and never against NO_COLOR (https://no-color.org).
  static let usesColor = isInteractive && (environment("NO_COLOR") ?? "").isEmpty

  /// Whether standard output is a terminal that may show colours.
  private static let outputUsesColor =
    isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"
    && (environment("NO_COLOR") ?? "").isEmpty

  /// Whether progress, notes and warnings are left out.
  static var isQuiet: Bool { quietness.load(ordering: .relaxed) }

  /// Leaves out progress, notes and warnings from here on.
  static func beQuiet() { quietness.store(true, ordering: .relaxed) }

  private static let quietness = Atomic(false)

  /// Text whose lines that begin with `!! ` are in red.
  private static func alarming(_ text: String) -> String {
    guard outputUsesColor else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("!! ") ? "\u{1B}[1;31m\(line)\u{1B}[0m" : String(line)
    }.joined(separator: "\n")
  }

  /// Writes text as it is, with what steers a terminal; everything else goes through `note` or `print`.
  ///
  /// A standard error that cannot be written to has nobody to tell.
  static func writeRaw(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }

  /// Prints data; what cannot be printed ends the program, as nobody may take it for complete.
  static func print(_ text: String) { printText(text + "\n") }

  /// Prints data that ends its own last line; lines that begin with `!! ` alarm.
  static func printText(_ text: String, as syntax: PrintedText.Syntax = .text) {
    let safe = PrintedText.safe(text, as: syntax)
    do {
      try FileHandle.standardOutput.write(
        contentsOf: Data((syntax == .text ? alarming(safe) : safe).utf8))
    } catch {
      // A reader that goes away, such as `head`, has what it wanted.
      let reason = errno
      if reason != EPIPE {
        complain("error: the output cannot be written: \(String(cString: strerror(reason)))")
      }
      Foundation.exit(2)
    }
  }

  /// Prints a page, or the document of the same value.
  /// - Parameter isWhole: whether long tables are printed with every row.
  /// - Throws: `EncodingError`.
  static func print(
    _ page: @autoclosure () -> Page, _ document: @autoclosure () -> some Encodable,
    as format: PageFormat, isWhole: Bool = false
  ) throws {
    printText(
      try format.render(
        page(), document(), width: outputWidth, rowLimit: isWhole ? nil : rowLimit),
      as: PrintedText.Syntax(format: format.rawValue))
  }

  /// Prints a page.
  static func print(_ page: Page, isWhole: Bool = false) {
    printText(page.text(width: outputWidth, rowLimit: isWhole ? nil : rowLimit))
  }

  /// The most rows of a table that are printed as text unless all are asked for.
  private static let rowLimit = 40

  /// The columns of the terminal that standard output is; nil where it is none.
  private static let outputWidth: Int? = {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col > 0
    else { return nil }
    return Int(size.ws_col)
  }()

  /// Prints what is not data.
  static func note(_ text: String) { noteText(text + "\n") }

  /// Prints what is not data and ends its own last line.
  static func noteText(_ text: String) {
    if !isQuiet { writeRaw(PrintedText.safe(text), to: .standardError) }
  }

  /// Prints why a command failed, also where notes are left out.
  static func complain(_ text: String) { complainText(text + "\n") }

  /// The same of text that ends its own last line.
  static func complainText(_ text: String) {
    writeRaw(PrintedText.safe(text), to: .standardError)
  }

  /// Prints findings as people read them.
  /// - Parameters:
  ///   - areResult: whether they are what the command is for, so that warnings are never left out.
  ///   - errors: where findings for people go.
  static func show(
    _ findings: [Finding], format: FindingFormat = .text, areResult: Bool = false,
    errors: FileHandle = .standardError
  ) {
    let findings =
      isQuiet && !areResult ? findings.filter { $0.severity == .error } : findings
    guard !findings.isEmpty || format == .json else { return }
    let text = format.render(findings, colored: usesColor)
    guard format == .text else {
      return printText(text, as: PrintedText.Syntax(format: format.rawValue))
    }
    // Findings escape what they quote themselves; their colours are for terminals only.
    writeRaw(usesColor ? text : PrintedText.safe(text), to: errors)
  }

  /// Writes text to a file that a person names, completely or not at all.
  /// - Throws: `FindingsError` where it cannot be written, or would replace what is not Holdout's.
  static func write(_ text: String, to path: String, force: Bool) throws(FindingsError) {
    try checkOutput(path, force: force)
    do throws(FileError) {
      try Files.writeOutput(Data(text.utf8), to: path, force: force)
    } catch {
      throw FindingsError(.cannotWriteFile(path, error.reason))
    }
  }

  /// Refuses a file that would replace what is not Holdout's, before any work is done.
  /// - Throws: `FindingsError`.
  static func checkOutput(_ path: String, force: Bool) throws(FindingsError) {
    if let objection = Files.objection(toReplacing: path, force: force) {
      throw FindingsError(.notReplaced(objection, canForce: FileKind(at: path) == .file))
    }
  }

  /// A path as a person would type it: relative where it lies below the working directory.
  static func shown(_ path: String) -> String {
    let folder = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}
