internal import ArgumentParser

/// How much a command prints besides its result.
struct OutputArguments: ParsableArguments {
  @Flag(help: "Print the result and errors only: no progress, notes, or warnings.")
  var quiet = false
}

/// How much of a table a command prints.
struct TableArguments: ParsableArguments {
  @Flag(help: "Print every row of tables of more than 40.")
  var all = false
}

/// A command that prints progress or notes besides its result.
protocol NotingCommand: ParsableCommand {
  var output: OutputArguments { get }
}
