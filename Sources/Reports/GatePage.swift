internal import Diagnostics
internal import Evaluation
internal import Experiment
public import Promotion

extension Page {
  /// What gates say of runs: each check with its outcome, where it comes from, and what came out.
  public init(_ results: [GateResult]) {
    let sections = results.map { result -> Block in
      guard case .success(let report) = result.report else {
        return .paragraph("\(result.name): REFUSED, could not be judged: \(result.reason)")
      }
      let verdict = result.outcome == .pass ? result.verdict : result.verdict.uppercased()
      return .group([
        .paragraph("\(result.name): \(verdict) (run \(report.run.record.runId))"),
        .warnings(report.loosened.map { "looser: \($0)" }),
        .paragraph(result.comparison ?? ""),
        .notes(report.remarks),
        .table(Table(of: report.checks)),
      ])
    }
    let isAlone = results.count == 1
    let total = isAlone ? "" : "\(results.count) experiments: \(results.summary)"
    self.init(sections + [.paragraph(total)])
  }
}

extension Table {
  /// - Parameter head: the heading of the outcomes, which need none on a terminal.
  init(of checks: [GateCheck], head: String = "") {
    self.init(
      [.outcome(head), .text("check"), .text("from"), .text("what came out")],
      rows: checks.map { check in
        let outcome = check.outcome == .notApplicable ? "-" : check.outcome.rawValue
        return [outcome, check.name, check.origin.rawValue, check.sentence]
      }, isWhole: true)
  }
}

extension GateResult {
  /// The outcome, and whether it blocks where that is not plain.
  var verdict: String {
    guard outcome == .inconclusive else { return outcome.rawValue }
    return isOpen ? "inconclusive, allowed" : "inconclusive"
  }

  /// What decided, in a line: the checks that stop it, or why it could not be judged.
  var reason: String {
    switch report {
    case .failure(let error):
      return error.findings.first { $0.severity == .error }.map { "\($0.id): \($0.message)" }
        ?? "could not be judged"
    case .success(let report):
      return deciding(report).map { "\($0.name): \($0.sentence)" }.joined(separator: "; ")
    }
  }

  /// The checks that decided: those that stop it, else the one beside the champion.
  func deciding(_ report: GateReport) -> [GateCheck] {
    report.checks.filter {
      switch outcome {
      case .fail: $0.outcome == .fail
      case .inconclusive: $0.outcome == .inconclusive
      case .pass, .refused: $0.name.hasPrefix("no_worse_than.")
      }
    }
  }

  /// What it was compared with and what came of that, in a line.
  var comparison: String? {
    guard let report = try? report.get().comparison, let candidate = report.candidates.first
    else { return nil }
    return report.verdictLine(candidate)
  }
}

extension [GateResult] {
  /// How many ended how: `1 fail, 2 pass`.
  var summary: String {
    GateResult.Outcome.allCases.compactMap { outcome in
      let count = self.count { $0.outcome == outcome }
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }.joined(separator: ", ")
  }

  /// The gravest first, else in the order given.
  var byGravity: [GateResult] {
    GateResult.Outcome.allCases.flatMap { outcome in filter { $0.outcome == outcome } }
  }
}

/// Gates for programs: keys that stay, experiments in the order given.
public struct GateDocument: Encodable, Sendable {
  struct Problem: Encodable, Sendable {
    let id: String
    let severity: String
    let message: String
    let notes: [String]
    let hints: [String]
  }

  struct Entry: Encodable, Sendable {
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

  public init(_ results: [GateResult]) {
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
}

/// One of GitHub's annotations per experiment, at its gates, with the checks that decide.
public struct GateAnnotations {
  private let results: [GateResult]

  public init(_ results: [GateResult]) { self.results = results }

  /// A command a line; ends with a newline.
  public var text: String {
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
