import Diagnostics
import Randomness
import Spec
import Testing

@Suite("Broken specs")
struct MutationTests {
  @Test("whatever is broken, there is a spec or an error, and the resolved spec can be read again")
  func mutations() {
    var generator = SplitMix64(seed: 42)
    for _ in 0..<400 {
      let text = Self.mutated(Specs.base, &generator)
      let loaded = Specs.load("a.yaml", ["a.yaml": text])
      #expect((loaded.spec == nil) == loaded.findings.hasErrors, "\(text)")
      for finding in loaded.findings {
        #expect(finding.span?.file.name == "a.yaml", "\(text)\n\(Specs.rendered(loaded))")
      }
      guard loaded.spec != nil, let resolved = loaded.resolvedText else { continue }
      let again = Specs.load("r.yaml", ["r.yaml": resolved])
      #expect(again.spec != nil, "\(text)\n\(Specs.rendered(again))")
      #expect(again.resolvedText == resolved)
    }
  }

  @Test("five hundred features are read")
  func manyFeatures() {
    var text = "extends: base.yaml\nfeature_sets:\n  many:\n"
    for number in 0..<500 {
      text +=
        "    - f\(number): {category: history.region, missing: none, min_frequency: \(number)}\n"
    }
    text += "features: [account, many]\n"
    #expect(Specs.load("a.yaml", ["a.yaml": text]).spec?.features.count == 503)
  }

  /// Lines, words or single characters left out, doubled, swapped or replaced.
  private static func mutated(_ text: String, _ generator: inout SplitMix64) -> String {
    var text = text
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let byLine = Bool.random(using: &generator)
      let separator: Character = byLine ? "\n" : " "
      var parts = text.split(separator: separator, omittingEmptySubsequences: false).map(
        String.init)
      let first = Int.random(in: parts.indices, using: &generator)
      let second = Int.random(in: parts.indices, using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: parts.remove(at: first)
      case 1: parts.insert(parts[second], at: first)
      case 2: parts.swapAt(first, second)
      case 3: parts[first] = strange.randomElement(using: &generator) ?? ""
      case 4: parts[first] = String(parts[first].dropLast())
      default: parts[first] += strange.randomElement(using: &generator) ?? ""
      }
      text = parts.joined(separator: String(separator))
    }
    return text
  }

  private static let strange = [
    "null", "[]", "{}", "- a", "a: b", "\"", "{a: b}", "[1, x]", "-1", "99999999999999999999",
    "é", "#", "&a", "*a", "<<: {a: b}", "append", "{append: [x]}", ".nan", "true", "2025-02-30",
    "customers.status", "calls.kind", "0 days", "",
  ]
}
