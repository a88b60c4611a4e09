public import Spec

/// Called as work advances, from any thread.
public typealias ProgressHandler = @Sendable (StepProgress) -> Void

/// The progress of one step of a command's work.
public struct StepProgress: Sendable {
  public let step: WorkStep
  /// The number of finished parts of the step.
  public let done: Int
  /// The number of all parts of the step; 0 if it has none.
  public let total: Int

  public init(_ step: WorkStep, done: Int = 0, of total: Int = 0) {
    self.step = step
    self.done = done
    self.total = total
  }
}

/// What a command is doing. `Reports` has the words.
public enum WorkStep: Hashable, Sendable {
  /// A stage of a run.
  case stage(RunStage)

  // An audit.
  case auditPreparation
  case check(AuditCheck.ID)

  /// A snapshot, which keeps one source after the other.
  case source(String)

  // A search for better parameters.
  case trials
  case timeFold

  // Comparisons and the leaderboard.
  case results
  case predictions
  /// A run is scored on other rows than its own.
  case rescoring(reference: String)
  case resampling

  // The export to MLflow.
  case server
  case parameters
  case files

  // Production.
  case registry
  case publishedLists
  case sources
  /// The list of a day is built.
  case list(CalendarDate)
  /// The profiles of lists are stored.
  case profiles
  case outcomes
  /// Lists whose label windows are not over.
  case openLists
  case intervals
  case weeks
  case purchases
  case estimate
}
