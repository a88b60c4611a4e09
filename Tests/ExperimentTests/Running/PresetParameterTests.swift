import Diagnostics
import Experiment
import HoldoutTestSupport
import Learning
import Spec
import Testing

/// The values of `model.preset`, as LightGBM and the panel trainer read them.
@Suite struct PresetParameterTests {
  @Test func `every name of a preset's parameter is known to win over it`() throws {
    let library = try NativeTestLibrary.loadLightGBM()
    let names = Set(ModelPreset.allCases.flatMap(\.parameters).map(\.name))
    #expect(!names.isEmpty)
    for name in names {
      #expect(library.canonicalName(of: name) == name)
      #expect(
        ModelPreset.aliases[name, default: []] == Set(library.parameterAliases[name] ?? []),
        "\(name)")
    }
  }

  @Test(arguments: ModelPreset.allCases)
  func `no value of a preset needs a warning, with categories or without`(
    preset: ModelPreset
  ) throws {
    for features in ["all", "age, visits"] {
      let spec = try AccountsBench.spec(
        "model: {preset: \(preset.rawValue), params: null}\nfeatures: [\(features)]")
      #expect(spec.model.parameters.count == preset.parameters.count)
      let found =
        try ExperimentRunner.parameterFindings(spec.model, features: spec.features)
        + ExperimentRunner.parameterWarnings(spec.model, features: spec.features)
      #expect(found.isEmpty, "\(found.map(\.message))")
    }
  }

  @Test func `a value that somebody wrote has its warning beside a preset`() throws {
    let spec = try AccountsBench.spec(
      "model: {preset: rare_events, params: {cat_smooth: 50}}\nfeatures: [age, visits]")
    let found = try ExperimentRunner.parameterFindings(spec.model, features: spec.features)
    #expect(found.map(\.id.number) == [512], "\(found.map(\.message))")
    #expect(found.first?.message.contains("cat_smooth") == true)
  }

  @Test(arguments: [ModelPreset.rareEvents, .balanced])
  func `a preset needs no library, whose trees are slower`(preset: ModelPreset) throws {
    let spec = try AccountsBench.spec("model: {preset: \(preset.rawValue), trainer: panel}")
    #expect(
      try ExperimentRunner.parameterFindings(spec.model, features: spec.features).isEmpty)
  }
}
