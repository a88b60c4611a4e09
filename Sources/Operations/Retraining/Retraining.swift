public import Diagnostics
public import Experiment
public import Panel
public import Promotion
public import Runs
public import Spec
internal import Warehouse

/// Retrains a champion: fits its recipe twice, checks the gates, and promotes by policy.
///
/// ```swift
/// let plan = try RetrainPlan("solidworks", project: project, dataThrough: day)
/// let (run, summary) = try retraining.fit(plan)
/// let outcome = try retraining.settle(run, plan, policy: policy, registry: registry, ...)
/// ```
///
/// The backtest is an ordinary run, which holds out its test cutoffs. The gates compare it with the
/// champion's own backtest on the same rows. The refit is fitted on those rows as well, so any
/// metric on them would be too optimistic; it scores and is never evaluated.
public struct Retraining: Sendable {
  public let project: Project
  public let settings: RunSettings
  /// This program's version.
  public let version: String
  /// Makes the pages of a run.
  public let pages: RunPages
  /// Puts the audit of a run into words.
  public let auditDocument: @Sendable (AuditReport) -> AuditDocument
  /// Called with a warning where the cache is not used or cannot be written.
  public let report: @Sendable (Finding) -> Void

  public init(
    project: Project, settings: RunSettings, version: String,
    pages: RunPages, auditDocument: @escaping @Sendable (AuditReport) -> AuditDocument,
    report: @escaping @Sendable (Finding) -> Void = { _ in }
  ) {
    self.pages = pages
    self.auditDocument = auditDocument
    self.report = report
    self.project = project
    self.settings = settings
    self.version = version
  }

  /// Fits both models of a plan. The run is published once all of it is complete.
  /// - Throws: `FindingsError`; earlier results are then unchanged.
  public func fit(_ plan: RetrainPlan) throws -> (run: StoredRun, summary: RunSummary) {
    guard let experiment = plan.rolled.experiment else {
      throw FindingsError(plan.rolled.findings)
    }
    let silence = try gaps(plan.spec)
    let runner = ExperimentRunner(
      project: project, version: version, pages: pages, report: report)
    defer { runner.finish() }
    let summary = try runner.run(
      experiment, settings: settings, refitting: true, remarks: silence)
    let run = try StoredRun(folder: "\(summary.resultsFolder)/runs/\(summary.runId)")
    return (run, summary)
  }

  /// Refuses data that end before the last observed day: a model would be trained and evaluated on
  /// buyers who have not been exported yet as if they had not bought.
  /// - Returns: a warning for each source whose silence the spec accepts. The run itself reports
  ///   label events that end early.
  /// - Throws: `FindingsError` with everything that is not accepted.
  private func gaps(_ spec: ExperimentSpec) throws -> [Finding] {
    settings.progress(StepProgress(.stage(.sources)))
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

  /// Checks a retrained run against its gates, and promotes it if they and the policy allow it.
  /// - Parameters:
  ///   - reported: called with each gate report; there are several if others promote meanwhile.
  ///   - gate: puts a gate report into the registry's words.
  ///   - entry: the metadata for the registry, such as who promotes.
  /// - Throws: `FindingsError` when it cannot be evaluated or promoted; it is then not in
  ///   production.
  public func settle(
    _ run: StoredRun, _ plan: RetrainPlan, policy: RetrainPolicy, registry: Registry,
    reported: (GateReport) throws -> Void, gate: (GateReport) -> RegistryRecord.Gate,
    entry: () throws -> RegistryEntry
  ) throws -> RetrainOutcome {
    let name = plan.champion.name
    let artifact = try ModelArtifact(run)
    // The model that goes into production must load as the one that scores.
    _ = try ScoringModel.production(run, library: NativeLibraries.learner())
    let runner = GateRunner(
      project: project, threads: settings.threads, auditDocument: auditDocument,
      progress: settings.progress)
    while true {
      let champion = try registry.champion(of: name)
      let report = try runner.report(on: run, gates: plan.gates, as: name)
      try reported(report)
      guard policy.promotes(report) else {
        return .challenger(report, byPolicy: policy.promotion == .never)
      }
      let outcome = try registry.promote(
        PromotionRequest(
          run: run, artifact: artifact, name: name,
          gate: gate(report),
          champion: champion?.runId, override: policy.override(report)),
        try entry())
      // If another run was promoted meanwhile, compares with that one.
      if case .championChanged = outcome.result { continue }
      return .promoted(outcome)
    }
  }
}

/// When a retrained model becomes champion, and where that was set.
public struct RetrainPolicy: Sendable {
  public let promotion: RetrainSpec.Promotion
  /// Where it was set: `retrain.promote` or `--promote`.
  public let origin: String

