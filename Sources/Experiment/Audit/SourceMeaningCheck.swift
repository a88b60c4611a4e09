internal import Diagnostics
internal import Panel

/// `source_meaning`: rows that contradict the meaning of their source.
///
/// Fails on three warnings of `check`: placeholder days (H443), versions that end a day before the
/// next begins (H444), and event files that repeat each other's rows (H393). Each makes features
/// and labels from things that did not happen.
struct SourceMeaningCheck {
  private static let ids = [393, 443, 444]

  func outcome(_ subject: AuditSubject) -> AuditOutcome {
    let found = subject.builder.findings.filter { Self.ids.contains($0.id.number) }
    let numbers = Self.ids.map { id in
      ("h\(id)", Double(found.count { $0.id.number == id }))
    }
    guard !found.isEmpty else {
      return AuditOutcome(.pass, .meaningsClear, numbers: numbers)
    }
    return AuditOutcome(
      .fail, .meaningsDoubtful(count: found.count), numbers: numbers,
      details: found.map { .finding($0.id, message: $0.message) })
  }
}
