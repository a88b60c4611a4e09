internal import Columns
internal import Diagnostics
internal import Evaluation
internal import Files
internal import Foundation
internal import Learning
internal import Panel
internal import Runs
public import Spec
internal import Synchronization

// A search for better parameters of the learner.
//
// - In: an experiment, the number of trials, the parameters to vary, the judge, a seed.
// - Out: results/NAME/tune/ID with a journal of the trials, and a report with the choice.
//
// Only train cutoffs are read. A trial depends on its number, the seed, and the trials of all
// batches before its own, so the journal is the same for any number of threads and after a kill.

/// Searches for better parameters of the learner.
public struct TuneRunner: Sendable {
  /// The fewest clusters with a positive train row: with fewer, the judge cannot tell trials apart.
  static let fewestPositives = 100
  /// The number of rows that a trial uses at most, roughly.
  static let rowLimit = 60_000
  /// The fewest negatives that are kept per positive.
  static let negativesPerPositive = 10
  /// The trials before the first batch: the spec, the learner's own values, quasi-random points.
  static let startCount = 12
  static let batchSize = 4
  /// The number of the best trials that are compared with the base in detail.
  static let finalistCount = 5

  private let runner: ExperimentRunner
  private let threads: Int
  private let progress: ProgressHandler

  /// - Parameter threads: how many fits run in parallel; no result depends on it.
  public init(runner: ExperimentRunner, threads: Int, progress: @escaping ProgressHandler) {
    (self.runner, self.threads, self.progress) = (runner, threads, progress)
  }

  /// Makes the trials that are missing, chooses one, and compares it with the spec.
  /// - Throws: `FindingsError` when the spec or its data are at fault, or the results cannot be
  ///   written.
  public func tune(_ experiment: ResolvedExperiment, _ request: TuneRequest) throws -> TuneReport {
    try experiment.spec.model.checkGrowsTrees(for: .tuning)
    let settings = RunSettings(threads: threads, progress: progress)
    let panel = try runner.panel(experiment, settings, refitting: false)
    return try runner.reading(panel, of: experiment, settings: settings, refitting: false) {
      panel in
      try Search(experiment, request, panel, runner, threads: threads, progress).report()
    }
  }
}

/// One search, from the rows to the report.
private struct Search {
  private let spec: ExperimentSpec
  private let request: TuneRequest
  private let train: [PanelBlock]
  private let texts: PanelTexts
  private let library: LightGBMLibrary
  private let negatives: Located<SampleSpec.Negatives>?
  private let space: TuneSpace
  private let rows: TuneRows
  private let facts: TuneReport.Rows
  private let id: String
  private let folder: String
  private let threads: Int
  private let progress: ProgressHandler

  init(
    _ experiment: ResolvedExperiment, _ request: TuneRequest, _ panel: ExperimentPanel,
    _ runner: ExperimentRunner, threads: Int, _ progress: @escaping ProgressHandler
  ) throws {
    let spec = experiment.spec
    let cutoffs = panel.timeline[.train]
    if request.judge == .time, TuneRows.timeSplit(spec, train: cutoffs) == nil {
      throw FindingsError(.noTimeFold(spec, train: cutoffs.count))
    }
    let clusters = try panel.clusters()
    var train: [PanelBlock] = []
    for (number, cutoff) in cutoffs.enumerated() {
      progress(StepProgress(.stage(.reading), done: number, of: cutoffs.count))
      train.append(try panel.block(cutoff).clustered(by: clusters))
    }
    let counts = train.map(\.counts).total
    guard counts.buyers >= TuneRunner.fewestPositives else {
      throw FindingsError(.tooFewToTune(spec, counts.buyers, TuneRunner.fewestPositives))
    }
    let library = try NativeLibraries.learner()
    let texts = PanelTexts(keys: try panel.keys(), levels: panel.levels, clusters: clusters)
    let clusterCount = Set(train.flatMap(\.clusters)).count
    space =
      request.over.isEmpty
      ? TuneSpace(
        hasTrees: spec.model.earlyStopping == nil,
        hasCategories: spec.features.contains(where: \.expression.isCategory),
        rowsPerCluster: Double(counts.rows) / Double(max(clusterCount, 1)))
      : TuneSpace(request.over)
    let negatives = Self.negatives(
      request, spec, positives: counts.positives, rows: counts.rows)
    progress(StepProgress(.stage(.binning)))
    rows = try TuneRows(
      spec, judge: request.judge, train: train, texts: texts, negatives: negatives,
      library: library)
    facts = TuneReport.Rows(
      count: counts.rows, clusters: clusterCount, positiveClusters: counts.buyers,
      share: rows.share, cutoffs: train.count)
    id = try Self.id(experiment, request, space, negatives?.value, panel, runner)
    folder = "\(runner.project.resultsFolder(of: spec.name.value))/tune/\(id)"
    self.spec = spec
    self.request = request
    self.train = train
    self.texts = texts
    self.library = library
    self.negatives = negatives
    self.threads = threads
    self.progress = progress
  }

