import Diagnostics
import Foundation
import HoldoutTestSupport
import Spec
import Testing
import YAML

/// The JSON Schema, the reference page and the decoder are made of the same definitions. These tests
/// hold them against each other from outside.
@Suite("The JSON Schema") struct SchemaTests {
  /// What the form check finds and a schema can see too.
  private static let visible: Set<Int> = [
    207, 210, 211, 212, 213, 214, 215, 216, 217, 218, 219, 220, 221, 222, 226, 231,
  ]

  /// Faults of form that a schema's patterns cannot see, or that a composed spec no longer shows, its
  /// standard values being filled in.
  private static let invisible: Set<String> = [
    "a day that does not exist", "a results folder above", "a hidden results folder",
    "a step without folds", "train on more cutoffs than a role can have",
  ]

  private static let cases =
    MarkedCase.form + MarkedCase.sources + MarkedCase.foreignKeys + MarkedCase.features
    + MarkedCase.cohortAndLabel
    + MarkedCase.settings + MarkedCase.gates + MarkedCase.production

  @Test("of composed specs accepts what the form check accepts, and refuses what it refuses")
  func agrees() throws {
    let validator = try SchemaValidator(SpecSchema.json(.composed))
    var refused = 0
    for example in Self.cases where !Self.invisible.contains(example.name) {
      let loaded = Specs.extending(MarkedText(example.text).text)
      guard let resolved = loaded.resolved else { continue }
      let expected = !loaded.ids.contains { Self.visible.contains($0) }
      refused += expected ? 0 : 1
      #expect(
        validator.accepts(YAMLValue(resolved)) == expected,
        "\(example.name)\n\(Specs.rendered(loaded))")
    }
    #expect(refused > 30)
    #expect(validator.unknownWords.isEmpty)
  }

  @Test("of files accepts the project's own files, and the cases' where only references are wrong")
  func files() throws {
    let validator = try SchemaValidator(SpecSchema.json(.file))
    let folder = "\(Repository.folder)/experiments"
    let names = try FileManager.default.subpathsOfDirectory(atPath: folder).filter {
      $0.hasSuffix(".yaml")
    }
    #expect(names.count >= 5)
    for name in names {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      #expect(validator.accepts(try Self.value(text)), "\(name)")
    }
    for example in Self.cases {
      let text = MarkedText(example.text).text
      let ids = Specs.extending(text).ids
      guard !ids.contains(where: { Self.visible.contains($0) || $0 < 210 }) else { continue }
      #expect(validator.accepts(try Self.value(text)), "\(example.name)")
    }
  }

  @Test(
    "of files knows null, append and what is missing, and still refuses typos and wrong types",
    arguments: [
      ("{extends: a.yaml, label: {horizon: 3 months}}", true), ("{description: null}", true),
      ("{sources: {a: {table: null, parquet: a.parquet}, b: null}}", true),
      ("{features: {append: [-age]}}", true), ("{features: {append: -age}}", false),
      ("{feature_sets: {x: [{a: {present: s.c}}]}}", true),
      ("{feature_sets: {x: [{a: {present: s.c, happened: s.c}}]}}", false),
      ("{feature_sets: {x: [{a: {present: s.c}, b: {present: s.c}}]}}", false),
      ("{label: {horizont: 3 months}}", false), ("{label: {horizon: 90}}", false),
      ("{cutoffs: {every: 0 days}}", false), ("{cutoffs: {train: 1.5}}", false),
      ("{cutoffs: {every: month_ends}}", false), ("{as_of: 2025-9-18}", false),
      ("{sweep: {model.seed: {from: 1, to: 9}, random: 3}}", true),
      ("{sweep: {model.seed: 3}}", false), ("[a]", false),
    ])
  func pieces(text: String, isRight: Bool) throws {
    let validator = try SchemaValidator(SpecSchema.json(.file))
    #expect(validator.accepts(try Self.value(text)) == isRight)
  }

  @Test("of the project file accepts the project's own and refuses a misspelt key")
  func project() throws {
    let validator = try SchemaValidator(SpecSchema.json(.project))
    let path = "\(Repository.folder)/holdout.yaml"
    #expect(
      validator.accepts(try Self.value(try String(contentsOfFile: path, encoding: .utf8))))
    #expect(!validator.accepts(try Self.value("conections: {}")))
    #expect(!validator.accepts(try Self.value("connections: {a: {driver: postgresql}}")))
    #expect(validator.unknownWords.isEmpty)
  }

  @Test("holds every key of every definition, with the words of the reference page")
  func keys() {
    let json = SpecSchema.json(.composed) + SpecSchema.json(.project)
    let page = SpecReference.markdown()
    for name in DefinitionName.allCases {
      let definition = SpecLanguage.definition(name)
      for key in definition.keys {
        #expect(json.contains("\(JSONText.quoted(key.name)): {"), "\(name).\(key.name)")
        #expect(json.contains(JSONText.quoted(key.summary)), "\(name).\(key.name)")
        #expect(page.contains("| `\(key.name)` |"), "\(name).\(key.name)")
      }
    }
  }

  /// With HOLDOUT_RECORD=1 the file is written again instead of compared.
  @Test("experiments/holdout.schema.json is what the program prints")
  func file() throws {
    let path = "\(Repository.folder)/experiments/holdout.schema.json"
    if ProcessInfo.processInfo.environment["HOLDOUT_RECORD"] != nil {
      try Data(SpecSchema.json(.file).utf8).write(to: URL(filePath: path))
    }
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == SpecSchema.json(.file), "record it again with HOLDOUT_RECORD=1")
  }

  private static func value(_ text: String) throws -> YAMLValue {
    var findings: [Finding] = []
    let file = SourceFile(name: "a.yaml", text: text)
    return YAMLValue(try #require(YAMLParser.parse(file, findings: &findings)))
  }
}
