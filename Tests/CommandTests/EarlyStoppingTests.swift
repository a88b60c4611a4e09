import Foundation
import HoldoutTestSupport
import Testing

@Suite struct EarlyStoppingTests {
  private static let stopping = "model.early_stopping={rounds: 10, validation_cutoffs: 2}"
  private static let trees = "model.params.num_iterations=80"

  private static func model(_ project: TestProject) throws -> Data {
    try project.data("results/shop/runs/\(try project.runId())/model.txt")
  }

  @Test func `the number of trees is found, told, and that of the model`() throws {
    let project = try TestProject()
    let result = try project.runs(Self.stopping, Self.trees)
    let metrics = try project.metrics()
    let found = try #require(metrics["early_stopping.trees"])
    #expect(found >= 1 && found < 80)
    #expect(metrics["early_stopping.tried"] == found + 10)
    #expect(metrics["early_stopping.log_loss"] ?? 0 > 0)
    let model = String(decoding: try Self.model(project), as: UTF8.self)
    #expect(model.split(separator: "\n").count { $0.hasPrefix("Tree=") } == Int(found))
    // The last two train cutoffs, and those whose labels are in three months later at the latest.
    let words = "\(Int(found)) of at most 80, by the lowest log loss"
    let reach = "at the 2 cutoffs 2023-11-30 to 2023-12-31, after a fit on 8 cutoffs before"
    let run = "results/shop/runs/\(try project.runId())"
    let record = try project.text("\(run)/run.json")
    #expect(record.contains("\"found\" : \(Int(found)),") && record.contains("\"limit\" : 80,"))
    for text in [result.output, try project.text("\(run)/report.md")] {
      #expect(text.contains(words) && text.contains(reach), "\(text)")
    }
  }

  @Test func `the model is that of all train rows with so many trees`() throws {
    let project = try TestProject()
    try project.runs(Self.stopping, Self.trees)
    let found = Int(try #require(try project.metrics()["early_stopping.trees"]))
    let model = try Self.model(project)
    try project.remove("results")
    try project.runs("model.params.num_iterations=\(found)")
    #expect(try Self.model(project) == model)
    #expect(try project.metrics()["early_stopping.trees"] == nil)
  }

  @Test func `what comes after the train windows changes nothing about the number`() throws {
    let project = try TestProject()
    try project.runs(Self.stopping, Self.trees)
    let before = try project.metrics()
    // The last train window ends on 2024-03-31.
    try project.changeData(
      """
      UPDATE customers SET first_licence = first_licence + 20
      WHERE first_licence BETWEEN '2024-04-01' AND '2024-12-01';
      """)
    try project.runs(Self.stopping, Self.trees)
    let after = try project.metrics()
    for number in ["trees", "tried", "log_loss"] {
      #expect(after["early_stopping.\(number)"] == before["early_stopping.\(number)"])
    }
    #expect(after["test.pooled.roc_auc"] != before["test.pooled.roc_auc"])
  }

  @Test(arguments: [2, 7])
  func `the bytes are the same on any number of threads`(_ threads: Int) throws {
    let project = try TestProject()
    try project.runs(Self.stopping, Self.trees, "sample={negatives: 4 per positive}")
    let before = project.contents(of: "results")
    let result = try project.holdout(
      "run", "shop.yaml", "name=shop", Self.stopping, Self.trees,
      "sample={negatives: 4 per positive}",
      "--threads", "\(threads)")
    #expect(result.end == .exit(0))
    #expect(project.contents(of: "results") == before)
  }

  @Test func `every fold finds its own number, and cross-fitting goes with it`() throws {
    let project = try TestProject()
    try project.runs(
      Self.stopping, Self.trees, "cutoffs.folds=2", "cutoffs.step=3 months",
      CrossFitTests.crossFit[0], CrossFitTests.crossFit[1], "calibration.folds=2")
    let metrics = try project.metrics()
    let folds = metrics.keys(below: "folds").filter { $0.hasPrefix("20") }
    #expect(folds.count == 2)
    for fold in folds {
      #expect(metrics["folds.\(fold).early_stopping.trees"] ?? 0 >= 1)
    }
  }

  @Test func `a loss that still falls at the last tree is told`() throws {
    let project = try TestProject()
    let result = try project.runs(Self.stopping, "model.params.num_iterations=2")
    #expect(result.output.contains("2 of at most 2,"))
    #expect(result.output.contains("it was still falling, so more trees may do better"))
  }

  @Test func `the learner's own parameter points to the key`() throws {
    let project = try TestProject()
    for name in ["early_stopping_round", "early_stopping_rounds", "n_iter_no_change"] {
      let result = try project.holdout(
        "check", "--offline", "shop.yaml", "model.params.\(name)=50")
      #expect(result.refuses("H510", "`model.early_stopping`"), "\(result)")
    }
  }

  @Test func `where no label is in before the validation cutoffs nothing is built`() throws {
    let project = try TestProject()
    let arguments = ["cutoffs.train=4", Self.stopping]
    for command in ["check", "run"] {
      let result = try project.holdout(command, "shop.yaml", arguments[0], arguments[1])
      #expect(result.refuses("H522", "`cutoffs.train`"), "\(result)")
      #expect(!result.errors.contains("building the panel"))
    }
  }
}
