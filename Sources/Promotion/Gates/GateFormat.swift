internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation

/// How gates are written out: for people, for programs, for a pull request, or as GitHub's annotations.
public enum GateFormat: String, CaseIterable, Sendable {
  case text, json, markdown, github

  /// The results; ends with a newline.
  public func render(_ results: [GateResult]) throws -> String {
    switch self {
    case .text: GateText(results: results).text
    case .json: try GateDocument(results).json()
    case .markdown: GateMarkdown(results, limit: GateMarkdown.commentLimit).text
    case .github: GateAnnotations(results: results).text
    }
  }
}

/// One annotation per experiment, at its gates, with the checks that decide.
struct GateAnnotations {
  let results: [GateResult]

  var text: String {
    results.byGravity.map { result in
      let level: GitHubCommand.Level =
        switch result.outcome {
        case .refused, .fail: .error
        case .inconclusive: .warning
        case .pass: .notice
        }
      return GitHubCommand(
        level, title: "gate \(result.verdict): \(result.name)", lines(result), at: result.span
      ).text + "\n"
    }.joined()
  }

  private func lines(_ result: GateResult) -> String {
    let loosened = ((try? result.report.get().loosened) ?? []).map { "looser: \($0)" }
    let checks =
      result.outcome == .refused
      ? [result.reason]
      : result.checks.filter { $0.outcome == .fail || $0.outcome == .inconclusive }
        .map { "\($0.outcome.rawValue): \($0.name): \($0.sentence)" }
    let all = loosened + checks
    return all.isEmpty ? result.reason : all.joined(separator: "\n")
  }
}

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

/// Gates for programs: keys that stay, experiments in the order given.
struct GateDocument: Encodable {
  struct Problem: Encodable {
    let id: String
    let severity: String
    let message: String
    let notes: [String]
    let hints: [String]
  }

  struct Entry: Encodable {
    let name: String
    let spec: String
    /// `pass`, `fail`, `inconclusive` or `refused`.
    let outcome: String
    /// Whether the run may be promoted.
    let open: Bool
    let runId: String?
    /// What it was held against, and the verdict of the comparison.
    let against: String?
    let verdict: String?
    let checks: [GateCheck]
    let loosened: [String]
    let remarks: [String]
    /// Why it could not be judged.
    let findings: [Problem]
  }

  let experiments: [Entry]

  init(_ results: [GateResult]) {
    experiments = results.map { result in
      let report = try? result.report.get()
      var findings: [Finding] = []
      if case .failure(let error) = result.report { findings = error.findings }
      return Entry(
        name: result.name, spec: result.path, outcome: result.outcome.rawValue,
        open: result.isOpen, runId: report?.run.record.runId,
        against: report?.champion?.reference,
        verdict: report?.comparison?.candidates.first?.verdict?.rawValue,
        checks: report?.checks ?? [], loosened: report?.loosened ?? [],
        remarks: report?.remarks ?? [],
        findings: findings.map {
          Problem(
            id: $0.id.description, severity: $0.severity.rawValue, message: $0.message,
            notes: $0.notes, hints: $0.hints)
        })
    }
  }

  func json() throws -> String { try JSONDocument.text(self) }
}