  public init(_ promotion: RetrainSpec.Promotion, origin: String) {
    self.promotion = promotion
    self.origin = origin
  }

  /// Whether a model with this gate report goes into production.
  public func promotes(_ report: GateReport) -> Bool {
    switch promotion {
    case .pass: report.isOpen
    case .unlessFail: report.outcome != .fail
    case .never: false
    }
  }

  /// The reason in the record of a model that is promoted although its gates do not allow it.
  public func override(_ report: GateReport) -> String? {
    report.isOpen
      ? nil : "\(origin) is \(promotion.rawValue), and no gate fails: the data are inconclusive"
  }
}

/// The outcome of a retraining.
public enum RetrainOutcome: Sendable {
  /// It was promoted, by this process or by another just before.
  case promoted(RegistryOutcome)
  /// It stays an ordinary run, by policy or because its gates do not allow promotion.
  case challenger(GateReport, byPolicy: Bool)
}

/// What retraining a name would fit: the champion's recipe, rolled forward to the latest mature
/// cutoff.
public struct RetrainPlan: Sendable {
  /// The reason that nothing would be fitted.
  public enum Standstill: Sendable {
    /// No cutoff has matured since: the next one, and the day on which its labels are complete.
    case immature(next: CalendarDate, matures: CalendarDate)
    /// The spec fixes the end of its timeline.
    case fixed(CalendarDate)
    /// The spec lists its cutoffs, and none is later than this one.
    case listEnds(CalendarDate)
  }

  /// The champion to retrain.
  public let champion: PromotedModel
  /// The run that the champion comes from.
  public let before: StoredRun
  /// The recipe with the new days.
  public let rolled: LoadedSpec
  public let spec: ExperimentSpec
  /// The cutoffs of the run that evaluates the recipe.
  public let backtest: Timeline
  /// The cutoffs of the second fit, whose model scores.
  public let refit: Timeline
  /// nil if there is something to fit.
  public let standstill: Standstill?
  /// The gates that the run must pass.
  public let gates: GatesSpec?
  /// The promotion policy in the spec.
  public let policy: RetrainSpec.Promotion
  /// Warnings about the spec.
  public let findings: [Finding]

  /// Finds the champion of a name and rolls its recipe forward.
  ///
  /// The recipe is experiments/NAME.yaml if that is still the champion's, otherwise the champion's
  /// own spec.yaml. Gates and policy always come from experiments/NAME.yaml if it exists.
  /// - Parameters:
  ///   - dataThrough: the last fully observed day; nil for the day in experiments/NAME.yaml.
  ///   - accepting: the ids of data findings to accept, and why.
  /// - Throws: `FindingsError` if nothing is promoted, or it is unknown what to fit;
  ///   `Timeline.Problem` for a spec with errors that reading it has already found.
  public init(
    _ name: String, project: Project, dataThrough: CalendarDate?,
    accepting: [(id: String, reason: String)] = []
  ) throws {
    champion = try Registry(project: project).existingChampion(of: name)
    before = try StoredRun(folder: champion.folder)
    let recipe = try ChampionRecipe(before, name: name, project: project)
    let file = try recipe.rolled(
      to: dataThrough, since: before.record, accepting: accepting)
    guard let member = recipe.member(of: file), let spec = member.spec else {
      throw FindingsError(file.findings)
    }
    rolled = member
    self.spec = spec
    backtest = try Timeline(spec)
    refit = try Timeline(spec.withoutTest)
    if let dataThrough, backtest.dataThrough < dataThrough {
      throw FindingsError(.labelsEndEarlier(spec, backtest.dataThrough, dataThrough))
    }
    standstill = Self.standstill(spec, backtest, since: before.record)
    let settings = recipe.settings ?? spec
    gates = settings.gates
    policy = settings.retrain.promote
    findings = file.findings + recipe.findings
  }

  private static func standstill(
    _ spec: ExperimentSpec, _ backtest: Timeline, since before: RunRecord
  ) -> Standstill? {
    // ISO 8601 dates sort by time.
    guard let last = backtest.split.last?.date,
      last.description <= before.cutoffs.map(\.date).max() ?? ""
    else { return nil }
    if case .date(let day) = spec.cutoffs.last { return .fixed(day.value) }
    guard let (next, matures) = Timeline.next(after: last, spec) else { return .listEnds(last) }
    return .immature(next: next, matures: matures)
  }
}
