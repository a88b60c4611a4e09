public import Diagnostics
internal import Foundation
public import Spec

/// The results of an audit of one spec, check by check.
public struct AuditReport: Sendable {
  /// The experiment's name.
  public let name: String
  /// In the order of `AuditCheck.ID`.
  public let checks: [AuditCheck]
  /// The seconds spent on the panel and model that the checks share.
  public let preparationSeconds: Double
  /// The spec's caveats. One that the spec does not accept in writing fails the audit.
  public let caveats: [Caveat]
  /// The number of folds in the spec. The newest one is audited.
  public let foldCount: Int
  /// Warnings raised while the data were loaded.
  public let warnings: [Finding]

  package init(
    name: String, checks: [AuditCheck], preparationSeconds: Double, caveats: [Caveat],
    foldCount: Int, warnings: [Finding]
  ) {
    (self.name, self.checks) = (name, checks)
    (self.preparationSeconds, self.caveats) = (preparationSeconds, caveats)
    (self.foldCount, self.warnings) = (foldCount, warnings)
  }

  /// `fail` when a check failed or the spec has caveats, and the spec does not accept this in
  /// writing; otherwise `inconclusive` when a check was.
  public var verdict: AuditCheck.Verdict {
    let open = checks.filter { $0.accepted == nil }.map(\.verdict)
    if caveats.contains(where: { $0.accepted != true }) || open.contains(.fail) { return .fail }
    return open.contains(.inconclusive) ? .inconclusive : .pass
  }

  /// Remarks to read before the checks.
  package var remarks: [String] {
    caveats.map(\.words)
      + (foldCount > 1
        ? ["folds: only the newest of \(foldCount) is audited"] : [])
  }

  /// Seconds of all checks and the preparation.
  public var seconds: Double { checks.reduce(preparationSeconds) { $0 + $1.seconds } }

  public func count(_ verdict: AuditCheck.Verdict) -> Int {
    checks.count { $0.verdict == verdict }
  }
}

/// The result of a check. The runner adds which check it was and how long it took.
package struct AuditOutcome {
  package var verdict: AuditCheck.Verdict
  package var sentence: String
  package var numbers: [(name: String, value: Double)] = []
  package var details: [String] = []

  static func inconclusive(
    _ sentence: String, numbers: [(name: String, value: Double)] = [], details: [String] = []
  ) -> AuditOutcome {
    AuditOutcome(
      verdict: .inconclusive, sentence: sentence, numbers: numbers, details: details)
  }
}

/// One attempt to disprove that a spec respects time, and its outcome.
public struct AuditCheck: Sendable {
  /// The attempts, in the order in which they are made.
  public typealias ID = AuditCheckID

  public enum Verdict: String, CaseIterable, Sendable {
    case pass, fail
    /// The data are not sufficient for either verdict. Never a pass.
    case inconclusive

    /// Parses a verdict. Files of earlier versions use another word for the last one.
    public init?(written text: String) {
      self.init(rawValue: text == "could not tell" ? "inconclusive" : text)
    }
  }

  public let id: ID
  public let verdict: Verdict
  /// The result, in one plain sentence.
  public let sentence: String
  /// The figures behind the result by name, in reading order.
  public let numbers: [(name: String, value: Double)]
  /// The affected places: one line per feature, source or cutoff.
  public let details: [String]
  /// Why the spec accepts the check's failure or lack of a verdict; nil if it does not, or need not.
  public let accepted: String?
  public let seconds: Double

  package init(
    id: ID, verdict: Verdict, sentence: String, numbers: [(name: String, value: Double)] = [],
    details: [String] = [], accepted: String? = nil, seconds: Double
  ) {
    (self.id, self.verdict, self.sentence) = (id, verdict, sentence)
    (self.numbers, self.details) = (numbers, details)
    (self.accepted, self.seconds) = (accepted, seconds)
  }
}

/// Numbers and lists in the form that an audit's sentences use.
enum AuditWords {
  /// A count and its noun: `1 row`, `2 rows`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
  }

  static func share(_ share: Double) -> String {
    let percent = share * 100
    if percent > 0, percent < 0.05 { return "less than 0.1 %" }
    return String(format: percent > 0 && percent < 9.95 ? "%.1f %%" : "%.0f %%", percent)
  }

  static func metric(_ value: Double?) -> String {
    value.map { String(format: "%.3f", $0) } ?? "-"
  }

  /// The reasons that a check stopped, from its findings if it has any.
  static func reasons(_ error: any Error) -> [String] {
    guard let error = error as? FindingsError else { return ["\(error)"] }
    return error.findings.filter { $0.severity == .error }.map { "\($0.id): \($0.message)" }
  }

  /// At most `limit` names in backticks, and how many more there are.
  static func names(_ names: [String], limit: Int = 3) -> String {
    let shown = names.prefix(limit).map { "`\($0)`" }.joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
  }
}
