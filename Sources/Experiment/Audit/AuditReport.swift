public import Diagnostics
internal import Foundation

/// What an audit of one spec found out, check by check.
public struct AuditReport: Sendable {
  /// The experiment's name.
  public let name: String
  /// In the order of `AuditCheck.ID`.
  public let checks: [AuditCheck]
  /// What it took to build the panel and train the model that the checks share.
  public let preparationSeconds: Double
  /// Warnings that came up as the data were loaded.
  public let warnings: [Finding]

  /// Whether no check failed; one that could not tell is no failure, and no pass either.
  public var isClean: Bool { !checks.contains { $0.verdict == .fail } }

  /// Seconds of all checks and the preparation.
  public var seconds: Double { checks.reduce(preparationSeconds) { $0 + $1.seconds } }

  public func count(_ verdict: AuditCheck.Verdict) -> Int {
    checks.count { $0.verdict == verdict }
  }
}

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
