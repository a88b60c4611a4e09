internal import Diagnostics

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
