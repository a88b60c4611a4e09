import Diagnostics
import Spec
import Testing

@Suite("Sweeps")
struct SweepTests {
  private func members(_ text: String, overrides: [String] = []) -> LoadedSpecFile {
    Specs.load("a.yaml", ["a.yaml": "extends: base.yaml\n" + text], overrides: overrides)
  }

  private func names(_ text: String, overrides: [String] = []) -> [String] {
    members(text, overrides: overrides).specs.map(\.name.value)
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

  @Test("a direction is swept by the name of its feature")
  func direction() {
    let sweep = members("sweep: {model.monotone.age: [increasing, decreasing]}")
    #expect(sweep.findings.isEmpty, "\(Specs.rendered(sweep))")
    #expect(
      sweep.members.map { $0.spec?.model.constraints.monotone.map(\.direction) }
        == [[.increasing], [.decreasing]])
    #expect(
      sweep.members.map { $0.spec?.name.value } == [
        "renewals@age=increasing", "renewals@age=decreasing",
      ])
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
      ("{name: [a]}", 260), ("{model.class_weight: [\"a b\", \"a_b\"]}", 266),
    ])
  func malformed(text: String, id: Int) {
    let sweep = members("sweep: \(text)")
    #expect(sweep.findings.map(\.id.number) == [id])
    #expect(sweep.specs.isEmpty)
  }

  @Test("what is wrong beside a malformed sweep is told with it")
  func besides() {
    let sweep = members("sweep: {modle.seed: [1]}\nlabel: {horizn: 3 months}")
    #expect(sweep.findings.map(\.id.number) == [260, 231])
  }

  @Test("a value given as an argument is not tried")
  func given() {
    let text = "sweep: {model.seed: [1, 2], cutoffs.train: [3, 4]}"
    #expect(
      names(text, overrides: ["model.seed=7"]) == ["renewals@train=3", "renewals@train=4"])
    #expect(names(text, overrides: ["model.seed=7", "cutoffs.train=5"]) == ["renewals"])
    #expect(names(text, overrides: ["sweep=null"]) == ["renewals"])
    #expect(names(text, overrides: ["cutoffs={train: 5}", "sweep=null"]) == ["renewals"])
  }

  @Test("draws are numbers of the range, repeat with the seed, and differ without it")
  func drawn() throws {
    let text = """
      sweep:
        random: 40
        model.params.learning_rate: {from: 0.001, to: 0.1, scale: log}
        model.params.num_leaves: {from: 3, to: 6}
        model.params.max_depth: [2, 4]
      """
    let sweep = members(text)
    #expect(sweep.findings.isEmpty, "\(Specs.rendered(sweep))")
    #expect(sweep.specs.count == 40)
    let values = sweep.specs.map { $0.model.parameters.map(\.value.value) }
    #expect(Set(values).count == 40)
    let rates = values.compactMap { Double($0[0]) }
    #expect(rates.allSatisfy { (0.001...0.1).contains($0) })
    // On a log scale half of the draws lie below the geometric mean; 40 draws are within 20 +- 12,
    // almost four standard deviations of a binomial.
    #expect((8...32).contains(rates.count { $0 < 0.01 }))
    #expect(Set(values.map { $0[1] }) == ["3", "4", "5", "6"])
    #expect(Set(values.map { $0[2] }) == ["2", "4"])
    #expect(members(text).specs.map(\.name.value) == sweep.specs.map(\.name.value))
    #expect(names(text + "\n  seed: 7") != sweep.specs.map(\.name.value))
    let again = try #require(sweep.resolvedText)
    #expect(
      Specs.load("r.yaml", ["r.yaml": again]).specs.map(\.name.value)
        == sweep.specs.map(\.name.value))
  }

  @Test("a path's draws do not depend on the other paths")
  func independent() {
    let rate = "  model.params.learning_rate: {from: 0.001, to: 0.1}\n"
    let alone = members("sweep:\n  random: 5\n" + rate).specs
    let both = members(
      "sweep:\n  random: 5\n  model.params.max_depth: {from: 2, to: 90}\n" + rate
    ).specs
    #expect(
      alone.map { $0.model.parameters.last?.value.value }
        == both.map { $0.model.parameters.last?.value.value })
  }

  @Test("a number has one name however it is written, and no run is drawn twice")
  func spelling() {
    #expect(names("sweep: {model.seed: [0xF, 7]}") == ["renewals@seed=15", "renewals@seed=7"])
    #expect(members("sweep: {model.class_weight: [7, 7.0]}").findings.map(\.id.number) == [266])
    #expect(
      members("sweep: {random: 9, model.class_weight: [7, 7.0]}").findings.contains {
        $0.id.number == 266
      })
    #expect(members("sweep: {random: 5}").findings.map(\.id.number) == [218])
    #expect(
      members("sweep: {random: 5, model.seed: {from: -1e308, to: 1e308}}").findings.map(\.id.number)
        == [211, 211])
  }

  @Test("when fewer combinations are listed than drawn, all are run, and that is told")
  func listsOnly() {
    #expect(members("sweep: {random: 9, model.seed: [1, 2]}").findings.map(\.id.number) == [267])
    #expect(
      names("sweep: {random: 9, model.seed: [1, 2]}") == ["renewals@seed=1", "renewals@seed=2"])
    #expect(names("sweep: {random: 3, model.seed: [1, 2, 3, 4, 5, 6, 7]}").count == 3)
  }

  @Test("more than a thousand members are a mistake")
  func tooMany() {
    let values = (1...40).map(String.init).joined(separator: ", ")
    let sweep = members("sweep: {model.seed: [\(values)], cutoffs.train: [\(values)]}")
    #expect(sweep.findings.map(\.id.number) == [265])
    #expect(sweep.specs.isEmpty)
  }
}
