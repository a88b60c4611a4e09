/// The output format of findings: for people, for programs or for GitHub annotations.
public enum FindingFormat: String, CaseIterable, Sendable {
  case text, json, github

  /// Renders the findings in this format, ordered by place. Ends with a newline unless empty.
  ///
  /// Only `text` uses color. The caller decides from the terminal and `NO_COLOR`.
  public func render(_ findings: [Finding], colored: Bool = false) -> String {
    switch self {
    case .text: TextRenderer(colored: colored).render(findings)
    case .json: JSONRenderer().render(findings)
    case .github: GitHubRenderer().render(findings)
    }
  }
}

/// Renders findings as GitHub workflow commands, which become annotations on the lines of a change.
///
/// Label, related places, notes and hints follow the message, one per line.
public struct GitHubRenderer: Sendable {
  /// Makes a renderer.
  public init() {}

  /// Renders the findings ordered by place, one command per line; empty without findings.
  public func render(_ findings: [Finding]) -> String {
    findings.sortedByPlace().map { command($0) + "\n" }.joined()
  }

  private func command(_ finding: Finding) -> String {
    var lines = [finding.label.map { finding.message + ": " + $0 } ?? finding.message]
    lines += finding.related.map {
      "\($0.label): \($0.span.file.name):\($0.span.line):\($0.span.column)"
    }
    lines += finding.notes.map { "note: " + $0 } + finding.hints.map { "help: " + $0 }
    return GitHubCommand(
      finding.severity == .error ? .error : .warning, title: finding.id.description,
      lines.joined(separator: "\n"), at: finding.span
    ).text
  }
}

/// A GitHub workflow command, which becomes an annotation on the lines of a change.
public struct GitHubCommand: Sendable {
  public enum Level: String, Sendable { case error, warning, notice }

  private let level: Level
  private let title: String
  private let message: String
  private let span: SourceSpan?

  /// - Parameters:
  ///   - span: the annotated place. Columns are written only for a span on one line, because GitHub
  ///     accepts no others.
  ///   - message: may have several lines.
  public init(_ level: Level, title: String, _ message: String, at span: SourceSpan?) {
    self.level = level
    self.title = title
    self.message = message
    self.span = span
  }

  /// The command on one line, without a newline.
  public var text: String {
    var properties: [(String, String)] = []
    if let span {
      properties = [("file", span.file.name), ("line", String(span.line))]
      if span.endLine == span.line {
        properties += [("col", String(span.column)), ("endColumn", String(span.endColumn))]
      } else {
        properties += [("endLine", String(span.endLine))]
      }
    }
    properties.append(("title", title))
    let list = properties.map { "\($0)=\(Self.property($1))" }.joined(separator: ",")
    return "::\(level.rawValue) \(list)::\(Self.replace(Self.line, in: message))"
  }

  private static let line: [Unicode.Scalar: String] = ["%": "%25", "\r": "%0D", "\n": "%0A"]

  private static func property(_ text: String) -> String {
    replace(line.merging([":": "%3A", ",": "%2C"]) { $1 }, in: text)
  }

  private static func replace(_ table: [Unicode.Scalar: String], in text: String) -> String {
    // Escape what would steer a terminal, except for the line breaks in the table.
    text.unicodeScalars.reduce(into: "") { result, scalar in
      result += table[scalar] ?? TerminalText.escaped(String(scalar))
    }
  }
}
