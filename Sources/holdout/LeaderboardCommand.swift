import ArgumentParser
import Diagnostics
import Evaluation
import Promotion
import Reports

/// `holdout leaderboard`
struct LeaderboardCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Rank the experiments of each question.",
    discussion: """
      Lists the latest run of every experiment in results/, the best first, one
      table for each question (label, horizon, cohort, test cutoffs, rows). Runs
      with insufficient evidence or a caveat are listed below a line and are not
      ranked. The winner's selection bias is shown too.

        holdout leaderboard
        holdout leaderboard --metric lift_at_1_percent --format markdown

      Exit codes: 0 done; 2 some results could not be read.
      """)

  @Option(
    help: """
      The metric to sort by. Default: that of the specs' gates where they agree, else of \
      holdout.yaml's, else roc_auc.
      """)
  var metric: String?
  @Option(help: "Bootstrap resamples, for the winner's selection bias.")
  var resamples = 500
  @OptionGroup var page: PageArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var tables: TableArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if let metric { try MetricArgument.check(metric) }
    guard (1...1_000_000).contains(resamples) else {
      throw ValidationError("--resamples takes a number from 1 to 1000000")
    }
  }

  func run() throws {
    try page.file.check()
    let display = ProgressDisplay(name: "leaderboard")
    defer { display.finish(isDone: false) }
    let runner = LeaderboardRunner(
      project: try machine.limits.project(), threads: machine.threads,
      progress: display.show)
    let board = try runner.leaderboard(
      metric: metric, bootstrap: BootstrapOptions(resamples: resamples))
    display.finish(isDone: true)
    Terminal.show(board.findings)
    try page.print(
      Page(board), figures: Page(figuresOf: board), LeaderboardDocument(board), isWhole: tables.all)
    if board.findings.hasErrors { throw ExitCode(2) }
  }
}
