internal import Diagnostics

/// Outcomes as a Markdown page.
struct OutcomesMarkdown {
  let report: OutcomesReport

  var text: String {
    let words = OutcomesWords(report: report)
    let verdict = Table.markdown(words.verdict)
    var parts = ["# Outcomes of \(Table.markdown(report.name))"]
    parts.append(words.heading.map(Table.markdown).joined(separator: "\n"))
    parts.append(report.isAsExpected ? verdict : "> **\(verdict)**")
    if let doubt = words.doubt { parts.append("> **\(Table.markdown(doubt))**") }
    if !words.remarks.isEmpty {
      parts.append(words.remarks.map { "- \(Table.markdown($0))" }.joined(separator: "\n"))
    }
    for section in words.sections {
      parts += ["## " + Table.markdown(section.heading), section.table.markdown]
    }
    return parts.joined(separator: "\n\n") + "\n"
  }
}
