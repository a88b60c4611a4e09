import Foundation
import Testing

/// The shop with the results of a second spec, `small`, that has half the features; both are run once for
/// all tests and copied.
struct ComparisonProject {
  let project: TestProject

  init() throws {
    project = try TestProject(withResults: true)
    try project.writeSpec(Self.small, to: "small.yaml")
    let files = try Self.smallResults.get()
    for (path, data) in files {
      let url = URL(filePath: "\(project.folder)/results/small/\(path)")
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: url)
    }
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
    let result = try Program.run(["run"] + arguments + ["--threads", "1"], in: project.folder)
    try #require(result.end == .exit(0), "\(result)")
  }

  /// The path of the only run of an experiment.
  func run(_ name: String) throws -> String {
    "results/\(name)/runs/\(try project.runId(of: name))"
  }

  /// Leaves what a fresh checkout has: metrics and importance.
  func removeRuns(of name: String) throws {
    try FileManager.default.removeItem(atPath: "\(project.folder)/results/\(name)/runs")
  }

  func commit() throws {
    let git = "git -c user.name=Tester -c user.email=tester@example.org"
    let result = try project.shell(
      "git init -q . && git add results/*/*.json results/*/*.csv && \(git) commit -qm results")
    try #require(result.end == .exit(0), "\(result)")
  }
}
