internal import Diagnostics
internal import Dispatch
internal import Foundation
internal import Learning
internal import Panel
public import Runs
public import Spec
internal import Synchronization

/// Runs experiments together. First builds the missing parts of their panels, each part once for
/// all experiments. Then runs the races, if any, and drops their losers. Last, fits the models of
/// the remaining experiments, several in parallel.
public struct SuiteRunner: Sendable {
  private let runner: ExperimentRunner
  private let machine: SuiteMachine

  public init(runner: ExperimentRunner, machine: SuiteMachine) {
    self.runner = runner
    self.machine = machine
  }

  /// Runs experiments. A failure of one does not stop the others.
  /// - Parameters:
  ///   - races: sweeps of which only the best experiments are run.
  ///   - progress: returns the handler of an experiment, by its index.
  ///   - reported: called once per experiment, in their order, as soon as all earlier ones are done.
  public func run(
    _ experiments: [ResolvedExperiment], races: [Race] = [],
    progress: (Int) -> ProgressHandler,
    reported: @escaping @Sendable (Int, SuiteOutcome) -> Void
  ) {
    let line = WaitingLine(count: experiments.count, reported: reported)
    let racing = Set(races.flatMap(\.indices))
    let open = unfinished(
      experiments.indices.filter { !racing.contains($0) }, of: experiments, line)
    var fits = prepared(open + racing.sorted(), of: experiments, line, progress)
    for race in races {
      let entrants = fits.filter { race.indices.contains($0.index) }
      let survivors = rounds(race.halving, entrants, line).map(\.index)
      let unfinished = Set(unfinished(survivors, of: experiments, line))
      fits.removeAll { race.indices.contains($0.index) && !unfinished.contains($0.index) }
    }
    onLanes(fits) { fit, settings in
      do {
        let summary = try runner.fit(
          fit.experiment, fit.panel, clock: fit.clock.with(settings), refitting: false)
        line.put(.done(summary), at: fit.index)
      } catch {
        line.put(.failed(error), at: fit.index)
      }
    }
  }

  /// Returns the experiments that have no finished run yet and reports the finished runs of the
  /// others.
  private func unfinished(
    _ indices: [Int], of experiments: [ResolvedExperiment], _ line: WaitingLine
  ) -> [Int] {
    let engine = Result { try NativeLibraries.engine(threads: 1) }
    return indices.filter { index in
      do {
        let summary = try runner.finished(
          experiments[index], refitting: false, engine: try engine.get())
        if let summary { line.put(.kept(summary), at: index) }
        return summary == nil
      } catch {
        line.put(.failed(error), at: index)
        return false
      }
    }
  }

  /// Builds the missing parts of panels, one panel at a time, each with every thread.
  private func prepared(
    _ indices: [Int], of experiments: [ResolvedExperiment], _ line: WaitingLine,
    _ progress: (Int) -> ProgressHandler
  ) -> [SuiteFit] {
    indices.sorted().compactMap { index in
      do {
        let clock = StageClock(RunSettings(threads: machine.threads, progress: progress(index)))
        let panel = try runner.panel(experiments[index], clock.settings, refitting: false)
        clock.pause()
        return SuiteFit(
          index: index, experiment: experiments[index], panel: panel, clock: clock)
      } catch {
        line.put(.failed(error), at: index)
        return nil
      }
    }
  }

  /// Eliminates entrants round by round.
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
          scores.withLock { $0[fit.index] = score }
          fit.clock.pause()
        }
        let found = scores.withLock { $0 }
        var ranked: [(fit: SuiteFit, score: Double)] = []
        for fit in fits {
          switch found[fit.index] {
          case .success(let score): ranked.append((fit, score))
          case .failure(let error): line.put(.failed(error), at: fit.index)
          case nil: continue
          }
        }
        // Best score first; ties go to the experiment that is written first.
        ranked.sort { ($1.score, $0.fit.index) < ($0.score, $1.fit.index) }
        for (fit, score) in ranked.dropFirst(round.survivors) {
          let dropped = DroppedEntrant(
            name: fit.experiment.spec.name.value, round: round.number, rounds: rounds.count,
            averagePrecision: score, survivors: round.survivors, entrants: round.entrants)
          runner.tidy(fit.experiment)
          line.put(.dropped(dropped), at: fit.index)
        }
        fits = ranked.prefix(round.survivors).map(\.fit).sorted { $0.index < $1.index }
      }
      return fits
    } catch {
      for fit in fits { line.put(.failed(error), at: fit.index) }
      return []
    }
  }

  /// Works on fits in parallel, as many as their sizes and the machine allow.
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
        // Keep bins only for later fits that can share them.
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

/// Reports outcomes in the order of their indices, whatever order they arrive in.
private final class WaitingLine: Sendable {
  private struct State {
    var outcomes: [SuiteOutcome?]
    var reported = 0
  }

  private let state: Mutex<State>
  private let reported: @Sendable (Int, SuiteOutcome) -> Void

  init(count: Int, reported: @escaping @Sendable (Int, SuiteOutcome) -> Void) {
    state = Mutex(State(outcomes: Array(repeating: nil, count: count)))
    self.reported = reported
  }

