public import ArgumentParser
internal import Diagnostics
internal import Foundation
public import Promotion
internal import Reports
internal import Runs

/// `holdout export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Send a run to another tool.",
    discussion: """
        holdout export mlflow solidworks --uri http://localhost:5000
      """,
    subcommands: [ExportMLflowCommand.self])
}

extension MLflowArtifactChoice: ExpressibleByArgument {}

/// `holdout export mlflow`
struct ExportMLflowCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "mlflow",
    abstract: "Send a run to an MLflow tracking server.",
    discussion: """
      Sends the resolved spec as parameters, metrics.json as metrics, the run's
      record as tags, and the run's files. A run is sent once: it is recognized by
      the tag holdout.run_id, and an interrupted export continues where it stopped.

        holdout export mlflow solidworks --uri http://localhost:5000
        holdout export mlflow solidworks --dry-run

      The user and password or the token come from the environment variables that
      MLflow's clients read: MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD,
      or MLFLOW_TRACKING_TOKEN. docs/mlflow.md says what is sent, and under which
      names.
      """)

  @Argument(
    help: ArgumentHelp(
      "The run: a name, a run id, a run's folder, a spec, or `champion:NAME`.",
      valueName: "run"))
  var reference: String
  @Option(help: "The server's address. Default: MLFLOW_TRACKING_URI.")
  var uri: String?
  @Option(
    help: """
      The MLflow experiment, created if it does not exist. Default: MLFLOW_EXPERIMENT_NAME, else \
      holdout/NAME.
      """)
  var experiment: String?
  @Option(
    help: """
      The files to send. without-predictions leaves out those with keys of entities: \
      predictions.parquet, curves.json, and report.html.
      """)
  var artifacts: MLflowArtifactChoice = .all
  @Flag(help: "Print what would be sent, as JSON, and send nothing.")
  var dryRun = false
  @OptionGroup var output: OutputArguments

  func run() throws {
    let environment = ProcessInfo.processInfo.environment
    // Reports a wrong address before anything is read.
    let server = dryRun ? nil : try MLflowServer(uri: uri, environment: environment)
    let found = try RunFinder(project: try SpecArguments.project()).run(reference)
    guard let stored = found.run else {
      throw ValidationError(
        "`\(reference)` has only metrics here; to export it, run its spec on this machine")
    }
    for remark in found.remarks { Terminal.note("note: \(remark.words)") }
    let payload = try MLflowPayload(stored, artifacts: artifacts)
    let variable = environment["MLFLOW_EXPERIMENT_NAME"].flatMap { $0.isEmpty ? nil : $0 }
    let experiment = experiment ?? variable ?? "holdout/\(stored.record.name)"
    guard let server else {
      return Terminal.printText(
        payload.json(experiment: experiment), as: .json)
    }

    let display = ProgressDisplay(name: stored.record.name)
    defer { display.finish(isDone: false) }
    let export = MLflowExport(to: server, experiment: experiment, progress: display.show)
    let outcome = try export.send(payload, of: stored)
    display.finish(isDone: true)
    Terminal.print(Self.text(outcome, payload.runName))
  }

  private static func text(_ outcome: MLflowExport.Outcome, _ name: String) -> String {
    let what =
      switch outcome.kind {
      case .exported: "\(name): exported"
      case .completed: "\(name): an interrupted export is now complete"
      case .alreadyThere: "\(name): already exported, nothing was sent"
      }
    let sent =
      "sent: \(outcome.params) parameters, \(outcome.metrics) metrics, \(outcome.tags) tags, "
      + "\(outcome.artifacts) files (\(outcome.bytes.grouped) bytes)"
    let lines = outcome.kind == .alreadyThere ? [what, outcome.page] : [what, sent, outcome.page]
    return lines.joined(separator: "\n")
  }
}
