import Foundation
import HoldoutTestSupport
import Testing

/// `model: {trainer: ...}`, `run --trainer` and `verify --trainer`.
@Suite struct TrainerTests {
  /// The parts of a run that a trainer must not change.
  private static let files = ["metrics.json", "feature_importance.csv"]

  private static func trainer(of run: String, _ project: TestProject) throws -> String? {
    let record = try JSONSerialization.jsonObject(
      with: project.data("results/shop/runs/\(run)/run.json"))
    return ((record as? [String: Any])?["versions"] as? [String: String])?["trainer"]
  }

  @Test func `both trainers give the same metrics and model, and their runs are not the same`()
    throws
  {
    let project = try TestProject(withResults: true)
    let own = try project.runId()
    let before = try Self.files.map { try project.data("results/shop/\($0)") }
    let model = try project.data("results/shop/runs/\(own)/model.txt")
    let result = try project.holdout(
      "run", "shop.yaml", "name=shop", "--trainer", "library", "--threads", "1")
    try #require(result.end == .exit(0), "\(result)")
    let other = try #require(project.runIds().first { $0 != own })
    #expect(try Self.files.map { try project.data("results/shop/\($0)") } == before)
    #expect(try project.data("results/shop/runs/\(other)/model.txt") == model)
    #expect(try Self.trainer(of: own, project) == "panel")
    #expect(try Self.trainer(of: other, project) == "library")
  }

  @Test func `a parameter that the panel trainer does not know goes to the library`() throws {
    let project = try TestProject()
    try project.runs("model.params.path_smooth=1")
    #expect(try Self.trainer(of: project.runId(), project) == "library")
    let refused = try project.holdout(
      "run", "shop.yaml", "model.params.path_smooth=1", "--trainer", "panel")
    #expect(refused.refuses("H534", "`path_smooth` is `1`"), "\(refused)")
    let verified = try project.holdout("verify", "--trainer", "shop.yaml", "--format", "json")
    #expect(verified.end == .exit(0), "\(verified)")
  }

  @Test func `verify trains both ways and reports that the models are the same`() throws {
    let project = try TestProject()
    let result = try project.holdout("verify", "--trainer", "shop.yaml", "--threads", "2")
    #expect(result.end == .exit(0), "\(result)")
    #expect(result.output.contains("shop: both trainers grow the same model, byte for byte"))
    try project.writeSpec(["num_leaves: 7": "num_leaves: 7, path_smooth: 1"])
    let unsupported = try project.holdout("verify", "--trainer", "shop.yaml")
    #expect(unsupported.end == .exit(1), "\(unsupported)")
    #expect(unsupported.output.contains("does not support `path_smooth`"))
    let absent = try project.holdout("verify", "--trainer", "absent.yaml")
    #expect(absent.end == .exit(2) && absent.output.isEmpty, "\(absent)")
  }
}
