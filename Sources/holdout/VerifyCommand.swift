import ArgumentParser
import Diagnostics
import Experiment
import Promotion

/// `holdout verify`
struct VerifyCommand: ParsableCommand {
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json }

  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the registry and every file in production against it.",
    discussion: """
      Checks each record of results/registry.jsonl, its place in the chain and its
      signature, and the SHA-256 of every file of every version below
      models/prospects/. What a crash has left is completed, and told.

        holdout verify
        holdout verify --format json

      Exit codes: 0 all is as it was written; 2 something was changed, and is named.
      docs/promote.md says what this finds, and what it cannot.
      """)

  @Option(help: "How it is printed: text or json.")
  var format: Format = .text

  func run() throws {
    let registry = Registry(project: try SpecArguments.project())
    do throws(FindingsError) {
      let report = try registry.verify()
      if format == .text { Terminal.show(report.warnings) }
      Terminal.printText(
        format == .text ? report.text : report.json,
        as: PrintedText.Syntax(format: format.rawValue))
    } catch {
      guard format == .json else { throw error }
      Terminal.printText(RegistryReport.json(of: error), as: .json)
      throw ExitCode(2)
    }
  }
}
