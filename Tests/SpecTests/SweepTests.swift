import Diagnostics
import Spec
import Testing

@Suite("Sweeps")
struct SweepTests {
  private func members(_ text: String) -> LoadedSweep {
    SpecLoader.members(path: "a.yaml") { path in
      .success(
        SourceFile(
          name: path, text: path == "a.yaml" ? "extends: base.yaml\n" + text : Specs.base))
    }
  }

  @Test("each combination is a spec of its own, the first key changing slowest")
  func grid() throws {
    let sweep = members(
      "sweep: {model.params.num_leaves: [15, 31], cutoffs.embargo: [horizon, 30 days]}")
    #expect(sweep.findings.isEmpty)
    #expect(
      sweep.members.map { $0.spec?.name.value } == [
        "renewals@num_leaves=15,embargo=horizon", "renewals@num_leaves=15,embargo=30_days",
        "renewals@num_leaves=31,embargo=horizon", "renewals@num_leaves=31,embargo=30_days",
      ])
    let last = try #require(sweep.members.last?.spec)
    #expect(last.model.parameters.map(\.value.value) == ["31"])
    #expect(last.cutoffs.embargo == .extended(Period(30, .days)))
    let text = try #require(sweep.members.last?.resolvedText)
    #expect(Specs.load("r.yaml", ["r.yaml": text]).spec?.name.value == last.name.value)
  }

  @Test("without a sweep the spec is its only member")
  func none() {
    let sweep = members("name: a")
    #expect(sweep.members.map { $0.spec?.name.value } == ["a"])
  }

  @Test("paths that end alike are written out")
  func alike() {
    let sweep = members("sweep: {model.seed: [1], evaluation.intervals.seed: [2]}")
    #expect(
      sweep.members.map { $0.spec?.name.value } == [
        "renewals@model.seed=1,evaluation.intervals.seed=2"
      ])
  }

  @Test("a bad value is found once, at its place in the sweep")
  func badValue() {
    let sweep = members("sweep: {cutoffs.train: [12, 0], model.seed: [1, 2, 3]}")
    #expect(sweep.findings.map(\.id.number) == [211])
    #expect(sweep.findings.first?.span?.text == "0")
    #expect(sweep.members.filter { $0.spec == nil }.count == 3)
  }

  @Test(
    "malformed sweeps have findings and no members",
    arguments: [
      ("{modle.seed: [1]}", 260), ("{model.seed: 1}", 210), ("{model.seed: []}", 218),
      ("{name: [a]}", 260), ("{model.learner: [\"a b\", \"a_b\"]}", 266),
    ])
  func malformed(text: String, id: Int) {
    let sweep = members("sweep: \(text)")
    #expect(sweep.findings.map(\.id.number) == [id])
    #expect(sweep.members.isEmpty)
  }

  @Test("more than a thousand members are a mistake")
  func tooMany() {
    let values = (1...40).map(String.init).joined(separator: ", ")
    let sweep = members("sweep: {model.seed: [\(values)], cutoffs.train: [\(values)]}")
    #expect(sweep.findings.map(\.id.number) == [265])
    #expect(sweep.members.isEmpty)
  }
}
