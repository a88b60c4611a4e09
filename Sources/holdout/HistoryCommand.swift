public import ArgumentParser
import Diagnostics
import Experiment
public import Promotion
import Spec

extension RegistryHistory.Format: ExpressibleByArgument {}

/// `holdout history`
struct HistoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Tell what went into production: when, by whom and why.",
    discussion: """
      Prints the records of results/registry.jsonl after checking them. With `--on` it
      answers what was in production when that day ended in UTC: for each name the
      last record that is dated that day or before. Records are in the order of
      their links, also where a clock was wrong.

        holdout history
        holdout history solidworks --format json
        holdout history --on 2026-09-18

      Exit codes: 0 told; 2 the registry is not as it was written, or does not know
      the name.
      """)

  @Argument(help: "A name. Default: all of them.")
  var name: String?
  @Option(name: .customLong("on"), help: ArgumentHelp("A day.", valueName: "date"))
  var date: String?
  @Option(help: "How it is printed: text, json or markdown.")
  var format: RegistryHistory.Format = .text

  func validate() throws {
    if let date, CalendarDate(date) == nil {
      throw ValidationError("--on takes a day such as 2026-09-18, not `\(date)`")
    }
  }

  func run() throws {
    let history = try RegistryHistory(
      Registry(project: try SpecArguments.project()), of: name,
      on: date.flatMap { CalendarDate($0) })
    Terminal.show(history.warnings)
    Terminal.printText(
      try history.render(format), as: PrintedText.Syntax(format: format.rawValue))
  }
}
