internal import ArgumentParser
internal import Diagnostics
internal import Experiment
internal import Foundation
internal import Panel
internal import Spec
internal import Synchronization

/// `holdout run`
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train, calibrate and evaluate specs; write comparable results.",
    discussion: """
      For each spec: loads its sources, builds the panel, trains on the train
      cutoffs, calibrates on the calibrate cutoffs, evaluates on the test cutoffs,
      and writes results/NAME/metrics.json, results/NAME/feature_importance.csv and
      results/NAME/runs/RUN_ID/ (report.md, model.txt, predictions.parquet and
      more). The same spec, data and versions give the same metrics.json, byte for
      byte.

        holdout run experiments/solidworks.yaml
        holdout run experiments/*.yaml --threads 8

      What has been made before and depends on nothing that has changed is not made
      again: panels and finished runs are kept in the cache. See holdout why.

      A spec with a `sweep` is run once per combination, each into results of its
      own, results/NAME@num_leaves=15/; so is one with an override, unless that is
      `name=`. Overrides that do not fit one of the specs stop the call before
      anything is run.

        holdout run experiments/solidworks.yaml model.params.num_leaves=15
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var suite: SuiteArguments

  func run() throws {
    let project = try machine.limits.project()
    var experiments: [ResolvedExperiment] = []
    // By the place of an experiment, or of a file that is none.
    var lines: [Line] = []
    var races: [Race] = []
    for file in try arguments.loadToWork() {
      Terminal.show((file.findings + Self.parameterWarnings(file)).withoutRepetitions())
      guard !file.findings.hasErrors else {
        lines.append(.refused(name: file.path, reason: file.findings.firstError))
        continue
      }
      if let halving = file.halving, file.members.count > 1 {
        let first = experiments.count
        races.append(Race(places: first..<(first + file.members.count), halving: halving))
      }
      for experiment in file.members.compactMap(\.experiment) {
        lines.append(.experiment(experiments.count))
        experiments.append(experiment)
      }
    }
    let ended = try run(experiments, races, project)
    let outcomes = lines.map { line in
      switch line {
      case .refused(let name, let reason): RunTable.Outcome.failed(name: name, reason: reason)
      case .experiment(let place): ended[place]
      }
    }
    if outcomes.count > 1 { Terminal.print("\n" + RunTable(outcomes: outcomes).text) }
    let done = outcomes.compactMap { if case .done(let summary) = $0 { summary } else { nil } }
    for names in RunSummary.alike(done) {
      Terminal.note(
        "warning: \(names.map { "`\($0)`" }.inWords("and")) have the same predictions: what differs "
          + "between their specs changes nothing")
    }
    if outcomes.contains(where: \.isFailure) { throw ExitCode(2) }
  }

  /// What changes nothing in the experiments of a file; where the learner cannot be asked, the runs say so.
  private static func parameterWarnings(_ file: LoadedSpecFile) -> [Finding] {
    file.specs.flatMap { spec in
      (try? ExperimentRunner.parameterWarnings(spec.model, features: spec.features)) ?? []
    }
  }

  private enum Line {
    case refused(name: String, reason: String)
    case experiment(Int)
  }

  private func run(
    _ experiments: [ResolvedExperiment], _ races: [Race], _ project: Project
  ) throws -> [RunTable.Outcome] {
    guard !experiments.isEmpty else { return [] }
    let runner = ExperimentRunner(
      project: project, version: Holdout.version, isFresh: suite.fresh
    ) { Terminal.show([$0]) }
    defer { runner.finish() }
    let displays = experiments.map { ProgressDisplay(name: $0.spec.name.value) }
    let outcomes = Mutex([RunTable.Outcome]())
    let shown = Mutex(Set<String>())
    SuiteRunner(
      runner: runner, machine: suite.machine(threads: machine.threads, memory: project.spec.memory)
    ).run(
      experiments, races: races, progress: { place, progress in displays[place].show(progress) },
      told: { place, outcome in
        let spec = experiments[place].spec
        displays[place].finish(isDone: outcome.isDone)
        shown.withLock { shown in
          let outcome = Self.show(outcome, of: spec, besides: &shown)
          outcomes.withLock { $0.append(outcome) }
        }
      })
    return outcomes.withLock { $0 }
  }

  /// Prints how an experiment ended; findings and errors on standard error.
  /// - Parameter shown: findings that are on the screen already, as the experiments of a sweep share them.
  private static func show(
    _ outcome: SuiteOutcome, of spec: ExperimentSpec, besides shown: inout Set<String>
  ) -> RunTable.Outcome {
    let name = spec.name.value
    switch outcome {
    case .done(let summary):
      Terminal.print(SummaryText(spec: spec, summary: summary).text)
      return .done(summary)
    case .kept(let summary):
      Terminal.note("\(name): nothing has changed since run \(summary.runId), which is kept")
      Terminal.print(SummaryText(spec: spec, summary: summary).text)
      return .done(summary)
    case .dropped(let entrant):
      return .dropped(entrant)
    case .failed(let error as FindingsError):
      Terminal.show(
        error.findings.filter { finding in
          let place = finding.span.map { "\($0.file.name):\($0.line)" } ?? name
          return shown.insert("\(finding.id) \(finding.message) \(place)").inserted
        })
      return .failed(name: name, reason: error.findings.firstError)
    case .failed(let error):
      // The other experiments of the call are not to blame.
      Terminal.note("error: \(name): \(error)")
      return .failed(name: name, reason: "\(error)")
    }
  }
}

extension SuiteOutcome {
  fileprivate var isDone: Bool { if case .done = self { true } else { false } }
}

extension [Finding] {
  /// The first error in a line.
  fileprivate var firstError: String {
    first { $0.severity == .error }.map { "\($0.id): \($0.message)" } ?? "failed"
  }
}

/// How a suite of experiments is run.
struct SuiteArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Models fitted side by side at most. Default: one per thread.", valueName: "number"))
  var jobs: Int?

  @Flag(help: "Make everything anew, whatever has been made before.")
  var fresh = false

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 1024")
    }
  }

  /// - Parameter memory: what all models that are being fitted may take together; nil: 80 % of the machine's.
  func machine(threads: Int, memory: Int?) -> SuiteMachine {
    let all = Int(clamping: ProcessInfo.processInfo.physicalMemory)
    return SuiteMachine(threads: threads, jobs: jobs, memory: memory ?? all / 5 * 4)
  }
}

/// What `holdout run` prints when a spec is done.
struct SummaryText {
  let spec: ExperimentSpec
  let summary: RunSummary

  var text: String {
    let drawing = TimelineDrawing(
      spec: spec, timeline: summary.timeline, counts: summary.counts)
    var lines = [drawing.text, ""]
    let alarms =
      [summary.insufficientEvidence].compactMap(\.self)
      + summary.caveats.map(\.line)
    if !alarms.isEmpty { lines += alarms.map { "!! \($0)" } + [""] }
    lines += metrics + [""]
    if !summary.baselines.isEmpty {
      let level = Int((spec.evaluation.level * 100).rounded())
      lines.append("against the baselines, with \(level) % intervals of the difference")
      lines += summary.baselines.map { "  \($0)" } + [""]
    }
    if let folds = summary.folds { lines += Self.text(folds) + [""] }
    if let sample = summary.sample { lines.append("sample:      \(sample)") }
    if let trees = summary.trees { lines.append("trees:       \(trees)") }
    lines.append("calibration: \(summary.calibration)")
    if let doubt = summary.calibrationDoubt { lines.append("warning: \(doubt)") }
    lines += summary.warnings.map { "warning: \($0)" }
    let folder = Terminal.shown(summary.resultsFolder)
    lines.append("results:     \(folder)/metrics.json")
    lines.append("report:      \(folder)/runs/\(summary.runId)/report.md")
    return lines.joined(separator: "\n")
  }

  private static func text(_ table: FoldTable) -> [String] {
    let lines = ([table.head] + table.rows).map { cells in
      TimelineDrawing.padded(cells[0], 11)
        + zip(table.head, cells).dropFirst().map { head, cell in
          TimelineDrawing.aligned(cell, max(head.count, 9) + 2)
        }.joined()
    }
    return lines + (table.note.map { ["!! \($0)"] } ?? [])
  }

  private var metrics: [String] {
    let level = Int((spec.evaluation.level * 100).rounded())
    let baseline = summary.oneFeature.map { "only \($0)" } ?? ""
    let head =
      TimelineDrawing.padded("test", 26) + TimelineDrawing.aligned("value", 10) + "   "
      + TimelineDrawing.padded("\(level) % interval", 22) + baseline
    return [head]
      + summary.lines.map { line in
        TimelineDrawing.padded(line.metric, 26) + TimelineDrawing.aligned(line.value, 10) + "   "
          + TimelineDrawing.padded(line.interval, 22) + line.baseline
      }
  }
}

/// What `holdout run` prints below several experiments: a line for each.
struct RunTable {
  /// How one of them ended.
  enum Outcome {
    case done(RunSummary)
    /// Not run, as others of its sweep were better in a trial.
    case dropped(DroppedEntrant)
    /// Without results, and why.
    case failed(name: String, reason: String)

    var isFailure: Bool { if case .failed = self { true } else { false } }
  }

  let outcomes: [Outcome]

  var text: String {
    let rows = [Self.head] + outcomes.map(Self.cells)
    let widths = Self.head.indices.map { column in
      // A reason why there are no results runs on over all columns.
      rows.filter { column == 0 || $0.count == Self.head.count }.map { $0[column].count }.max() ?? 0
    }
    return rows.map { row in
      row.enumerated().map { column, cell in
        let isLast = column == row.count - 1
        let gap = String(repeating: " ", count: isLast ? 0 : widths[column] - cell.count)
        // Names and words stand left, numbers right.
        let isText = column == 0 || column >= 5 || isLast
        return isText ? cell + gap : gap + cell
      }.joined(separator: "  ").replacing(#/ +$/#, with: "")
    }.joined(separator: "\n")
  }

  private static let head = [
    "experiment", "test rows", "positives", "buyers", "roc_auc", "interval", "pr_auc",
    "do not believe it, because of",
  ]

  private static func cells(_ outcome: Outcome) -> [String] {
    switch outcome {
    case .done(let summary): cells(summary)
    case .dropped(let entrant):
      [
        entrant.name,
        "dropped in round \(entrant.round) of \(entrant.rounds): \(entrant.survivors) of "
          + "\(entrant.entrants) went on, this one had pr_auc "
          + NumberText.metric(entrant.averagePrecision),
      ]
    case .failed(let name, let reason): [name, reason]
    }
  }

  private static func cells(_ summary: RunSummary) -> [String] {
    func line(_ metric: String) -> RunSummary.Line? {
      summary.lines.first { $0.metric == metric }
    }
    let evidence = summary.insufficientEvidence == nil ? [] : ["insufficient evidence"]
    let doubts = evidence + summary.caveats.map(\.name)
    return [
      summary.name, summary.test.rows.grouped,
      summary.test.positives.grouped,
      summary.test.buyers.grouped, line("roc_auc")?.value ?? "-",
      line("roc_auc")?.interval ?? "", line("pr_auc")?.value ?? "-",
      doubts.joined(separator: ", "),
    ]
  }
}
