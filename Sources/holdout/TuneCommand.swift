public import ArgumentParser
import Diagnostics
public import Experiment
import Reports
import Spec

extension TuneJudge: ExpressibleByArgument {}

/// `holdout tune`
struct TuneCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "tune",
    abstract: "Search for better parameters of a spec's learner.",
    discussion: """
      Makes trials on the train cutoffs: the spec as it is, the learner's defaults,
      then points that promise the most. Each is judged by the log loss of train
      rows of other accounts; calibrate and test cutoffs are never read. The
      plainest trial that cannot be told apart from the best is compared with the
      spec. If its lead is more than luck, its parameters are written to
      NAME_tuned.yaml beside the spec, which nothing runs or promotes.

        holdout tune experiments/mine.yaml
        holdout tune experiments/mine.yaml --trials 60
        holdout tune experiments/mine.yaml \\
          --over model.params.num_leaves=3..31,log \\
          --over model.params.lambda_l2=0.01..100.0,log

      results/NAME/tune/ID/trials.jsonl has a line for each trial. Called again, it
      goes on after the last one; the trials are the same for any number of threads.
      docs/tune.md says how the choice is made, and how far to trust it.

      Exit codes: 0 done, also if nothing worth having was found; 2 could not be
      done.
      """)

  @OptionGroup var arguments: SpecArguments
  @Option(help: "The number of trials, those of earlier calls included.")
  var trials = 30
  @Option(
    help: ArgumentHelp(
      "A parameter with the range to search, instead of the space for rare events; repeatable.",
      valueName: "path=range"))
  var over: [String] = []
  @Option(help: "What judges a trial: account (rows of other accounts) or time (the last cutoffs).")
  var judge: TuneJudge = .account
  @Option(help: "The seed of the points that are tried.")
  var seed = 42
  @Option(
    help: ArgumentHelp(
      "The share of the negatives that trials use. Default: enough for about 60,000 rows.",
      valueName: "share"))
  var negatives: Double?
  @OptionGroup var page: PageArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var tables: TableArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    guard (1...1000).contains(trials) else {
      throw ValidationError("--trials takes a number from 1 to 1000")
    }
    guard seed >= 0 else { throw ValidationError("--seed takes a number from 0") }
    if let negatives, !(negatives > 0 && negatives <= 1) {
      throw ValidationError("--negatives takes a share above 0 and at most 1")
    }
    let parameters = try over.map(Self.parameter)
    if Set(parameters.map(\.name)).count < parameters.count {
      throw ValidationError("--over names a parameter twice")
    }
    if parameters.count > 20 { throw ValidationError("--over takes at most 20 parameters") }
    // The tuned spec extends the file, without arguments.
    if arguments.specs.count > 1 {
      throw ValidationError("tune takes one spec; write overrides into a spec that extends it")
    }
  }

  private static func parameter(_ argument: String) throws -> TuneParameter {
    do throws(TuneParameter.Problem) {
      return try TuneParameter(argument: argument)
    } catch {
      switch error {
      case .form:
        throw ValidationError(
          "--over takes a path and a range, such as model.params.num_leaves=3..31,log, not "
            + "`\(argument)`")
      case .unknown(let name):
        throw ValidationError(
          "--over cannot search `\(name)`, only \(TuneParameter.names.joined(separator: ", "))")
      case .range(let text):
        throw ValidationError(
          "--over takes a range such as 3..31, 3..31,log or 0.3..1.0, not `\(text)`")
      }
    }
  }

  func run() throws {
    try page.file.check()
    let file = try arguments.loadFile()
    let spec = try arguments.only(of: file)
    guard let experiment = file.members.first?.experiment else { return }
    let project = try machine.limits.project()
    let tuned = TunedSpecFile(of: spec, at: file.path, in: project)
    try tuned.check(force: page.file.force)
    let display = ProgressDisplay(name: spec.name.value)
    defer { display.finish(isDone: false) }
    let runner = ExperimentRunner(
      project: project, version: Holdout.version, pages: RunCommand.pages
    ) { Terminal.show([$0]) }
    defer { runner.finish() }
    let request = TuneRequest(
      trials: trials, over: try over.map(Self.parameter), judge: judge, seed: seed,
      negatives: negatives)
    let report = try TuneRunner(
      runner: runner, threads: machine.threads, progress: display.show
    ).tune(experiment, request)
    display.finish(isDone: true)
    try page.print(
      Page(report), figures: Page(figuresOf: report), TuneDocument(report), isWhole: tables.all)
    Terminal.note("journal:     \(Terminal.shown(report.folder))/trials.jsonl")
    guard let settings = report.settings else { return }
    let text = TunedSpec(
      settings, of: report, name: tuned.name,
      base: file.path.split(separator: "/").last.map(String.init) ?? file.path,
      folder: Terminal.shown(report.folder)
    ).text
    try tuned.write(text, of: report, force: page.file.force)
    Terminal.note("tuned spec:  \(tuned.path)")
    Terminal.note(
      "next:        holdout run \(tuned.path), then holdout compare \(tuned.name) "
        + spec.name.value)
  }
}
