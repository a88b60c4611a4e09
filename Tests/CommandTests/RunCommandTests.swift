import Foundation
import HoldoutTestSupport
import Testing

@Suite struct RunCommandTests {
  @Test func `a run writes the files that results consist of, and nothing else`() throws {
    let project = try TestProject()
    try project.runs()
    #expect(project.names(in: ".") == [".holdout", "data", "holdout.yaml", "results", "shop.yaml"])
    #expect(project.names(in: "results") == ["shop"])
    #expect(
      project.names(in: "results/shop") == ["feature_importance.csv", "metrics.json", "runs"])
    let run = "results/shop/runs/\(try project.runId())"
    #expect(project.names(in: run) == TestProject.runFiles)
    for file in ["metrics.json", "feature_importance.csv"] {
      #expect(try project.data("\(run)/\(file)") == project.data("results/shop/\(file)"))
    }
    #expect(try project.text("\(run)/model.txt").contains("num_leaves=7"))
    let report = try project.text("\(run)/report.md")
    #expect(report.hasPrefix("# shop\n\nWhich prospects buy a first licence"))
  }

  @Test func `the summary goes to standard output, progress to standard error`() throws {
    let project = try TestProject()
    let result = try project.runs()
    #expect(result.output.contains("shop: data through 2024-12-31"))
    #expect(result.output.contains(#/roc_auc +0\.\d+ +0\.\d+ to 0\.\d+ /#))
    #expect(result.output.contains("results/shop/metrics.json\n"))
    let run = try project.runId()
    #expect(result.output.contains("/runs/\(run)/report.html\n"))
    #expect(!result.output.contains("training"))
    let stages = [
      "loading sources", "building the panel", "reading the panel", "binning features", "training",
      "scoring", "evaluating", "computing curves", "writing results", "done",
    ]
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count == stages.count, "\(result.errors)")
    for (line, stage) in zip(lines, stages) { #expect(line.hasPrefix("shop: \(stage) (")) }
  }

  @Test func `segments by columns are in the summary and the report`() throws {
    let project = try TestProject()
    let result = try project.runs("evaluation.segments=[region, size, customers.channel]")
    let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("segment: ") }
    #expect(
      lines.map { $0.dropFirst(13).prefix { $0 != ":" } } == [
        "region", "size", "customers.channel",
      ])
    let report = try project.text("results/shop/runs/\(try project.runId())/report.md")
    for name in ["region", "size", "customers.channel"] {
      #expect(report.contains("\n### \(name)\n"))
    }
    #expect(report.components(separatedBy: "| all rows | ").count == 4)
    let metrics = try project.metrics()
    #expect(
      metrics.keys(below: "test.segments.customers.channel")
        == ["web", "fair", "partner", "(missing)"])
    #expect(metrics.keys(below: "test.segments.size").count == 5)
    // A run that is kept is told with its segments, too.
    let kept = try project.runs("evaluation.segments=[region, size, customers.channel]")
    #expect(kept.output.split(separator: "\n").filter { $0.hasPrefix("segment: ") } == lines)
  }

  @Test func `where nobody watches there are no control characters`() throws {
    let project = try TestProject()
    let result = try project.runs()
    for text in [result.output, result.errors] {
      #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
    }
  }

  @Test func `run json tells where the result comes from`() throws {
    let project = try TestProject(withResults: true)
    let run = try project.runId()
    let record = try #require(
      try JSONSerialization.jsonObject(with: project.data("results/shop/runs/\(run)/run.json"))
        as? [String: Any])
    #expect(record["run_id"] as? String == run)
    #expect(run.wholeMatch(of: /2024-12-31-[0-9a-f]{12}/) != nil)
    #expect(record["name"] as? String == "shop")
    #expect((record["spec_sha256"] as? String)?.count == 64)
    let data = try #require(record["data"] as? [[String: Any]])
    #expect(
      data.compactMap { $0["path"] as? String }
        == ["data/shop.duckdb", "data/history.parquet", "data/visits.parquet"])
    // Files by their bytes; a database, into which lists are written, by the rows that were read.
    #expect(data.map { ($0["sha256"] as? String)?.count } == [nil, 64, 64])
    #expect((data[0]["content_hash"] as? String)?.isEmpty == false)
    #expect((record["cutoffs"] as? [Any])?.count == 21)
    #expect((record["versions"] as? [String: String])?["duckdb"]?.hasPrefix("v") == true)
    #expect((record["evidence"] as? [String: Any])?["sufficient"] as? Bool == true)
  }

  @Test func `with few buyers in test the evidence is called insufficient everywhere`() throws {
    let project = try TestProject()
    let result = try project.runs("evaluation.min_positives=1000")
    #expect(result.output.contains("!! insufficient evidence: "))
    let run = "results/shop/runs/\(try project.runId())"
    #expect(try project.text("\(run)/report.md").contains("**insufficient evidence: "))
    #expect(try project.text("\(run)/run.json").contains("\"sufficient\" : false"))
    #expect(try project.metrics()["evidence.sufficient"] == 0)
    #expect(try project.metrics()["evidence.min_positives"] == 1000)
  }

  @Test func `feature importance lists every feature by falling gain`() throws {
    let project = try TestProject(withResults: true)
    let lines = try project.text("results/shop/feature_importance.csv").split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first == "feature,gain,split")
    #expect(lines.last == "")
    let rows = lines.dropFirst().dropLast().map { $0.split(separator: ",").map(String.init) }
    #expect(rows.allSatisfy { $0.count == 3 })
    #expect(Set(rows.map { $0[0] }) == Set(Shop.features))
    let gains = rows.compactMap { Double($0[1]) }
    #expect(gains.count == Shop.features.count)
    #expect(gains == gains.sorted(by: >))
    #expect(rows.first?[0] == "size")
    #expect(rows.last?[0] == "is_large" && gains.last == 0, "a flag of `size` tells nothing new")
  }

  @Test func `predictions hold the calibrate and test rows of the panel`() throws {
    let project = try TestProject(withResults: true)
    try #require(
      try project.holdout("panel", "shop.yaml", "--out", "panel.parquet").end == .exit(0))
    let file = "'results/shop/runs/\(try project.runId())/predictions.parquet'"
    #expect(
      try project.rows("SELECT column_name FROM (DESCRIBE FROM \(file))").map { $0[0] }
        == ["key", "cutoff", "role", "label", "margin", "score"])
    let columns = "SELECT key, cutoff, role, label FROM"
    let panel = "\(columns) 'panel.parquet' WHERE role <> 'train'"
    #expect(try project.scalar("SELECT count(*) FROM (\(panel) EXCEPT \(columns) \(file))") == "0")
    #expect(
      try project.scalar("SELECT count(*) FROM (\(panel))")
        == project.scalar("SELECT count(*) FROM \(file)"))
    #expect(
      try project.scalar(
        "SELECT bool_and(score BETWEEN 0 AND 1 AND isfinite(margin)) FROM \(file)") == "true")
    #expect(
      try project.scalar(
        """
        SELECT bool_and(cutoff || key >= previous) FROM (
          SELECT cutoff, key, lag(cutoff || key) OVER (ORDER BY file_row_number) AS previous
          FROM read_parquet(\(file), file_row_number = true))
        """) == "true")
  }

  @Test func `several specs are run in one call, and overrides reach and name them all`() throws {
    let project = try TestProject()
    try project.writeSpec(
      ["name: shop": "name: other", "num_leaves: 7": "num_leaves: 3"],
      to: "other.yaml")
    let result = try project.runs("other.yaml", "model.params.num_iterations=4")
    #expect(result.output.contains("shop@num_iterations=4: done, roc_auc 0."))
    #expect(result.output.contains("other@num_iterations=4: done, roc_auc 0."))
    let names = ["other@num_iterations=4", "shop@num_iterations=4"]
    #expect(project.names(in: "results") == names)
    for name in names {
      let run = "results/\(name)/runs/\(try project.runId(of: name))"
      let model = try project.text("\(run)/model.txt")
      #expect(model.split(separator: "\n").count { $0.hasPrefix("Tree=") } == 4)
      #expect(try project.text("\(run)/spec.yaml").contains("num_iterations: 4"))
    }
  }

  @Test func `a wrong spec among several does not keep the others from running`() throws {
    let project = try TestProject()
    try project.writeSpec(
      ["name: shop": "name: other", "train: 12": "train: 99"], to: "other.yaml")
    let result = try project.holdout("run", "other.yaml", "shop.yaml")
    #expect(result.refuses("H404", "other.yaml:"), "\(result)")
    #expect(project.exists("results/shop/metrics.json"))
    #expect(!project.exists("results/other/metrics.json"))
  }

  @Test func `a second run has the same id and leaves the same bytes`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results")
    try project.runs()
    #expect(project.contents(of: "results") == before)
  }

  @Test func `another setting or other data make another run beside the first`() throws {
    let project = try TestProject(withResults: true)
    let first = try project.runId()
    let before = project.contents(of: "results/shop/runs/\(first)")
    try project.runs("model.seed=7")
    try project.changeData("UPDATE customers SET size = size + 1 WHERE id = 'C0001';")
    try project.runs()
    #expect(project.runIds().count == 3)
    #expect(project.contents(of: "results/shop/runs/\(first)") == before)
  }

  @Test func `the resolved spec gives the same metrics when it is run itself`() throws {
    let project = try TestProject()
    try project.runs("model.params.num_leaves=4")
    let metrics = try project.data("results/shop/metrics.json")
    let resolved = try project.text("results/shop/runs/\(try project.runId())/spec.yaml")
    try project.write("shop.yaml", resolved)
    try project.remove("results")
    try project.runs()
    #expect(try project.data("results/shop/metrics.json") == metrics)
  }

  @Test func `a project is found from a folder inside it`() throws {
    let project = try TestProject()
    try project.makeFolder("experiments")
    let result = try Program.run(["run", "../shop.yaml"], in: "\(project.folder)/experiments")
    #expect(result.end == .exit(0), "\(result)")
    #expect(project.exists("results/shop/metrics.json"))
    #expect(project.names(in: "experiments").isEmpty)
  }
}
