import Foundation
import HoldoutTestSupport
import Testing

/// `model: {learner: logistic}`, from a run to a list.
@Suite struct LogisticLearnerTests {
  private static let trees = "params: {num_iterations: 10, num_leaves: 7, learning_rate: 0.2}"
  private static let spec = Shop.spec.replacing(trees, with: "learner: logistic")

  /// A project whose only spec has the logistic learner.
  private static func project(_ more: String = "") throws -> TestProject {
    let project = try TestProject()
    try #require(spec != Shop.spec)
    try project.write("shop.yaml", spec + more)
    return project
  }

  private static func model(_ project: TestProject, _ run: String) throws -> String {
    try project.text("results/shop/runs/\(run)/model.txt")
  }

  @Test func `a run has all files, its own numbers, and no baseline that is itself`() throws {
    let project = try Self.project()
    let result = try project.runs()
    let run = try project.runId()
    #expect(project.names(in: "results/shop/runs/\(run)") == TestProject.runFiles)
    let metrics = try project.metrics()
    #expect((metrics["test.pooled.roc_auc"] ?? 0) > 0.6)
    let penalty = try #require(metrics["regression.penalty"])
    #expect((metrics["regression.log_loss"] ?? 0) > 0)
    #expect((metrics["regression.columns"] ?? 0) > 4)
    #expect(metrics["baselines.one_feature.roc_auc"] != nil)
    #expect(metrics["baselines.logistic.roc_auc"] == nil)
    #expect(result.output.contains("penalty:"), "\(result)")
    #expect(try Self.model(project, run).contains("\npenalty=\(penalty)\n"))
    let importance = try project.text("results/shop/feature_importance.csv")
    #expect(importance.hasPrefix("feature,gain,split\n"))
    let report = try project.text("results/shop/runs/\(run)/report.md")
    #expect(report.contains("share of contributions") && !report.contains("share of gain"))
  }

  @Test func `the model is the same bytes with other threads and another order of rows`() throws {
    let project = try Self.project()
    try project.runs()
    let first = try project.runId()
    let model = try Self.model(project, first)
    let metrics = try project.data("results/shop/metrics.json")
    let contents = project.contents(of: "results")
    let again = try project.holdout("run", "shop.yaml", "--threads", "3", "--fresh")
    #expect(again.end == .exit(0), "\(again)")
    #expect(project.contents(of: "results") == contents)
    let shuffled = ["customers", "history", "visits"].map { table in
      """
      CREATE OR REPLACE TABLE \(table) AS
      SELECT * FROM \(table) ORDER BY hash(\(table) :: VARCHAR || '1');
      """
    }
    try project.changeData("SET preserve_insertion_order = true;" + shuffled.joined())
    try project.runs()
    let other = try #require(project.runIds().first { $0 != first })
    #expect(try Self.model(project, other) == model)
    #expect(try project.data("results/shop/metrics.json") == metrics)
  }

  @Test func `a given penalty is used, and other settings make other models`() throws {
    let project = try Self.project()
    var models: Set<String> = []
    for (name, parameters) in [
      ("a", "{penalty: 7}"), ("b", "{penalty: 7, knots: 3}"), ("c", "{penalty: 70}"),
    ] {
      try project.runs("name=\(name)", "model.params=\(parameters)")
      let run = try project.runId(of: name)
      models.insert(try project.text("results/\(name)/runs/\(run)/model.txt"))
    }
    #expect(models.count == 3)
    #expect(try project.metrics(of: "a")["regression.penalty"] == 7)
    #expect(try project.metrics(of: "a")["regression.log_loss"] == nil)
    try project.runs("name=d", "model.class_weight=none", "sample={negatives: 0.5}")
    #expect(try (project.metrics(of: "d")["sample.negative_weight"] ?? 0) > 1.5)
    try project.runs(
      "name=e", "cutoffs.calibrate=0", "calibration={method: sigmoid, fit: cross_fit, folds: 3}")
    #expect(try (project.metrics(of: "e")["test.pooled.roc_auc"] ?? 0) > 0.6)
  }

