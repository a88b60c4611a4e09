import Foundation
import HoldoutTestSupport
import Testing

@Suite struct PresetCommandTests {
  private static let written =
    "model:\n  class_weight: balanced\n  params: {num_iterations: 10, num_leaves: 7, learning_rate: 0.2}"

  private func project(_ model: String) throws -> TestProject {
    let project = try TestProject()
    try project.writeSpec([Self.written: "model: \(model)"])
    return project
  }

  @Test func `a run has the values of its preset, and says which they are`() throws {
    let project = try self.project("{preset: rare_events, params: {num_trees: 5, min_hessian: 1}}")
    try project.runs()
    let run = "results/shop/runs/\(try project.runId())"
    let record = try #require(
      JSONSerialization.jsonObject(with: try project.data("\(run)/run.json")) as? [String: Any])
    let preset = try #require(record["preset"] as? [String: Any])
    #expect(preset["name"] as? String == "rare_events")
    let parameters = try #require(preset["parameters"] as? [String: String])
    #expect(parameters["num_trees"] == "5" && parameters["min_hessian"] == "1")
    #expect(parameters["learning_rate"] == "0.05" && parameters["cat_smooth"] == "300")
    #expect(parameters["num_iterations"] == nil)
    let model = String(decoding: try project.data("\(run)/model.txt"), as: UTF8.self)
    #expect(model.contains("[learning_rate: 0.05]") && model.contains("[cat_smooth: 300]"))
    #expect(model.contains("[min_sum_hessian_in_leaf: 1]"))
    #expect(model.components(separatedBy: "\nTree=").count == 6)
  }

  @Test func `the same values written out are the same run`() throws {
    let preset = try project("{preset: balanced, params: {num_iterations: 5}}")
    let rendered = try preset.holdout("render", "shop.yaml")
    let values = rendered.output.split(separator: "\n").drop { !$0.hasPrefix("  params:") }
      .dropFirst().prefix { $0.hasPrefix("    ") }
    #expect(values.count == 7, "\(rendered)")
    let plain = try project("\n  params:\n" + values.joined(separator: "\n"))
    try preset.runs()
    try plain.runs()
    let id = try preset.runId()
    #expect(try plain.runId() == id)
    func file(_ project: TestProject, _ name: String) throws -> Data {
      try project.data("results/shop/runs/\(id)/\(name)")
    }
    #expect(try file(preset, "model.txt") == file(plain, "model.txt"))
    #expect(
      String(decoding: try file(preset, "run.json"), as: UTF8.self).contains(#""preset""#))
    #expect(
      !String(decoding: try file(plain, "run.json"), as: UTF8.self).contains(#""preset""#))
  }

  @Test func `the first trial of tune has the values of the preset`() throws {
    let project = try self.project("{preset: rare_events, params: {num_iterations: 8}}")
    let result = try project.holdout("tune", "shop.yaml", "--trials", "2")
    try #require(result.end == .exit(0), "\(result)")
    let searches = project.names(in: "results/shop/tune")
    try #require(searches.count == 1)
    let journal = String(
      decoding: try project.data("results/shop/tune/\(searches[0])/trials.jsonl"), as: UTF8.self)
    let base = try #require(journal.split(separator: "\n").first)
    let line = try #require(
      JSONSerialization.jsonObject(with: Data(base.utf8)) as? [String: Any])
    let values = try #require(line["values"] as? [String: Double], "\(base)")
    #expect(values["min_sum_hessian_in_leaf"] == 20 && values["num_iterations"] == 8, "\(base)")
  }
}
