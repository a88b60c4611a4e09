import Diagnostics
import Testing
import YAML

/// Parses a marked text and compares its findings, all of them, with those expected.
@discardableResult
func expectFindings(
  in marked: String, _ expected: [Expected], sourceLocation: SourceLocation = #_sourceLocation
) -> Node? {
  let source = MarkedText(marked)
  var findings: [Finding] = []
  let root = YAMLParser.parse(SourceFile(name: "spec.yaml", text: source.text), findings: &findings)
  let problems = compare(findings, with: expected, in: source)
  #expect(
    problems.isEmpty,
    "\(problems.joined(separator: "\n"))\nfound:\n\(FindingFormat.text.render(findings))",
    sourceLocation: sourceLocation)
  return root
}

/// What is wrong with findings, in words; nothing when they are just those expected.
private func compare(
  _ findings: [Finding], with expected: [Expected], in source: MarkedText
) -> [String] {
  var problems: [String] = []
  var left = findings.map(Found.init)
  for expectation in expected {
    let name = "H\(expectation.id) `\(expectation.message)` at mark \(expectation.mark)"
    let start = source.starts[expectation.mark]
    let index = left.firstIndex {
      $0.id == expectation.id && $0.message == expectation.message && $0.start == start
    }
    guard let index else {
      problems.append("missing: \(name)")
      continue
    }
    let found = left.remove(at: index)
    if let end = source.ends[expectation.mark], found.end != end {
      problems.append("ends elsewhere: \(name)")
    }
    if found.related != expectation.related.flatMap({ source.starts[$0] }) {
      problems.append("related place elsewhere: \(name)")
    }
    if found.hints == 0 { problems.append("does not say how to mend it: \(name)") }
  }
  return problems + left.map { "unexpected: H\($0.id) `\($0.message)`" }
}

/// What of a finding is compared.
private struct Found {
  let id: Int
  let message: String
  let start: Int?
  let end: Int?
  let related: Int?
  let hints: Int

  init(_ finding: Finding) {
    id = finding.id.number
    message = finding.message
    start = finding.span.map { $0.range.lowerBound }
    end = finding.span.map { $0.range.upperBound }
    related = finding.related.map { $0.span.range.lowerBound }.first
    hints = finding.hints.count
  }
}

/// Parses a text that must be without findings.
func parse(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Node {
  var findings: [Finding] = []
  let root = YAMLParser.parse(SourceFile(name: "spec.yaml", text: text), findings: &findings)
  #expect(
    findings.isEmpty, "\(FindingFormat.text.render(findings))", sourceLocation: sourceLocation)
  return try #require(root, sourceLocation: sourceLocation)
}
