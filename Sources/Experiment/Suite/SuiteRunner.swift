internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import Panel
public import Spec
internal import Synchronization

/// Runs experiments together: first makes what is missing of their panels, each part once for all of them,
/// then fits the models, several side by side.
public struct SuiteRunner: Sendable {
  private let runner: ExperimentRunner
  private let machine: SuiteMachine

  public init(runner: ExperimentRunner, machine: SuiteMachine) {
    self.runner = runner
    self.machine = machine
  }

  /// Runs experiments; one that fails does not keep the others from running.
  /// - Parameters:
  ///   - progress: called as an experiment gets on, with its place, from any thread.
  ///   - told: called once per experiment, in their order, as soon as those before it are done.
  public func run(
    _ experiments: [ResolvedExperiment],
    progress: @escaping @Sendable (Int, RunProgress) -> Void,
    told: @escaping @Sendable (Int, SuiteOutcome) -> Void
  ) {
    let line = WaitingLine(count: experiments.count, told: told)
    var open: [Int] = []
    let engine = Result { try NativeLibraries.engine(threads: 1) }
    for (place, experiment) in experiments.enumerated() {
      do {
        let summary = try runner.finished(
          experiment, refitting: false, engine: try engine.get())
        if let summary { line.put(.kept(summary), at: place) } else { open.append(place) }
      } catch {
        line.put(.failed(error), at: place)
      }
    }
    var fits: [SuiteFit] = []
    for place in open {
      let experiment = experiments[place]
      do {
        let clock = StageClock(
          RunSettings(threads: machine.threads) { progress(place, $0) })
        let panel = try runner.panel(experiment, clock.settings, refitting: false)
        clock.pause()
        fits.append(SuiteFit(place: place, experiment: experiment, panel: panel, clock: clock))
      } catch {
        line.put(.failed(error), at: place)
      }
    }
    let schedule = SuiteSchedule(fits, machine: machine)
    let waiting = Mutex(schedule)
    let runner = runner
    DispatchQueue.concurrentPerform(iterations: schedule.lanes) { _ in
      let datasets = BinnedDatasets()
      var group: String?
      while let fit = waiting.withLock({ $0.next(after: group) }) {
        if fit.group != group { datasets.clear() }
        group = fit.group
        // Bins are kept only for others that will want them.
        let isShared = waiting.withLock { $0.isAwaited(fit.group) }
        let settings = RunSettings(
          threads: schedule.threads, datasets: isShared || datasets.isFilled ? datasets : nil,
          progress: fit.clock.settings.progress)
        do {
          let summary = try runner.fit(
            fit.experiment, fit.panel, clock: fit.clock.with(settings), refitting: false)
          line.put(.done(summary), at: fit.place)
        } catch {
          line.put(.failed(error), at: fit.place)
        }
      }
    }
  }
}

/// Tells of outcomes in the order of their places, however they come.
private final class WaitingLine: Sendable {
  private struct State {
    var outcomes: [SuiteOutcome?]
    var told = 0
  }

  private let state: Mutex<State>
  private let told: @Sendable (Int, SuiteOutcome) -> Void

  init(count: Int, told: @escaping @Sendable (Int, SuiteOutcome) -> Void) {
    state = Mutex(State(outcomes: Array(repeating: nil, count: count)))
    self.told = told
  }

  func put(_ outcome: SuiteOutcome, at place: Int) {
    state.withLock { state in
      state.outcomes[place] = outcome
      while state.told < state.outcomes.count, let next = state.outcomes[state.told] {
        told(state.told, next)
        state.told += 1
      }
    }
  }
}
