import HoldoutTestSupport
import Testing

@Suite struct HelpTests {
  static let commands = [
    "init", "inspect", "check", "plan", "panel", "run", "tune", "report", "audit", "snapshot",
    "compare",
    "leaderboard", "gate",
    "promote", "retrain", "rollback", "history", "verify", "score", "backfill", "outcomes",
    "monitor",
    "export",
    "render", "schema", "explain",
    "sql",
  ]

  @Test func `help lists every command and goes to standard output`() throws {
    let result = try Program.run(["--help"], in: "/")
    #expect(result.end == .exit(0))
    #expect(result.errors.isEmpty)
    for command in Self.commands {
      #expect(result.output.contains("  \(command) "), "\(command)")
    }
    #expect(result.output.contains("holdout run experiments/solidworks.yaml"))
    #expect(result.output.contains("Exit codes: 0 done; 1 done, verdict bad; 2 could not be done"))
  }

  @Test(arguments: commands)
  func `help of each command shows an example to copy`(_ command: String) throws {
    for arguments in [[command, "--help"], ["help", command]] {
      let result = try Program.run(arguments, in: "/")
      #expect(result.end == .exit(0))
      #expect(result.errors.isEmpty)
      let lines = result.output.split(separator: "\n")
      #expect(
        lines.contains { $0.hasPrefix("  holdout \(command) ") }, "\(result.output)")
      #expect(lines.contains { $0.hasPrefix("USAGE: holdout \(command)") })
    }
  }

  @Test func `the version is one line`() throws {
    let result = try Program.run(["--version"], in: "/")
    #expect(result.end == .exit(0))
    #expect(result.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
  }

  @Test(arguments: [
    ["frobnicate"], ["run"], ["run", "--frobnicate"], ["run", "shop.yaml", "--threads", "0"],
    ["run", "shop.yaml", "--threads", "many"], ["panel", "shop.yaml"],
    ["plan", "a.yaml", "b.yaml"],
    ["check", "shop.yaml", "--format", "xml"], ["sql", "absent.sql"],
    ["sql", "a.sql", "--set", "nothing"], ["sql", "a.sql", "--limit", "5"],
    ["sql", "SELECT 1", "--limit", "0"], ["sql", "SELECT 1", "SELECT 2"],
    ["sql", "SELECT 1", "--set", "a=1"], ["init"], ["init", "shop", "--from", "a.csv"],
    ["init", "shop", "--name", "x"], ["init", "--from", "a.csv", "--name", "a/b"], ["inspect"],
    ["render"], ["explain", "H999"], ["gate", "shop.yaml", "--format", "github", "--out", "a"],
    ["gate", "shop.yaml", "--out", "a", "--markdown", "a"],
    ["tune"], ["tune", "shop.yaml", "--trials", "0"], ["tune", "shop.yaml", "--judge", "luck"],
    ["tune", "shop.yaml", "--over", "num_leaves=3..31"],
    ["tune", "shop.yaml", "--over", "model.params.objective=1..2"],
    ["tune", "shop.yaml", "--over", "model.params.num_leaves=31..3"],
    ["tune", "shop.yaml", "--over", "model.params.lambda_l2=0..1,log"],
    ["tune", "shop.yaml", "--negatives", "0"], ["tune", "shop.yaml", "cutoffs.train=3"],
    ["schema", "--project", "--composed"], ["promote"], ["promote", "x", "--reason", " "],
    ["promote", "x", "--wait", "-1"], ["retrain"], ["retrain", "x", "--data-through", "soon"],
    ["retrain", "x", "--promote", "perhaps"], ["retrain", "x", "--reason", " "], ["rollback", "x"],
    ["history", "--on", "2026-02-30"],
    ["report"], ["report", "runs/x", "--run", "1"], ["report", "x", "--run", ""],
    ["monitor"], ["monitor", "x", "--every", "thurs"], ["monitor", "x", "--weeks", "3"],
    ["monitor", "x", "--fail-on", "inputs,estimate"], ["monitor", "x", "--on-alarm", " "],
    ["monitor", "x", "--on-alarm", "true", "--alarm-wait", "0"],
    ["outcomes"], ["outcomes", "x", "--from", "2026-02-30"], ["score"],
    ["score", "x", "--cutoff", "soon"], ["score", "x", "--top-k", "0"],
    ["backfill", "x", "--from", "2026-02-01", "--to", "2026-01-01"],
  ])
  func `wrong usage is told on standard error with exit code 2`(_ arguments: [String]) throws {
    let result = try Program.run(arguments, in: "/")
    #expect(result.end == .exit(2), "\(result)")
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("Error: "))
    #expect(result.errors.contains("Usage: holdout "), "\(result)")
  }

  @Test func `without a command the help is shown, and nothing was done`() throws {
    let result = try Program.run([], in: "/")
    #expect(result.end == .exit(2))
    #expect(result.output.isEmpty)
    #expect(result.errors.contains("USAGE: holdout <subcommand>"))
  }
}
