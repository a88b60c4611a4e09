public import Experiment

/// What the gates say of one run.
public struct GateReport: Sendable {
  public let run: StoredRun
  public let checks: [GateCheck]
  /// The champion it was held against; nil where there is none yet.
  public let champion: ComparedRun?
  /// nil where there was nothing to compare with.
  public let comparison: ComparisonReport?

  public init(
    run: StoredRun, checks: [GateCheck], champion: ComparedRun?, comparison: ComparisonReport?
  ) {
    self.run = run
    self.checks = checks
    self.champion = champion
    self.comparison = comparison
  }

  /// `fail` where a check failed, else `inconclusive` where one is, else `pass`.
  public var outcome: GateCheck.Outcome {
    let outcomes = checks.map(\.outcome)
    return outcomes.contains(.fail)
      ? .fail : outcomes.contains(.inconclusive) ? .inconclusive : .pass
  }
}
