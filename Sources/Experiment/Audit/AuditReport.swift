public import Diagnostics
public import Runs
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

  /// Seconds of all checks and the preparation.
  public var seconds: Double { checks.reduce(preparationSeconds) { $0 + $1.seconds } }

  public func count(_ verdict: AuditCheck.Verdict) -> Int {
    checks.count { $0.verdict == verdict }
  }
}

/// The result of a check. The runner adds which check it was and how long it took.
package struct AuditOutcome {
  package var verdict: AuditCheck.Verdict
  package var result: AuditResult
  package var numbers: [(name: String, value: Double)] = []
  package var details: [AuditDetail] = []

  init(
    _ verdict: AuditCheck.Verdict, _ result: AuditResult,
    numbers: [(name: String, value: Double)] = [], details: [AuditDetail] = []
  ) {
    (self.verdict, self.result) = (verdict, result)
    (self.numbers, self.details) = (numbers, details)
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
  package let result: AuditResult
  /// The figures behind the result by name, in reading order.
  public let numbers: [(name: String, value: Double)]
  package let details: [AuditDetail]
  /// Why the spec accepts the check's failure or lack of a verdict; nil if it does not, or need not.
  public let accepted: String?
  public let seconds: Double

  package init(
    id: ID, verdict: Verdict, result: AuditResult,
    numbers: [(name: String, value: Double)] = [], details: [AuditDetail] = [],
    accepted: String? = nil, seconds: Double
  ) {
    (self.id, self.verdict, self.result) = (id, verdict, result)
    (self.numbers, self.details) = (numbers, details)
    (self.accepted, self.seconds) = (accepted, seconds)
  }
}