  /// How many of the negatives are used; nil: all.
  private static func negatives(
    _ request: TuneRequest, _ spec: ExperimentSpec, positives: Int, rows: Int
  ) -> Located<SampleSpec.Negatives>? {
    if let share = request.negatives {
      return share < 1 ? Located(.share(share), at: spec.model.span) : nil
    }
    if let sample = spec.sample { return sample.negatives }
    let wanted = max(
      TuneRunner.rowLimit - positives, TuneRunner.negativesPerPositive * positives)
    let share = Double(wanted) / Double(max(rows - positives, 1))
    // A little less would not be worth another estimate.
    return share < 0.8 ? Located(.share(share), at: spec.model.span) : nil
  }

  private static func id(
    _ experiment: ResolvedExperiment, _ request: TuneRequest, _ space: TuneSpace,
    _ negatives: SampleSpec.Negatives?, _ panel: ExperimentPanel, _ runner: ExperimentRunner
  ) throws -> String {
    var inputs = try runner.runInputs(
      experiment, data: panel.data, engine: panel.engine, refitting: false)
    inputs.add("tune", "1")
    inputs.add("space", space.text)
    inputs.add("judge", request.judge.rawValue)
    inputs.add("seed", "\(request.seed)")
    inputs.add("sample of the trials", negatives.map { "\($0)" } ?? "all")
    return String(inputs.key.prefix(12))
  }

  // MARK: - Trials

  func report() throws -> TuneReport {
    do {
      try Files.makeFolder(folder)
      let lock = try FileLock(folder)
      let report = try searched()
      lock.unlock()
      return report
    } catch let error as FileError {
      throw FindingsError(.unwritable(folder, error.reason))
    }
  }

  private var base: [String: Double] {
    Dictionary(
      uniqueKeysWithValues: space.parameters.map {
        ($0.name, spec.model.value($0.name, library) ?? $0.defaultValue)
      })
  }

  private func model(_ trial: (origin: TuneTrial.Origin, values: [String: Double])) -> ModelSpec {
    trial.origin == .spec ? spec.model : spec.model.setting(trial.values, in: space, library)
  }

  private func searched() throws -> TuneReport {
    let journal = TuneJournal(folder)
    let known = try journal.open(clusters: rows.weights.count).prefix(request.trials)
    var trials = known.map(\.trial)
    var losses = TrialLosses(weights: rows.weights)
    for trial in known { losses.append(trial.sums) }
    var stop = TuneReport.Stop.asked
    if trials.count < request.trials {
      try rows.prepare(model((.defaults, space.defaults)), threads: threads)
    }
    while trials.count < request.trials {
      let next = try suggested(trials, losses)
      if let improvement = next.improvement, let noise = losses.noise(base: 0),
        improvement < noise / 10
      {
        stop = .exhausted(improvement: improvement, noise: noise)
        break
      }
      let wanted = Array(next.trials.prefix(request.trials - trials.count))
      guard !wanted.isEmpty else {
        stop = .exhausted(improvement: 0, noise: losses.noise(base: 0) ?? 0)
        break
      }
      for (trial, sums) in try made(wanted, after: trials.count, journal) {
        trials.append(trial)
        losses.append(sums)
      }
    }
    return try report(trials, losses, made: trials.count - known.count, stop)
  }

