public import Experiment

/// What the gates say of one run.
public struct GateReport: Sendable {
  public let run: StoredRun
  /// What was asked of it.
  public let gates: Gates
  public let checks: [GateCheck]
  /// The champion it was held against; nil where there is none yet.
  public let champion: ComparedRun?
  /// nil where there was nothing to compare with.
  public let comparison: ComparisonReport?
  /// Where the spec asks less of itself than the project, or the standard, would: a line each.
  public let loosened: [String]
  /// What to know of what it was held against.
  public let remarks: [String]

  public init(
    run: StoredRun, gates: Gates, checks: [GateCheck], champion: ComparedRun?,
    comparison: ComparisonReport?, loosened: [String] = [], remarks: [String] = []
  ) {
    self.run = run
    self.gates = gates
    self.checks = checks
    self.champion = champion
    self.comparison = comparison
    self.loosened = loosened
    self.remarks = remarks
  }

  /// `fail` where a check failed, else `inconclusive` where one is, else `pass`.
  public var outcome: GateCheck.Outcome {
    let outcomes = checks.map(\.outcome)
    return outcomes.contains(.fail)
      ? .fail : outcomes.contains(.inconclusive) ? .inconclusive : .pass
  }

  /// Whether the run may be promoted: it passes, or is inconclusive where that does not block.
  public var isOpen: Bool {
    switch outcome {
    case .pass, .notApplicable: true
    case .fail: false
    case .inconclusive: !gates.blocksInconclusive.value
    }
  }
}
