import Diagnostics
import HoldoutTestSupport
import Spec
import Testing

@Suite("Findings stand at the mark, and nowhere else")
struct MarkerTests {
  @Test("form", arguments: MarkedCase.form)
  func form(_ example: MarkedCase) { check(example) }

  @Test("sources and columns", arguments: MarkedCase.sources)
  func sources(_ example: MarkedCase) { check(example) }

  @Test("references", arguments: MarkedCase.foreignKeys)
  func foreignKeys(_ example: MarkedCase) { check(example) }

  @Test("features", arguments: MarkedCase.features)
  func features(_ example: MarkedCase) { check(example) }

  @Test("conditions on events", arguments: MarkedCase.eventConditions)
  func eventConditions(_ example: MarkedCase) { check(example) }

  @Test("cohort and label", arguments: MarkedCase.cohortAndLabel)
  func cohortAndLabel(_ example: MarkedCase) { check(example) }

  @Test("settings", arguments: MarkedCase.settings)
  func settings(_ example: MarkedCase) { check(example) }

  @Test("gates", arguments: MarkedCase.gates)
  func gates(_ example: MarkedCase) { check(example) }

  @Test("production", arguments: MarkedCase.production)
  func production(_ example: MarkedCase) { check(example) }

  @Test("the spec without marks has no findings")
  func base() {
    let loaded = Specs.load("base.yaml", [:])
    #expect(loaded.findings.isEmpty, "\(Specs.rendered(loaded))")
    #expect(loaded.spec != nil)
  }

  /// Every mark has its finding, and every finding its mark.
  private func check(_ example: MarkedCase) {
    let marked = MarkedText("extends: base.yaml\n" + example.text)
    let loaded = Specs.load("spec.yaml", ["spec.yaml": marked.text])
    let problems = marked.problems(
      loaded.findings,
      expected: example.expected.enumerated().map { MarkedText.Expected($0.offset + 1, $0.element) }
    )
    #expect(
      problems.isEmpty,
      "\(problems.joined(separator: "\n"))\n\(example.text)\n\n\(Specs.rendered(loaded))")
    let hasErrors = loaded.findings.contains { $0.severity == .error }
    #expect(loaded.specs.isEmpty == hasErrors)
  }
}
