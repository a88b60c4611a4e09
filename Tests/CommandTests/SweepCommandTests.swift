import HoldoutTestSupport
import Testing

@Suite struct SweepCommandTests {
  private static let sweep = """
    extends: shop.yaml
    evaluation: {intervals: {resamples: 0}}
    sweep: {model.params.num_leaves: [3, 7], cutoffs.train: [6, 12]}

    """

  private func project() throws -> TestProject {
    let project = try TestProject()
    try project.write("sweep.yaml", Self.sweep)
    return project
  }

  @Test func `each combination has results of its own`() throws {
    let project = try project()
    let result = try project.holdout("run", "sweep.yaml", "--threads", "1")
    #expect(result.end == .exit(0), "\(result)")
    let names = project.names(in: "results")
    #expect(
      names == [
        "shop@num_leaves=3,train=12", "shop@num_leaves=3,train=6", "shop@num_leaves=7,train=12",
        "shop@num_leaves=7,train=6",
      ])
    // Arguments that pick one of them name it as the sweep does, in whatever order they are given.
    let picked = try project.holdout(
      "run", "sweep.yaml", "cutoffs.train=6", "model.params.num_leaves=3")
    #expect(picked.errors.contains("shop@num_leaves=3,train=6: nothing has changed"), "\(picked)")
    #expect(project.names(in: "results") == names)
    let plain = try project.holdout(
      "run", "sweep.yaml", "sweep=null", "cutoffs.train=6", "model.params.num_leaves=3",
      "name=shop")
    #expect(plain.end == .exit(0), "\(plain)")
    // The same experiment by another name.
    #expect(
      try project.data("results/shop/metrics.json")
        == project.data("results/shop@num_leaves=3,train=6/metrics.json"))
    let folder = "results/\(names[0])"
    let spec = try project.text(
      "\(folder)/runs/\(try project.runId(of: names[0]))/spec.yaml")
    #expect(spec.contains("name: shop@num_leaves=3,train=12\n"))
    #expect(!spec.contains("sweep:"))
  }

  @Test func `check looks at every combination, and plan draws each timeline once`() throws {
    let project = try project()
    let check = try project.holdout("check", "sweep.yaml")
    #expect(check.errors == "sweep.yaml: ok, 4 experiments\n", "\(check)")
    let plan = try project.holdout("plan", "sweep.yaml")
    #expect(plan.end == .exit(0), "\(plan)")
    #expect(plan.output.contains("the same for: shop@num_leaves=7,train=6\n"))
    #expect(plan.output.contains("the same for: shop@num_leaves=7,train=12\n"))
    let wrong = try project.holdout("check", "sweep.yaml", "model.params.num_leafs=3")
    #expect(wrong.refuses("H513", "did you mean `num_leaves`?"), "\(wrong)")
    #expect(wrong.findings.count == 1)
  }

  @Test func `members whose predictions are the same are named`() throws {
    let project = try TestProject()
    try project.write(
      "alike.yaml",
      "extends: shop.yaml\nname: alike\nevaluation: {intervals: {resamples: 0}}\n"
        + "sweep: {model.params.min_gain_to_split: [0, 1.0e-12, 1000000]}\n")
    let result = try project.holdout("run", "alike.yaml", "--threads", "1")
    let names = "`alike@min_gain_to_split=0` and `alike@min_gain_to_split=1e-12`"
    #expect(result.errors.contains("warning: \(names) have the same predictions: "), "\(result)")
    #expect(!result.errors.contains("=1000000` have"))
  }

  @Test func `panel takes one of them, which arguments pick`() throws {
    let project = try project()
    let several = try project.holdout("panel", "sweep.yaml", "--out", "p.parquet")
    #expect(several.refuses("H261", "describes 4 experiments"), "\(several)")
    #expect(!project.exists("p.parquet"))
    let one = try project.holdout(
      "panel", "sweep.yaml", "cutoffs.train=6", "model.params.num_leaves=3", "--out", "p.parquet")
    #expect(one.end == .exit(0), "\(one)")
  }

  /// By the order in which the stages begin, not by time. The last pair grows the trees of one of them on
  /// one thread.
  @Test(arguments: ["model.seed: [1, 2]", "model.quantized_gradients: [false, true]"])
  func `two fits with several threads each overlap`(axis: String) throws {
    let project = try TestProject()
    try project.write(
      "sweep.yaml",
      """
      extends: shop.yaml
      model: {params: {num_iterations: 1500}}
      evaluation: {intervals: {resamples: 0}}
      sweep: {\(axis)}

      """)
    let result = try project.holdout("run", "sweep.yaml", "--threads", "4", "--jobs", "2")
    #expect(result.end == .exit(0), "\(result)")
    let stages = result.errors.split(separator: "\n").filter {
      $0.contains(": training") || $0.contains(": scoring")
    }
    #expect(stages.count == 4, "\(result)")
    #expect(stages.prefix(2).allSatisfy { $0.contains(": training") }, "\(result)")
  }

  @Test func `a sweep over a parameter that changes nothing is told so`() throws {
    let project = try TestProject()
    try project.write(
      "sweep.yaml",
      """
      extends: shop.yaml
      evaluation: {intervals: {resamples: 0}}
      sweep:
        model.params.bagging_fraction: [0.5, 0.8]

      """)
    for command in ["check", "run"] {
      let result = try project.holdout(command, "sweep.yaml")
      #expect(result.end == .exit(0), "\(result)")
      #expect(result.findings.map(\.id) == ["H512"], "\(result)")
      #expect(result.findings.first?.place == "sweep.yaml:4:3", "\(result)")
      #expect(
        result.errors.contains("`bagging_fraction` has no effect without `bagging_freq`"),
        "\(result)")
      #expect(
        result.errors.contains("every value gives the same results"), "\(result)")
    }
    let report = try project.text(
      "results/shop@bagging_fraction=0.5/runs/"
        + project.runId(of: "shop@bagging_fraction=0.5") + "/report.md")
    #expect(report.contains("Warning H512"), "\(report)")
    // In company it is none.
    let both = try project.holdout("check", "sweep.yaml", "model.params.bagging_freq=1")
    #expect(both.findings.isEmpty, "\(both)")
  }

  @Test func `a fault in one combination keeps all of them from running`() throws {
    let project = try project()
    try project.write("sweep.yaml", "extends: shop.yaml\nsweep: {cutoffs.train: [6, 0]}\n")
    let result = try project.holdout("run", "sweep.yaml")
    #expect(result.refuses("H211", "sweep.yaml:2:28"), "\(result)")
    #expect(!project.exists("results"))
  }
}