  /// The trials of the rest of the current batch.
  private func suggested(_ trials: [TuneTrial], _ losses: TrialLosses) throws -> (
    trials: [(origin: TuneTrial.Origin, values: [String: Double])], improvement: Double?
  ) {
    let number = trials.count
    if number < TuneRunner.startCount {
      let end = min(
        (number / TuneRunner.batchSize + 1) * TuneRunner.batchSize, TuneRunner.startCount)
      let sequence = SobolSequence(
        dimensions: space.parameters.count, seed: UInt64(bitPattern: Int64(request.seed)))
      return (
        (number..<end).map { number in
          switch number {
          case 0: (.spec, base)
          case 1: (.defaults, space.defaults)
          default: (.sobol, space.values(at: sequence[number - 2]))
          }
        }, nil
      )
    }
    let first =
      TuneRunner.startCount
      + (number - TuneRunner.startCount) / TuneRunner.batchSize * TuneRunner.batchSize
    let suggestions = suggestions(trials, before: first)
    let batch = suggestions.batch(TuneRunner.batchSize, first: first) { point in
      space.point(of: space.values(at: point))
    }
    return (
      batch.dropFirst(number - first).map { (.improvement, space.values(at: $0.point)) },
      // A batch that has begun is completed, whatever its first trials show.
      number == first ? batch.first?.improvement ?? 0 : nil
    )
  }

  /// The process that suggests the trials from a number on.
  private func suggestions(_ trials: [TuneTrial], before end: Int) -> TrialSuggestions {
    // A base with class weights is another model at the same point.
    let isComparable = !space.isDefault || spec.model.classWeight == .none
    let results = trials[..<end].filter { $0.number > 0 || isComparable }
      .map { TrialSuggestions.Result(point: space.point(of: $0.values), loss: $0.loss) }
    return TrialSuggestions(results, seed: UInt64(bitPattern: Int64(request.seed)))
  }

  /// Makes trials in parallel and appends them to the journal in order of number.
  private func made(
    _ wanted: [(origin: TuneTrial.Origin, values: [String: Double])], after count: Int,
    _ journal: TuneJournal
  ) throws -> [(trial: TuneTrial, sums: [Double])] {
    let folds = rows.folds.count
    let line = TrialLine(count: wanted.count, folds: folds) { index, outcomes in
      let (trial, sums) = trial(count + index, wanted[index], outcomes)
      try journal.append(trial, sums: TuneJournal.data(sums))
      progress(StepProgress(.trials, done: count + index + 1, of: request.trials))
      return (trial, sums)
    }
    progress(StepProgress(.trials, done: count, of: request.trials))
    let models = wanted.map(model)
    _ = Parallel.map(wanted.count * folds, threads: threads, state: { _ in () }) { _, unit in
      let (index, fold) = (unit / folds, unit % folds)
      guard !line.hasFailed else { return }
      line.put(
        Result { try rows.outcome(of: models[index], fold: fold, threads: 1) }, trial: index,
        fold: fold)
    }
    return try line.trials()
  }

  private func trial(
    _ number: Int, _ wanted: (origin: TuneTrial.Origin, values: [String: Double]),
    _ outcomes: [TuneRows.Outcome]
  ) -> (TuneTrial, [Double]) {
    let judged = rows.judged(outcomes)
    let trees = Double(outcomes.reduce(0) { $0 + $1.trees }) / Double(outcomes.count)
    let model = model(wanted)
    var leaves = model.value("num_leaves", library) ?? 31
    if let depth = model.value("max_depth", library), depth > 0 {
      leaves = min(leaves, exp2(depth))
    }
    let trial = TuneTrial(
      number: number, origin: wanted.origin, values: wanted.values, losses: judged.folds,
      loss: judged.all, trees: trees, size: leaves * trees,
      sums: Fingerprint.of(TuneJournal.data(judged.sums)))
    return (trial, judged.sums)
  }

  // MARK: - Choice

