import Diagnostics
import HoldoutTestSupport
import Testing
import YAML

typealias Expected = MarkedText.Expected

/// Parses a marked text and compares its findings, all of them, with those expected.
@discardableResult
func expectFindings(
  in marked: String, _ expected: [Expected], sourceLocation: SourceLocation = #_sourceLocation
) -> Node? {
  let source = MarkedText(marked)
  var findings: [Finding] = []
  let root = YAMLParser.parse(SourceFile(name: "spec.yaml", text: source.text), findings: &findings)
  let problems = source.problems(findings, expected: expected, needsHints: true)
  #expect(
    problems.isEmpty,
    "\(problems.joined(separator: "\n"))\nfound:\n\(FindingFormat.text.render(findings))",
    sourceLocation: sourceLocation)
  return root
}

/// Parses a text that must be without findings.
func parse(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Node {
  var findings: [Finding] = []
  let root = YAMLParser.parse(SourceFile(name: "spec.yaml", text: text), findings: &findings)
  #expect(
    findings.isEmpty, "\(FindingFormat.text.render(findings))", sourceLocation: sourceLocation)
  return try #require(root, sourceLocation: sourceLocation)
}
