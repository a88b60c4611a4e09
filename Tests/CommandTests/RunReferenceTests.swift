import Foundation
import HoldoutTestSupport
import Testing

/// What stands for a run on the command line, and what becomes of it where it is missing or broken.
@Suite struct RunReferenceTests {
  @Test func `an unknown name is told with those that there are`() throws {
    let project = try ComparisonProject()
    let result = try project.compare("shop", "smal")
    #expect(
      result.refuses("H601", "`smal`", "`shop`, `small`", "did you mean `small`?"), "\(result)")
    let empty = try TestProject().holdout("compare", "shop", "shop.yaml")
    #expect(empty.refuses("H601", "there are no results yet"), "\(empty)")
    let spec = try TestProject().holdout("compare", "shop.yaml", "shop.yaml")
    #expect(spec.refuses("H601", "holdout run shop.yaml"), "\(spec)")
  }

  @Test func `the beginning of several ids is told with all of them`() throws {
    let project = try ComparisonProject()
    let ids = [try project.project.runId(), try project.project.runId(of: "small")]
    let result = try project.compare("shop", "2024")
    #expect(result.refuses("H602", "2 runs"), "\(result)")
    for id in ids { #expect(result.errors.contains("/runs/\(id)`")) }
  }

  @Test func `a spec that has changed since its run is refused`() throws {
    let project = try ComparisonProject()
    let id = try project.project.runId()
    try project.runs("shop.yaml", "model.seed=7")
    let result = try project.compare("small", "shop.yaml")
    #expect(result.refuses("H603", "`shop.yaml`", "run `\(id)` is from this version"), "\(result)")
    #expect(try project.compare("small", "shop").end == .exit(0))
    #expect(try project.compare("small", id).end == .exit(0))
  }

  @Test func `the members of a sweep are candidates, and no base`() throws {
    let project = try ComparisonProject()
    try project.project.write("swept.yaml", Shop.spec + "sweep: {model.seed: [1, 2]}\n")
    try project.runs("swept.yaml")
    let comparison = try project.comparison("shop", "swept.yaml")
    #expect(comparison.candidates.map(\.run.name) == ["shop@seed=1", "shop@seed=2"])
    let refused = try project.compare("swept.yaml", "shop")
    #expect(refused.refuses("H602", "describes 2 experiments"), "\(refused)")
  }

  @Test func `what another revision has committed is held against without pairs`() throws {
    let project = try ComparisonProject()
    try project.commit()
    try project.runs("shop.yaml", "model.params.num_leaves=3")
    let comparison = try project.comparison("git:HEAD:shop", "shop")
    let candidate = try #require(comparison.candidates.first)
    #expect(comparison.base.runId == nil && !candidate.isPaired && candidate.verdict == nil)
    #expect(candidate.unpairedReason?.contains("`git:HEAD:shop` has only metrics") == true)
    let line = try #require(candidate.metrics["roc_auc"])
    #expect(line.candidate == (try project.project.metrics()["test.pooled.roc_auc"]))
    let (low, high) = (try #require(line.low), try #require(line.high))
    #expect(low < line.difference && line.difference < high && candidate.lists.isEmpty)
    // Unpaired is wider than paired.
    let paired = try project.comparison(try project.small(), "shop").candidates[0].metrics
    let width = try #require(paired["roc_auc"]?.high) - #require(paired["roc_auc"]?.low)
    #expect(high - low > width)
    #expect(candidate.importance.contains { $0.kind == "gained" })
  }

  @Test(arguments: [
    ("git:nowhere:shop", "invalid object name 'nowhere'"),
    ("git:HEAD:absent", "does not exist in 'HEAD'"), ("git:--output=x:shop", "git says: "),
  ])
  func `what git does not have is told in its words`(_ reference: String, _ words: String) throws {
    let project = try ComparisonProject()
    try project.commit()
    let result = try project.compare("shop", reference)
    #expect(result.refuses("H604", words), "\(result)")
    #expect(!project.project.exists("x") && !project.project.exists("x:./results"))
  }

  @Test(arguments: ["git:", "git:HEAD", "git::shop", "git:HEAD:"])
  func `half a git reference is told how to be written`(_ reference: String) throws {
    let result = try ComparisonProject().compare("shop", reference)
    #expect(result.refuses("H604", "git:main:"), "\(result)")
  }

  @Test func `without git the finding says so`() throws {
    let project = try ComparisonProject()
    let result = try Program.run(
      ["compare", "git:HEAD:shop", "shop"], in: project.project.folder,
      environment: ["PATH": "/nowhere"])
    #expect(result.refuses("H604", "git says: "), "\(result)")
  }

  @Test func `committed metrics of other rows are refused, also with overlap`() throws {
    let project = try ComparisonProject()
    try project.commit()
    try project.runs("shop.yaml", "cutoffs.test=2")
    for arguments in [[], ["--overlap"]] {
      let result = try Program.run(
        ["compare", "git:HEAD:shop", "shop"] + arguments, in: project.project.folder)
      #expect(result.refuses("H606", "2024-07-31: ", " | none"), "\(result)")
    }
  }

  @Test func `a fresh checkout has metrics only`() throws {
    let project = try ComparisonProject()
    try project.removeRuns(of: "small")
    let candidate = try project.comparison("shop", "small").candidates[0]
    #expect(!candidate.isPaired && candidate.run.runId == nil)
    #expect(candidate.metrics["roc_auc"]?.low != nil)
    // Where metrics.json came from elsewhere, the run on this machine says so.
    try project.project.remove("results/shop/metrics.json")
    try FileManager.default.copyItem(
      atPath: "\(project.project.folder)/results/small/metrics.json",
      toPath: "\(project.project.folder)/results/shop/metrics.json")
    let remarks = try project.comparison("small", "shop").candidates[0].remarks
    #expect(remarks.contains { $0.contains("the latest on this machine") }, "\(remarks)")
  }

  @Test(arguments: [
    "run.json", "metrics.json", "feature_importance.csv", "spec.yaml", "predictions.parquet",
  ])
  func `a broken file of a run is named`(_ file: String) throws {
    let project = try ComparisonProject()
    let path = "\(try project.run("small"))/\(file)"
    try project.project.write(path, "no such thing: [")
    let result = try project.compare("shop", "small")
    // A record that is no JSON has no hashes.
    #expect(result.refuses(file == "run.json" ? "H600" : "H660", file), "\(result)")
    try project.project.remove("\(path)")
    guard file != "predictions.parquet" else { return }
    let absent = try project.compare("shop", "small")
    #expect(absent.refuses("H600", file, "cannot be read as"), "\(absent)")
  }

  @Test(arguments: [
    "UPDATE p SET margin = 'nan' WHERE key = (SELECT min(key) FROM p)",
    "UPDATE p SET score = 2 WHERE key = (SELECT min(key) FROM p)",
    "UPDATE p SET label = NULL WHERE key = (SELECT min(key) FROM p)",
    "INSERT INTO p FROM p LIMIT 300",
  ])
  func `predictions that a run would not write are refused`(_ change: String) throws {
    let project = try ComparisonProject()
    let path = "\(try project.run("small"))/predictions.parquet"
    try project.project.write(
      "alter.sql",
      """
      CREATE TABLE p AS SELECT * FROM '\(path)' WHERE role = 'test';
      \(change);
      COPY p TO '\(path)' (FORMAT parquet);
      """)
    try #require(try project.project.holdout("sql", "alter.sql").end == .exit(0))
    let resealed = try project.project.shell(
      "cd \(project.run("small"))\n\(Forger.reseal("predictions.parquet"))")
    try #require(resealed.end == .exit(0), "\(resealed)")
    let result = try project.compare("shop", "small")
    #expect(result.refuses("H600", "predictions.parquet", "rows have no key"), "\(result)")
  }
}

extension ComparisonProject {
  /// The id of the first run of `shop`.
  fileprivate func small() throws -> String {
    let latest = try project.text("results/shop/runs/latest")
    return try #require(project.runIds().first { "\($0)\n" != latest })
  }
}
