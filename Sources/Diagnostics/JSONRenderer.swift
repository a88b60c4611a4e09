/// Renders findings for programs: a JSON array with one object per finding, one per line.
///
/// Every object has the same keys in the same order. Values that a finding lacks are null or an
/// empty list. Lines and columns start at 1. `end_column` is the column after the last scalar.
public struct JSONRenderer: Sendable {
  /// Makes a renderer.
  public init() {}

  /// Renders the findings ordered by place; `[]` without findings.
  public func render(_ findings: [Finding]) -> String {
    guard !findings.isEmpty else { return "[]\n" }
    let objects = findings.sortedByPlace().map { "  " + object($0) }
    return "[\n" + objects.joined(separator: ",\n") + "\n]\n"
  }

  private func object(_ finding: Finding) -> String {
    let members =
      [
        ("id", JSONText.quoted(finding.id.description)),
        ("severity", JSONText.quoted(finding.severity.rawValue)),
        ("message", JSONText.quoted(finding.message)),
      ] + place(finding.span) + [
        ("label", finding.label.map(JSONText.quoted) ?? "null"),
        ("related", list(finding.related.map(related))),
        ("notes", list(finding.notes.map(JSONText.quoted))),
        ("hints", list(finding.hints.map(JSONText.quoted))),
      ]
    return object(members)
  }

  private func related(_ related: Finding.Related) -> String {
    object(place(related.span) + [("label", JSONText.quoted(related.label))])
  }

  private func place(_ span: SourceSpan?) -> [(String, String)] {
    [
      ("file", span.map { JSONText.quoted($0.file.name) } ?? "null"),
      ("line", span.map { String($0.line) } ?? "null"),
      ("column", span.map { String($0.column) } ?? "null"),
      ("end_line", span.map { String($0.endLine) } ?? "null"),
      ("end_column", span.map { String($0.endColumn) } ?? "null"),
    ]
  }

  private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\": \($1)" }.joined(separator: ", ") + "}"
  }

  private func list(_ items: [String]) -> String {
    "[" + items.joined(separator: ", ") + "]"
  }
}

/// Writes text as JSON.
public enum JSONText {
  /// A JSON string (RFC 8259). Control characters, including DEL and C1, are escaped.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}"..."\u{2029}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
