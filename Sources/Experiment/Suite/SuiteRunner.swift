internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import Learning
internal import Panel
public import Spec
internal import Synchronization

/// Runs experiments together: first makes what is missing of their panels, each part once for all of them,
/// then drops those that do worst in the races that there are, and fits the models of the others, several
/// side by side.
public struct SuiteRunner: Sendable {
  private let runner: ExperimentRunner
  private let machine: SuiteMachine

  public init(runner: ExperimentRunner, machine: SuiteMachine) {
    self.runner = runner
    self.machine = machine
  }

  /// Runs experiments; one that fails does not keep the others from running.
  /// - Parameters:
  ///   - races: sweeps of which only the best are run.
  ///   - progress: called as an experiment gets on, with its place, from any thread.
  ///   - told: called once per experiment, in their order, as soon as those before it are done.
  public func run(
    _ experiments: [ResolvedExperiment], races: [Race] = [],
    progress: @escaping @Sendable (Int, RunProgress) -> Void,
    told: @escaping @Sendable (Int, SuiteOutcome) -> Void
  ) {
    let line = WaitingLine(count: experiments.count, told: told)
    let racing = Set(races.flatMap(\.places))
    let open = unfinished(
      experiments.indices.filter { !racing.contains($0) }, of: experiments, line)
    var fits = prepared(open + racing.sorted(), of: experiments, line, progress)
    for race in races {
      let entrants = fits.filter { race.places.contains($0.place) }
      let survivors = rounds(race.halving, entrants, line).map(\.place)
      let unfinished = Set(unfinished(survivors, of: experiments, line))
      fits.removeAll { race.places.contains($0.place) && !unfinished.contains($0.place) }
    }
    onLanes(fits) { fit, settings in
      do {
        let summary = try runner.fit(
          fit.experiment, fit.panel, clock: fit.clock.with(settings), refitting: false)
        line.put(.done(summary), at: fit.place)
      } catch {
        line.put(.failed(error), at: fit.place)
      }
    }
  }

  /// Those of some experiments that have no finished run yet; of the others the run is told of.
  private func unfinished(
    _ places: [Int], of experiments: [ResolvedExperiment], _ line: WaitingLine
  ) -> [Int] {
    let engine = Result { try NativeLibraries.engine(threads: 1) }
    return places.filter { place in
      do {
        let summary = try runner.finished(
          experiments[place], refitting: false, engine: try engine.get())
        if let summary { line.put(.kept(summary), at: place) }
        return summary == nil
      } catch {
        line.put(.failed(error), at: place)
        return false
      }
    }
  }

  /// Makes what is missing of panels, one after the other with the whole machine.
  private func prepared(
    _ places: [Int], of experiments: [ResolvedExperiment], _ line: WaitingLine,
    _ progress: @escaping @Sendable (Int, RunProgress) -> Void
  ) -> [SuiteFit] {
    places.sorted().compactMap { place in
      do {
        let clock = StageClock(RunSettings(threads: machine.threads) { progress(place, $0) })
        let panel = try runner.panel(experiments[place], clock.settings, refitting: false)
        clock.pause()
        return SuiteFit(
          place: place, experiment: experiments[place], panel: panel, clock: clock)
      } catch {
        line.put(.failed(error), at: place)
        return nil
      }
    }
  }

  /// Thins entrants out, round by round.
  private func rounds(
    _ halving: HalvingSpec, _ entrants: [SuiteFit], _ line: WaitingLine
  ) -> [SuiteFit] {
    var fits = entrants
    do {
      let rounds = try RaceTrial.rounds(halving, fits)
      for round in rounds {
        let scores = Mutex([Int: Result<Double, any Error>]())
        onLanes(fits) { fit, settings in
          let score = Result { try RaceTrial(halving, round, fit).score(runner, settings) }
          scores.withLock { $0[fit.place] = score }
          fit.clock.pause()
        }
        let found = scores.withLock { $0 }
        var ranked: [(fit: SuiteFit, score: Double)] = []
        for fit in fits {
          switch found[fit.place] {
          case .success(let score): ranked.append((fit, score))
          case .failure(let error): line.put(.failed(error), at: fit.place)
          case nil: continue
          }
        }
        // The better first, and of two alike the one that is written first.
        ranked.sort { ($1.score, $0.fit.place) < ($0.score, $1.fit.place) }
        for (fit, score) in ranked.dropFirst(round.survivors) {
          let dropped = DroppedEntrant(
            name: fit.experiment.spec.name.value, round: round.number, rounds: rounds.count,
            averagePrecision: score, survivors: round.survivors, entrants: round.entrants)
          runner.tidy(fit.experiment)
          line.put(.dropped(dropped), at: fit.place)
        }
        fits = ranked.prefix(round.survivors).map(\.fit).sorted { $0.place < $1.place }
      }
      return fits
    } catch {
      for fit in fits { line.put(.failed(error), at: fit.place) }
      return []
    }
  }

  /// Works on fits side by side, as the machine and their sizes allow.
  private func onLanes(
    _ fits: [SuiteFit], _ work: @escaping @Sendable (SuiteFit, RunSettings) -> Void
  ) {
    let schedule = SuiteSchedule(fits, machine: machine)
    let waiting = Mutex(schedule)
    DispatchQueue.concurrentPerform(iterations: schedule.lanes) { _ in
      let datasets = BinnedDatasets()
      var group: String?
      while let fit = waiting.withLock({ $0.next(after: group) }) {
        if fit.group != group { datasets.clear() }
        group = fit.group
        // Bins are kept only for others that will want them.
        let isShared = waiting.withLock { $0.isAwaited(fit.group) }
        let settings = RunSettings(
          threads: schedule.threads,
          datasets: isShared || datasets.isFilled ? datasets : nil,
          progress: fit.clock.settings.progress)
        work(fit, settings)
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
