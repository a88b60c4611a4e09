import Diagnostics
import Spec
import Testing

@Suite("Overrides")
struct OverrideTests {
  @Test("an argument sets a value, inherited or not, and the last wins")
  func sets() throws {
    let loaded = Specs.extending(
      "name: a",
      overrides: [
        "cutoffs.train=6", "cutoffs.train=7", "model.params.num_leaves=63",
        "evaluation.intervals.level=0.9", "features=[account]", "name=other",
      ])
    let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    #expect(spec.cutoffs.train.count == 7)
    #expect(spec.cutoffs.train.span.file.name == "argument 3")
    #expect(spec.cutoffs.train.span.text == "7")
    #expect(spec.model.parameters.map(\.name.value) == ["num_leaves"])
    #expect(spec.model.parameters.map(\.value.value) == ["63"])
    #expect(spec.evaluation.level == 0.9)
    #expect(spec.evaluation.resamples == 500)
    #expect(spec.features.map(\.name.value) == ["age", "has_email", "region"])
    #expect(spec.name.value == "other")
  }

  @Test("items of lists go by position")
  func items() throws {
    let loaded = Specs.extending(
      "evaluation: {top_k: [5, 10]}", overrides: ["evaluation.top_k.1=20"])
    #expect(loaded.spec?.evaluation.topK == [5, 20])
  }

  @Test("null takes a value away, and append adds to a list")
  func nullAndAppend() throws {
    let loaded = Specs.extending(
      "description: a", overrides: ["description=null", "features={append: [-age]}"])
    let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    #expect(spec.description == nil)
    #expect(!spec.features.map(\.name.value).contains("age"))
  }

  @Test(
    "what is wrong with an argument is shown in the argument",
    arguments: [
      ("cutoffs.train=0", 211, "0"), ("cutoffs.trian=5", 231, "trian"), ("foo", 205, "foo"),
      ("a..b=1", 205, "a..b=1"), ("=1", 205, "=1"), ("name=", 205, "name="),
      ("features.9=age", 206, "9"), ("features.x=age", 206, "x"),
      ("version.x=1", 206, "x"), ("extends=base.yaml", 205, "extends"),
      ("model.class_weight=balancd", 213, "balancd"), ("évaluation=1", 231, "évaluation"),
      ("label.horizon= 6 mo", 215, "6 mo"),
    ])
  func wrong(argument: String, id: Int, place: String) {
    let loaded = Specs.extending("name: a", overrides: [argument])
    #expect(loaded.ids == [id], "\(Specs.rendered(loaded))")
    #expect(loaded.findings.first?.span?.file.name == "argument 2")
    #expect(loaded.findings.first?.span?.text == place)
  }

  @Test("a value that is not YAML is a finding in the argument")
  func notYAML() {
    let loaded = Specs.extending("name: a", overrides: ["features=[account"])
    #expect(loaded.findings.hasErrors)
    #expect(loaded.findings.allSatisfy { $0.span?.file.name == "argument 2" })
  }

  @Test("a value on the way keeps its own place")
  func placeOnTheWay() {
    let loaded = Specs.extending("cutoffs: {test: null}", overrides: ["cutoffs.train=7"])
    #expect(loaded.ids == [212])
    #expect(loaded.findings.first?.span?.file.name == "spec.yaml")
  }

  @Test("SQL in an argument points at its own words")
  func sql() {
    let loaded = Specs.extending(
      "name: a", overrides: ["cohort.where=[{sql: \"customers.status = 'a'\"}]"])
    #expect(loaded.ids == [410])
    #expect(loaded.findings.first?.span?.text == "customers.status")
  }

  @Test("overrides are told from paths")
  func looks() {
    #expect(Override.isOverride("a.b=1"))
    #expect(Override.isOverride("features=[a, b]"))
    #expect(!Override.isOverride("experiments/solidworks.yaml"))
    #expect(!Override.isOverride("experiments/a=b.yaml"))
    #expect(!Override.isOverride("=1"))
  }
}
