public import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Foundation
internal import Reports
internal import Runs
public import Spec
internal import Synchronization

extension ModelSpec.Trainer: ExpressibleByArgument {}

/// `holdout run`
struct RunCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train, calibrate, and evaluate specs; write comparable results.",
    discussion: """
      For each spec: loads its sources, builds the panel, trains on the train
      cutoffs, calibrates on the calibrate cutoffs, evaluates on the test cutoffs,
      and writes results/NAME/metrics.json, results/NAME/feature_importance.csv and
      results/NAME/runs/RUN_ID/ (report.html, model.txt, predictions.parquet and
      more). The same spec, data and versions give the same metrics.json, byte for
      byte.

        holdout run experiments/solidworks.yaml
        holdout run experiments/*.yaml --threads 8

      Anything whose inputs have not changed comes from the cache: panels and
      finished runs. See holdout why.

      A spec with a `sweep` is run once per combination, each with separate results,
      results/NAME@num_leaves=15/. So is a spec with an override, unless it is
      `name=`. If an override does not fit one of the specs, nothing is run.

        holdout run experiments/solidworks.yaml model.params.num_leaves=15

      One experiment is reported in full; several have a line each, and a table at
      the end. --verbose reports each in full, --quiet only errors.
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var suite: SuiteArguments
  @Flag(help: "Print the full summary of each of several experiments.")
  var verbose = false
  @OptionGroup var tables: TableArguments
  @Option(
    help: ArgumentHelp(
      "What grows the trees, like an override model.trainer=WHICH.", valueName: "which"))
  var trainer: ModelSpec.Trainer?
  @OptionGroup var output: OutputArguments

  func run() throws {
    let project = try machine.limits.project()
    var experiments: [ResolvedExperiment] = []
    // One per experiment or invalid file, in the given order.
    var lines: [Line] = []
    var races: [Race] = []
    var arguments = arguments
    if let trainer { arguments.specs.append("model.trainer=\(trainer.rawValue)") }
    for file in try arguments.loadToWork() {
      Terminal.show((file.findings + Self.parameterWarnings(file)).withoutRepetitions())
      guard !file.findings.hasErrors else {
        lines.append(.refused(name: file.path, reason: file.findings.firstError ?? "failed"))
        continue
      }
      if let halving = file.halving, file.members.count > 1 {
        let first = experiments.count
        races.append(Race(indices: first..<(first + file.members.count), halving: halving))
      }
      for experiment in file.members.compactMap(\.experiment) {
        lines.append(.experiment(experiments.count))
        experiments.append(experiment)
      }
    }
    let ended = try run(experiments, races, project, isBrief: lines.count > 1 && !verbose)
    let outcomes = lines.map { line in
      switch line {
      case .refused(let name, let reason): SuiteLine.failed(name: name, reason: reason)
      case .experiment(let index): ended[index]
      }
    }
    if outcomes.count > 1, !output.quiet {
      Terminal.print("")
      Terminal.print(Page(outcomes), isWhole: tables.all)
    }
    let done = outcomes.compactMap { if case .done(let summary) = $0 { summary } else { nil } }
    for names in RunSummary.alike(done) {
      Terminal.note(
        "warning: \(names.map { "`\($0)`" }.inWords("and")) have the same predictions: the "
          + "differences between their specs have no effect"
      )
    }
    if outcomes.contains(where: \.isFailure) { throw ExitCode(2) }
  }

  /// Findings about parameters that have no effect in the experiments of a file. If the learner
  /// cannot be asked, the runs report them.
  private static func parameterWarnings(_ file: LoadedSpecFile) -> [Finding] {
    file.specs.flatMap { spec in
      (try? ExperimentRunner.parameterWarnings(spec.model, features: spec.features)) ?? []
    }
  }

  /// The pages in a run's folder.
  static let pages = RunPages(
    markdown: { summary, curves, spec in Page(reportOf: summary, curves, of: spec).markdown },
    html: { summary, curves, spec in
      Page(figuresOf: summary, curves, of: spec).html(title: summary.name)
    })

  private enum Line {
    case refused(name: String, reason: String)
    case experiment(Int)
  }

  private func run(
    _ experiments: [ResolvedExperiment], _ races: [Race], _ project: Project, isBrief: Bool
  ) throws -> [SuiteLine] {
    guard !experiments.isEmpty else { return [] }
    let runner = ExperimentRunner(
      project: project, version: Holdout.version, isFresh: suite.fresh, pages: Self.pages
    ) { Terminal.show([$0]) }
    defer { runner.finish() }
    let displays = experiments.map { ProgressDisplay(name: $0.spec.name.value) }
    let outcomes = Mutex([SuiteLine]())
    let shown = Mutex(Set<String>())
    SuiteRunner(
      runner: runner, machine: suite.machine(threads: machine.threads, memory: project.spec.memory)
    ).run(
      experiments, races: races, progress: { displays[$0].show },
      reported: { index, outcome in
        let spec = experiments[index].spec
        displays[index].finish(isDone: outcome.isDone)
        shown.withLock { shown in
          let outcome = Self.show(outcome, of: spec, isBrief: isBrief, besides: &shown)
          outcomes.withLock { $0.append(outcome) }
        }
      })
    return outcomes.withLock { $0 }
  }

  /// The segments of a run. The summary of a run that was kept does not have them.
  private static func segments(
    of summary: RunSummary, _ spec: ExperimentSpec
  ) -> [RunCurves.Segment] {
    guard !spec.evaluation.segments.isEmpty else { return [] }
    let folder = "\(summary.resultsFolder)/runs/\(summary.runId)"
    return (try? StoredRun(folder: folder).curves()?.segments) ?? []
  }

  /// Prints the outcome of an experiment; findings and errors go to standard error.
  /// - Parameters:
  ///   - isBrief: whether to print a run on one line.
  ///   - shown: findings already printed, because the experiments of a sweep share them.
  private static func show(
    _ outcome: SuiteOutcome, of spec: ExperimentSpec, isBrief: Bool,
    besides shown: inout Set<String>
  ) -> SuiteLine {
    let name = spec.name.value
    func tell(_ summary: RunSummary, isKept: Bool) -> SuiteLine {
      let folder = Terminal.shown(summary.resultsFolder)
      if isKept, !isBrief {
        Terminal.note("\(name): nothing has changed since run \(summary.runId)")
      }
      if !Terminal.isQuiet {
        Terminal.print(
          isBrief
            ? Page(lineOf: summary, isKept: isKept, in: folder)
            : Page(summary, of: spec, segments: segments(of: summary, spec), in: folder))
      }
      return .done(summary)
    }
    switch outcome {
    case .done(let summary): return tell(summary, isKept: false)
    case .kept(let summary): return tell(summary, isKept: true)
    case .dropped(let entrant):
      return .dropped(entrant)
    case .failed(let error as FindingsError):
      Terminal.show(
        error.findings.filter { finding in
          let place = finding.span.map { "\($0.file.name):\($0.line)" } ?? name
          return shown.insert("\(finding.id) \(finding.message) \(place)").inserted
        })
      return .failed(name: name, reason: error.findings.firstError ?? "failed")
    case .failed(let error):
      // The other experiments of the call continue.
      Terminal.complain("error: \(name): \(error)")
      return .failed(name: name, reason: "\(error)")
    }
  }
}

extension SuiteOutcome {
  fileprivate var isDone: Bool { if case .done = self { true } else { false } }
}

/// The options for running several experiments.
struct SuiteArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The most models to fit in parallel. Default: one per thread.", valueName: "number"))
  var jobs: Int?

  @Flag(help: "Ignore the cache and compute everything again.")
  var fresh = false

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 1024")
    }
  }

  /// - Parameter memory: the total memory of all models being fitted; nil for 80 % of the
  ///   machine's.
  func machine(threads: Int, memory: Int?) -> SuiteMachine {
    let all = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return SuiteMachine(threads: threads, jobs: jobs, memory: memory ?? all / 5 * 4)
  }
}
