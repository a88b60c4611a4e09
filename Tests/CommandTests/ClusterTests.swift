import Diagnostics
import Foundation
import HoldoutTestSupport
import Testing

/// The shop's customers in clusters of one size: fifteen customers each.
@Suite struct ClusterTests {
  private static let cluster = "evaluation.cluster=customers.size"

  @Test func `a run says what it resamples, and is what its predictions show`() throws {
    let project = try TestProject(withResults: true)
    let plain = try project.metrics()
    let result = try project.runs(Self.cluster, "name=sized")
    let metrics = try project.metrics(of: "sized")
    let clusters = try #require(metrics["evaluation.cluster.customers.size"])
    #expect(clusters == metrics["test.pooled.clusters"] && clusters > 50 && clusters <= 100)
    let buyers = try #require(metrics["positive_entities.test"])
    #expect(try buyers < #require(plain["positive_entities.test"]))
    let entities = try #require(plain["test.pooled.entities"])
    let words =
      "\(Int(clusters)) among the \(Int(entities).grouped) entities of test; intervals come from "
      + "50 resamples of clusters (`customers.size`)"
    #expect(result.output.contains("clusters:    \(words)\n"), "\(result)")
    let report = try project.text("results/sized/runs/\(try project.runId(of: "sized"))/report.md")
    #expect(report.contains("50 resamples of clusters"), "\(report)")
    #expect(report.contains("over the same resamples of clusters"))
    // The model is the same. Its calibrator counts clusters, too, at the ends of its steps.
    let same = ["roc_auc", "pr_auc", "rows", "positives", "entities", "base_rate", "raw.log_loss"]
    for name in same.map({ "test.pooled.\($0)" }) {
      #expect(metrics[name] != nil && metrics[name] == plain[name], "\(name)")
    }
    #expect(metrics["test.interval.roc_auc.low"] != plain["test.interval.roc_auc.low"])
    // The gate computes the metrics again from the predictions, and finds the same.
    try project.write(
      "shop.yaml",
      try project.text("shop.yaml") + "gates: {audit: none, better_than: none, evidence: any}\n")
    try project.runs(Self.cluster, "name=shop")
    let gate = try project.holdout(
      "gate", "shop.yaml", Self.cluster, "name=shop", "--threads", "2")
    #expect(gate.end == .exit(0), "\(gate)")
  }

  @Test func `runs are compared by the clusters of either`() throws {
    let project = try TestProject(withResults: true)
    try project.runs(Self.cluster, "name=sized")
    func compared(_ base: String, _ candidate: String) throws -> Comparison {
      let result = try project.holdout(
        "compare", base, candidate, "--resamples", "100", "--format", "json")
      try #require(result.end == .exit(0), "\(result)")
      return try Comparison(result)
    }
    let metrics = try project.metrics(of: "sized")
    for (base, candidate) in [("shop", "sized"), ("sized", "shop"), ("sized", "sized")] {
      let comparison = try compared(base, candidate)
      #expect(
        comparison.rows?.clusters == metrics["test.pooled.clusters"].map { Int($0) },
        "\(base) \(candidate)")
      #expect(
        comparison.rows?.positiveEntities == metrics["positive_entities.test"].map { Int($0) })
      let found = try #require(comparison.candidates.first)
      #expect(found.isPaired && found.verdict == "equivalent")
      let isTold = found.remarks.contains { $0.contains("the runs have different clusters") }
      #expect(isTold == (base != candidate), "\(found.remarks)")
    }
    #expect(try compared("shop", "shop").rows?.clusters == nil)
    // Both are of one question, and the best of them is judged by clusters.
    let board = try project.holdout("leaderboard", "--format", "json", "--resamples", "50")
    #expect(try LeaderboardCommandTests.Board(board).questions.count == 1, "\(board)")
  }
}
