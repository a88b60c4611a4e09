public import ArgumentParser
import Diagnostics
public import Experiment
import Spec

extension PanelExport.Levels: ExpressibleByArgument {}

/// `holdout panel`
struct PanelCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "panel",
    abstract: "Write the panel to a Parquet or CSV file.",
    discussion: """
      One row per entity and cutoff of the cohort: key, cutoff, role, label, then
      each feature by name, exactly as the learner sees it: categories as text, with
      the level for missing values and `other` for rare levels. Train, calibrate and
      test cutoffs; rows in the order of cutoff, then key.

        holdout panel experiments/solidworks.yaml --out panel.parquet
        holdout panel experiments/solidworks.yaml --out panel.csv --levels raw

      In a CSV file, text that starts with = + - @, a tab, or a line break gets a '
      in front, so that no spreadsheet reads it as a formula.
      """)

  @OptionGroup var arguments: SpecArguments
  @Option(
    help: "The file to write, .parquet or .csv; Parquet that Holdout has written is replaced.",
    completion: .file())
  var out: String
  @Flag(help: "Replace a file that something else has written, or a CSV file.")
  var force = false
  @Option(help: "Levels of categories: learner (as the learner sees them) or raw.")
  var levels: PanelExport.Levels = .learner
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let spec = try arguments.loadOne()
    let display = ProgressDisplay(name: spec.name.value)
    let export = PanelExport(
      project: try machine.limits.project(),
      settings: RunSettings(threads: machine.threads, progress: display.show), levels: levels)
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