  private func report(
    _ trials: [TuneTrial], _ losses: TrialLosses, made: Int, _ stop: TuneReport.Stop
  ) throws -> TuneReport {
    guard let choice = TrialChoice(losses, sizes: trials.map(\.size)),
      let optimism = WinnerOptimism(
        losses, base: 0, seed: UInt64(bitPattern: Int64(request.seed)), threads: threads)
    else { preconditionFailure("at least one trial is made") }
    let level = spec.evaluation.level
    let ranked = trials.indices.sorted { (trials[$0].loss, $0) < (trials[$1].loss, $1) }
    var time = try TimeFold(
      request.judge, spec, train: train, texts: texts, negatives: negatives, library: library)
    let finalists = Array(ranked.prefix(TuneRunner.finalistCount))
    func model(_ number: Int) -> ModelSpec {
      self.model((trials[number].origin, trials[number].values))
    }
    try time?.judge(
      Set(finalists + choice.alike.prefix(1) + [0]).sorted(), model, threads: threads, progress)
    var refused: [Int] = []
    var chosen: Int?
    for number in choice.alike {
      try time?.judge([number], model, threads: threads, progress)
      if let difference = time?.difference(number, level: level), difference.lower > 0 {
        refused.append(number)
        continue
      }
      chosen = number
      break
    }
    let lead = chosen.map { losses.difference(0, from: $0) }
    // What is left of the lead without luck has to be more than one standard error.
    let isWorthIt =
      lead.map { chosen != 0 && $0.estimate - optimism.optimism > $0.standardError } ?? false
    func interval(_ loss: PairedLoss) -> TuneReport.Interval {
      let ends = loss.interval(level: level, units: rows.positiveClusters)
      return TuneReport.Interval(value: loss.estimate, lower: ends.lower, upper: ends.upper)
    }
    let edges = chosen.map { chosen in
      space.parameters.filter { parameter in
        trials[chosen].values[parameter.name].map(parameter.range.isAtEdge) ?? false
      }.map(\.name)
    }
    return TuneReport(
      name: spec.name.value, id: id, folder: folder, judge: request.judge, seed: request.seed,
      space: space, rows: facts, trials: trials, made: made, stop: stop, best: choice.best,
      alike: choice.alike, refused: refused, chosen: chosen, isWorthIt: isWorthIt,
      optimism: optimism, chosenLead: lead,
      finalists: finalists.map { number in
        TuneReport.Finalist(
          number: number, difference: interval(losses.difference(number, from: 0)),
          timeLoss: time?.loss(number), timeDifference: time?.difference(number, level: level))
      },
      timeCutoffs: time?.cutoffs ?? [],
      importance: trials.count >= TuneRunner.startCount
        ? suggestions(trials, before: trials.count).importance : [],
      edges: edges ?? [], level: level,
      settings: isWorthIt ? chosen.map { settings(trials[$0]) } : nil)
  }

  private func settings(_ trial: TuneTrial) -> TuneReport.Settings {
    let parameters = space.parameters.map { parameter in
      let written = spec.model.written(parameter.name, library)
      let value = trial.values[parameter.name] ?? parameter.defaultValue
      return TuneReport.Settings.Parameter(
        name: written?.name.value ?? parameter.name, text: parameter.range.text(of: value))
    }
    return TuneReport.Settings(
      parameters: parameters,
      isWithoutClassWeight: space.isDefault && spec.model.classWeight != .none,
      number: trial.number)
  }
}

/// Collects the outcomes of trials on several threads and finishes each trial once all before it
/// are finished.
private final class TrialLine: Sendable {
  typealias Finished = (trial: TuneTrial, sums: [Double])
  private struct State {
    var outcomes: [[TuneRows.Outcome?]]
    var finished: [Finished] = []
    var failure: (any Error)?
  }

  private let state: Mutex<State>
  private let finish: @Sendable (Int, [TuneRows.Outcome]) throws -> Finished

