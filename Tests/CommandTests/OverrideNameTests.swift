import Foundation
import HoldoutTestSupport
import Testing

/// An experiment that arguments change has a name and results of its own, and reaches production under them.
@Suite struct OverrideNameTests {
  private static let trial = "shop@num_leaves=4"

  private func run(_ project: TestProject, _ arguments: String...) throws -> ProgramResult {
    try Program.run(["run", "shop.yaml", "--threads", "1"] + arguments, in: project.folder)
  }

  @Test func `a trial leaves the results of its spec as they are`() throws {
    let project = try TestProject(withResults: true)
    let before = project.contents(of: "results/shop")
    let result = try run(project, "model.params.num_leaves=4")
    #expect(result.end == .exit(0), "\(result)")
    #expect(project.names(in: "results") == ["shop", Self.trial])
    #expect(project.contents(of: "results/shop") == before)
    let spec = "results/\(Self.trial)/runs/\(try project.runId(of: Self.trial))/spec.yaml"
    #expect(try project.text(spec).contains("name: \(Self.trial)\n"))
    // It is the experiment that a file with this value describes.
    try project.writeSpec(["num_leaves: 7": "num_leaves: 4"], to: "four.yaml")
    let four = try project.holdout("run", "four.yaml", "name=four", "--threads", "1")
    #expect(four.end == .exit(0), "\(four)")
    #expect(
      try project.data("results/four/metrics.json")
        == project.data("results/\(Self.trial)/metrics.json"))
  }

  @Test(arguments: [
    (["label.horizon=90 days", "model.seed=7"], "shop@horizon=90_days,seed=7"),
    (["model.seed=7", "model.seed=8"], "shop@seed=8"),
    (
      ["model.seed=7", "evaluation.intervals.seed=1"],
      "shop@model.seed=7,evaluation.intervals.seed=1"
    ),
    (["features=[account]"], "shop@features=account_"),
    (["model.seed=7", "name=mine"], "mine"), (["gates={evidence: any}"], "shop"),
    (["score=null", "model.seed=7"], "shop@seed=7"), (["sample=null"], "shop@sample=null"),
  ])
  func `names tell what was given, and render, why and gate use them`(
    _ arguments: [String], _ name: String
  ) throws {
    let project = try TestProject()
    let rendered = try Program.run(["render", "shop.yaml"] + arguments, in: project.folder)
    let line = rendered.output.split(separator: "\n").first { $0.hasPrefix("name: ") } ?? ""
    #expect(line.hasPrefix("name: \(name)"), "\(rendered)")
    #expect(name.hasSuffix("_") || line == "name: \(name)")
    let shown = String(line.dropFirst("name: ".count))
    let why = try Program.run(["why", "shop.yaml"] + arguments, in: project.folder)
    #expect(why.output.hasPrefix(shown), "\(why)")
    let gate = try Program.run(["gate", "shop.yaml"] + arguments, in: project.folder)
    #expect(gate.refuses("H601", "`\(shown)`"), "\(gate)")
  }

  @Test func `gate and compare find a trial by its name`() throws {
    let project = try TestProject(withResults: true)
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try #require(run(project, "model.params.num_leaves=4").end == .exit(0))
    let gate = try project.holdout(
      "gate", "shop.yaml", "model.params.num_leaves=4", "--against", "shop")
    #expect(gate.output.contains("run \(try project.runId(of: Self.trial))"), "\(gate)")
    let compare = try project.holdout("compare", "shop", Self.trial, "--resamples", "50")
    #expect(compare.end == .exit(0), "\(compare)")
    let mistaken = try project.holdout("compare", "shop.yaml", "model.params.num_leaves=4")
    #expect(mistaken.refuses("H601", "`\(Self.trial)`"), "\(mistaken)")
  }

  @Test func `arguments that do not fit the second spec keep the first from running`() throws {
    let project = try TestProject(withResults: true)
    try project.write(
      "other.yaml",
      Shop.spec.replacing("name: shop", with: "name: other")
        .replacing("calibrate: 2", with: "calibrate: 0")
        .replacing("method: isotonic", with: "method: none"))
    let before = project.contents(of: "results")
    // Of use to the first alone: the second has no item 1 of rules that could be a flag.
    let second = try project.holdout(
      "run", "shop.yaml", "other.yaml", "calibration.method=isotonic")
    #expect(second.end == .exit(2) && second.output.isEmpty, "\(second)")
    #expect(second.findings.contains { $0.isError }, "\(second)")
    #expect(project.contents(of: "results") == before)
    let all = try project.holdout(
      "run", "shop.yaml", "cutoffs.trian=3", "model.seed=soon", "model.params.num_leafs=4",
      "evaluation.top_k.9=3")
    #expect(all.end == .exit(2) && all.output.isEmpty, "\(all)")
    #expect(Set(all.findings.map(\.id)).isSuperset(of: ["H231", "H210", "H206"]), "\(all)")
    let learner = try project.holdout(
      "run", "shop.yaml", "other.yaml", "model.params.num_leafs=4", "model.params.no_such_thing=1")
    #expect(learner.refuses("H513", "num_leafs", "no_such_thing"), "\(learner)")
    #expect(learner.findings.count == 2, "told once, however many specs: \(learner)")
    #expect(project.contents(of: "results") == before)
  }

  @Test func `a trial reaches production and stays of the file that it was tried on`() throws {
    let project = try TestProject(withResults: true)
    try project.write("holdout.yaml", Shop.project + PromoteCommandTests.gates)
    try project.changeData(RetrainCommandTests.newcomers)
    try project.makeFolder("experiments")
    try project.write("experiments/shop.yaml", Shop.spec + ScoringProject.score)
    let run = ["run", "experiments/shop.yaml", "--threads", "1"]
    let data = ["data_through=2024-06-30", "model.params.num_leaves=4"]
    try #require(try Program.run(run + data, in: project.folder).end == .exit(0))
    let name = "shop@data_through=2024-06-30,num_leaves=4"
    let id = try project.runId(of: name)
    let promoted = try project.holdout(
      "promote", name, "--as", "shop", "--override", "a test", "--by", "ada")
    try #require(promoted.end == .exit(0), "\(promoted)")
    // The file says 7 leaves, and the champion is known to be that file with 4.
    let scored = try ScoringProject.score(project, "--cutoff", "2024-07-31", "--dry-run")
    #expect(scored.findings.map(\.id).contains("H871"), "\(scored)")
    #expect(scored.errors.contains("the champion was run with `model.params.num_leaves=4`\n"))
    let spec = try project.text("experiments/shop.yaml")
    try project.write(
      "experiments/shop.yaml", spec.replacing("learning_rate: 0.2", with: "learning_rate: 0.3"))
    let changed = try project.holdout(
      "score", "shop", "--cutoff", "2024-07-31", "--allow-silent-sources", "--dry-run")
    #expect(changed.refuses("H813", "model.params.learning_rate: 0.2 | 0.3"), "\(changed)")
    #expect(!changed.errors.contains("num_leaves"), "\(changed)")
    // Written into the file it is the same recipe, by another name and with the keys in another order.
    try project.write(
      "experiments/shop.yaml",
      spec.replacing(
        "params: {num_iterations: 10, num_leaves: 7, learning_rate: 0.2}",
        with: "params: {num_leaves: 4, num_iterations: 10, learning_rate: 0.2}"
      ).replacing("name: shop", with: "name: leaves"))
    let written = try ScoringProject.score(project, "--cutoff", "2024-07-31", "--dry-run")
    #expect(!written.findings.map(\.id).contains("H871"), "\(written)")
    try project.write("experiments/shop.yaml", spec)
    let before = project.contents(of: "results/shop")
    let retrained = try project.holdout(
      "retrain", "shop", "--data-through", "2024-07-31", "--promote", "never", "--threads", "1")
    #expect(retrained.end == .exit(0), "\(retrained)")
    #expect(project.contents(of: "results/shop") == before)
    #expect(project.runIds(of: name).count == 2)
    let again = try #require(project.runIds(of: name).first { $0 != id })
    let record = try project.text("results/\(name)/runs/\(again)/spec.yaml")
    #expect(record.contains("num_leaves: 4") && record.contains("data_through: 2024-07-31"))
  }

  @Test func `the winner of a sweep reaches production from the file that sweeps`() throws {
    let project = try ScoringProject.make()
    let spec = try project.text("experiments/shop.yaml")
    try project.write(
      "experiments/shop.yaml", spec + "sweep: {model.params.num_leaves: [3, 4]}\n")
    let run = try project.holdout("run", "experiments/shop.yaml", "--threads", "1")
    try #require(run.end == .exit(0), "\(run)")
    let promoted = try project.holdout(
      "promote", Self.trial, "--as", "shop", "--override", "a test", "--by", "ada")
    try #require(promoted.end == .exit(0), "\(promoted)")
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--dry-run")
    // A file of another name, which sweeps by an argument, says it as well.
    try project.write("experiments/shop.yaml", spec)
    try ScoringProject.score(project, "--cutoff", ScoringProject.cutoff, "--dry-run")
  }
}
