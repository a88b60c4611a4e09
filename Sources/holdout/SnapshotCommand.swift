import ArgumentParser
import Diagnostics
import Experiment
import Spec

/// `holdout snapshot`
struct SnapshotCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Keep the rows of every source, for a later audit.",
    discussion: """
      Writes one Parquet file per source, with the key, the row's days, and every
      declared column, and snapshot.json with the SHA-256 of each file. Months
      later, an audit compares the data with it. This is the only proof that a
      column declared `static` does not change, and that rows are not overwritten,
      deleted, or dated back.

        holdout snapshot experiments/solidworks.yaml
        holdout snapshot experiments/solidworks.yaml --out /backup/2025-09
        holdout audit experiments/solidworks.yaml --earlier /backup/2025-09

      The same rows give the same bytes. A different snapshot is never replaced.
      docs/audit.md says how often to keep one, and what it costs.
      """)

  @OptionGroup var arguments: SpecArguments
  @Option(
    help: ArgumentHelp(
      "The folder to write. Default: snapshots/NAME/DAY in the project's folder.",
      valueName: "folder"),
    completion: .directory)
  var out: String?
  @OptionGroup var machine: MachineArguments
  @OptionGroup var output: OutputArguments

  func run() throws {
    let spec = try arguments.loadOne()
    let display = ProgressDisplay(name: spec.name.value)
    defer { display.finish(isDone: false) }
    let writer = SnapshotWriter(
      project: try machine.limits.project(), threads: machine.threads,
      progress: display.show)
    let written = try writer.write(spec, to: out)
    display.finish(isDone: true)
    Terminal.show(written.warnings)
    let rows = written.sources.map { "\($0.name) \($0.rows.grouped)" }.joined(separator: ", ")
    Terminal.note("data through \(written.day), rows: \(rows)")
    let folder = Terminal.shown(written.folder)
    Terminal.note(
      written.isNew ? "snapshot written to \(folder)" : "\(folder) has this snapshot already")
  }
}
