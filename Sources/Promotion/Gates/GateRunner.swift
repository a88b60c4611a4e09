internal import Diagnostics
internal import Evaluation
public import Experiment
public import Spec

/// Holds runs against gates.
public struct GateRunner: Sendable {
  public let project: Project
  public let threads: Int
  /// Called as an audit gets on, from any thread.
  public let progress: @Sendable (AuditProgress) -> Void

  public init(
    project: Project, threads: Int,
    progress: @escaping @Sendable (AuditProgress) -> Void = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// What the gates say of a run.
  /// - Parameters:
  ///   - spec: the spec's own gates, which go before the project's; nil: it has none.
  ///   - name: what the run is, or is to be, promoted as.
  ///   - reference: what it is held against; with `champion`, a name without one asks for nothing.
  /// - Throws: `FindingsError` when it cannot be judged: the run is unreadable or was changed, it answers another question
  ///   than the champion, or its audit cannot be made.
  public func report(
    on run: StoredRun, gates spec: GatesSpec?, as name: String,
    against reference: String = "champion"
  ) throws -> GateReport {
    try RunProof(threads: threads).check(run)
    let gates = Gates(spec: spec, project: project.spec.gates)
    let experiment = try run.spec()
    let champion = try base(reference, name)
    let comparison = try champion.flatMap { try compare($0, run, gates.comparison.value) }
    var checks = gates.bounds.map { GateCheck(bound: $0, run: run, experiment.evaluation) }
    checks.append(GateCheck(evidenceOf: run, isNeeded: gates.needsEvidence))
    checks.append(GateCheck(caveatsOf: run, areRefused: gates.refusesCaveats))
    checks += gates.betterThan.value.map { baseline in
      GateCheck(
        run: run, betterThan: baseline, by: gates.comparison.value.metric,
        origin: gates.betterThan.origin)
    }
    checks.append(
      GateCheck(
        run: run, against: champion, as: reference, name, comparison?.candidates.first,
        gates.comparison))
    checks.append(try audit(run, experiment, isNeeded: gates.needsAudit))
    return GateReport(
      run: run, gates: gates, checks: checks, champion: champion, comparison: comparison,
      loosened: gates.loosened + Self.loosened(experiment.evaluation)
        + (run.record.acceptedCaveats ?? []).map {
          "what the standard gates refuse is accepted: \($0)"
        },
      remarks: Self.remarks(champion, comparison?.candidates.first))
  }

  /// What to know of what the run was held against, each line once.
  private static func remarks(_ champion: ComparedRun?, _ candidate: CandidateReport?) -> [String] {
    let lines =
      (champion?.doubts ?? []).map { "\(champion?.reference ?? ""): \($0)" }
      + (candidate?.remarks ?? champion?.remarks ?? [])
    return lines.enumerated().filter { lines.firstIndex(of: $0.element) == $0.offset }
      .map(\.element)
  }

  /// The gates that a run's own spec.yaml says, for where the run is all that is at hand.
  /// - Throws: as `report(on:gates:as:against:)`.
  public func report(
    on run: StoredRun, as name: String, against reference: String = "champion"
  ) throws -> GateReport {
    try report(on: run, gates: try run.spec().gates, as: name, against: reference)
  }

  /// What a run is held against; nil for a name without a champion.
  private func base(_ reference: String, _ name: String) throws(FindingsError) -> ComparedRun? {
    if reference == "champion", try Registry(project: project).champion(of: name) == nil {
      return nil
    }
    return try RunFinder(project: project).run(reference, beside: name)
  }

  /// nil where the run is the champion itself.
  private func compare(
    _ champion: ComparedRun, _ run: StoredRun, _ comparison: Gates.Comparison
  ) throws -> ComparisonReport? {
    if champion.run?.record.runId == run.record.runId { return nil }
    let options = ComparisonOptions(
      metric: comparison.metric, smallestEffect: comparison.smallestEffect)
    return try ComparisonRunner(project: project, threads: threads).compare(
      base: champion, candidates: [ComparedRun(reference: run.record.name, run: run)],
      options: options, overlap: .unheard)
  }

  private func audit(
    _ run: StoredRun, _ experiment: ExperimentSpec, isNeeded: Gates.Setting<Bool>
  ) throws -> GateCheck {
    guard isNeeded.value else {
      return GateCheck(
        name: "audit", outcome: .notApplicable, origin: isNeeded.origin,
        sentence: "no audit is asked for")
    }
    let runner = AuditRunner(project: project, threads: threads, progress: progress)
    return GateCheck(audit: try runner.audit(of: run, experiment), origin: isNeeded.origin)
  }

  /// What the spec measures itself by more loosely than is usual, which its bounds and evidence rest on.
  private static func loosened(_ evaluation: EvaluationSpec) -> [String] {
    var lines: [String] = []
    if evaluation.level < 0.95 {
      lines.append(
        "the spec's intervals are at \(GateWords.number(evaluation.level * 100)) %, and 95 % is "
          + "standard: its bounds are easier to meet")
    }
    if evaluation.minimumPositives < 20 {
      lines.append(
        "the spec takes \(evaluation.minimumPositives) buyers for enough, and 20 is standard")
    }
    return lines
  }
}
