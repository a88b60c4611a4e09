public import Diagnostics
public import Experiment
internal import Panel
public import Promotion
internal import Spec
internal import Warehouse

/// Retrains a champion: fits its recipe twice, holds the evidence against gates, and promotes by policy.
///
/// ```swift
/// let plan = try RetrainPlan("solidworks", project: project, dataThrough: day)
/// let (run, summary) = try retraining.fit(plan)
/// let outcome = try retraining.settle(run, plan, policy: policy, registry: registry, ...)
/// ```
///
/// The backtest is an ordinary run, which holds its test cutoffs out; the gates hold it against the
/// champion's own backtest on the same rows. The refit has learned from those rows as well, so that it
/// could only flatter itself there; it scores, and is never judged.
public struct Retraining: Sendable {
  public let project: Project
  public let settings: RunSettings
  /// This program's version.
  public let version: String
  /// Called as an audit gets on, from any thread.
  public let auditProgress: @Sendable (AuditProgress) -> Void
  /// Called with a warning where the cache is not used or cannot be written.
  public let report: @Sendable (Finding) -> Void

  public init(
    project: Project, settings: RunSettings, version: String,
    auditProgress: @escaping @Sendable (AuditProgress) -> Void = { _ in },
    report: @escaping @Sendable (Finding) -> Void = { _ in }
  ) {
    self.report = report
    self.project = project
    self.settings = settings
    self.version = version
    self.auditProgress = auditProgress
  }

  /// Fits both models of a plan; the run is published once all of it is there.
  /// - Throws: `FindingsError`; earlier results are then as they were.
  public func fit(_ plan: RetrainPlan) throws -> (run: StoredRun, summary: RunSummary) {
    guard let experiment = plan.rolled.experiment else {
      throw FindingsError(plan.rolled.findings)
    }
    let silence = try gaps(plan.spec)
    let runner = ExperimentRunner(project: project, version: version, report: report)
    defer { runner.finish() }
    let summary = try runner.run(
      experiment, settings: settings, refitting: true, remarks: silence)
    let run = try StoredRun(folder: "\(summary.resultsFolder)/runs/\(summary.runId)")
    return (run, summary)
  }

  /// Refuses data that end before they are said to: a model would learn, and be judged on, buyers who have
  /// not been exported yet as if they had not bought.
  /// - Returns: a warning for each source whose silence the spec accepts. That label events end early, the
  ///   run finds itself.
  /// - Throws: `FindingsError` with everything that is not accepted.
  private func gaps(_ spec: ExperimentSpec) throws -> [Finding] {
    settings.progress(RunProgress(stage: .sources, done: 0, total: 0))
    let builder = try PanelBuilder(
      spec, project: project.spec, projectFolder: project.folder,
      engine: NativeLibraries.engine(threads: settings.threads))
    let silent = try builder.silentSources()
    let gaps = (builder.findings + silent).filter {
      AcceptSpec.ids.contains($0.id.description) && spec.accept.reason(for: $0) == nil
    }
    guard gaps.isEmpty else { throw FindingsError(gaps.map(\.refusingToRetrain)) }
    return silent
  }

  /// Holds a retrained run against its gates, and promotes it where they and the policy let it pass.
  /// - Parameters:
  ///   - told: called with each judgement; there are several where others promote meanwhile.
  ///   - entry: who promotes.
  /// - Throws: `FindingsError` when it cannot be judged or promoted; it is then not in production.
  public func settle(
    _ run: StoredRun, _ plan: RetrainPlan, policy: RetrainPolicy, registry: Registry,
    told: (GateReport) throws -> Void, entry: () throws -> RegistryEntry
  ) throws -> RetrainOutcome {
    let name = plan.champion.name
    let artifact = try ModelArtifact(run)
    // What goes into production has to load as what scores.
    _ = try ScoringModel.production(run, library: NativeLibraries.learner())
    let runner = GateRunner(
      project: project, threads: settings.threads, progress: auditProgress)
    while true {
      let champion = try registry.champion(of: name)
      let report = try runner.report(on: run, gates: plan.gates, as: name)
      try told(report)
      guard policy.promotes(report) else {
        return .challenger(report, byPolicy: policy.promotion == .never)
      }
      let outcome = try registry.promote(
        PromotionRequest(
          run: run, artifact: artifact, name: name,
          gate: RegistryRecord.Gate(outcome: report.outcome, checks: report.checks),
          champion: champion?.runId, override: policy.override(report)),
        try entry())
      // Where another run was promoted meanwhile, that one is what it has to stand beside.
      if case .championChanged = outcome.result { continue }
      return .promoted(outcome)
    }
  }
}
