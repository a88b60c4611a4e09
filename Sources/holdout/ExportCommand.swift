import ArgumentParser

/// `holdout export`
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Send a run to another tool.",
    discussion: """
        holdout export mlflow solidworks --uri http://localhost:5000
      """,
    subcommands: [ExportMLflowCommand.self])
}
