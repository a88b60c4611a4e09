internal import Diagnostics
internal import Experiment

/// Gates as Markdown for a pull request: a table of the experiments, the gravest first, then the
/// particulars of each for as long as there is room.
public struct GateMarkdown {
  /// Bytes of a comment on GitHub, which takes 65,536 characters.
  public static let commentLimit = 65_000
  /// Bytes of a step's summary on GitHub, which takes 1 MiB.
  public static let summaryLimit = 1_000_000

  private let results: [GateResult]
  private let limit: Int

  /// - Parameter limit: the most bytes that the text may have; at least 2,000.
  public init(_ results: [GateResult], limit: Int) {
    self.results = results.byGravity
    self.limit = limit
  }

  /// The text; ends with a newline.
  public var text: String {
    let title = results.count == 1 ? results[0].verdict : results.summary
    let head =
      "## Gates: \(title)\n\n| outcome | experiment | what decided |\n| --- | --- | --- |\n"
    // The table may take most of the room, as it is what every reader needs.
    let rows = Self.fitting(results.map(row), into: limit * 3 / 4 - head.utf8.count)
    var text = head + rows.joined()
    if rows.count < results.count {
      let rest = Array(results.dropFirst(rows.count))
      text += "\n\(rest.count) more experiments are left out here (\(rest.summary)).\n"
    }
    let isAlone = results.count == 1
    // Room is kept for the sentence at the end.
    let sections = Self.fitting(
      results.map { section($0, isOpen: isAlone) }, into: limit - text.utf8.count - 200)
    text += sections.joined()
    if sections.count < results.count {
      let count = results.count - sections.count
      text +=
        "\nThe checks of \(count) of the \(results.count) experiments are left out, as there is no "
        + "room; `holdout gate` prints them all.\n"
    }
    return text
  }

  /// The first pieces, for as many as there is room.
  private static func fitting(_ pieces: [String], into room: Int) -> [String] {
    var left = room
    return Array(
      pieces.prefix { piece in
        left -= piece.utf8.count
        return left >= 0
      })
  }

  // MARK: - Pieces

  private func row(_ result: GateResult) -> String {
    let verdict = result.outcome == .pass ? "pass" : "**\(result.verdict)**"
    var reasons: [String] = []
    switch result.report {
    case .failure: reasons = [Self.escaped(Self.shortened(result.reason, to: 300))]
    case .success(let report):
      if !report.loosened.isEmpty {
        reasons = ["**asks less of itself than holdout.yaml, or the standard, does**"]
      }
      reasons += result.deciding(report).prefix(3).map {
        "\(Self.name($0.name)): \(Self.escaped(Self.shortened($0.sentence, to: 200)))"
      }
    }
    let reason = reasons.joined(separator: "; ")
    return "| \(verdict) | \(Self.name(result.name)) | \(reason) |\n"
  }

  private func section(_ result: GateResult, isOpen: Bool) -> String {
    let body: String
    switch result.report {
    case .failure(let error):
      body = error.findings.prefix(5).map(Self.finding).joined(separator: "\n")
    case .success(let report): body = self.body(result, report)
    }
    if isOpen { return "\n\(body)\n" }
    let title = Self.escaped("\(result.verdict): \(result.name)")
    return "\n<details><summary>\(title)</summary>\n\n\(body)\n\n</details>\n"
  }

  private func body(_ result: GateResult, _ report: GateReport) -> String {
    let loosened = report.loosened.map {
      "> **Looser:** \(Self.escaped(Self.shortened($0, to: 500)))"
    }
    let rows = result.checks.map { check in
      let isBad = check.outcome == .fail || check.outcome == .inconclusive
      let outcome = isBad ? "**\(check.outcome.rawValue)**" : check.outcome.rawValue
      return
        "| \(outcome) | \(Self.name(check.name)) | \(check.origin.rawValue) | "
        + Self.escaped(Self.shortened(check.sentence, to: 1000)) + " |"
    }
    let table =
      (["| outcome | check | from | what came out |", "| --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n")
    let notes = ([result.comparison].compactMap(\.self) + report.remarks).prefix(20).map {
      "- \(Self.escaped(Self.shortened($0, to: 500)))"
    }
    let run =
      "Run \(Self.name(report.run.record.runId)) of \(Self.name(result.path))"
      + (report.champion.map { champion in
        ", held against \(Self.name(champion.reference))"
          + (champion.run.map { " (run \(Self.name($0.record.runId)))" } ?? "")
      } ?? "") + "."
    let parts =
      [loosened.joined(separator: "\n>\n"), table, notes.joined(separator: "\n"), run]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private static func finding(_ finding: Finding) -> String {
    let lines = [finding.message] + finding.notes.prefix(10) + finding.hints.prefix(5)
    return "- **\(finding.id)**: "
      + lines.map { escaped(shortened($0, to: 500)) }.joined(separator: "<br>")
  }

  // MARK: - Text

  private static func name(_ text: String) -> String { MarkdownText.code(text) }

  /// Text that shows as it is, its `code` apart.
  static func escaped(_ text: String) -> String { MarkdownText.escaped(text) }

  private static func shortened(_ text: String, to count: Int) -> String {
    text.count > count ? text.prefix(count - 1) + "…" : text
  }
}
