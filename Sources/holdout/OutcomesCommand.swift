import ArgumentParser
import Diagnostics
import Experiment
import Files
import Foundation
import Operations
import Reports
import Spec

/// `holdout outcomes`
struct OutcomesCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcomes",
    abstract: "Say what became of the lists that were published.",
    discussion: """
      Reads the lists of a champion where `score` in its spec publishes them, and
      joins every list whose label window is over to what the data tell by now:
      wins, lift, capture and calibration of the lists as they were published, of
      the rows within capacity, by tenth of the list and by territory. Lists that
      have not matured are named with the day on which they do.

        holdout outcomes solidworks
        holdout outcomes solidworks --data-through 2026-03-31 --from 2025-09-01
        holdout outcomes solidworks --format markdown --out outcomes.md

      Exit codes: 0 told; 1 with `--fail-on-miscalibration`, where the wins are not
      as many as the scores promised; 2 there is no champion, no list, or none has
      matured. docs/outcomes.md says how each number is made.
      """)

  @Argument(help: "The champion's name.")
  var name: String
  @Option(help: ArgumentHelp("The last day that the data fully hold.", valueName: "date"))
  var dataThrough: String?
  @Option(help: ArgumentHelp("The first cutoff to look at.", valueName: "date"))
  var from: String?
  @Option(help: ArgumentHelp("The last cutoff to look at.", valueName: "date"))
  var to: String?
  @Option(help: "How it is printed: text, json or markdown.")
  var format: PageFormat = .text
  @Option(help: "Writes to this file instead of printing.", completion: .file())
  var out: String?
  @Flag(help: "Replace a file for --out that something else has written.")
  var force = false
  @Flag(help: "Ends with code 1 where the wins are not as many as the scores promised.")
  var failOnMiscalibration = false
  @OptionGroup var machine: MachineArguments
  @OptionGroup var tables: TableArguments
  @OptionGroup var output: OutputArguments

  func validate() throws {
    for (option, text) in [("--data-through", dataThrough), ("--from", from), ("--to", to)] {
      if let text, CalendarDate(text) == nil {
        throw ValidationError("\(option) takes a day such as 2026-03-31, not `\(text)`")
      }
    }
  }

  func run() throws {
    if let out { try Terminal.checkOutput(out, force: force) }
    let display = ProgressDisplay(name: name)
    defer { display.finish(isDone: false) }
    let runner = OutcomesRunner(
      project: try machine.limits.project(), threads: machine.threads, progress: display.show)
    let report = try runner.report(
      of: name, dataThrough: dataThrough.flatMap { CalendarDate($0) },
      from: from.flatMap { CalendarDate($0) }, to: to.flatMap { CalendarDate($0) })
    display.finish(isDone: true)
    Terminal.show(report.findings)
    if let out {
      let text = try format.render(Page(report), OutcomesDocument(report))
      let mark = format == .markdown ? OutputMark.markdown : ""
      try Terminal.write(mark + text, to: out, force: force)
      Terminal.note("written to \(out)")
    } else {
      try Terminal.print(
        Page(report), OutcomesDocument(report), as: format, isWhole: tables.all)
    }
    if failOnMiscalibration, !report.isAsExpected { throw ExitCode(1) }
  }
}
