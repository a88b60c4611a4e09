import ArgumentParser
import Diagnostics
import Foundation
import Operations
import Reports
import Spec

/// `holdout outcomes`
struct OutcomesCommand: NotingCommand {
  static let configuration = CommandConfiguration(
    commandName: "outcomes",
    abstract: "Measure the outcomes of published lists.",
    discussion: """
      Reads the lists of a champion from where `score` in its spec publishes them,
      and joins every list whose label window is over to today's data: wins, lift,
      capture, and calibration of the lists as published, of the rows within
      capacity, by tenth of the list, and by territory. For other lists, it shows
      the day on which they mature, and with `--so-far` their wins so far.

        holdout outcomes solidworks
        holdout outcomes solidworks --data-through 2026-03-31 --from 2025-09-01
        holdout outcomes solidworks --format markdown --out outcomes.md

      Exit codes: 0 measured; 1 with `--fail-on-miscalibration`, if the wins differ
      from the scores' prediction; 2 there is no champion, no list, or no mature
      list. docs/outcomes.md explains each number.
      """)

  @Argument(help: "The champion's name.")
  var name: String
  @Option(help: ArgumentHelp("The last day that the data cover completely.", valueName: "date"))
  var dataThrough: String?
  @Option(help: ArgumentHelp("The first cutoff to measure.", valueName: "date"))
  var from: String?
  @Option(help: ArgumentHelp("The last cutoff to measure.", valueName: "date"))
  var to: String?
  @Flag(help: "Count the wins so far on lists that have not matured, and those expected by now.")
  var soFar = false
  @OptionGroup var page: PageArguments
  @Flag(help: "Exit with code 1 if the wins differ from the scores' prediction.")
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
    try page.file.check()
    let display = ProgressDisplay(name: name)
    defer { display.finish(isDone: false) }
    let runner = OutcomesRunner(
      project: try machine.limits.project(), threads: machine.threads, progress: display.show)
    let report = try runner.report(
      of: name, dataThrough: dataThrough.flatMap { CalendarDate($0) },
      from: from.flatMap { CalendarDate($0) }, to: to.flatMap { CalendarDate($0) },
      countsOpen: soFar)
    display.finish(isDone: true)
    Terminal.show(report.findings)
    try page.print(
      Page(report), figures: Page(figuresOf: report), OutcomesDocument(report), isWhole: tables.all)
    if failOnMiscalibration, !report.isAsExpected { throw ExitCode(1) }
  }
}
