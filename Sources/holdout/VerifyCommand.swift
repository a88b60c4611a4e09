public import ArgumentParser
import Diagnostics
import Experiment
public import Promotion

extension RegistryHead: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

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
        holdout verify --at-least 3:9f2c...    record 3 is there, and is that one

      The last line of its output has the number and the SHA-256 of the last record.
      Kept elsewhere and given to `--at-least` later, they show that no record up to
      there was removed.

      Exit codes: 0 all is as it was written; 2 something was changed, and is named.
      docs/promote.md says what this finds, and what it cannot.
      """)

  @Option(help: "How it is printed: text or json.")
  var format: Format = .text
  @Option(
    help: ArgumentHelp(
      "A record that has to be there, by its number and its line's SHA-256.", valueName: "n:sha"))
  var atLeast: RegistryHead?

  func run() throws {
    let registry = Registry(project: try SpecArguments.project())
    do throws(FindingsError) {
      let report = try registry.verify(atLeast: atLeast)
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
