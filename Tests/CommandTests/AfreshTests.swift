import Foundation
import HoldoutTestSupport
import Testing

/// Models that are scored afresh, because their predictions of the rows at hand are not there.
@Suite struct AfreshTests {
  /// A copy of a run's folder as a promoted model has it: without predictions.
  private func artifact(_ project: ComparisonProject, of name: String) throws -> String {
    let folder = project.project.folder
    try FileManager.default.copyItem(
      atPath: "\(folder)/\(try project.run(name))", toPath: "\(folder)/model")
    try FileManager.default.removeItem(atPath: "\(folder)/model/predictions.parquet")
    // Nor are those of the run it was made of found, once that is gone.
    try project.removeRuns(of: name)
    return "model"
  }

  @Test func `a model scored afresh on its own test rows says what it said before`() throws {
    let project = try ComparisonProject()
    try project.runs("shop.yaml", "name=twin")
    let comparison = try project.comparison(try artifact(project, of: "shop"), "twin")
    let candidate = try #require(comparison.candidates.first)
    #expect(candidate.remarks.contains { $0.hasPrefix("`model` was scored again") })
    #expect(candidate.verdict == "equivalent" && candidate.isPaired)
    // To the last bit: the same model, levels and calibrator on the same rows.
    #expect(candidate.metrics.values.allSatisfy { $0.difference == 0 && $0.high == 0 })
    #expect(candidate.lists.allSatisfy { $0.shared == $0.rows })
  }

  @Test func `an older model is scored on the newer test rows, on the newer data`() throws {
    let project = try ComparisonProject()
    try project.runs("shop.yaml", "name=old", "data_through=2024-06-30", "cutoffs.last=2024-03-31")
    let model = try artifact(project, of: "old")
    let candidate = try project.comparison("shop", model).candidates[0]
    #expect(candidate.isPaired && candidate.metrics["roc_auc"]?.difference != 0)
    let base = try project.project.metrics()["test.pooled.roc_auc"]
    #expect(candidate.metrics["roc_auc"]?.base == base)
  }

  @Test func `a model that has learned what the test cutoffs are to predict is refused`() throws {
    let project = try ComparisonProject()
    let model = try artifact(project, of: "shop")
    try project.runs("shop.yaml", "name=old", "cutoffs.last=2024-06-30")
    let result = try project.compare(model, "old")
    #expect(
      result.refuses("H609", "first test cutoff is 2024-04-30", "calibrate cutoff at"), "\(result)")
    #expect(result.output.isEmpty)
  }

  @Test(arguments: ["model.txt", "category_levels.json", "calibrator.json"])
  func `a broken file of the model is named`(_ file: String) throws {
    let project = try ComparisonProject()
    let model = try artifact(project, of: "shop")
    let text = try project.project.text("\(model)/\(file)")
    try project.project.write("\(model)/\(file)", String(text.prefix(text.count / 2)))
    let result = try project.compare(model, "small")
    #expect(result.refuses("H660", file), "\(result)")
  }

  @Test func `what answers another question is not scored, even with overlap`() throws {
    let project = try ComparisonProject()
    let model = try artifact(project, of: "shop")
    try project.addOther()
    let result = try project.compare(model, "other", "--overlap")
    #expect(result.refuses("H606", "label.horizon"), "\(result)")
    #expect(!result.errors.contains("use --overlap"))
  }
}
