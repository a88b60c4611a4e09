import ArgumentParser
import Diagnostics
import Foundation

/// The command line.
@main
struct Holdout: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "holdout",
    abstract: "Declarative, time-honest propensity experiments.",
    discussion: """
      A spec (YAML) says who is scored, what is predicted, which features there are,
      and how the result is evaluated. Holdout builds the panel, trains, calibrates,
      and evaluates, so that no value knows what came after its cutoff.

        holdout init shop                           creates a small project
        holdout inspect data/*.csv                  writes the sources of a spec
        holdout check experiments/solidworks.yaml   is it right, do the data fit?
        holdout plan experiments/solidworks.yaml    each cutoff: role, positives
        holdout run experiments/solidworks.yaml     trains, tests, writes results/
        holdout tune experiments/solidworks.yaml    searches for better parameters
        holdout report solidworks --open            shows a run: conclusion, charts
        holdout audit experiments/solidworks.yaml   tests for leaks from the future
        holdout snapshot experiments/solidworks.yaml
                                                    keeps the data for later audits
        holdout compare champion solidworks         is it better than the champion?
        holdout gate experiments/solidworks.yaml    may it be promoted?
        holdout promote solidworks                  puts a run into production
        holdout score solidworks                    publishes who to call this week
        holdout explain H231                        what a finding means, its fix

      Exit codes: 0 done; 1 done, verdict bad; 2 could not be done; 130 interrupted.
      """,
    version: version,
    subcommands: [
      InitCommand.self, InspectCommand.self, CheckCommand.self, PlanCommand.self, PanelCommand.self,
      RunCommand.self, TuneCommand.self, ReportCommand.self, WhyCommand.self, CacheCommand.self,
      AuditCommand.self, SnapshotCommand.self, CompareCommand.self, LeaderboardCommand.self,
      GateCommand.self,
      PromoteCommand.self, RetrainCommand.self, RollbackCommand.self, HistoryCommand.self,
      VerifyCommand.self, ScoreCommand.self, BackfillCommand.self, OutcomesCommand.self,
      MonitorCommand.self,
      ExportCommand.self, RenderCommand.self,
      SchemaCommand.self,
      ExplainCommand.self,
      SQLCommand.self,
    ])

  static func main() {
    // With SIGPIPE and SIGXFSZ ignored, a closed reader and the limit of `ulimit -f` cause write
    // errors, not signals.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      try checkArguments()
      guard CommandLine.argc > 1 else {
        Terminal.complain(helpMessage())
        Foundation.exit(2)
      }
      var command = try parseAsRoot()
      if let command = command as? any NotingCommand, command.output.quiet { Terminal.beQuiet() }
      try command.run()
    } catch let error as FindingsError {
      Terminal.show(error.findings)
      Foundation.exit(2)
    } catch let code as ExitCode {
      Foundation.exit(code.rawValue)
    } catch {
      let message = fullMessage(for: error)
      let isHelp = exitCode(for: error) == .success
      let text = message.isEmpty ? "" : message + "\n"
      if isHelp { Terminal.printText(text) } else { Terminal.complainText(text) }
      Foundation.exit(isHelp ? 0 : 2)
    }
  }

  /// Refuses arguments and a working directory that are not UTF-8: repaired, they would name other
  /// files.
  private static func checkArguments() throws(FindingsError) {
    var findings: [Finding] = []
    for number in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[number] else { continue }
      if String(validatingCString: argument) == nil {
        findings.append(.notUTF8("argument \(number)", String(cString: argument)))
      }
    }
    if let folder = getcwd(nil, 0) {
      defer { free(folder) }
      if String(validatingCString: folder) == nil {
        findings.append(.notUTF8("the working directory", String(cString: folder)))
      }
    }
    try findings.throwIfErrors()
  }
}

extension Finding {
  /// A path whose bytes are not UTF-8: H712.
  fileprivate static func notUTF8(_ what: String, _ shown: String) -> Finding {
    Finding(
      712, "\(what) is not UTF-8: `\(shown)`",
      hints: ["rename the file or folder; `convmv -f latin1 -t utf8 --notest NAME` does it"])
  }
}

extension Explanation {
  static let holdoutFindings: [Explanation] = [
    Explanation(
      712, "an argument that is not UTF-8",
      cause: """
        Holdout writes paths in results and messages, which are UTF-8. An argument, or the path of \
        the working directory, has bytes that are not; they are shown as a replacement mark.
        """,
      example: .commands(#"holdout check --offline $'spec\xff.yaml'"#),
      fix: "Rename the file or the folder; `convmv` does it for many at once.")
  ]
}
