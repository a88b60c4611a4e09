internal import Diagnostics
internal import Experiment
internal import Learning
internal import Panel
internal import Promotion
internal import Spec

/// A champion, verified and read, with the settings that it scores by.
struct ProductionModel {
  let name: String
  let runId: String
  /// The promoted recipe on the data of now, with `score`, `capacity` and the like as the project has them.
  let spec: ExperimentSpec
  let score: ScoreSpec
  let model: ScoringModel
  /// What a crash left in the registry, and what experiments/NAME.yaml does not say of the champion.
  let warnings: [Finding]

  /// - Parameters:
  ///   - dataThrough: the last observed day; nil: as the spec says.
  ///   - isAsPromoted: whether experiments/NAME.yaml is not looked at.
  /// - Throws: `FindingsError` where nothing was promoted under the name, a file is not the one that was, or
  ///   experiments/NAME.yaml is another recipe by now.
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

  /// The groups of a capacity: those of the published column that it is per, or one of all rows.
  func groups(of panel: ListPanel) -> (numbers: [Int32], names: [String]) {
    guard let per = spec.capacity?.per,
      let column = score.published.first(where: { $0.name.value == per.value })
    else { return ([Int32](repeating: 0, count: panel.block.rowCount), [""]) }
    return panel.groups(of: column)
  }

  /// What is wrong with sources that have lost the days that the model has learned from: a history that was
  /// begun anew says nothing of whom nobody has touched since.
  func youngSources(
    _ firstDays: [(source: SourceSpec, day: CalendarDate)], at cutoff: CalendarDate
  ) -> [Finding] {
    let learned = model.record.cutoffs.filter { $0.role == Role.train.rawValue }
      .compactMap { CalendarDate($0.date) }.max()
    guard let learned else { return [] }
    return firstDays.filter { $0.day > min(learned, cutoff) }
      .map { .youngSource($0.source, first: $0.day, learned: learned, cutoff: cutoff) }
  }

  /// A warning where the model has learned from what happened after a cutoff: its list is then no
  /// evidence of what the model would have found.
  func hindsight(at cutoff: CalendarDate) -> [Finding] {
    guard let learned = model.record.learnedThrough, learned > cutoff.description else { return [] }
    return [.hindsight(runId, learned: learned, cutoff: cutoff)]
  }
}
