/// Makes output safe just before it is printed, whatever its source.
///
/// Names, descriptions, levels and paths come from specs and data. In the output they must not
/// control the terminal. Nor may a CI system that reads the output take them for commands: GitHub
/// obeys lines that begin with `::`, even after spaces, and `##[...]` anywhere in a line; Azure
/// Pipelines and TeamCity obey `##vso[...]` and `##teamcity[...]`.
public enum PrintedText {
  /// The syntax of the text, which decides how a character is escaped.
  public enum Syntax: Sendable {
    /// Plain text, Markdown, or YAML: `\u{1B}`.
    case text
    /// JSON: `\u001b`.
    case json
    /// GitHub's own commands, one per line, made by `GitHubCommand`.
    case commands

    /// The syntax of an output format, by its name: `json`, `github`, or any other for plain text.
    public init(format: String) {
      switch format {
      case "json": self = .json
      case "github": self = .commands
      default: self = .text
      }
    }
  }

  /// The text without commands, and without control characters other than line breaks and tabs.
  public static func safe(_ text: String, as syntax: Syntax = .text) -> String {
    if syntax == .commands { return text }
    guard needsWork(text) else { return text }
    var result = ""
    result.reserveCapacity(text.utf8.count + 64)
    var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)[...]
    while let line = lines.popFirst() {
      append(line, to: &result, syntax)
      if !lines.isEmpty { result += "\n" }
    }
    return result
  }

  /// Whether anything in the text may need escaping. In most texts nothing does.
  private static func needsWork(_ text: String) -> Bool {
    var last: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case 0x0A: break
      case 0x00...0x1F, 0x7F, 0x80...0xFF: return true
      case UInt8(ascii: ":"), UInt8(ascii: "#"): if byte == last { return true }
      default: break
      }
      last = byte
    }
    return false
  }

  private static func append(
    _ line: Substring.UnicodeScalarView, to result: inout String, _ syntax: Syntax
  ) {
    let body = line.drop { $0.properties.isWhitespace || TerminalText.isUnsafe($0) }
    let isCommand = body.starts(with: "::".unicodeScalars)
    var index = line.startIndex
    while index < line.endIndex {
      let scalar = line[index]
      let isColon = isCommand && index == body.startIndex
      if isColon || (scalar == "#" && opensCommand(line[index...])) {
        result += escape(scalar, syntax)
      } else if TerminalText.isUnsafe(scalar), scalar != "\t" {
        result += escape(scalar, syntax)
      } else {
        result.unicodeScalars.append(scalar)
      }
      index = line.index(after: index)
    }
  }

  /// Whether a text begins with `##[`, or with `##`, a word and `[`.
  private static func opensCommand(_ text: Substring.UnicodeScalarView) -> Bool {
    guard text.starts(with: "##".unicodeScalars) else { return false }
    let rest = text.dropFirst(2).drop { $0.properties.isAlphabetic || TerminalText.isUnsafe($0) }
    return rest.first == "["
  }

  private static func escape(_ scalar: Unicode.Scalar, _ syntax: Syntax) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return syntax == .json
      ? "\\u" + String(repeating: "0", count: 4 - digits.count) + digits : "\\u{\(digits)}"
  }
}
