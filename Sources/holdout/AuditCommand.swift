import ArgumentParser
import Diagnostics
import Experiment
import Reports
internal import Runs
import Spec

/// `holdout audit`
struct AuditCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Test a spec for leaks from the future.",
    discussion: """
      Builds the panel and trains the model. Then it poisons and deletes all data
      later than a cutoff, which must change nothing, permutes the labels at random,
      moves all cutoffs some weeks back, and looks for features that know too much.
      Each check passes, fails, or is inconclusive, with its numbers. Nothing is
      written. With --earlier it also compares the data with a snapshot that
      `holdout snapshot` kept.

        holdout audit experiments/solidworks.yaml
        holdout audit experiments/solidworks.yaml --format json
        holdout audit experiments/solidworks.yaml \
          --earlier snapshots/solidworks/2025-09-18

      Exit codes: 0 no check failed; 1 a check failed, or the spec allows something
      that makes its metrics unreliable; 2 could not be done. docs/audit.md says
      what each check does and what to do when it fails.
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var page: PageArguments
  @Option(
    help: ArgumentHelp(
      "A folder that `holdout snapshot` wrote, to compare the data with.", valueName: "folder"),
    completion: .directory)
  var earlier: String?
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    try page.file.check()
    let spec = try arguments.loadOne()
    let project = try machine.limits.project()
    let snapshot = try earlier.map { try Snapshot($0, for: spec) }
    let display = ProgressDisplay(name: spec.name.value)
    defer { display.finish(isDone: false) }
    let runner = AuditRunner(
      project: project, threads: machine.threads, earlier: snapshot,
      progress: display.show)
    let report = try runner.audit(spec)
    display.finish(isDone: true)
    Terminal.show(report.warnings)
    try page.print(
      Page(report), figures: Page(figuresOf: report), AuditDocument(report))
    if report.verdict == .fail { throw ExitCode(1) }
  }
}
