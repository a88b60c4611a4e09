public import Runs
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
  /// Remarks to read before the checks.
  var remarks: [String] {
    caveats.map(\.words)
      + (foldCount > 1
        ? ["folds: only the newest of \(foldCount) is audited"] : [])
  }

  /// One line per check.
  var table: Table {
    Table(
      [.text("check"), .outcome("verdict"), .text("time"), .text("result")],
      rows: checks.map { check in
        [
          "`\(check.id.rawValue)`",
          check.accepted == nil ? check.verdict.rawValue : "\(check.verdict.rawValue) (accepted)",
          check.seconds.inSeconds, check.words,
        ]
      })
  }
}

extension AuditCheck {
  /// The result in a sentence or two.
  var words: String { result.words(verdict) }

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
          .only(.terminal, [.paragraph(words), .code(figures.joined(separator: ", "))]),
          .only(
            .document, [.list(numbers.map { "\($0.name): \(NumberText.metric($0.value))" })]),
          .list(details.map(\.words)),
        ] + acceptance),
    ])
  }
}

extension Double {
  /// The number of seconds in words.
  fileprivate var inSeconds: String { "\(NumberText.tenths(self)) s" }
}

extension AuditDocument {
  /// An audit in words.
  public init(_ report: AuditReport) {
    self.init(
      name: report.name, verdict: report.verdict.rawValue,
      counts: Dictionary(
        uniqueKeysWithValues: AuditCheck.Verdict.allCases.map {
          ($0.rawValue, report.count($0))
        }),
      caveats: report.caveats.map(\.words), folds: report.foldCount,
      checks: report.checks.map { check in
        Check(
          id: check.id.rawValue, verdict: check.verdict.rawValue, sentence: check.words,
          numbers: Dictionary(
            check.numbers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
          details: check.details.map(\.words), accepted: check.accepted, seconds: check.seconds)
      }, preparationSeconds: report.preparationSeconds, seconds: report.seconds)
  }
}
