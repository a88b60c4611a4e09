import Foundation
import HoldoutTestSupport
import Testing

/// The shop with the results of a second spec, `small`, that has half the features; both are run once for
/// all tests and copied.
struct ComparisonProject {
  let project: TestProject

  init() throws {
    project = try TestProject(withResults: true)
    try project.writeSpec(Self.small, to: "small.yaml")
    try project.add(Self.smallResults.get(), to: "results/small")
  }

  private static let small = [
    "name: shop": "name: small", "features: [account, visits]": "features: [account]",
  ]

  private static let smallResults = Result {
    let project = try TestProject()
    try project.writeSpec(small, to: "small.yaml")
    let result = try project.holdout("run", "small.yaml", "--threads", "1")
    try #require(result.end == .exit(0), "\(result)")
    return project.contents(of: "results/small")
  }

  /// A run that answers another question: a shorter horizon, fewer test cutoffs, a wider cohort.
  func addOther() throws { try project.add(Self.otherResults.get(), to: "results/other") }

  /// A run with too few buyers by its own measure.
  func addFew() throws { try project.add(Self.fewResults.get(), to: "results/few") }

  private static let otherResults = results(
    "other", "label.horizon=2 months", "cutoffs.test=2", "cohort.where=[flag: history.is_active]")
  private static let fewResults = results("few", "evaluation.min_positives=1000")

  /// The results of the shop's spec under another name, made once for all tests.
  private static func results(
    _ name: String, _ overrides: String...
  ) -> Result<[String: Data], any Error> {
    Result {
      let project = try TestProject()
      let result = try Program.run(
        ["run", "shop.yaml", "--threads", "1", "name=\(name)"] + overrides, in: project.folder)
      try #require(result.end == .exit(0), "\(result)")
      return project.contents(of: "results/\(name)")
    }
  }

  func compare(_ arguments: String...) throws -> ProgramResult {
    try Program.run(["compare"] + arguments, in: project.folder)
  }

  /// The comparison as JSON, which must succeed.
  func comparison(_ arguments: String...) throws -> Comparison {
    let result = try Program.run(
      ["compare"] + arguments + ["--resamples", "200", "--format", "json"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
    return try Comparison(result)
  }

  func runs(_ arguments: String...) throws {
    let isNamed = arguments.contains { $0.hasPrefix("name=") }
    let name = isNamed || arguments.count == 1 ? [] : ["name=shop"]
    let result = try Program.run(
      ["run"] + arguments + name + ["--threads", "1"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
  }

  /// The path of the only run of an experiment.
  func run(_ name: String) throws -> String {
    "results/\(name)/runs/\(try project.runId(of: name))"
  }

  /// Leaves what a fresh checkout has: metrics and importance.
  func removeRuns(of name: String) throws {
    try project.remove("results/\(name)/runs")
  }

  func commit() throws {
    let git = "git -c user.name=Tester -c user.email=tester@example.org"
    let result = try project.shell(
      "git init -q . && git add results/*/*.json results/*/*.csv && \(git) commit -qm results")
    try #require(result.end == .exit(0), "\(result)")
  }
}
