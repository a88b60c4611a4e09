public import Diagnostics
public import Experiment

/// Finds the run that a user means.
public struct RunFinder: Sendable {
  public let project: Project

  public init(project: Project) { self.project = project }

  /// The one run that a reference means.
  public func run(
    _ reference: String, beside name: String? = nil
  ) throws(FindingsError) -> ComparedRun {
    ComparedRun(reference: reference, run: try StoredRun(folder: reference))
  }

  /// Whether a reference is to what has been promoted.
  public static func isChampion(_ reference: String) -> Bool {
    reference == "champion" || reference.hasPrefix("champion:")
  }
}