  init(
    count: Int, folds: Int,
    finish: @escaping @Sendable (Int, [TuneRows.Outcome]) throws -> Finished
  ) {
    let none = [[TuneRows.Outcome?]](
      repeating: [TuneRows.Outcome?](repeating: nil, count: folds), count: count)
    state = Mutex(State(outcomes: none))
    self.finish = finish
  }

  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  func put(_ outcome: Result<TuneRows.Outcome, any Error>, trial: Int, fold: Int) {
    state.withLock { state in
      do {
        state.outcomes[trial][fold] = try outcome.get()
        while state.failure == nil, state.finished.count < state.outcomes.count {
          let next = state.outcomes[state.finished.count].compactMap(\.self)
          guard next.count == state.outcomes[state.finished.count].count else { break }
          state.finished.append(try finish(state.finished.count, next))
        }
      } catch {
        if state.failure == nil { state.failure = error }
      }
    }
  }

  func trials() throws -> [Finished] {
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      return state.finished
    }
  }
}

/// The newest fold over time, on which the best trials are compared with the base.
private struct TimeFold {
  let cutoffs: [CalendarDate]
  private let rows: TuneRows
  private var losses: TrialLosses
  /// By trial, its index in `losses`.
  private var indices: [Int: Int] = [:]

  /// - Returns: nil if the judge is this fold, or the cutoffs leave nothing to learn from.
  init?(
    _ judge: TuneJudge, _ spec: ExperimentSpec, train: [PanelBlock], texts: PanelTexts,
    negatives: Located<SampleSpec.Negatives>?, library: LightGBMLibrary
  ) throws {
    guard judge == .account, let split = TuneRows.timeSplit(spec, train: train.map(\.cutoff))
    else { return nil }
    do {
      rows = try TuneRows(
        spec, judge: .time, train: train, texts: texts, negatives: negatives, library: library)
    } catch is FindingsError {
      // No row before the fold is positive.
      return nil
    }
    cutoffs = split.validation
    losses = TrialLosses(weights: rows.weights)
  }

  mutating func judge(
    _ numbers: [Int], _ model: (Int) -> ModelSpec, threads: Int, _ progress: ProgressHandler
  ) throws {
    let wanted = numbers.filter { indices[$0] == nil }
    guard !wanted.isEmpty else { return }
    progress(StepProgress(.timeFold, done: 0, of: wanted.count))
    let (models, rows) = (wanted.map(model), rows)
    let outcomes = Parallel.map(wanted.count, threads: threads, state: { _ in () }) { _, index in
      Result { try rows.outcome(of: models[index], fold: 0, threads: 1) }
    }
    for (number, outcome) in zip(wanted, outcomes) {
      indices[number] = losses.count
      losses.append(rows.judged([try outcome.get()]).sums)
    }
  }

  func loss(_ number: Int) -> Double? { indices[number].map(losses.mean) }

  /// A trial's loss minus that of the base; nil if too few clusters are positive.
  func difference(_ number: Int, level: Double) -> TuneReport.Interval? {
    guard let own = indices[number], let base = indices[0], rows.positiveClusters > 1 else {
      return nil
    }
    let difference = losses.difference(own, from: base)
    let ends = difference.interval(level: level, units: rows.positiveClusters)
    return TuneReport.Interval(
      value: difference.estimate, lower: ends.lower, upper: ends.upper)
  }
}

extension TuneRows {
  /// The outcomes of all folds together.
  /// - Returns: the loss of each cluster, the log loss of each fold, and that of all rows.
  fileprivate func judged(_ outcomes: [Outcome]) -> (sums: [Double], folds: [Double], all: Double) {
    var sums = [Double](repeating: 0, count: weights.count)
    var (all, total) = (CompensatedSum(), CompensatedSum())
    let losses = zip(folds, outcomes).map { fold, outcome in
      var (sum, weight) = (CompensatedSum(), CompensatedSum())
      for (cluster, loss) in zip(fold.clusters, outcome.sums) {
        sums[cluster] = loss
        sum.add(loss)
        weight.add(weights[cluster])
      }
      all.add(sum.value)
      total.add(weight.value)
      return sum.value / weight.value
    }
    return (sums, losses, all.value / total.value)
  }
}
