import ArgumentParser
import Diagnostics
import Experiment
import Foundation
import Promotion
import Reports
internal import Runs
import Spec

/// `holdout promote`
struct PromoteCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "promote",
    abstract: "Put a run into production, if its gates pass.",
    discussion: """
      Checks the run against its gates, copies its files to models/NAME/, and adds a
      record to results/registry.jsonl: who, when, why, the results of the gates,
      and the SHA-256 of every file. Production changes in no other way.

        holdout promote solidworks --reason "two more features"
        holdout promote 2025-09-18-24538fda98d5 --as solidworks
        holdout promote solidworks --override "the old model is broken"
        holdout promote solidworks --dry-run           what would be recorded

      A run is named as in `holdout compare`. Commit results/registry.jsonl and
      models/ afterwards.

      Exit codes: 0 promoted, or already champion; 1 the gates do not pass, and
      nothing was changed; 2 it could not be done. docs/promote.md has the details.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run: an experiment, a spec, a run's id, or its folder.", valueName: "run"))
  var reference: String
  @Option(
    name: .customLong("as"), help: "The name to promote it as. Default: the experiment's name.")
  var name: String?
  @Option(help: "Why, in a sentence.")
  var reason: String?
  @Option(
    name: .customLong("override"),
    help: "Promote although the gates do not pass, and why; this is recorded.")
  var overridden: String?
  @Flag(help: "Print the record that would be written, and write nothing.")
  var dryRun = false
  @OptionGroup var registry: RegistryArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    try RegistryArguments.check(reason, "--reason")
    try RegistryArguments.check(overridden, "--override")
  }

  func run() throws {
    let project = try machine.limits.project()
    let entry = try registry.entry(project, reason: reason)
    let found = try RunFinder(project: project).run(reference)
    guard let stored = found.run else { throw FindingsError(.onlyMetrics(reference)) }
    for remark in found.remarks { Terminal.note("note: \(remark.words)") }
    let gates = try found.gates()
    // The run that is checked is the one that goes into production.
    let artifact = try ModelArtifact(stored)
    let library = try NativeLibraries.learner()
    _ = try ScoringModel(stored, library: library)
    if stored.hasRefit { _ = try ScoringModel.production(stored, library: library) }
    var outcome = try attempt(stored, artifact, gates, entry, project)
    while case .championChanged? = outcome?.result {
      Terminal.note("another run was promoted meanwhile; the gates now use that one")
      outcome = try attempt(
        stored, artifact, gates, registry.entry(project, reason: reason), project)
    }
    guard let outcome else { return }
    Terminal.show(outcome.warnings)
    Terminal.show(outcome, name: name ?? stored.record.name, project)
  }

  /// Checks the run against its gates and the current champion, and promotes it if they pass.
  /// - Returns: nil if only the record was to be shown.
  private func attempt(
    _ run: StoredRun, _ artifact: ModelArtifact, _ gates: GatesSpec?, _ entry: RegistryEntry,
    _ project: Project
  ) throws -> RegistryOutcome? {
    let name = self.name ?? run.record.name
    let production = registry.registry(project)
    try production.check(entry)
    let champion = try production.champion(of: name)
    if let champion, champion.runId == run.record.runId {
      return RegistryOutcome(
        result: .isChampion(runId: champion.runId), warnings: champion.warnings)
    }
    let report = try judge(run, gates, as: name, project)
    let request = PromotionRequest(
      run: run, artifact: artifact, name: name,
      gate: RegistryRecord.Gate(report),
      champion: champion?.runId, override: report.isOpen ? nil : overridden)
    guard report.isOpen || overridden != nil else {
      Terminal.complain(
        "not promoted: `--override \"reason\"` promotes anyway, and is recorded")
      throw ExitCode(1)
    }
    if report.isOpen, overridden != nil {
      Terminal.note("the gates pass, so there is nothing to override")
    }
    guard dryRun else { return try production.promote(request, entry) }
    Terminal.printText(try production.preview(request, entry) + "\n", as: .json)
    return nil
  }

  /// Checks the run against its gates and prints the result.
  private func judge(
    _ run: StoredRun, _ gates: GatesSpec?, as name: String, _ project: Project
  ) throws -> GateReport {
    let display = ProgressDisplay(name: "gate")
    defer { display.finish(isDone: false) }
    let runner = GateRunner(
      project: project, threads: machine.threads, auditDocument: { AuditDocument($0) },
      progress: display.show)
    let report = try runner.report(on: run, gates: gates, as: name)
    display.finish(isDone: true)
    let result = GateResult(
      name: run.record.name, path: run.path("spec.yaml"), span: nil, report: .success(report))
    let text = Page([result]).text()
    // The reason for not promoting is not a note.
    if report.isOpen { Terminal.noteText(text) } else { Terminal.complainText(text) }
    return report
  }
}
