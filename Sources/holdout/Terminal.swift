internal import ArgumentParser
import Diagnostics
internal import Experiment
import Files
import Foundation
import Reports
internal import Runs
import Synchronization

/// Writes text: data to standard output, everything else to standard error.
enum Terminal {
  /// Whether standard error is a terminal that a user watches.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Whether to use color: only on a terminal, and never if NO_COLOR is set (https://no-color.org).
  static let usesColor = isInteractive && (environment("NO_COLOR") ?? "").isEmpty

  /// Whether standard output is a terminal that may show colors.
  private static let outputUsesColor =
    isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"
    && (environment("NO_COLOR") ?? "").isEmpty

  /// Whether progress, notes and warnings are left out.
  static var isQuiet: Bool { quietness.load(ordering: .relaxed) }

  /// Suppresses progress, notes and warnings from now on.
  static func beQuiet() { quietness.store(true, ordering: .relaxed) }

  private static let quietness = Atomic(false)

  /// The text with lines that begin with `!! ` in red.
  private static func alarming(_ text: String) -> String {
    guard outputUsesColor else { return text }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("!! ") ? "\u{1B}[1;31m\(line)\u{1B}[0m" : String(line)
    }.joined(separator: "\n")
  }

  /// Writes text unchanged, control sequences included; everything else uses `note` or `print`.
  ///
  /// A failed write is ignored, because there is nowhere to report it.
  static func writeRaw(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }

  /// Prints data. A failed write ends the program, because incomplete output must not pass for
  /// complete.
  static func print(_ text: String) { printText(text + "\n") }

  /// Prints data that ends with a newline; lines that begin with `!! ` are highlighted.
  static func printText(_ text: String, as syntax: PrintedText.Syntax = .text) {
    let safe = PrintedText.safe(text, as: syntax)
    do {
      try FileHandle.standardOutput.write(
        contentsOf: Data((syntax == .text ? alarming(safe) : safe).utf8))
    } catch {
      // A reader that stops early, such as `head`, has what it wanted.
      let reason = errno
      if reason != EPIPE {
        complain("error: the output cannot be written: \(String(cString: strerror(reason)))")
      }
      Foundation.exit(2)
    }
  }

  /// Prints a page, or the document for the same value.
  /// - Parameters:
  ///   - figures: the same as a page for a browser, with figures.
  ///   - isWhole: whether to print every row of long tables.
  /// - Throws: `EncodingError`, and what `figures` throws.
  static func print(
    _ page: @autoclosure () -> Page, figures: @autoclosure () throws -> Page,
    _ document: @autoclosure () -> some Encodable, as format: PageFormat, isWhole: Bool = false
  ) throws {
    printText(
      try format.render(
        page(), figures: try figures(), document(), width: outputWidth,
        rowLimit: isWhole ? nil : rowLimit),
      as: PrintedText.Syntax(format: format.rawValue))
  }

  /// Prints a page.
  static func print(_ page: Page, isWhole: Bool = false) {
    printText(page.text(width: outputWidth, rowLimit: isWhole ? nil : rowLimit))
  }

  /// The most rows of a table to print as text unless all are requested.
  private static let rowLimit = 40

  /// The width in columns of the terminal on standard output; nil if it is not a terminal.
  private static let outputWidth: Int? = {
    var size = winsize()
    guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
      size.ws_col > 0
    else { return nil }
    return Int(size.ws_col)
  }()

  /// Prints a note, which is not data.
  static func note(_ text: String) { noteText(text + "\n") }

  /// Prints a note that ends with a newline.
  static func noteText(_ text: String) {
    if !isQuiet { writeRaw(PrintedText.safe(text), to: .standardError) }
  }

  /// Prints why a command failed, even if notes are suppressed.
  static func complain(_ text: String) { complainText(text + "\n") }

  /// Prints why a command failed; the text ends with a newline.
  static func complainText(_ text: String) {
    writeRaw(PrintedText.safe(text), to: .standardError)
  }

  /// Prints findings for people.
  /// - Parameters:
  ///   - areResult: whether they are the command's result, so that warnings are never suppressed.
  ///   - errors: where findings for people are written.
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
    // Findings escape quoted text themselves; their colors are for terminals only.
    writeRaw(usesColor ? text : PrintedText.safe(text), to: errors)
  }

  /// Writes text to a file that the user names, completely or not at all.
  /// - Throws: `FindingsError` if it cannot be written, or would replace a file that is not
  ///   Holdout's.
  static func write(_ text: String, to path: String, force: Bool) throws(FindingsError) {
    try checkOutput(path, force: force)
    do throws(FileError) {
      try Files.writeOutput(Data(text.utf8), to: path, force: force)
    } catch {
      throw FindingsError(.cannotWriteFile(path, error.reason))
    }
  }

  /// Refuses a path where Holdout would replace a file that is not its own, before any work is
  /// done.
  /// - Throws: `FindingsError`.
  static func checkOutput(_ path: String, force: Bool) throws(FindingsError) {
    if let objection = Files.objection(toReplacing: path, force: force) {
      throw FindingsError(.notReplaced(objection, canForce: FileKind(at: path) == .file))
    }
  }

  /// A path as a user would type it: relative if it is below the working directory.
  static func shown(_ path: String) -> String {
    let folder = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
  }

  private static func environment(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}

/// How much a command prints besides its result.
struct OutputArguments: ParsableArguments {
  @Flag(help: "Print the result and errors only: no progress, notes, or warnings.")
  var quiet = false
}

/// How much of a table a command prints.
struct TableArguments: ParsableArguments {
  @Flag(help: "Print every row of tables of more than 40.")
  var all = false
}

/// A command that prints progress or notes besides its result.
protocol NotingCommand: ParsableCommand {
  var output: OutputArguments { get }
}
