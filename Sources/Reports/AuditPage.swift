internal import Spec
internal import Diagnostics
public import Experiment

extension Page {
  /// An audit: the outcome of each check, what it means, and its figures.
  public init(_ report: AuditReport) {
    let counts = AuditCheck.Verdict.allCases.map { "\(report.count($0)) \($0.rawValue)" }
    let noun = report.checks.count == 1 ? "check" : "checks"
    let summary =
      "\(report.checks.count) \(noun): \(counts.joined(separator: ", ")) (\(report.seconds.inSeconds))"
    self.init(
      [
        .only(
          .document, [.heading("Audit of \(report.name)", level: 1), .paragraph(summary)]),
        .group([
          .only(.terminal, [.paragraph("\(report.name): \(summary)")]), .warnings(report.remarks),
        ]),
        .only(.document, [.table(report.table)]),
      ] + report.checks.map(\.block))
  }
}

extension AuditReport {
  /// One line per check.
  var table: Table {
    Table(
      [.text("check"), .outcome("verdict"), .text("time"), .text("result")],
      rows: checks.map { check in
        [
          "`\(check.id.rawValue)`",
          check.accepted == nil ? check.verdict.rawValue : "\(check.verdict.rawValue) (accepted)",
          check.seconds.inSeconds, check.sentence,
        ]
      })
  }
}

extension AuditCheck {
  fileprivate var block: Page.Block {
    // The outcomes are aligned, and all but passes are in capitals.
    let mark = verdict == .pass ? "pass" : verdict.rawValue.uppercased()
    let acceptance = accepted.map { [Page.Block.paragraph("Accepted: \($0)")] } ?? []
    let figures = numbers.map { "\($0.name) \(NumberText.metric($0.value))" }
    let hasMore = !numbers.isEmpty || !details.isEmpty
    return .group([
      .only(.terminal, [.paragraph("\(mark)  \(id.rawValue)  (\(seconds.inSeconds))")]),
      .only(.document, hasMore ? [.heading(id.rawValue, level: 2)] : []),
      .indented(
        6,
        [
          .only(.terminal, [.paragraph(sentence), .code(figures.joined(separator: ", "))]),
          .only(
            .document, [.list(numbers.map { "\($0.name): \(NumberText.metric($0.value))" })]),
          .list(details),
        ] + acceptance),
    ])
  }
}

extension Double {
  /// The number of seconds in words.
  fileprivate var inSeconds: String { "\(NumberText.tenths(self)) s" }
}
