import Foundation
import HoldoutTestSupport
import Testing

@Suite struct CrossFitTests {
  static let crossFit = ["cutoffs.calibrate=0", "calibration.fit=cross_fit"]

  private struct Calibrator: Decodable {
    let fit: String?
    let folds: Int?
    let rows, positives: Int
    let slope: Double?
  }

  private static func calibrator(_ project: TestProject) throws -> Calibrator {
    try JSONDecoder().decode(
      Calibrator.self,
      from: project.data("results/shop/runs/\(try project.runId())/calibrator.json"))
  }

  @Test func `the calibrator is fitted on every train row, and says how`() throws {
    let project = try TestProject()
    let result = try project.runs(Self.crossFit[0], Self.crossFit[1], "calibration.folds=4")
    let calibrator = try Self.calibrator(project)
    let metrics = try project.metrics()
    #expect(calibrator.fit == "cross_fit")
    #expect(calibrator.folds == 4)
    #expect(Double(calibrator.rows) == metrics["rows.train"])
    #expect(Double(calibrator.positives) == metrics["positives.train"])
    #expect(metrics["rows.calibrate"] == 0)
    let words = "cross-fitted over 4 folds of train, on \(calibrator.rows) out-of-fold rows with"
    #expect(result.output.contains(words))
    #expect(result.errors.contains("shop: cross-fitting ("))
    let run = "results/shop/runs/\(try project.runId())"
    #expect(try project.text("\(run)/report.md").contains(words))
    let record = try project.text("\(run)/run.json")
    #expect(record.contains("\"fit\" : \"cross_fit\"") && record.contains("\"folds\" : 4"))
  }

  @Test func `the final model is that of all train rows`() throws {
    let project = try TestProject()
    try project.runs("cutoffs.calibrate=0", "calibration.method=none")
    let without = "results/shop/runs/\(try project.runId())"
    let model = try project.data("\(without)/model.txt")
    try project.remove("results")
    try project.runs(Self.crossFit[0], Self.crossFit[1])
    #expect(try project.data("results/shop/runs/\(try project.runId())/model.txt") == model)
  }

  @Test func `margins are of models that have not seen the rows`() throws {
    let project = try TestProject()
    // Trees that learn each train row by heart. Their own margins would ask for a slope above 1.
    try project.runs(
      Self.crossFit[0], Self.crossFit[1], "calibration.method=sigmoid",
      "model.params={num_iterations: 60, num_leaves: 200, min_data_in_leaf: 1, learning_rate: 0.3}")
    let slope = try #require(try Self.calibrator(project).slope)
    #expect(slope > 0 && slope < 0.5)
  }

  @Test(arguments: [2, 7])
  func `the bytes are the same on any number of threads`(_ threads: Int) throws {
    let project = try TestProject()
    try project.runs(Self.crossFit[0], Self.crossFit[1])
    let before = project.contents(of: "results")
    let result = try project.holdout(
      "run", "shop.yaml", "name=shop", Self.crossFit[0], Self.crossFit[1], "--threads", "\(threads)"
    )
    #expect(result.end == .exit(0))
    #expect(project.contents(of: "results") == before)
  }

  @Test func `other folds give another calibrator`() throws {
    let project = try TestProject()
    try project.runs(Self.crossFit[0], Self.crossFit[1])
    let five = try project.data("results/shop/runs/\(try project.runId())/calibrator.json")
    try project.remove("results")
    try project.runs(Self.crossFit[0], Self.crossFit[1], "calibration.folds=2")
    #expect(
      try project.data("results/shop/runs/\(try project.runId())/calibrator.json") != five)
  }

  @Test func `cross-fitting goes with folds of the timeline`() throws {
    let project = try TestProject()
    try project.runs(
      Self.crossFit[0], Self.crossFit[1], "cutoffs.folds=2", "cutoffs.step=3 months")
    let record = try project.text("results/shop/runs/\(try project.runId())/run.json")
    #expect(record.split(separator: "\n").count { $0.contains("\"folds\" : 5,") } == 3)
  }

  @Test func `without calibrate cutoffs the finding names cross-fitting`() throws {
    let project = try TestProject()
    let result = try project.holdout("check", "--offline", "shop.yaml", "cutoffs.calibrate=0")
    #expect(result.refuses("H250", "`calibration: {fit: cross_fit}`"), "\(result)")
    let fixed = try project.holdout(
      "check", "--offline", "shop.yaml", Self.crossFit[0], Self.crossFit[1])
    #expect(fixed.end == .exit(0), "\(fixed)")
  }
}
