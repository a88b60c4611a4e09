internal import Diagnostics
public import Experiment
internal import Runs
internal import Spec

extension Page {
  /// An audit for a browser: what fails and what is inconclusive, then all checks.
  public init(figuresOf report: AuditReport) {
    self.init(AuditFigures(report: report).blocks)
  }
}

private struct AuditFigures {
  let report: AuditReport

  var blocks: [Page.Block] {
    [
      .heading("Audit of \(report.name)", level: 1), .paragraph(conclusion),
      .warnings(report.remarks), .heading("All checks", level: 2), .table(report.table),
    ]
      + section("What fails", .fail) + section("What is inconclusive", .inconclusive)
      + section("What passes", .pass)
      + [.paragraph("The audit took \(NumberText.tenths(report.seconds)) s.")]
  }

  /// The verdict, and the checks that decide it.
  private var conclusion: String {
    func names(_ verdict: AuditCheck.Verdict) -> [String] {
      report.checks.filter { $0.verdict == verdict && $0.accepted == nil }.map {
        "`\($0.id.rawValue)`"
      }
    }
    let (failed, open) = (names(.fail), names(.inconclusive))
    let parts = [
      failed.isEmpty ? nil : "\(failed.inWords("and")) \(failed.count == 1 ? "fails" : "fail")",
      open.isEmpty
        ? nil : "\(open.inWords("and")) \(open.count == 1 ? "is" : "are") inconclusive",
    ].compactMap(\.self)
    let accepted = report.checks.count { $0.accepted != nil }
    let allowed = report.caveats.contains { $0.accepted != true }
    let reasons =
      (parts.isEmpty ? ["no check fails or is inconclusive"] : parts)
      + (accepted > 0 ? ["the spec accepts \(accepted.of("check")) that did not pass"] : [])
      + (allowed ? ["the spec allows something that makes its metrics unreliable"] : [])
    let verdict =
      switch report.verdict {
      case .pass: "passes"
      case .fail: "fails"
      case .inconclusive: "is inconclusive"
      }
    return "The audit of \(report.checks.count.of("check")) \(verdict): "
      + reasons.joined(separator: "; ") + "."
  }

  /// The checks of one verdict with more to say than the table has.
  private func section(_ title: String, _ verdict: AuditCheck.Verdict) -> [Page.Block] {
    let checks = report.checks.filter {
      $0.verdict == verdict && (!$0.numbers.isEmpty || !$0.details.isEmpty || $0.accepted != nil)
    }
    guard !checks.isEmpty else { return [] }
    let blocks = checks.flatMap { check -> [Page.Block] in
      [
        .heading(check.id.rawValue, level: 3), .paragraph(check.words),
        .paragraph(check.accepted.map { "Accepted: \($0)" } ?? ""),
        .list(check.numbers.map { "\($0.name): \(NumberText.metric($0.value))" }),
        .list(check.details.map(\.words)),
      ]
    }
    let heading = Page.Block.heading(title, level: 2)
    return verdict == .pass ? [heading, .details("Their numbers", blocks)] : [heading] + blocks
  }
}