  @Test func `the model is promoted and scores with the margins that the run has`() throws {
    let project = try Self.project()
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try project.runs()
    let run = try project.runId()
    try project.makeFolder("experiments")
    try project.write("experiments/shop.yaml", Self.spec + ScoringProject.score)
    try PromoteCommandTests.promote(project, run)
    #expect(try project.text("models/shop/model.txt") == Self.model(project, run))
    let day = try #require(
      try project.scalar(
        """
        SELECT max(cutoff) FROM 'results/shop/runs/\(run)/predictions.parquet'
        WHERE role = 'test'
        """))
    try ScoringProject.score(project, "--cutoff", day)
    let file = "lists/shop_\(day).parquet"
    let both = """
      FROM '\(file)' AS list JOIN 'results/shop/runs/\(run)/predictions.parquet' AS own
        ON list.id = own.key AND own.cutoff = DATE '\(day)'
      """
    let matched = try project.scalar("SELECT count(*) \(both)")
    #expect(Int(matched ?? "0") ?? 0 > 100)
    let differing = "WHERE list.margin <> own.margin OR list.score <> own.score"
    #expect(try project.scalar("SELECT count(*) \(both) \(differing)") == "0")
    let reasons = try project.rows("SELECT reason_1, reason_2 FROM '\(file)'")
    #expect(reasons.contains { $0.contains { $0.contains("[size=") } })
    let verified = try project.holdout("verify")
    #expect(verified.end == .exit(0), "\(verified)")
    // A model that was changed is refused, not read.
    let model = "models/shop/versions/\(run)/model.txt"
    let text = try project.text(model)
    try project.write(model, text.replacing("values=", with: "values=1.0 "))
    let refused = try project.holdout("score", "shop", "--cutoff", day, "--allow-silent-sources")
    #expect(refused.end == .exit(2), "\(refused)")
  }

  @Test func `the recipe is retrained and the refit is a regression, too`() throws {
    let project = try Self.project()
    try project.changeData(RetrainCommandTests.newcomers)
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try project.runs("name=shop", "data_through=\(RetrainCommandTests.before)")
    let champion = try project.runId()
    try PromoteCommandTests.promote(project, champion)
    let result = try RetrainCommandTests.retrain(
      project, "--data-through", RetrainCommandTests.after)
    try #require(result.end == .exit(0), "\(result)")
    let id = try RetrainCommandTests.added(project, beside: champion)
    let refit = try project.text("results/shop/runs/\(id)/refit/model.txt")
    #expect(refit.hasPrefix("holdout logistic regression\n"))
    #expect(try refit != Self.model(project, id))
  }

  @Test func `the audit runs with this learner`() throws {
    let project = try Self.project()
    let result = try project.holdout("audit", "shop.yaml", "--threads", "2")
    let trees = try TestProject().holdout("audit", "shop.yaml", "--threads", "2")
    #expect(result.end == trees.end, "\(result)")
    #expect(result.output.contains("label_permutation"), "\(result)")
  }

  @Test func `work that needs trees is refused`() throws {
    let project = try Self.project()
    let tuned = try project.holdout("tune", "shop.yaml")
    #expect(tuned.refuses("H529", "tuning searches parameters of trees"), "\(tuned)")
    let verified = try project.holdout("verify", "--trainer", "shop.yaml")
    #expect(verified.refuses("H529", "both trainers grow trees"), "\(verified)")
    let raced = try project.holdout(
      "run", "shop.yaml",
      "sweep={model.params.penalty: [1, 10], halving: {trees: 2, cutoffs: 1, validation_cutoffs: 1}}"
    )
    #expect(raced.refuses("H529", "differ in their trees"), "\(raced)")
    let trained = try project.holdout("run", "shop.yaml", "--trainer", "library")
    #expect(trained.refuses("H528", "`trainer` belongs to trees"), "\(trained)")
    let given = try project.holdout("run", "shop.yaml", "model.params.num_leaves=7")
    #expect(given.refuses("H526", "no parameter `num_leaves`"), "\(given)")
    try project.writeSpec([:])
    let foreign = try project.holdout("check", "shop.yaml", "model.params.penalty=7")
    #expect(foreign.refuses("H513", "it is a parameter of `learner: logistic`"), "\(foreign)")
  }

  @Test func `a sweep of both learners compares them`() throws {
    let project = try TestProject()
    try project.writeSpec([Self.trees: "params: {}"])
    try project.runs("sweep={model.learner: [lightgbm, logistic]}")
    let names = project.names(in: "results").filter { $0.contains("learner") }
    #expect(names.count == 2, "\(names)")
  }
}
