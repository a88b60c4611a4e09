public import Diagnostics
public import Experiment
internal import Foundation

/// Finds the run that a user means.
public struct RunFinder: Sendable {
  public let project: Project

  public init(project: Project) { self.project = project }

  /// The run of a folder, or the latest run of an experiment.
  public func run(
    _ reference: String, beside name: String? = nil
  ) throws(FindingsError) -> ComparedRun {
    let found =
      FileManager.default.fileExists(atPath: reference)
      ? try StoredRun(folder: reference)
      : try StoredRun.latest(in: project.resultsFolder(of: reference))
    guard let found else {
      throw FindingsError(.unreadableRunFile(reference, what: "a run", "there is none"))
    }
    return ComparedRun(
      reference: reference, name: found.record.name, metrics: found.metrics,
      importance: found.importance, run: found)
  }
}
