import Diagnostics
import Spec
import Testing

@Suite("Composition")
struct CompositionTests {
  @Test("maps merge deeply and lists replace")
  func merge() throws {
    let spec = try #require(
      Specs.extending("cutoffs: {train: 24}\nfeatures: [engagement]").spec)
    #expect(spec.cutoffs.train.count == 24)
    #expect(spec.cutoffs.test.value == 2)
    #expect(spec.features.map(\.name.value) == ["calls_30d", "calls_all"])
  }

  @Test("append adds to an inherited list, in a map inside too")
  func append() throws {
    let loaded = Specs.extending(
      """
      feature_sets:
        account:
          append:
            - employees: {value: customers.employees}
        more:
          - moved: {days_since: history.moved}
      features: {append: [more]}
      """)
    let names = try #require(loaded.spec, "\(Specs.rendered(loaded))").features.map(\.name.value)
    #expect(
      names == ["age", "has_email", "region", "employees", "calls_30d", "calls_all", "moved"])
  }

  @Test("append without an inherited list is a finding at the word")
  func appendToNothing() {
    let loaded = Specs.extending("evaluation: {segments: {append: [region]}}")
    #expect(loaded.ids == [204])
    #expect(loaded.findings.first?.span?.text == "append")
    let wrong = Specs.extending("cohort: {append: [region]}")
    #expect(wrong.ids == [204])
  }

  @Test("null takes an inherited value away")
  func takeAway() throws {
    let with = Specs.extending("score: {reasons: 1}")
    #expect(with.spec?.score?.reasons == 1)
    let without = Specs.load(
      "c.yaml",
      [
        "b.yaml": "extends: base.yaml\nscore: {reasons: 1}\ndescription: b",
        "c.yaml": "extends: b.yaml\nscore: null\ndescription: ~",
      ])
    let spec = try #require(without.spec, "\(Specs.rendered(without))")
    #expect(spec.score == nil)
    #expect(spec.description == nil)
  }

  @Test("of several extended files the later wins, and the file itself wins over all")
  func several() throws {
    let loaded = Specs.load(
      "c.yaml",
      [
        "a.yaml": "cutoffs: {train: 5, calibrate: 5, test: 5}",
        "b.yaml": "cutoffs: {train: 6, calibrate: 6}",
        "c.yaml": "extends: [base.yaml, a.yaml, b.yaml]\ncutoffs: {train: 7}",
      ])
    let cutoffs = try #require(loaded.spec, "\(Specs.rendered(loaded))").cutoffs
    #expect(cutoffs.train.count == 7)
    #expect(cutoffs.calibrate.count == 6)
    #expect(cutoffs.test.value == 5)
    #expect(cutoffs.train.span.file.name == "c.yaml")
    #expect(cutoffs.calibrate.span.file.name == "b.yaml")
    #expect(cutoffs.test.span.file.name == "a.yaml")
  }

  @Test(
    "paths are relative to the extending file",
    arguments: [
      ("x/y/s.yaml", "../../base.yaml"), ("x/y/s.yaml", "../up.yaml"), ("s.yaml", "./base.yaml"),
      ("/x/s.yaml", "../base.yaml"), ("x/s.yaml", "/base.yaml"),
    ])
  func paths(path: String, extends: String) {
    let loaded = Specs.load(
      path,
      [
        path: "extends: \(extends)", "x/up.yaml": "extends: ../base.yaml",
        "/base.yaml": Specs.base,
      ])
    #expect(loaded.spec != nil, "\(Specs.rendered(loaded))")
  }

  @Test("a file that extends itself, directly or not, is a finding at the path")
  func cycle() {
    let own = Specs.load("a.yaml", ["a.yaml": "extends: ./a.yaml"])
    #expect(own.ids == [202])
    #expect(own.findings.first?.span?.text == "./a.yaml")
    let ring = Specs.load(
      "a.yaml", ["a.yaml": "extends: b.yaml", "b.yaml": "version: 1\nextends: a.yaml"])
    #expect(ring.ids == [202])
    #expect(ring.findings.first?.span?.file.name == "b.yaml")
    #expect(ring.findings.first?.span?.line == 2)
    #expect(ring.findings.first?.notes == ["a.yaml -> b.yaml -> a.yaml"])
    #expect(ring.spec == nil)
  }

  @Test("two ways to the same file are no circle")
  func diamond() {
    let loaded = Specs.load(
      "c.yaml",
      [
        "a.yaml": "extends: base.yaml", "b.yaml": "extends: base.yaml",
        "c.yaml": "extends: [a.yaml, b.yaml]",
      ])
    #expect(loaded.spec != nil, "\(Specs.rendered(loaded))")
  }

  @Test("a missing extended file is a finding at the path")
  func missing() {
    let loaded = Specs.load("a.yaml", ["a.yaml": "version: 1\nextends: [base.yaml, bse.yaml]"])
    #expect(loaded.ids == [101])
    #expect(loaded.findings.first?.span?.text == "bse.yaml")
    #expect(loaded.spec == nil)
  }

  @Test("a finding on an inherited value points into the file it stands in")
  func inheritedSpan() {
    let loaded = Specs.load(
      "c.yaml",
      [
        "b.yaml": "extends: base.yaml\nmodel:\n  class_weight: balancd",
        "c.yaml": "extends: b.yaml\nmodel: {sed: 1}",
      ])
    #expect(loaded.ids == [231, 213])
    #expect(loaded.findings.map { $0.span?.file.name } == ["c.yaml", "b.yaml"])
    #expect(loaded.findings.last?.span?.line == 3)
  }

  @Test("an anchor used twice does not say the same twice")
  func anchors() {
    let loaded = Specs.extending(
      """
      evaluation: {segments: &names [regoin]}
      score: {rank_within: *names}
      """)
    #expect(loaded.ids == [252, 252])
    let same = Specs.extending(
      """
      cohort:
        where:
          - &rule {flag: history.inactiv}
          - *rule
      """)
    #expect(same.ids == [233])
  }

  @Test("a spec that is no map, not YAML, or not there is a finding and no spec")
  func unreadable() {
    #expect(Specs.load("a.yaml", ["a.yaml": "- a"]).ids == [201])
    #expect(Specs.load("a.yaml", [:]).ids == [101])
    let broken = Specs.load("a.yaml", ["a.yaml": "a: [b"])
    #expect(broken.findings.hasErrors)
    #expect(broken.resolved == nil)
  }

  @Test("read again, the resolved spec resolves to itself")
  func resolved() throws {
    let loaded = Specs.extending(
      "cohort:\n  where:\n    - sql: |\n        customers.segment = 'a'\n        or true\n")
    let text = try #require(loaded.resolvedText)
    #expect(!text.contains("extends"))
    let again = Specs.load("r.yaml", ["r.yaml": text])
    #expect(again.findings.isEmpty, "\(Specs.rendered(again))")
    #expect(again.resolvedText == text)
    #expect(again.spec?.features.count == loaded.spec?.features.count)
  }
}
