import ArgumentParser
import Diagnostics
import Evaluation
import Promotion
import Reports
internal import Runs
import Spec

/// `holdout compare`
struct CompareCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs with a base: differences, intervals, verdicts.",
    discussion: """
      Compares runs on the test rows that all of them have scored: the difference of
      every metric with an interval over the same resamples for both, and a verdict,
      better, worse, equivalent, or inconclusive, relative to the smallest effect
      worth having. P-values are corrected for several candidates. Runs of different
      questions (label, horizon, cohort, test cutoffs) are refused.

        holdout compare solidworks experiments/solidworks_small.yaml
        holdout compare champion solidworks 2025-09-18-24538fda98d5
        holdout compare git:main:solidworks solidworks
        holdout compare champion solidworks --format html --out comparison.html

      A run is named by its experiment (its latest run), its spec, the start of its
      id, its folder, `champion` (the run promoted under the other side's name), or
      `champion:NAME`. `git:REV:NAME` is what another revision has committed: only
      metrics, so nothing can be paired. A champion that is older than the test rows
      is scored on them.

      Exit codes: 0 compared, whatever the verdict; 2 could not be compared.
      docs/compare.md says how to read the output.
      """)

  @Argument(help: "The run to compare the others with.")
  var base: String
  @Argument(help: ArgumentHelp("One or more runs.", valueName: "candidate"))
  var candidates: [String] = []
  @OptionGroup var judging: JudgingArguments
  @Flag(
    help: """
      Compare runs of different questions too, on the rows that all have scored, with the base's \
      labels.
      """)
  var overlap = false
  @OptionGroup var page: PageArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var tables: TableArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if candidates.isEmpty {
      throw ValidationError("name a base and at least one candidate, for example two experiments")
    }
  }

  func run() throws {
    try page.file.check()
    let project = try machine.limits.project()
    let finder = RunFinder(project: project)
    let sides = try finder.sides(base: base, candidates: candidates)
    let display = ProgressDisplay(name: "compare")
    defer { display.finish(isDone: false) }
    let runner = ComparisonRunner(
      project: project, threads: machine.threads,
      progress: display.show)
    let judged = try Judging(
      metric: judging.metric, smallestEffect: judging.smallestEffect, base: sides.base,
      candidates: sides.candidates, project: project.spec.gates)
    let report = try runner.compare(
      base: sides.base, candidates: sides.candidates, options: judging.options(judged),
      overlap: overlap ? .compared : .refused, notes: judged.notes)
    display.finish(isDone: true)
    try page.print(
      Page(report),
      figures: try Page(figuresOf: report) { run throws(FindingsError) in
        try run.curves(in: project)
      }, ComparisonDocument(report), isWhole: tables.all)
  }
}

/// The metric and the confidence with which runs are compared.
struct JudgingArguments: ParsableArguments {
  @Option(
    help: """
      The metric that decides. Default: that of the candidates' gates, of the base's, or of \
      holdout.yaml's, or roc_auc.
      """)
  var metric: String?
  @Option(
    help: """
      The smallest effect of this metric worth having. Default: as the same gates say, else 0.005 \
      of roc_auc; for other metrics it is required.
      """)
  var smallestEffect: Double?
  @Option(help: "Bootstrap resamples.")
  var resamples = 2000
  @Option(help: "The confidence level of the intervals.")
  var level = 0.95

  func validate() throws {
    if let metric { try MetricArgument.check(metric) }
    if let smallestEffect, !(smallestEffect > 0 && smallestEffect.isFinite) {
      throw ValidationError("--smallest-effect takes a number above 0")
    }
    guard (1...1_000_000).contains(resamples) else {
      throw ValidationError("--resamples takes a number from 1 to 1000000")
    }
    guard level > 0, level < 1 else {
      throw ValidationError("--level takes a number between 0 and 1, for example 0.95")
    }
  }

  /// - Throws: `ValidationError` if no smallest effect is known.
  func options(_ judging: Judging) throws -> ComparisonOptions {
    guard let effect = judging.smallestEffect else {
      throw ValidationError(
        "say with --smallest-effect which difference of \(judging.metric) is worth having: "
          + "no number is right for all data")
    }
    return ComparisonOptions(
      metric: judging.metric, smallestEffect: effect,
      bootstrap: BootstrapOptions(resamples: resamples, level: level))
  }
}

/// A metric that runs can be compared by.
enum MetricArgument {
  static func check(_ metric: String) throws {
    if MetricDirection(of: metric) == nil {
      throw ValidationError(
        "--metric takes a metric of which more, or less, is better, such as roc_auc, pr_auc, "
          + "log_loss or lift_at_1_percent; not `\(metric)`"
      )
    }
  }
}
