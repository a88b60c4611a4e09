internal import Diagnostics
internal import Evaluation
public import Promotion
internal import Runs

extension Page {
  /// Gate results: each check with its outcome, origin and figures.
  public init(_ results: [GateResult]) {
    let sections = results.map { result -> Block in
      guard case .success(let report) = result.report else {
        return .paragraph("\(result.name): REFUSED, could not be evaluated: \(result.reason)")
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
  /// - Parameters:
  ///   - head: the heading of the outcome column, which needs none on a terminal.
  ///   - name: returns a check's name as the table shows it.
  ///   - limit: the most characters of a result.
  init(
    of checks: [GateCheck], head: String = "", name: (GateCheck) -> String = \.name,
    limit: Int = .max
  ) {
    self.init(
      [.outcome(head), .text("check"), .text("from"), .text("result")],
      rows: checks.map { check in
        let outcome = check.outcome == .notApplicable ? "-" : check.outcome.rawValue
        return [
          outcome, name(check), check.origin.rawValue, check.words.shortened(to: limit),
        ]
      }, isWhole: true)
  }
}

extension GateResult {
  /// The outcome, and whether it blocks if that is not obvious.
  var verdict: String {
    guard outcome == .inconclusive else { return outcome.rawValue }
    return isOpen ? "inconclusive, allowed" : "inconclusive"
  }

  /// The deciding checks on one line: those that block, or why it could not be evaluated.
  var reason: String {
    switch report {
    case .failure(let error):
      return error.findings.firstError ?? "could not be evaluated"
    case .success(let report):
      return deciding(report).map { "\($0.name): \($0.words)" }.joined(separator: "; ")
    }
  }

  /// The deciding checks: those that block, otherwise the comparison with the champion.
  func deciding(_ report: GateReport) -> [GateCheck] {
    report.checks.filter {
      switch outcome {
      case .fail: $0.outcome == .fail
      case .inconclusive: $0.outcome == .inconclusive
      case .pass, .refused: $0.name.hasPrefix("no_worse_than.")
      }
    }
  }

  /// The run it was compared with and the result, on one line.
  var comparison: String? {
    guard let report = try? report.get().comparison, let candidate = report.candidates.first
    else { return nil }
    return report.verdictLine(candidate)
  }
}

extension [GateResult] {
  /// The number of runs per outcome: `1 fail, 2 pass`.
  var summary: String {
    GateResult.Outcome.allCases.compactMap { outcome in
      let count = self.count { $0.outcome == outcome }
      return count == 0 ? nil : "\(count) \(outcome.rawValue)"
    }.joined(separator: ", ")
  }

  /// Worst first, otherwise in the given order.
  var byGravity: [GateResult] {
    GateResult.Outcome.allCases.flatMap { outcome in filter { $0.outcome == outcome } }
  }
}

/// Gate results for programs: stable keys, experiments in the given order.
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
    /// The run it was compared with, and the verdict.
    let against: String?
    let verdict: String?
    let checks: [RegistryRecord.Gate.Check]
    let loosened: [String]
    let remarks: [String]
    /// Why it could not be evaluated.
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
        checks: report?.checks.map(RegistryRecord.Gate.Check.init) ?? [],
        loosened: report?.loosened ?? [],
        remarks: report?.remarks ?? [],
        findings: findings.map {
          Problem(
            id: $0.id.description, severity: $0.severity.rawValue, message: $0.message,
            notes: $0.notes, hints: $0.hints)
        })
    }
  }
}

/// A GitHub annotation per experiment, at its gates, with the deciding checks.
public struct GateAnnotations {
  private let results: [GateResult]

  public init(_ results: [GateResult]) { self.results = results }

  /// One command per line; ends with a newline.
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
        .map { "\($0.outcome.rawValue): \($0.name): \($0.words)" }
    let all = loosened + checks
    return all.isEmpty ? result.reason : all.joined(separator: "\n")
  }
}
