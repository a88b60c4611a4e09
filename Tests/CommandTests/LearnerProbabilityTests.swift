import Foundation
import HoldoutTestSupport
import Testing

/// Where the learner's probability is not the logistic function of its margin: another `sigmoid`, and a
/// random forest, whose margin is a sum of trees and whose probability is of their mean.
@Suite struct LearnerProbabilityTests {
  private static let forest =
    "boosting: rf, bagging_freq: 1, bagging_fraction: 0.7, num_iterations: 10, num_leaves: 7"

  private func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

  private func project(_ parameters: String, _ method: String) throws -> TestProject {
    let project = try TestProject()
    try project.writeSpec([
      "num_iterations: 10, num_leaves: 7, learning_rate: 0.2": parameters,
      "{method: isotonic}": "{method: \(method)}",
    ])
    try project.runs()
    return project
  }

  private func predictions(_ project: TestProject) throws -> [(margin: Double, score: Double)] {
    let path = "results/shop/runs/\(try project.runId())/predictions.parquet"
    return try project.rows("SELECT margin, score FROM '\(path)'").map { row in
      (try #require(Double(row[0])), try #require(Double(row[1])))
    }
  }

  @Test(
    arguments: [
      ("num_iterations: 10, num_leaves: 7, sigmoid: 0.5", 0.5), (forest, 0.1),
      (forest + ", sigmoid: 2", 0.2), ("num_iterations: 10, num_leaves: 7", 1.0),
    ])
  func `without a calibrator scores are the learner's own probabilities`(
    parameters: String, scale: Double
  ) throws {
    let project = try project(parameters, "none")
    let rows = try predictions(project)
    #expect(!rows.isEmpty)
    for row in rows { #expect(abs(row.score - logistic(scale * row.margin)) < 1e-15) }
    // Uncalibrated is what is judged as such, too.
    let metrics = try project.metrics()
    let raw = metrics["test.pooled.raw.log_loss"]
    #expect(raw != nil && raw == metrics["test.pooled.log_loss"])
  }

  @Test(arguments: ["num_iterations: 10, num_leaves: 7, sigmoid: 0.5", forest])
  func `a shift is one of the learner's log odds, and brings the mean to the base rate`(
    parameters: String
  ) throws {
    let project = try project(parameters, "prior")
    let path = "results/shop/runs/\(try project.runId())/predictions.parquet"
    let means = try project.rows(
      "SELECT avg(score), avg(label) FROM '\(path)' WHERE role = 'calibrate'")
    let (score, label) = (Double(means[0][0]), Double(means[0][1]))
    #expect(abs(try #require(score) - #require(label)) < 1e-9)
    let rows = try predictions(project)
    let scale = parameters == Self.forest ? 0.1 : 0.5
    let shifts = rows.map { log($0.score / (1 - $0.score)) - scale * $0.margin }
    #expect((shifts.max() ?? 0) - (shifts.min() ?? 1) < 1e-9)
    // A promoted model scores alike, as calibrator.json says how.
    let calibrator = try project.text("results/shop/runs/\(try project.runId())/calibrator.json")
    #expect(calibrator.contains("\"log_odds_per_margin\" : \(scale)"), "\(calibrator)")
  }

  @Test func `what gates measure again of such a run is what the run says`() throws {
    let project = try project("num_iterations: 10, num_leaves: 7, sigmoid: 0.5", "prior")
    let gates = "gates: {audit: none, evidence: any, better_than: none, caveats: allowed}\n"
    try project.write("shop.yaml", try project.text("shop.yaml") + gates)
    let result = try project.holdout("gate", "shop.yaml", "--threads", "1")
    #expect(result.end == .exit(0), "\(result)")
  }
}
