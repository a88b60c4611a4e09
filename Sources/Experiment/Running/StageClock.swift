internal import Runs
internal import Synchronization

/// Measures how long each stage of a run takes, by listening to its progress.
///
/// Durations go into run.json only; no result depends on them.
final class StageClock: Sendable {
  private struct State {
    var stage: RunStage?
    var since = ContinuousClock.now
    var seconds: [RunStage: Double] = [:]
  }

  private final class StateBox: Sendable {
    let mutex = Mutex(State())
  }

  private let state: StateBox
  private let outer: RunSettings

  init(_ settings: RunSettings) {
    outer = settings
    state = StateBox()
  }

  private init(_ settings: RunSettings, _ state: StateBox) {
    outer = settings
    self.state = state
  }

  /// Returns the same clock for work with other settings.
  func with(_ settings: RunSettings) -> StageClock { StageClock(settings, state) }

  /// Ends the current stage, until the next one is reported.
  func pause() { enter(nil) }

  /// The run's settings, with progress passing through this clock.
  var settings: RunSettings {
    RunSettings(threads: outer.threads, datasets: outer.datasets) { progress in
      if case .stage(let stage) = progress.step { self.enter(stage) }
      self.outer.progress(progress)
    }
  }

  private func enter(_ stage: RunStage?) {
    state.mutex.withLock { state in
      guard state.stage != stage else { return }
      let now = ContinuousClock.now
      if let current = state.stage {
        let elapsed = (now - state.since).components
        state.seconds[current, default: 0] +=
          Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
      }
      state.stage = stage
      state.since = now
    }
  }

  /// Seconds per stage so far, in order. Ends the current stage.
  func timings() -> [RunRecord.Timing] {
    enter(nil)
    return state.mutex.withLock { state in
      RunStage.allCases.compactMap { stage in
        state.seconds[stage].map { seconds in
          RunRecord.Timing(
            stage: stage.rawValue, seconds: (seconds * 1000).rounded() / 1000)
        }
      }
    }
  }
}

/// What a run is doing, in order. run.json names stages by their raw values.
public enum RunStage: String, CaseIterable, Sendable {
  case sources = "loading sources"
  case panel = "building the panel"
  case reading = "reading the panel"
  case binning = "binning features"
  case searching = "choosing the number of trees"
  case training = "training"
  case crossFitting = "cross-fitting"
  case scoring = "scoring"
  case evaluation = "evaluating"
  case curves = "computing curves"
  case refitting = "refitting"
  case writing = "writing results"
}
