internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Foundation

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
