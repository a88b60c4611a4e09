import ArgumentParser
import Diagnostics
import Experiment
import Panel
import Spec

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

      A spec with a `sweep` is run once per combination, each into results of its
      own, results/NAME@num_leaves=15/.
      """)

  @OptionGroup var arguments: SpecArguments
  @OptionGroup var machine: MachineArguments

  func run() throws {
    let project = try SpecArguments.project()
    var outcomes: [RunTable.Outcome] = []
    var hasFailed = false
    for file in arguments.load() {
      Terminal.show(file.findings)
      guard !file.findings.hasErrors else {
        hasFailed = true
        outcomes.append(.failed(name: file.path, reason: file.findings.firstError))
        continue
      }
      for member in file.members {
        guard let spec = member.spec, let text = member.resolvedText,
          let identityText = member.identityText
        else { continue }
        do {
          outcomes.append(.done(try run(spec, text, identityText, project)))
        } catch let error as FindingsError {
          Terminal.show(error.findings)
          hasFailed = true
          outcomes.append(.failed(name: spec.name.value, reason: error.findings.firstError))
        } catch {
          // The other experiments of the call are not to blame.
          Terminal.note("error: \(spec.name.value): \(error)")
          hasFailed = true
          outcomes.append(.failed(name: spec.name.value, reason: "\(error)"))
        }
      }
    }
    if outcomes.count > 1 { Terminal.print("\n" + RunTable(outcomes: outcomes).text) }
    if hasFailed { throw ExitCode(2) }
  }

  private func run(
    _ spec: ExperimentSpec, _ text: String, _ identityText: String, _ project: Project
  ) throws -> RunSummary {
    let display = ProgressDisplay(name: spec.name.value)
    defer { display.finish(isDone: false) }
    let runner = ExperimentRunner(
      project: project,
      settings: RunSettings(threads: machine.threads, progress: display.show),
      version: Holdout.version)
    let summary = try runner.run(spec, resolvedText: text, identityText: identityText)
    display.finish(isDone: true)
    Terminal.print(SummaryText(spec: spec, summary: summary).text)
    return summary
  }
}

extension [Finding] {
  /// The first error in a line.
  fileprivate var firstError: String {
    first { $0.severity == .error }.map { "\($0.id): \($0.message)" } ?? "failed"
  }
}
