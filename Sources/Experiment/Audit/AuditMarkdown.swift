internal import Diagnostics
internal import Foundation

/// An audit as a Markdown page: a table of the checks, then the particulars of each.
struct AuditMarkdown {
  let report: AuditReport

  var text: String {
    let rows = report.checks.map { check in
      let verdict = check.verdict == .pass ? "pass" : "**\(check.verdict.rawValue)**"
      return "| `\(check.id.rawValue)` | \(verdict) | \(AuditText.seconds(check.seconds)) | "
        + "\(Self.escaped(check.sentence)) |"
    }
    let table =
      ["| check | verdict | time | what came out |", "| --- | --- | --- | --- |"] + rows
    let sections = report.checks.compactMap { check -> String? in
      let lines =
        check.numbers.map { "- \(MarkdownText.escaped($0.name)): \(RunSummary.number($0.value))" }
        + check.details.map { "- \(MarkdownText.escaped($0))" }
      return lines.isEmpty
        ? nil : "## \(check.id.rawValue)\n\n" + lines.joined(separator: "\n")
    }
    let head = "# Audit of \(MarkdownText.escaped(report.name))\n\n\(AuditText.summary(report))"
    let remarks = report.remarks.map { "> **\(MarkdownText.escaped($0))**" }.joined(
      separator: "\n>\n")
    return
      ([head] + (remarks.isEmpty ? [] : [remarks]) + [table.joined(separator: "\n")] + sections)
      .joined(separator: "\n\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    MarkdownText.escaped(text)
  }
}
