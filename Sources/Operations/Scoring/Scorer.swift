public import Diagnostics
public import Experiment
internal import Foundation
internal import Learning
internal import OrderedCollections
internal import Panel
internal import Promotion
public import Runs
internal import Spec
internal import Warehouse

/// Scores cohorts with a champion and publishes the lists.
public struct Scorer: Sendable {
  public let project: Project
  public let threads: Int
  /// Called as the scoring progresses.
  public let progress: ProgressHandler

  public init(
    project: Project, threads: Int, progress: @escaping ProgressHandler = { _ in }
  ) {
    self.project = project
    self.threads = threads
    self.progress = progress
  }

  /// Scores the cohort of each cutoff and publishes its list, one cutoff at a time. Then stores the
  /// profiles of the lists, for monitors.
  /// - Parameter done: called with each published list.
  /// - Returns: warnings about profiles.
  /// - Throws: `FindingsError`; the lists that `done` was called with stay, and no other has
  ///   changed.
  public func score(_ request: ScoreRequest, done: (ScoreReport) -> Void) throws -> [Finding] {
    let library = try NativeLibraries.learner()
    let champion = try ProductionModel(
      request.name, project: project, dataThrough: request.dataThrough,
      isAsPromoted: request.isAsPromoted, library: library)
    var profiles =
      request.isDryRun ? nil : ProfileMaker(champion, request: request, project: project)
    try publish(request, champion) { report, panel in
      done(report)
      profiles?.add(panel)
    }
    progress(StepProgress(.profiles))
    profiles?.finish(project: project, threads: threads)
    return profiles?.findings ?? []
  }

  private func publish(
    _ request: ScoreRequest, _ champion: ProductionModel, done: (ScoreReport, ListPanel) -> Void
  ) throws {
    let cutoffs = try self.cutoffs(request, champion)
    let exclusions = try ExclusionFiles(
      champion.spec.capacity, key: champion.score.key.value, project)
    progress(StepProgress(.sources))
    let engine = try NativeLibraries.engine(threads: threads)
    engine.outputFolders =
      champion.score.parquet.map { file in
        let path = file.value.hasPrefix("/") ? file.value : "\(project.folder)/\(file.value)"
        return [(path as NSString).deletingLastPathComponent]
      } ?? []
    let builder = try PanelBuilder(
      ListPanel.extended(champion.spec, champion.score), project: project.spec,
      projectFolder: project.folder, engine: engine,
      purpose: .scoring(cutoffs, allowsSilence: request.allowsSilence),
      lockTimeout: LockTimeout(seconds: request.lockTimeout))
    let keys = try builder.keys()
    let sinks = try ScoreSinks(
      project: project, engine: engine, score: champion.score,
      source: champion.spec.connectionOfCohort, lockTimeout: request.lockTimeout)
    let lists = ListMaker(
      champion: champion, request: request, engine: engine, builder: builder, keys: keys,
      sinks: sinks, exclusions: exclusions, threads: threads)
    for cutoff in cutoffs {
      progress(StepProgress(.list(cutoff)))
      let (report, panel) = try lists.publish(cutoff)
      done(report, panel)
    }
  }

  private func cutoffs(
    _ request: ScoreRequest, _ champion: ProductionModel
  ) throws(FindingsError) -> [CalendarDate] {
    guard let through = champion.spec.dataThrough else {
      preconditionFailure("a spec whose labels end on no day is refused when it is read")
    }
    let cutoffs = request.cutoffs.isEmpty ? [through] : request.cutoffs
    if let late = cutoffs.first(where: { $0 > through }) {
      throw FindingsError(.cutoffAfterData(late, through: through, champion.spec))
    }
    return cutoffs
  }
}

extension ExperimentSpec {
  /// The connection of the cohort's source; nil for a file.
  fileprivate var connectionOfCohort: Located<String>? {
    switch sources[cohort.entity.value]?.location {
    case .table(_, let connection), .query(_, let connection): connection
    case .file, nil: nil
    }
  }
}
