import Diagnostics
import Foundation
import HoldoutTestSupport
import Spec
import Testing

@Suite("Presets of parameters") struct PresetTests {
  private static func parameters(_ text: String, overrides: [String] = []) throws -> [String] {
    let loaded = Specs.extending(text, overrides: overrides)
    let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
    return spec.model.parameters.map { "\($0.name.value)=\($0.value.value)" }
  }

  @Test("a preset sets every parameter of its table", arguments: ModelPreset.allCases)
  func table(preset: ModelPreset) throws {
    #expect(
      try Self.parameters("model: {preset: \(preset.rawValue)}")
        == preset.parameters.map { "\($0.name)=\($0.text)" })
  }

  @Test("a written parameter wins, under any of its names")
  func written() throws {
    let others = ModelPreset.balanced.parameters.filter { $0.name != "learning_rate" }
      .map { "\($0.name)=\($0.text)" }
    for name in ["learning_rate", "eta", "shrinkage_rate"] {
      let text = "model: {preset: balanced, params: {\(name): 0.3, max_bin: 63}}"
      #expect(try Self.parameters(text) == others + ["\(name)=0.3", "max_bin=63"])
      let given = try Self.parameters(
        "model: {preset: balanced}", overrides: ["model.params.\(name)=0.3"])
      #expect(given == others + ["\(name)=0.3"])
    }
  }

  @Test("without a preset, and with none, nothing is set and the run keeps its id")
  func none() throws {
    let plain = Specs.extending("name: a").members[0]
    let none = Specs.extending("name: a\nmodel: {preset: none}").members[0]
    #expect(try #require(plain.spec).model.parameters.isEmpty)
    #expect(try #require(none.spec).model.parameters.isEmpty)
    #expect(plain.identityText == none.identityText && plain.recipeText == none.recipeText)
    let text = try #require(plain.resolvedText)
    #expect(!text.contains("preset"))
  }

  @Test("the values are what identifies a run, wherever they come from")
  func identity() throws {
    let preset = Specs.extending("model: {preset: rare_events}").members[0]
    let written = ModelPreset.rareEvents.parameters.map { "\($0.name): \($0.text)" }
    let plain = Specs.extending("model: {params: {\(written.joined(separator: ", "))}}").members[0]
    let other = Specs.extending("model: {preset: balanced}").members[0]
    #expect(preset.identityText == plain.identityText && preset.recipeText == plain.recipeText)
    #expect(preset.identityText != other.identityText)
    #expect(preset.panelText == other.panelText)
  }

  @Test("the resolved spec shows the values and gives the same experiment again")
  func resolved() throws {
    let loaded = Specs.extending("model: {preset: rare_events, params: {num_leaves: 15}}")
    let text = try #require(loaded.resolvedText)
    #expect(text.contains("min_sum_hessian_in_leaf: 20") && text.contains("preset: rare_events"))
    let again = Specs.load("again.yaml", ["again.yaml": text])
    #expect(again.resolvedText == text)
    #expect(again.members[0].identityText == loaded.members[0].identityText)
  }

  @Test("values of a preset are at the place of its name")
  func origin() throws {
    let loaded = Specs.extending("model:\n  preset: rare_events\n  params: {num_leaves: 15}")
    let origins = SpecOrigin.all(of: try #require(loaded.resolved))
    func place(_ path: String) -> String? { origins.first { $0.path == path }?.place }
    #expect(place("model.params.num_leaves") == "spec.yaml:4")
    #expect(place("model.params.cat_smooth") == "spec.yaml:3")
  }

  @Test("a sweep's values win, and a sweep may compare presets")
  func sweep() throws {
    let leaves = Specs.extending(
      "model: {preset: rare_events}\nsweep: {model.params.max_leaves: [3, 5]}")
    let presets = Specs.extending(
      "model: {preset: rare_events}\nsweep: {model.preset: [none, balanced]}")
    for loaded in [leaves, presets] {
      #expect(loaded.specs.count == 2, "\(Specs.rendered(loaded))")
      let text = try #require(loaded.resolvedText)
      let again = Specs.load("again.yaml", ["again.yaml": text])
      #expect(again.members.map(\.identityText) == loaded.members.map(\.identityText))
    }
    let names = try #require(leaves.specs.first).model.parameters.map(\.name.value)
    #expect(names.contains("max_leaves") && !names.contains("num_leaves"))
    #expect(presets.specs.map(\.model.preset) == [.none, .balanced])
    #expect(
      presets.specs.map(\.name.value) == ["renewals@preset=none", "renewals@preset=balanced"])
    #expect(presets.specs[0].model.parameters.isEmpty)
  }

  @Test("an inherited preset is replaced or removed as any value")
  func inherited() throws {
    let files = ["preset.yaml": "extends: base.yaml\nmodel: {preset: rare_events}\n"]
    func leaves(_ text: String) throws -> String? {
      let loaded = Specs.load(
        "a.yaml", files.merging(["a.yaml": "extends: preset.yaml\n" + text]) { $1 })
      let spec = try #require(loaded.spec, "\(Specs.rendered(loaded))")
      return spec.model.parameters.first { $0.name.value == "cat_smooth" }?.value.value
    }
    #expect(try leaves("name: a") == "300")
    #expect(try leaves("model: {preset: balanced}") == "100")
    #expect(try leaves("model: {preset: null}") == nil)
  }

  @Test("docs/spec.md has the values of each preset")
  func page() throws {
    let page = try String(contentsOfFile: "\(Repository.folder)/docs/spec.md", encoding: .utf8)
    let names = Set(ModelPreset.allCases.flatMap(\.parameters).map(\.name))
    for name in names {
      let values = [ModelPreset.rareEvents, .balanced].map { preset in
        preset.text(of: name).map { "`\($0)`" } ?? ""
      }
      let row = "| `\(name)` | \(values[0]) | \(values[1]) |"
      #expect(page.contains(row), "\(row)")
    }
  }
}
