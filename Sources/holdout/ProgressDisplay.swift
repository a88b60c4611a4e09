import Diagnostics
import Experiment
import Foundation
import Reports
import Synchronization

/// Shows the progress of a command: one line that changes on a terminal, a line per step elsewhere.
final class ProgressDisplay: Sendable {
  private struct State {
    var step: WorkStep?
    var stepStart = ContinuousClock.now
    var lastDrawn = ContinuousClock.now
    var isFinished = false
  }

  private let name: String
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(name: String) { self.name = name }

  /// Shows a step; may be called from any thread.
  @Sendable func show(_ progress: StepProgress) {
    guard !Terminal.isQuiet else { return }
    state.withLock { state in
      let now = ContinuousClock.now
      let isNew = state.step != progress.step
      if isNew {
        state.step = progress.step
        state.stepStart = now
      }
      guard Terminal.isInteractive else {
        if isNew {
          Terminal.note("\(name): \(progress.step.words) (\(Self.text(now - start)))")
        }
        return
      }
      // A person cannot read faster, and drawing takes time.
      guard isNew || now - state.lastDrawn > .milliseconds(100) else { return }
      state.lastDrawn = now
      Terminal.writeRaw(
        "\r\u{1B}[2K" + TerminalText.escaped(line(progress, state, now)),
        to: .standardError)
    }
  }

  private func line(
    _ progress: StepProgress, _ state: State, _ now: ContinuousClock.Instant
  ) -> String {
    let (done, total) = (progress.done, progress.total)
    var line = "\(name): \(progress.step.words), \(Self.text(now - start))"
    guard total > 0 else { return line }
    line += " [\(done)/\(total)]"
    let elapsed = now - state.stepStart
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
