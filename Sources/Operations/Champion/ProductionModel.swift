internal import Diagnostics
internal import Learning
internal import Panel
internal import Promotion
internal import Runs
internal import Spec

/// A verified champion, loaded, with the settings that it scores with.
struct ProductionModel {
  let name: String
  let runId: String
  /// The promoted recipe on today's data, with the project's current `score`, `capacity` and
  /// similar settings.
  let spec: ExperimentSpec
  let score: ScoreSpec
  let model: ScoringModel
  /// What a crash left in the registry, and the champion's values that experiments/NAME.yaml lacks.
  let warnings: [Finding]

  /// - Parameters:
  ///   - dataThrough: the last observed day; nil for the spec's.
  ///   - isAsPromoted: whether to ignore experiments/NAME.yaml.
  /// - Throws: `FindingsError` if nothing was promoted under the name, a file differs from the
  ///   promoted one, or experiments/NAME.yaml is now another recipe.
  init(
    _ name: String, project: Project, dataThrough: CalendarDate?, isAsPromoted: Bool,
    library: LightGBMLibrary
  ) throws {
    let registry = Registry(project: project)
    guard let champion = try registry.champion(of: name) else {
      throw FindingsError(
        .nothingToScoreWith(name, known: Set(try registry.records().records.map(\.name)).sorted()))
    }
    let run = try StoredRun(folder: champion.folder)
    let recipe = try ChampionRecipe(run, name: name, project: project)
    let spec = try recipe.scoring(
      dataThrough: dataThrough, isAsPromoted: isAsPromoted, of: champion)
    guard let score = spec.score, score.table != nil || score.parquet != nil else {
      throw FindingsError(.nowhereToPublish(spec))
    }
    self.name = name
    runId = champion.runId
    self.spec = spec
    self.score = score.filled(name)
    model = try ScoringModel.production(run, library: library)
    warnings = champion.warnings + (isAsPromoted ? [] : recipe.unwritten)
  }

  /// The groups of a capacity: those of its `per` column, or a single one for all rows.
  func groups(of panel: ListPanel) -> (numbers: [Int32], names: [String]) {
    guard let per = spec.capacity?.per,
      let column = score.published.first(where: { $0.name.value == per.value })
    else { return ([Int32](repeating: 0, count: panel.block.rowCount), [""]) }
    return panel.groups(of: column)
  }

  /// The number of cutoffs that the model was trained on.
  var trainCutoffCount: Int {
    spec.cutoffs.train.count
      ?? model.record.cutoffs.count { $0.role == Role.train.rawValue }
  }

  /// Findings about sources that no longer have the days that the model was trained on. A history
  /// that was restarted lacks every entity that has not changed since.
  func youngSources(
    _ firstDays: [(source: SourceSpec, day: CalendarDate)], at cutoff: CalendarDate
  ) -> [Finding] {
    let learned = model.record.cutoffs.filter { $0.role == Role.train.rawValue }
      .compactMap { CalendarDate($0.date) }.max()
    guard let learned else { return [] }
    return firstDays.filter { $0.day > min(learned, cutoff) }
      .map { .youngSource($0.source, first: $0.day, learned: learned, cutoff: cutoff) }
  }

  /// A warning if the model was trained on events after a cutoff. Its list is then no evidence of
  /// how well the model would have done.
  func hindsight(at cutoff: CalendarDate) -> [Finding] {
    guard let learned = model.record.learnedThrough, learned > cutoff.description else { return [] }
    return [.hindsight(runId, learned: learned, cutoff: cutoff)]
  }
}
