/// Renders findings for people: each with its source line and carets under the place, then the
/// counts.
///
/// User text is escaped so that it cannot control the terminal.
public struct TextRenderer: Sendable {
  /// Whether to use ANSI colors. The caller decides from the terminal and `NO_COLOR`.
  public var colored: Bool
  /// The columns of a source line to show. Longer lines are cut around the caret.
  public var width: Int

  /// Makes a renderer; `width` is at least 20.
  public init(colored: Bool = false, width: Int = 100) {
    self.colored = colored
    self.width = max(20, width)
  }

  /// Renders the findings ordered by place, and a last line that counts them; empty without
  /// findings.
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
    // One gutter width for all places of a finding, at least two digits so that it rarely changes.
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

  /// The codes of the colors in use (ECMA-48, Select Graphic Rendition).
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

/// The displayed line that a span starts on, and the position of the carets below it.
struct SourceExcerpt {
  /// The line with tabs expanded and control characters escaped, cut to the width if it is longer.
  let line: String
  /// The columns before the first caret.
  let caretColumn: Int
  /// The number of carets, at least 1.
  let caretCount: Int

  /// Makes the excerpt; reads only the bytes near the span, however long the line is.
  init(_ span: SourceSpan, width: Int) {
    let bytes = span.file.bytes
    let whole = span.file.rangeOfLine(span.line - 1)
    let start = min(span.range.lowerBound, whole.upperBound)
    let end = max(start, min(span.range.upperBound, whole.upperBound))
    let reach = 8 * width
    let first = Self.scalarStart(max(whole.lowerBound, start - reach), in: bytes, from: whole)
    let last = Self.scalarStart(min(whole.upperBound, start + reach), in: bytes, from: whole)
    func cells(_ range: Range<Int>) -> [Cell] {
      TerminalText.cells(String(decoding: bytes[range], as: UTF8.self))
    }
    let before = cells(min(first, start)..<start)
    let marked = cells(start..<min(end, max(last, start)))
    let after = cells(min(end, max(last, start))..<max(last, start))
    let window = Window(
      before: before, marked: marked, after: after, width: width,
      isCutBefore: first > whole.lowerBound, isCutAfter: last < whole.upperBound)
    line = window.text
    caretColumn = window.caretColumn
    caretCount = window.caretCount
  }

  /// The start of the scalar that holds an offset, not before the range's own start.
  private static func scalarStart(
    _ offset: Int, in bytes: [UInt8], from range: Range<Int>
  ) -> Int {
    var offset = offset
    while offset > range.lowerBound, offset < range.upperBound, bytes[offset] & 0xC0 == 0x80 {
      offset -= 1
    }
    return offset
  }
}

extension SourceExcerpt {
  /// The cells that fit the width, with `…` where the line continues.
  private struct Window {
    var text = ""
    var caretColumn = 0
    var caretCount = 0

    init(
      before: [Cell], marked: [Cell], after: [Cell], width: Int, isCutBefore: Bool,
      isCutAfter: Bool
    ) {
      let lead = before.reduce(0) { $0 + $1.width }
      let mark = marked.reduce(0) { $0 + $1.width }
      let total = lead + mark + after.reduce(0) { $0 + $1.width }
      var low = 0
      var high = total
      if total > width || isCutBefore || isCutAfter {
        // Keep as much of the marked text as fits, and a third of the width for the text before it.
        let wanted = max(min(lead - width / 3, lead + mark - width), 0)
        low = lead <= width / 2 && !isCutBefore ? 0 : max(wanted, lead - 2 * width / 3)
        high = min(total, low + width)
      }
      var column = 0
      var shown = low
      if low > 0 || isCutBefore { text = "…" }
      let offset = text.isEmpty ? 0 : 1
      for cell in [before, marked, after].joined() {
        defer { column += cell.width }
        guard column >= low, column + cell.width <= high else { continue }
        // A wide cell cut by the window's edge leaves a space, so that the carets stay aligned.
        text += String(repeating: " ", count: max(0, column - shown)) + cell.text
        shown = column + cell.width
      }
      if high < total || isCutAfter { text += "…" }
      caretColumn = max(lead - low, 0) + offset
      caretCount = max(1, min(lead + mark, high) - lead)
    }
  }
}
