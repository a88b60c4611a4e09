internal import Diagnostics
internal import Experiment

/// Gates for a terminal: each check with its outcome, where it comes from and what came out.
struct GateText {
  let results: [GateResult]

  var text: String {
    let parts = results.map(section)
    let tail = results.count > 1 ? ["\(results.count) experiments: \(results.summary)"] : []
    return (parts + tail).joined(separator: "\n\n") + "\n"
  }

  private func section(_ result: GateResult) -> String {
    guard case .success(let report) = result.report else {
      return "\(result.name): REFUSED, could not be judged: \(result.reason)"
    }
    let verdict = result.outcome == .pass ? result.verdict : result.verdict.uppercased()
    let head = "\(result.name): \(verdict) (run \(report.run.record.runId))"
    let table = Table(
      [.text(""), .text("check"), .text("from"), .text("what came out")],
      rows: report.checks.map { check in
        let isQuiet = check.outcome == .pass || check.outcome == .notApplicable
        let word = check.outcome == .notApplicable ? "-" : check.outcome.rawValue
        return [
          isQuiet ? word : word.uppercased(), check.name, check.origin.rawValue, check.sentence,
        ]
      })
    let notes =
      report.loosened.map { "!! looser: \($0)" } + [result.comparison].compactMap(\.self)
      + report.remarks.map { "note: \($0)" }
    return ([head] + notes.map(TerminalText.escaped) + [table.text]).joined(separator: "\n")
  }
}
