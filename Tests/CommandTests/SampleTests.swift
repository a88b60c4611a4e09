import Foundation
import HoldoutTestSupport
import Testing

@Suite struct SampleTests {
  private static let twoPerPositive = "sample={negatives: 2 per positive}"

  @Test func `positives are all kept, and negatives as many as were asked for`() throws {
    let project = try TestProject(withResults: true)
    let before = try project.metrics()
    let result = try project.runs(Self.twoPerPositive)
    let metrics = try project.metrics()
    let positives = try #require(metrics["positives.train"])
    let all = try #require(metrics["rows.train"])
    let kept = try #require(metrics["sample.negatives"])
    #expect(metrics["sample.positives"] == positives)
    // Every negative is drawn by itself: five standard deviations of a binomial count.
    let share = 2 * positives / (all - positives)
    #expect(abs(kept - 2 * positives) < 5 * (2 * positives * (1 - share)).squareRoot())
    #expect(metrics["sample.rows"] == positives + kept)
    #expect(metrics["sample.negative_weight"] == (all - positives) / kept)
    // A difference from a baseline is the model's, which has learned from fewer rows.
    for path in before.numbers.keys
    where (path.hasPrefix("rows.") || path.hasPrefix("baselines."))
      && !path.contains(".difference.")
    {
      #expect(metrics[path] == before[path], "\(path) is of all rows")
    }
    #expect(metrics["test.pooled.rows"] == before["test.pooled.rows"])
    #expect(metrics["test.pooled.roc_auc"] != before["test.pooled.roc_auc"])
    #expect(result.output.contains("negatives (2 per positive), each of which stands for"))
    let latest = try project.text("results/shop/runs/latest").trimmingCharacters(in: .newlines)
    let run = "results/shop/runs/\(latest)"
    #expect(try project.text("\(run)/report.md").contains("holdout compare shop_all_rows shop"))
    #expect(try project.text("\(run)/run.json").contains("\"per_positive\" : 2"))
  }

  @Test func `a share of 1 gives the model of all rows`() throws {
    let project = try TestProject(withResults: true)
    let run = try project.runId()
    let model = try project.data("results/shop/runs/\(run)/model.txt")
    let result = try project.runs("sample.negatives=1")
    #expect(result.output.contains("sample:      all "))
    let other = try #require(project.runIds().first { $0 != run })
    #expect(try project.data("results/shop/runs/\(other)/model.txt") == model)
    #expect(!(try project.text("results/shop/runs/\(other)/report.md")).contains("_all_rows"))
  }

  @Test func `weights keep the learner's own probabilities right`() throws {
    let project = try TestProject()
    let plain = [
      "model.class_weight=none", "calibration={method: none}", "cutoffs.calibrate=0",
      "model.params={num_iterations: 40, num_leaves: 4, learning_rate: 0.1}",
    ]
    try project.runs(plain[0], plain[1], plain[2], plain[3])
    let all = try #require(try project.metrics()["test.pooled.observed_over_expected"])
    try project.runs(plain[0], plain[1], plain[2], plain[3], "sample.negatives=0.25")
    let sampled = try #require(try project.metrics()["test.pooled.observed_over_expected"])
    // Without weights the sampled model would promise about four times as many buyers.
    #expect(abs(sampled / all - 1) < 0.15, "\(sampled) against \(all)")
  }

  @Test(arguments: [2, 7])
  func `the bytes are the same on any number of threads`(_ threads: Int) throws {
    let project = try TestProject()
    try project.runs(Self.twoPerPositive)
    let before = project.contents(of: "results")
    let result = try project.holdout(
      "run", "shop.yaml", "name=shop", Self.twoPerPositive, "--threads", "\(threads)")
    #expect(result.end == .exit(0))
    #expect(project.contents(of: "results") == before)
  }

  @Test func `the bytes are the same when the rows of the sources are shuffled`() throws {
    let project = try TestProject()
    try project.runs(Self.twoPerPositive)
    let before = try DeterminismTests.files.map { try project.data("results/shop/\($0)") }
    let shuffled = ["customers", "history", "visits"].map { table in
      """
      CREATE OR REPLACE TABLE \(table) AS
      SELECT * FROM \(table) ORDER BY hash(\(table) :: VARCHAR || 'x');
      """
    }
    try project.changeData("SET preserve_insertion_order = true;" + shuffled.joined())
    try project.runs(Self.twoPerPositive)
    #expect(
      try DeterminismTests.files.map { try project.data("results/shop/\($0)") } == before)
  }

  /// Were an account's draws to hang on its number or on other accounts, the halves would not add up.
  @Test func `what is kept of an account hangs on no other account`() throws {
    let project = try TestProject()
    func kept(_ accounts: String) throws -> Double {
      try project.changeData("DELETE FROM customers WHERE NOT (\(accounts));")
      try project.runs("sample.negatives=0.3", "calibration.method=prior")
      return try #require(try project.metrics()["sample.negatives"])
    }
    let parts = try kept("size % 3 = 0") + kept("size % 3 > 0")
    #expect(try kept("true") == parts)
  }

  @Test func `another seed keeps other rows`() throws {
    let project = try TestProject()
    try project.runs("sample.negatives=0.3")
    let before = try project.metrics()["sample.negatives"]
    try project.runs("sample.negatives=0.3", "model.seed=43")
    #expect(try project.metrics()["sample.negatives"] != before)
  }

  @Test func `a cross-fitted calibrator is fitted on every train row all the same`() throws {
    let project = try TestProject()
    let result = try project.runs(
      CrossFitTests.crossFit[0], CrossFitTests.crossFit[1], Self.twoPerPositive)
    let rows = Int(try #require(try project.metrics()["rows.train"]))
    #expect(result.output.contains("on \(rows) out-of-fold rows"))
  }

  @Test func `every fold says what its model has seen`() throws {
    let project = try TestProject()
    try project.runs(Self.twoPerPositive, "cutoffs.folds=2", "cutoffs.step=3 months")
    let metrics = try project.metrics()
    let folds = metrics.keys(below: "folds").filter { $0.hasPrefix("20") }
    try #require(folds.count == 2)
    for fold in folds {
      #expect(
        metrics["folds.\(fold).sample.positives"] == metrics["folds.\(fold).positives.train"])
    }
    #expect(
      Set(folds.map { metrics["folds.\($0).sample.rows"] }).contains(metrics["sample.rows"]))
  }

  @Test func `what the sample costs is told by comparing`() throws {
    let project = try TestProject()
    try project.runs(Self.twoPerPositive)
    try project.runs("sample=null", "name=shop_all_rows")
    let result = try project.holdout("compare", "shop_all_rows", "shop")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.output.contains("roc_auc"))
  }
}
