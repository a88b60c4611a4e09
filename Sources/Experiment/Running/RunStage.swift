/// What a run is doing, in order.
public enum RunStage: String, CaseIterable, Sendable {
  case sources = "loading sources"
  case panel = "building the panel"
  case reading = "reading the panel"
  case binning = "binning features"
  case searching = "finding the number of trees"
  case training = "training"
  case crossFitting = "cross-fitting"
  case scoring = "scoring"
  case evaluation = "evaluating"
  case refitting = "refitting"
  case writing = "writing results"
}

/// How far a run is.
public struct RunProgress: Sendable {
  public let stage: RunStage
  /// Steps of the stage that are done, and how many there are; 0 of 0 where it has no steps.
  public let done: Int
  public let total: Int

  /// Takes the counts as they are.
  public init(stage: RunStage, done: Int, total: Int) {
    self.stage = stage
    self.done = done
    self.total = total
  }
}
