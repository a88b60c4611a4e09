import ArgumentParser
import Diagnostics
import Experiment
import Spec

/// `holdout panel`
struct PanelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "panel",
    abstract: "Write the panel to a Parquet file.",
    discussion: """
      One row per entity and cutoff of the cohort: key, cutoff, role, label, then
      each feature by name, exactly as the learner will see it (categories as text).
      Train, calibrate and test cutoffs; rows in the order of cutoff, then key.

        holdout panel experiments/solidworks.yaml --out panel.parquet
      """)

  @OptionGroup var arguments: SpecArguments
  @Option(help: "The file to write; one that Holdout has written is replaced.", completion: .file())
  var out: String
  @Flag(help: "Replace a file that something else has written.")
  var force = false
  @OptionGroup var machine: MachineArguments

  func run() throws {
    let spec = try arguments.loadOne()
    let display = ProgressDisplay(name: spec.name.value)
    let export = PanelExport(
      project: try SpecArguments.project(),
      settings: RunSettings(threads: machine.threads, progress: display.show))
    let result: (rows: Int, warnings: [Finding])
    do {
      result = try export.write(spec, to: out, force: force)
    } catch {
      display.finish(isDone: false)
      throw error
    }
    display.finish(isDone: true)
    Terminal.show(result.warnings)
    Terminal.note("\(result.rows.grouped) rows written to \(out)")
  }
}
