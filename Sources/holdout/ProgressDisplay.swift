import Diagnostics
import Experiment
import Foundation
import Synchronization

/// Shows the progress of a run: one line that changes on a terminal, a line per stage elsewhere.
final class ProgressDisplay: Sendable {
  private struct State {
    var stage: String?
    var stageStart = ContinuousClock.now
    var lastDrawn = ContinuousClock.now
    var isFinished = false
  }

  private let name: String
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(name: String) { self.name = name }

  /// Reports a step of a run; may be called from any thread.
  func show(_ progress: RunProgress) {
    show(progress.stage.rawValue, done: progress.done, total: progress.total)
  }

  /// Reports a stage's finished steps and their total; 0 and 0 if it has no steps.
  func show(_ stage: String, done: Int, total: Int) {
    guard !Terminal.isQuiet else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      let isNew = state.stage != stage
      if isNew {
        state.stage = stage
        state.stageStart = now
      }
      guard Terminal.isInteractive else {
        if isNew {
          Terminal.note("\(name): \(stage) (\(Self.text(now - start)))")
        }
        return
      }
      // A person cannot read faster, and drawing takes time.
      guard isNew || now - state.lastDrawn > .milliseconds(100) else { return }
      state.lastDrawn = now
      Terminal.writeRaw(
        "\r\u{1B}[2K" + TerminalText.escaped(line(stage, done, total, state, now)),
        to: .standardError)
    }
  }

  private func line(
    _ stage: String, _ done: Int, _ total: Int, _ state: State, _ now: ContinuousClock.Instant
  ) -> String {
    var line = "\(name): \(stage), \(Self.text(now - start))"
    guard total > 0 else { return line }
    line += " [\(done)/\(total)]"
    let elapsed = now - state.stageStart
    if done > 0, elapsed > .seconds(1) {
      let remaining = elapsed * (total - done) / done
      line += ", about \(Self.text(remaining)) left in this stage"
    }
    return line
  }

  /// Clears the line and ignores later steps. A failed run is not reported as done.
  func finish(isDone: Bool) {
    guard !Terminal.isQuiet else { return }
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if Terminal.isInteractive {
        Terminal.writeRaw("\r\u{1B}[2K", to: .standardError)
      } else if isDone {
        Terminal.note("\(name): done (\(Self.text(ContinuousClock.now - start)))")
      }
    }
  }

  private static func text(_ duration: Duration) -> String {
    let seconds = Int(duration.components.seconds)
    if seconds >= 60 { return "\(seconds / 60) min \(seconds % 60) s" }
    return "\(seconds) s"
  }
}
