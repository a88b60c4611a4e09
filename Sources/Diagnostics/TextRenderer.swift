/// Findings for people: each with its source line and carets under the place, then the counts.
///
/// User text is escaped so that it cannot steer the terminal.
public struct TextRenderer: Sendable {
  /// Whether ANSI colours are used; the caller decides from the terminal and `NO_COLOR`.
  public var colored: Bool
  /// The columns of a source line that are shown; longer lines are cut around the caret.
  public var width: Int

  /// Makes a renderer; `width` is at least 20.
  public init(colored: Bool = false, width: Int = 100) {
    self.colored = colored
    self.width = max(20, width)
  }

  /// The findings ordered by place and a last line that counts them; empty without findings.
  public func render(_ findings: [Finding]) -> String {
    guard !findings.isEmpty else { return "" }
    let blocks = findings.sortedByPlace().map(block)
    return blocks.joined(separator: "\n") + "\n" + Self.summary(of: findings) + "\n"
  }

  /// The counts in words, such as `2 errors, 1 warning`; empty without findings.
  public static func summary(of findings: [Finding]) -> String {
    let errors = findings.count { $0.severity == .error }
    let warnings = findings.count - errors
    var parts: [String] = []
    if errors > 0 { parts.append(errors == 1 ? "1 error" : "\(errors) errors") }
    if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
    return parts.joined(separator: ", ")
  }

  private func block(_ finding: Finding) -> String {
    let severity = finding.severity
    var lines = [
      paint("\(severity.rawValue)[\(finding.id)]", severity.paint)
        + paint(": " + TerminalText.escaped(finding.message), .bold)
    ]
    // One gutter for all places of a finding; two digits wide at least, so that it rarely moves.
    let numbers = ([finding.span] + finding.related.map(\.span)).compactMap { $0?.line }
    let gutter = max(2, numbers.map { String($0).count }.max() ?? 0)
    if let span = finding.span {
      lines += snippet(
        span, label: finding.label, arrow: "-->", mark: "^", paint: severity.paint, gutter: gutter)
    }
    for related in finding.related {
      lines += snippet(
        related.span, label: related.label, arrow: ":::", mark: "-", paint: .gutter,
        gutter: gutter)
    }
    let remarks = finding.notes.map { ("note", $0) } + finding.hints.map { ("help", $0) }
    for (kind, words) in remarks {
      lines.append(
        pad("", gutter) + paint(" = ", .gutter) + paint("\(kind):", .bold) + " "
          + TerminalText.escaped(words))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func snippet(
    _ span: SourceSpan, label: String?, arrow: String, mark: String, paint color: Paint,
    gutter: Int
  ) -> [String] {
    let excerpt = SourceExcerpt(span, width: width)
    let place = "\(TerminalText.escaped(span.file.name)):\(span.line):\(span.column)"
    let bar = paint("|", .gutter)
    let words = label.map { " " + TerminalText.escaped($0) } ?? ""
    let carets = String(repeating: mark, count: excerpt.caretCount) + words
    return [
      pad("", gutter) + paint(arrow, .gutter) + " " + place,
      pad("", gutter) + " " + bar,
      paint(pad(String(span.line), gutter), .gutter) + " " + bar
        + (excerpt.line.isEmpty ? "" : " " + excerpt.line),
      pad("", gutter) + " " + bar + " " + pad("", excerpt.caretColumn) + paint(carets, color),
    ]
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func paint(_ text: String, _ paint: Paint) -> String {
    colored ? "\u{1B}[\(paint.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The codes of the colours in use (ECMA-48, select graphic rendition).
  fileprivate enum Paint: String {
    case bold = "1"
    case error = "1;31"
    case warning = "1;33"
    case gutter = "1;34"
  }
}

extension Finding.Severity {
  fileprivate var paint: TextRenderer.Paint {
    switch self {
    case .error: .error
    case .warning: .warning
    }
  }
}