  func put(_ outcome: SuiteOutcome, at index: Int) {
    state.withLock { state in
      state.outcomes[index] = outcome
      while state.reported < state.outcomes.count, let next = state.outcomes[state.reported] {
        reported(state.reported, next)
        state.reported += 1
      }
    }
  }
}

/// Decides which fit is next.
///
/// With at least as many fits as threads, fits run in parallel with one thread each: two fits on
/// one thread each take less time than one after the other on two threads. When memory holds only
/// one fit, each runs alone on the machine.
///
/// LightGBM's thread count is one variable per process, so lanes overlap only while all of them use
/// the same number of threads. If one fit grows its trees on one thread, every lane uses one.
struct SuiteSchedule {
  /// The number of fits that run in parallel.
  let lanes: Int
  /// The number of threads of each fit.
  let threads: Int
  /// Fits grouped by their training rows, the largest group first.
  private var groups: [[SuiteFit]]

  init(_ fits: [SuiteFit], machine: SuiteMachine) {
    let largest = max(fits.map(\.bytes).max() ?? 0, 1)
    lanes = max(
      1, min(machine.jobs ?? machine.threads, fits.count, machine.memory / largest))
    let isSerial = lanes > 1 && fits.contains(where: \.growsOnOneThread)
    threads = isSerial ? 1 : max(1, machine.threads / lanes)
    groups = Dictionary(grouping: fits, by: \.group).values.sorted { left, right in
      let (own, other) = (Self.bytes(left), Self.bytes(right))
      return own == other ? left[0].index < right[0].index : own > other
    }
  }

  private static func bytes(_ fits: [SuiteFit]) -> Int { fits.reduce(0) { $0 + $1.bytes } }

  /// Takes the next fit: from the lane's current group, else from a group that no lane has begun,
  /// else from the group with the most fits left.
  mutating func next(after group: String?) -> SuiteFit? {
    let waiting = groups.indices.filter { !groups[$0].isEmpty }
    let index =
      waiting.first { groups[$0][0].group == group }
      ?? waiting.first { !begun.contains(groups[$0][0].group) }
      ?? waiting.max { groups[$0].count < groups[$1].count }
    guard let index else { return nil }
    begun.insert(groups[index][0].group)
    return groups[index].removeFirst()
  }

  /// Whether more fits of a group are waiting.
  func isAwaited(_ group: String) -> Bool {
    groups.contains { $0.first?.group == group }
  }

  private var begun: Set<String> = []
}

/// An experiment whose panel is built and whose model is to be fitted.
struct SuiteFit: Sendable {
  let index: Int
  let experiment: ResolvedExperiment
  let panel: ExperimentPanel
  let clock: StageClock
  /// Fingerprint of the training rows. Fits of one group may share their bins.
  let group: String
  /// The approximate memory that the fit needs, in bytes.
  let bytes: Int
  /// Whether trees are grown on one thread, whatever the number of threads.
  let growsOnOneThread: Bool

  init(
    index: Int, experiment: ResolvedExperiment, panel: ExperimentPanel, clock: StageClock
  ) {
    self.index = index
    self.experiment = experiment
    self.panel = panel
    self.clock = clock
    group = panel.fingerprint
    let size = panel.size
    // One byte each for a bin and its neighbors in a bundle, then gradient, hessian, label, weight
    // and score.
    let perRow = panel.spec.features.count + 4 * 4 + 8
    bytes = size.bytes + size.rows * perRow
    growsOnOneThread = experiment.spec.model.quantizedGradients
  }
}

/// How much of the machine a suite uses. Nothing here changes a result.
public struct SuiteMachine: Sendable {
  public var threads: Int
  /// The most models to fit in parallel; nil: one per thread.
  public var jobs: Int?
  /// The memory that the fits may use together, in bytes.
  public var memory: Int

  public init(threads: Int, jobs: Int?, memory: Int) {
    self.threads = threads
    self.jobs = jobs
    self.memory = memory
  }
}

/// How one experiment of a suite ended.
public enum SuiteOutcome: Sendable {
  case done(RunSummary)
  /// The same run was made before and is complete.
  case kept(RunSummary)
  /// Others in its race were better, so it was not run.
  case dropped(DroppedEntrant)
  /// The run failed, with a `FindingsError` when the spec, the data or the machine is at fault.
  case failed(any Error)
}

/// The most recently binned rows, for models that learn from the same rows with other parameters.
///
/// Used by one thread at a time.
public final class BinnedDatasets: Sendable {
  private struct Last: @unchecked Sendable {
    // Safety: one lane owns it and trains one model at a time.
    let dataset: Dataset
    let key: String
  }

  private let last = Mutex<Last?>(nil)

  init() {}

  /// Returns the dataset of a key, and makes it unless it is the most recent one.
  func dataset(
    _ key: String?, _ make: () throws(LearningError) -> Dataset
  ) throws(LearningError) -> Dataset {
    if let last = last.withLock({ $0 }), last.key == key { return last.dataset }
    // Free the old dataset before making the new one, so that memory never holds both.
    clear()
    let dataset = try make()
    if let key { last.withLock { $0 = Last(dataset: dataset, key: key) } }
    return dataset
  }

  var isFilled: Bool { last.withLock { $0 != nil } }

  func clear() { last.withLock { $0 = nil } }
}
