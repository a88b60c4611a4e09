import ArgumentParser
import Experiment
import Promotion

/// `holdout rollback`
struct RollbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rollback",
    abstract: "Take a name back to a version that was in production before.",
    discussion: """
      Adds a record to results/registry.jsonl, as `holdout promote` does, and puts the
      version's files back to models/prospects/NAME/. Without `--to` it is the run
      that the champion replaced when it was promoted. No gates are held against it.

        holdout rollback solidworks --reason "too many calls to customers"
        holdout rollback solidworks --to 2025-06-30-24538fda98d5 --reason "as agreed"

      Exit codes: 0 done, or champion already; 2 it could not be done.
      """)

  @Argument(help: "The name.")
  var name: String
  @Option(help: "The run to go back to. Default: the champion before.")
  var to: String?
  @Option(help: "Why, in a sentence.")
  var reason: String
  @OptionGroup var registry: RegistryArguments

  func validate() throws { try RegistryArguments.check(reason, "--reason") }

  func run() throws {
    let project = try SpecArguments.project()
    let outcome = try registry.registry(project).rollback(
      name, to: to, registry.entry(project, reason: reason))
    Terminal.show(outcome.warnings)
    Terminal.show(outcome, name: name)
  }
}
