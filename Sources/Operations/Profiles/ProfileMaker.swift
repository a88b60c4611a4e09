internal import Columns
internal import Diagnostics
internal import Evaluation
internal import Experiment
internal import Learning
internal import Panel
internal import Promotion
internal import Runs
internal import Spec
internal import Warehouse

/// Stores the profiles of the lists that a scoring publishes.
///
/// A profile is no part of a list: whatever prevents it is a warning, and the list stays published.
struct ProfileMaker {
  private let champion: ProductionModel
  private let request: ScoreRequest
  private let store: ProfileStore
  private let known: (cells: TrainCells, digest: String)?
  /// The lists that could not be counted, because the champion has no cells yet.
  private var uncounted: [CalendarDate] = []
  private(set) var findings: [Finding] = []

  init(_ champion: ProductionModel, request: ScoreRequest, project: Project) {
    self.champion = champion
    self.request = request
    store = ProfileStore(of: champion.name, project: project)
    do throws(FindingsError) {
      known = try store.cells(of: champion)
    } catch {
      known = nil
      findings += error.findings
    }
  }

  /// Stores the profile of a published list. A list that was made with hindsight has none.
  mutating func add(_ panel: ListPanel) {
    let day = panel.block.cutoff.date
    guard champion.hindsight(at: day).isEmpty else { return }
    guard let known else {
      uncounted.append(day)
      return
    }
    let features = known.cells.counted(champion.model) { panel.levels[$0] ?? [] }
    let profiles = zip(features, panel.block.features.columns).map { $0.profile(of: $1) }
    do {
      try write(profiles, of: panel.block, digest: known.digest)
    } catch {
      findings.append(.profileNotStored(champion.name, error))
    }
  }

  /// Counts the train rows and the lists that wait for them, after the first scoring of a champion.
  ///
  /// The engine and the panel are its own, because a panel numbers the levels that it has read, and a
  /// list must not depend on whether the train rows were read.
  mutating func finish(project: Project, threads: Int) {
    guard !uncounted.isEmpty else { return }
    do {
      try countAll(project, threads: threads)
    } catch {
      findings.append(.profileNotStored(champion.name, error))
    }
  }

  private func countAll(_ project: Project, threads: Int) throws {
    let train = champion.ownCutoffs.filter { $0.role == .train }.map(\.unlabelled)
    let builder = try PanelBuilder(
      champion.spec, project: project.spec, projectFolder: project.folder,
      engine: try NativeLibraries.engine(threads: threads),
      purpose: .scoring(train.map(\.date) + uncounted, allowsSilence: true),
      lockTimeout: LockTimeout(seconds: request.lockTimeout))
    let trainBlocks = try builder.blocks(train, threads: threads)
    let blocks = try builder.blocks(
      uncounted.map { Cutoff(date: $0, role: .immature, windowEnd: $0) }, threads: threads)
    // The dictionaries are complete only now.
    let cells = TrainCells(champion, train: trainBlocks, builder: builder)
    let features = cells.counted(champion.model, dictionary: builder.levels(ofFeature:))
    let digest = try store.write(cells)
    for block in blocks {
      try write(
        zip(features, block.features.columns).map { $0.profile(of: $1) }, of: block,
        digest: digest)
    }
  }

  private func write(_ profiles: [FeatureProfile], of block: PanelBlock, digest: String) throws {
    try store.write(
      ListProfile(
        cutoff: block.cutoff.date.description, runId: champion.runId, cells: digest,
        rows: block.rowCount, features: profiles))
  }
}
