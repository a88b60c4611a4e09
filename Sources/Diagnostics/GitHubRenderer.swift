/// Findings as GitHub workflow commands, which become annotations on the lines of a change.
///
/// Label, related places, notes and hints follow the message, a line each. Columns are given only
/// for a span on one line, as GitHub takes no others.
public struct GitHubRenderer: Sendable {
  /// Makes a renderer.
  public init() {}

  /// The findings ordered by place, a command a line; empty without findings.
  public func render(_ findings: [Finding]) -> String {
    findings.sortedByPlace().map { command($0) + "\n" }.joined()
  }

  private func command(_ finding: Finding) -> String {
    var properties: [(String, String)] = []
    if let span = finding.span {
      properties = [("file", span.file.name), ("line", String(span.line))]
      if span.endLine == span.line {
        properties += [("col", String(span.column)), ("endColumn", String(span.endColumn))]
      } else {
        properties += [("endLine", String(span.endLine))]
      }
    }
    properties.append(("title", finding.id.description))
    var lines = [finding.label.map { finding.message + ": " + $0 } ?? finding.message]
    lines += finding.related.map {
      "\($0.label): \($0.span.file.name):\($0.span.line):\($0.span.column)"
    }
    lines += finding.notes.map { "note: " + $0 } + finding.hints.map { "help: " + $0 }
    let list = properties.map { "\($0)=\(escapedProperty($1))" }.joined(separator: ",")
    return "::\(finding.severity.rawValue) \(list)::\(escaped(lines.joined(separator: "\n")))"
  }

  private func escaped(_ text: String) -> String {
    replace(["%": "%25", "\r": "%0D", "\n": "%0A"], in: text)
  }

  private func escapedProperty(_ text: String) -> String {
    replace(["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"], in: text)
  }

  private func replace(_ table: [Unicode.Scalar: String], in text: String) -> String {
    // What would steer a terminal is escaped, but for the line breaks that the table knows.
    text.unicodeScalars.reduce(into: "") { result, scalar in
      result += table[scalar] ?? TerminalText.escaped(String(scalar))
    }
  }
}
