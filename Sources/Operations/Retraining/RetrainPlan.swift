public import Diagnostics
public import Experiment
public import Panel
public import Promotion
public import Spec

/// What retraining a name would fit: the champion's recipe, rolled forward to the latest mature cutoff.
public struct RetrainPlan: Sendable {
  /// Why nothing would be fitted.
  public enum Standstill: Sendable {
    /// No cutoff has matured since: the next one, and the day by which its labels are in.
    case immature(next: CalendarDate, matures: CalendarDate)
    /// The spec ends its timeline with a day of its own.
    case fixed(CalendarDate)
  }

  /// What is retrained.
  public let champion: PromotedModel
  /// The run that it was promoted of.
  public let before: StoredRun
  /// The recipe with the new days.
  public let rolled: LoadedSpec
  public let spec: ExperimentSpec
  /// The cutoffs of the run that shows how the recipe does.
  public let backtest: Timeline
  /// The cutoffs of the second fit, whose model is to score.
  public let refit: Timeline
  /// nil where there is something to fit.
  public let standstill: Standstill?
  /// What the run has to meet.
  public let gates: GatesSpec?
  /// What the spec says becomes of it.
  public let policy: RetrainSpec.Promotion
  /// Warnings about the spec.
  public let findings: [Finding]

  /// Finds the champion of a name and rolls its recipe forward.
  ///
  /// The recipe is experiments/NAME.yaml where that is still the champion's, else the champion's own
  /// spec.yaml. Gates and policy are those of experiments/NAME.yaml in any case, where there is one.
  /// - Parameters:
  ///   - dataThrough: the last day that the data have fully observed; nil: as experiments/NAME.yaml says.
  ///   - accepting: findings about the data that are accepted, by their ids, and why.
  /// - Throws: `FindingsError` where nothing is promoted, or it is not known what to fit; `Timeline.Problem`
  ///   for a spec with errors that reading it has found already.
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
    // Days as ISO 8601 writes them stand in the order of time.
    guard let last = backtest.split.last?.date,
      last.description <= before.cutoffs.map(\.date).max() ?? ""
    else { return nil }
    if case .date(let day) = spec.cutoffs.last { return .fixed(day.value) }
    let (next, matures) = Timeline.next(after: last, spec)
    return .immature(next: next, matures: matures)
  }
}
