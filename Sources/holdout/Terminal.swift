import Diagnostics
import Foundation

/// Where text goes: data to standard output, all else to standard error.
enum Terminal {
  /// Whether standard error is a terminal that a person looks at.
  static let isInteractive = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

  /// Colour only on a terminal, and never against NO_COLOR (https://no-color.org).
  static let usesColor = isInteractive && (environment("NO_COLOR") ?? "").isEmpty

  /// Text in red where standard output is a terminal that may show colours.
  static func alarm(_ text: String) -> String {
    let isColored =
      isatty(STDOUT_FILENO) == 1 && environment("TERM") != "dumb"
      && (environment("NO_COLOR") ?? "").isEmpty
    return isColored ? "\u{1B}[1;31m\(text)\u{1B}[0m" : text
  }

  /// Text whose lines that begin with `!! ` are in red.
  static func alarming(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.hasPrefix("!! ") ? alarm(String(line)) : String(line)
    }.joined(separator: "\n")
  }

  /// Writes text; a standard error that cannot be written to has nobody to tell.
  static func write(_ text: String, to handle: FileHandle) {
    try? handle.write(contentsOf: Data(text.utf8))
  }

  /// Prints data; what cannot be printed ends the program, as nobody may take it for complete.
  static func print(_ text: String) { printText(text + "\n") }

  /// Prints data that ends its own last line.
  static func printText(_ text: String) {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      // A reader that goes away, such as `head`, has what it wanted.
      let reason = errno
      if reason != EPIPE {
        note("error: the output cannot be written: \(String(cString: strerror(reason)))")
      }
      Foundation.exit(2)
    }
  }

  /// Prints what is not data.
  static func note(_ text: String) { write(text + "\n", to: .standardError) }

  /// Prints findings as people read them.
  static func show(_ findings: [Finding], format: FindingFormat = .text) {
    guard !findings.isEmpty || format == .json else { return }
    let text = format.render(findings, colored: usesColor)
    if format == .text { write(text, to: .standardError) } else { printText(text) }
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
