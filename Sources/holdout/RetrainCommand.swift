public import ArgumentParser
import Diagnostics
import Experiment
import Foundation
import Operations
import Panel
import Promotion
import Reports
internal import Runs
public import Spec

extension RetrainSpec.Promotion: ExpressibleByArgument {}

/// `holdout retrain`
struct RetrainCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrain",
    abstract: "Retrain the champion on newer data; promote it if its gates pass.",
    discussion: """
      Moves the spec of NAME's champion forward to the latest mature cutoff. The
      model is fitted twice: as a normal run, whose test cutoffs are the evidence,
      and again on all mature cutoffs, which is the model that scores. The run is
      checked against its gates and the champion. If they pass, it is promoted;
      otherwise it stays a challenger in results/.

        holdout retrain solidworks --data-through 2025-10-31
        holdout retrain solidworks --data-through 2025-10-31 --dry-run
        holdout retrain solidworks --promote never

      Without `--data-through`, experiments/NAME.yaml gives the day. No clock is
      read. Data that end earlier are refused: a source whose rows end early (H811),
      label events that end early (H417). If that is correct, say why; the run and
      the registry record it:

        holdout retrain solidworks --accept H811="no fairs in summer"

      Exit codes: 0 promoted, or nothing newer is mature, or `--promote never`; 1 it
      stays a challenger, as its gates do not pass; 2 it could not be done.
      docs/retraining.md has the rest.
      """)

  @Argument(help: "The champion's name.")
  var name: String
  @Option(
    name: .customLong("data-through"),
    help: ArgumentHelp("The last day that the data cover completely.", valueName: "date"))
  var date: String?
  @Option(
    name: .customLong("promote"),
    help: ArgumentHelp(
      "When to promote it: pass, unless_fail, or never. Default: `retrain.promote` of the spec.",
      valueName: "when"))
  var promotion: RetrainSpec.Promotion?
  @Option(help: "Why, in a sentence; the record also says that it was retrained.")
  var reason: String?
  @Option(
    name: .customLong("accept"),
    help: ArgumentHelp(
      "Accept incomplete data, H417 or H811, and why; can be given for both.",
      valueName: "id=reason"))
  var accepted: [String] = []
  @Flag(help: "Print which cutoffs would be fitted, and do nothing.")
  var dryRun = false
  @OptionGroup var registry: RegistryArguments
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    if let date, CalendarDate(date) == nil {
      throw ValidationError("--data-through takes a day such as 2025-09-18, not `\(date)`")
    }
    try RegistryArguments.check(reason, "--reason")
    for text in accepted {
      let (id, reason) = Self.acceptance(text)
      guard AcceptSpec.ids.contains(id), !reason.allSatisfy(\.isWhitespace) else {
        throw ValidationError(
          "--accept takes \(AcceptSpec.ids.joined(separator: " or ")), `=` and a reason, such as "
            + "H811=\"no fairs in summer\", not `\(text)`")
      }
    }
  }

  /// Splits `H811=no fairs in summer` into its parts; the reason is empty if there is none.
  private static func acceptance(_ text: String) -> (id: String, reason: String) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }

  func run() throws {
    let project = try machine.limits.project()
    let plan = try RetrainPlan(
      name, project: project, dataThrough: date.flatMap { CalendarDate($0) },
      accepting: accepted.map(Self.acceptance))
    let policy =
      promotion.map { RetrainPolicy($0, origin: "--promote") }
      ?? RetrainPolicy(plan.policy, origin: "retrain.promote")
    Terminal.show(plan.champion.warnings + plan.findings)
    if plan.standstill == nil, !dryRun, policy.promotion != .never {
      // Reports an unaccepted signature now, not after hours of fitting.
      try registry.registry(project).check(entry(plan, project))
    }
    Terminal.print(Page(plan))
    guard plan.standstill == nil, !dryRun else { return }
    try retrain(plan, policy, project)
  }

  private func entry(_ plan: RetrainPlan, _ project: Project) throws -> RegistryEntry {
    let reasons = ["retrained on data through \(plan.backtest.dataThrough)", reason]
    return try registry.entry(
      project, reason: reasons.compactMap(\.self).joined(separator: "; "))
  }

  private func retrain(_ plan: RetrainPlan, _ policy: RetrainPolicy, _ project: Project) throws {
    let display = ProgressDisplay(name: name)
    defer { display.finish(isDone: false) }
    let retraining = Retraining(
      project: project, settings: RunSettings(threads: machine.threads, progress: display.show),
      version: Holdout.version, pages: RunCommand.pages, auditDocument: { AuditDocument($0) },
      report: { Terminal.show([$0]) })
    let (run, summary) = try retraining.fit(plan)
    Terminal.print(Page(summary, of: run))
    let outcome: RetrainOutcome
    do {
      outcome = try retraining.settle(
        run, plan, policy: policy, registry: registry.registry(project),
        reported: { Self.show($0, run) }, gate: RegistryRecord.Gate.init,
        entry: { try entry(plan, project) })
    } catch {
      Terminal.complain("run \(run.record.runId) is kept in \(Terminal.shown(run.folder))")
      throw error
    }
    display.finish(isDone: true)
    switch outcome {
    case .promoted(let done):
      Terminal.show(done.warnings)
      Terminal.show(done, name: name, project)
    case .challenger(let report, let isByPolicy):
      Terminal.print(Page(challenger: run, of: plan, report, isByPolicy ? policy : nil))
      if !isByPolicy { throw ExitCode(1) }
    }
  }

  /// Prints a gate report on standard error, check by check; the final outcome is data.
  private static func show(_ report: GateReport, _ run: StoredRun) {
    let result = GateResult(
      name: run.record.name, path: run.path("spec.yaml"), span: nil, report: .success(report))
    Terminal.noteText(Page([result]).text())
  }
}
