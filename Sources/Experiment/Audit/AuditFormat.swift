internal import Diagnostics
internal import Foundation

/// How an audit is written out.
public enum AuditFormat: String, CaseIterable, Sendable {
  case text, json, markdown

  /// The report; ends with a newline.
  public func render(_ report: AuditReport) throws -> String {
    switch self {
    case .text: AuditText(report: report).text
    case .json: try AuditDocument(report).json()
    case .markdown: AuditMarkdown(report: report).text
    }
  }
}

/// An audit as a Markdown page: a table of the checks, then the particulars of each.
struct AuditMarkdown {
  let report: AuditReport

  var text: String {
    let rows = report.checks.map { check in
      let verdict = check.verdict == .pass ? "pass" : "**\(check.verdict.rawValue)**"
      return "| `\(check.id.rawValue)` | \(verdict) | \(AuditText.seconds(check.seconds)) | "
        + "\(Self.escaped(check.sentence)) |"
    }
    let table =
      ["| check | verdict | time | what came out |", "| --- | --- | --- | --- |"] + rows
    let sections = report.checks.compactMap { check -> String? in
      let lines =
        check.numbers.map { "- \(MarkdownText.escaped($0.name)): \(RunSummary.number($0.value))" }
        + check.details.map { "- \(MarkdownText.escaped($0))" }
      return lines.isEmpty
        ? nil : "## \(check.id.rawValue)\n\n" + lines.joined(separator: "\n")
    }
    let head = "# Audit of \(MarkdownText.escaped(report.name))\n\n\(AuditText.summary(report))"
    let remarks = report.remarks.map { "> **\(MarkdownText.escaped($0))**" }.joined(
      separator: "\n>\n")
    return
      ([head] + (remarks.isEmpty ? [] : [remarks]) + [table.joined(separator: "\n")] + sections)
      .joined(separator: "\n\n") + "\n"
  }

  private static func escaped(_ text: String) -> String {
    MarkdownText.escaped(text)
  }
}

/// An audit for a terminal: the verdict on each check, what it means, and its figures.
struct AuditText {
  let report: AuditReport

  private static let indent = "      "

  var text: String {
    let head = ["\(report.name): \(Self.summary(report))"] + report.remarks.map { "!! \($0)" }
    return ([head.joined(separator: "\n")] + report.checks.map(Self.check))
      .joined(separator: "\n\n") + "\n"
  }

  /// How many checks ended how.
  static func summary(_ report: AuditReport) -> String {
    let counts = AuditCheck.Verdict.allCases.map { "\(report.count($0)) \($0.rawValue)" }
    return "\(AuditWords.count(report.checks.count, "check")): "
      + counts.joined(separator: ", ") + " (\(seconds(report.seconds)))"
  }

  static func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }

  /// A check's figures, `name value`, in one line.
  static func numbers(_ check: AuditCheck) -> String {
    check.numbers.map { "\($0.name) \(RunSummary.number($0.value))" }.joined(separator: ", ")
  }

  private static func check(_ check: AuditCheck) -> String {
    // The verdicts stand below each other, and what is no pass stands out.
    let mark = check.verdict == .pass ? "pass" : check.verdict.rawValue.uppercased()
    let head = "\(mark)  \(check.id.rawValue)  (\(seconds(check.seconds)))"
    let lines = wrapped(check.sentence) + [numbers(check)] + check.details.map { "- \($0)" }
    return ([head] + lines.filter { !$0.isEmpty }.map { indent + $0 }).joined(separator: "\n")
  }

  /// Text in lines of at most 94 characters, broken between words.
  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + word.count < 94 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

/// An audit for programs: keys that stay, checks in their order, figures by name.
public struct AuditDocument: SealedDocument, Sendable {
  public struct Check: Codable, Sendable {
    public let id: String
    /// `pass`, `fail` or `could not tell`.
    public let verdict: String
    public let sentence: String
    public let numbers: [String: Double]
    public let details: [String]
    public let seconds: Double
  }

  public let name: String
  /// `fail` when a check failed or there are caveats, else `could not tell` when one could not, else `pass`.
  public let verdict: String
  /// Checks by verdict: `pass`, `fail`, `could_not_tell`.
  public let counts: [String: Int]
  /// What the spec allows itself, in words.
  public let caveats: [String]
  public let folds: Int
  public let checks: [Check]
  public let preparationSeconds: Double
  public let seconds: Double
  /// The run that it is an audit of; absent where a spec was audited.
  public internal(set) var runId: String?
  /// The SHA-256 of the text without this line; absent where the audit is not kept.
  public internal(set) var recordSha256: String?

  init(_ report: AuditReport) {
    name = report.name
    verdict = report.verdict.rawValue
    caveats = report.caveats.map(\.line)
    folds = report.foldCount
    counts = Dictionary(
      uniqueKeysWithValues: AuditCheck.Verdict.allCases.map {
        ($0.rawValue.replacing(" ", with: "_"), report.count($0))
      })
    checks = report.checks.map { check in
      Check(
        id: check.id.rawValue, verdict: check.verdict.rawValue, sentence: check.sentence,
        numbers: Dictionary(
          check.numbers.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first }),
        details: check.details, seconds: Self.rounded(check.seconds))
    }
    preparationSeconds = Self.rounded(report.preparationSeconds)
    seconds = Self.rounded(report.seconds)
  }

  private static func rounded(_ seconds: Double) -> Double { (seconds * 1000).rounded() / 1000 }

  /// Reads what `json` wrote.
  /// - Throws: `DecodingError`.
  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(AuditDocument.self, from: json)
  }

  func json() throws -> String { try JSONDocument.text(self) }
}
