internal import Diagnostics
public import Promotion
internal import Runs

/// Gate results as Markdown for a pull request: a table of the experiments, worst first, then
/// details of as many as fit.
public struct GateMarkdown {
  /// The bytes to use in a GitHub comment, which allows 65,536 characters.
  public static let commentLimit = 65_000
  /// The bytes to use in a GitHub step summary, which allows 1 MiB.
  public static let summaryLimit = 1_000_000

  private let results: [GateResult]
  private let limit: Int

  /// - Parameter limit: the most bytes in the text; at least 2,000.
  public init(_ results: [GateResult], limit: Int) {
    self.results = results.byGravity
    self.limit = limit
  }

  /// The text; ends with a newline.
  public var text: String {
    let title = results.count == 1 ? results[0].verdict : results.summary
    let table = Table(
      [.outcome("outcome"), .text("experiment"), .text("deciding check")], rows: results.map(row))
    let lines = table.markdown.split(separator: "\n").map { "\($0)\n" }
    var text = Page([.heading("Gates: \(title)", level: 2)]).markdown + "\n"
    text += lines.prefix(2).joined()
    // The table may take most of the space, because every reader needs it.
    let rows = Self.fitting(lines.dropFirst(2), into: limit * 3 / 4 - text.utf8.count)
    text += rows.joined()
    if rows.count < results.count {
      let rest = Array(results.dropFirst(rows.count))
      text += "\n\(rest.count) more experiments are left out here (\(rest.summary)).\n"
    }
    // Reserves space for the closing sentence.
    let sections = Self.fitting(results.map(section), into: limit - text.utf8.count - 200)
    text += sections.joined()
    if sections.count < results.count {
      let count = results.count - sections.count
      text +=
        "\nThe checks of \(count) of the \(results.count) experiments do not fit here; `holdout "
        + "gate` prints them all.\n"
    }
    return text
  }

  /// The first pieces, as many as fit.
  private static func fitting(_ pieces: some Sequence<String>, into room: Int) -> [String] {
    var left = room
    return Array(
      pieces.prefix { piece in
        left -= piece.utf8.count
        return left >= 0
      })
  }

  // MARK: - Pieces

  private func row(_ result: GateResult) -> [String] {
    var reasons: [String] = []
    switch result.report {
    case .failure: reasons = [result.reason.shortened(to: 300)]
    case .success(let report):
      if !report.loosened.isEmpty {
        reasons = ["has looser gates than holdout.yaml or the standard"]
      }
      reasons += result.deciding(report).prefix(3).map {
        "`\($0.name)`: \($0.words.shortened(to: 200))"
      }
    }
    return [result.verdict, "`\(result.name)`", reasons.joined(separator: "; ")]
  }

  private func section(_ result: GateResult) -> String {
    let blocks: [Page.Block] =
      switch result.report {
      case .failure(let error): error.findings.prefix(5).flatMap(Self.blocks)
      case .success(let report): self.blocks(result, report)
      }
    let body = Page(blocks).markdown
    guard results.count > 1 else { return "\n\(body)" }
    let title = MarkdownText.escaped("\(result.verdict): \(result.name)")
    return "\n<details><summary>\(title)</summary>\n\n\(body)\n</details>\n"
  }

  private func blocks(_ result: GateResult, _ report: GateReport) -> [Page.Block] {
    let champion = report.champion.map { champion in
      ", compared with `\(champion.reference)`"
        + (champion.run.map { " (run `\($0.record.runId)`)" } ?? "")
    }
    return [
      .warnings(report.loosened.map { "looser: \($0.shortened(to: 500))" }),
      .table(
        Table(of: result.checks, head: "outcome", name: { "`\($0.name)`" }, limit: 1000)),
      .notes(
        ([result.comparison].compactMap(\.self) + report.remarks).prefix(20)
          .map { $0.shortened(to: 500) }),
      .paragraph("Run `\(report.run.record.runId)` of `\(result.path)`\(champion ?? "")."),
    ]
  }

  private static func blocks(_ finding: Finding) -> [Page.Block] {
    [
      .paragraph("\(finding.id): \(finding.message.shortened(to: 500))"),
      .list((finding.notes.prefix(10) + finding.hints.prefix(5)).map { $0.shortened(to: 500) }),
    ]
  }
}

extension GateResult {
  /// The checks, blocking ones first.
  var checks: [GateCheck] {
    let order: [GateCheck.Outcome] = [.fail, .inconclusive, .pass, .notApplicable]
    let checks = (try? report.get().checks) ?? []
    return order.flatMap { outcome in checks.filter { $0.outcome == outcome } }
  }
}

extension String {
  func shortened(to count: Int) -> String {
    self.count > count ? prefix(count - 1) + "…" : self
  }
}
