import Diagnostics
import Spec
import Testing

/// No key of the language is accepted and then ignored: changing its value changes what is decoded, or
/// gives a finding.
@Suite("Every key of the language") struct EveryKeyTests {
  @Test("is read by the decoder")
  func spec() throws {
    let variants = KeyVariants()
    let texts = [EveryKey.spec] + EveryKey.others.map { "extends: spec.yaml\n" + $0 }
    for (index, text) in texts.enumerated() {
      let name = index == 0 ? "spec.yaml" : "other_forms.yaml"
      var files = ["spec.yaml": EveryKey.spec, "other.yaml": "version: 1\n"]
      files[name] = text
      let loaded = Specs.load(name, files)
      if index == 0 { #expect(!loaded.findings.hasErrors, "\(Specs.rendered(loaded))") }
      let before = Self.outcome(loaded)
      for variant in try variants.all(text, .map(.experiment)) {
        let after = Self.outcome(
          Specs.load(name, files.merging([name: variant.text]) { _, new in new }))
        #expect(after != before, "\(variant.path) is not read")
      }
    }
    let project = try Self.outcome(project: EveryKey.project)
    for variant in try variants.all(EveryKey.project, .map(.project)) {
      #expect(
        try Self.outcome(project: variant.text) != project, "\(variant.path) is not read")
    }
    for name in DefinitionName.allCases {
      for key in SpecLanguage.definition(name).keys {
        #expect(
          variants.visited.contains("\(name).\(key.name)"), "\(name).\(key.name) is not written")
      }
    }
  }

  @Test("names each function of features that a case declares")
  func functions() {
    let functions =
      ColumnFunction.allCases.map(\.rawValue) + Aggregate.Function.allCases.map(\.rawValue)
      + Combination.Operation.allCases.map(\.rawValue)
    for name in functions {
      #expect(SpecLanguage.definition(.feature).key(name) != nil, "\(name) has no key")
    }
  }

  // MARK: What came of a text

  private static func outcome(_ loaded: LoadedSpecFile) -> String {
    let findings = loaded.findings.map { "\($0.severity) \($0.id) \($0.message)" }
    let halving = loaded.halving.map { [described($0)] } ?? []
    return (findings + loaded.members.compactMap(\.spec).map(described) + halving)
      .joined(separator: "\n")
  }

  private static func outcome(project text: String) throws -> String {
    do throws(FindingsError) {
      let file = SourceFile(name: "holdout.yaml", text: text)
      return described(try ProjectLoader.load(path: "holdout.yaml") { _ in .success(file) })
    } catch {
      return error.findings.map { "\($0.id) \($0.message)" }.joined(separator: "\n")
    }
  }

  /// All stored values, without the places they were written at.
  private static func described(_ value: Any) -> String {
    if value is SourceSpan { return "" }
    let mirror = Mirror(reflecting: value)
    guard !mirror.children.isEmpty else { return "\(value)" }
    let parts = mirror.children.map { "\($0.label ?? "")=\(described($0.value))" }
    return "\(mirror.subjectType)(\(parts.joined(separator: ",")))"
  }
}
