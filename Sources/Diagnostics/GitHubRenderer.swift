/// Findings as GitHub workflow commands, which become annotations on the lines of a change.
///
/// Label, related places, notes and hints follow the message, a line each.
public struct GitHubRenderer: Sendable {
  /// Makes a renderer.
  public init() {}

  /// The findings ordered by place, a command a line; empty without findings.
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
