internal import Diagnostics

/// Outcomes for a terminal; what should alarm stands in lines that begin with `!! `.
struct OutcomesText {
  let report: OutcomesReport

  var text: String {
    let words = OutcomesWords(report: report)
    let verdict = (report.isAsExpected ? "" : "!! ") + words.verdict
    let notes =
      [verdict] + (words.doubt.map { ["!! \($0)"] } ?? []) + words.remarks.map { "note: \($0)" }
    let parts =
      [
        words.heading.map(TerminalText.escaped).joined(separator: "\n"),
        notes.map(TerminalText.escaped).joined(separator: "\n"),
      ]
      + words.sections.map { "\(TerminalText.escaped($0.heading))\n\n\($0.table.text)" }
    return parts.joined(separator: "\n\n") + "\n"
  }
}
