public import Diagnostics

/// What an audit of one spec found out, check by check.
public struct AuditReport: Sendable {
  /// The experiment's name.
  public let name: String
  /// In the order of `AuditCheck.ID`.
  public let checks: [AuditCheck]
  /// What it took to build the panel and train the model that the checks share.
  public let preparationSeconds: Double
  /// What the spec allows itself in writing; each of them is a fail of the whole.
  public let caveats: [Caveat]
  /// How many folds the spec has; the newest one is audited.
  public let foldCount: Int
  /// Warnings that came up as the data were loaded.
  public let warnings: [Finding]

  /// A fail where a check failed or the spec has caveats that it does not accept in writing, else `couldNotTell` where a check could not.
  public var verdict: AuditCheck.Verdict {
    if caveats.contains(where: { $0.isAccepted != true }) || count(.fail) > 0 { return .fail }
    return count(.couldNotTell) > 0 ? .couldNotTell : .pass
  }

  /// What to know before the checks are read.
  var remarks: [String] {
    caveats.map(\.line)
      + (foldCount > 1
        ? ["folds: the newest of \(foldCount) is audited, the older ones are not"] : [])
  }

  /// Seconds of all checks and the preparation.
  public var seconds: Double { checks.reduce(preparationSeconds) { $0 + $1.seconds } }

  public func count(_ verdict: AuditCheck.Verdict) -> Int {
    checks.count { $0.verdict == verdict }
  }
}
