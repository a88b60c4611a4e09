import HoldoutTestSupport
import Testing

@Suite struct RenderCommandTests {
  @Test func `the rendered spec is a spec and means the same`() throws {
    let project = try TestProject()
    let rendered = try project.holdout("render", "shop.yaml", "cutoffs.train=9")
    #expect(rendered.end == .exit(0), "\(rendered)")
    #expect(rendered.errors.isEmpty)
    #expect(rendered.output.contains("\n  train: 9\n"))
    try project.write("again.yaml", rendered.output)
    #expect(try project.holdout("render", "again.yaml").output == rendered.output)
    #expect(try project.holdout("check", "again.yaml").end == .exit(0))
  }

  @Test func `with origins every value says where it comes from, and it is still a spec`() throws {
    let project = try TestProject()
    try project.write(
      "top.yaml",
      "extends: shop.yaml\nname: top\ncohort: {where: [{sql: \"customers.size > 1\"}]}\n")
    let result = try project.holdout("render", "top.yaml", "model.seed=7", "--origins")
    #expect(result.end == .exit(0), "\(result)")
    for (value, origin) in [
      ("name: top", "top.yaml:2"), ("seed: 7", "argument 2:1"), ("min_positives: 20", "default"),
      ("- sql: customers.size > 1", "top.yaml:3"), ("- age_days:", nil),
      ("days_since: customers.created_on", "shop.yaml:34"),
    ] {
      let line = try #require(
        result.output.split(separator: "\n").first { $0.contains(value) }, "\(value)")
      #expect(origin.map { line.hasSuffix("  # \($0)") } ?? !line.contains("#"), "\(line)")
    }
    try project.write("again.yaml", result.output)
    let plain = try project.holdout("render", "top.yaml", "model.seed=7")
    #expect(try project.holdout("render", "again.yaml").output == plain.output)
  }

  @Test func `a spec with errors is not rendered`() throws {
    let project = try TestProject()
    try project.writeSpec(["horizon: 3 months": "horizont: 3 months"])
    let result = try project.holdout("render", "shop.yaml")
    #expect(result.refuses("H231", "did you mean `horizon`?"))
    #expect(result.output.isEmpty)
  }
}
