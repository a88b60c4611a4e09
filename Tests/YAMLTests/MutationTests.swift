import Diagnostics
import Randomness
import Testing
import YAML

@Suite("Whatever the bytes are, the parser answers and its places are in the text")
struct MutationTests {
  static let seeds: [String] = [
    """
    version: 1
    base: &base {a: 1, 'b': [x, "y\\u00e9\\t", ~]}
    more:
      <<: [*base, {c: 0x1F}]
      text: |2-
          select *
        from t -- 日本語 😀
      folded: >+
        one
        two

         three
      plain: several words
        over lines
    list:
    - - a
      - ? b
        : c
    - !!str 010
    # end
    """,
    "a: \"x\\\n  y\\x41 \"\r\nb: 'it''s\r\n\r\n  z'\r\nc: |\r\n  é\r\n   f\r\n",
    "%YAML 1.2\n%TAG !e! tag:e.org,2000:\n---\n&a [*a, {? [k] : v, : w}, !e!x y]\n...\n---\n",
  ]

  static let inserts: [String] = [
    "\t", " ", "\n", "\r", "\u{85}", "\u{2028}", ":", "- ", "? ", "[", "]", "{", "}", "&a ", "*a",
    "!!int ", "<<: ", "|", ">", "'", "\"", "\\", "#", "%", "---\n", "...\n", "\u{0}", "é", "日", "😀",
    "\u{FEFF}", ",", "~", "  ", "\n\n", "@", "`",
  ]

  @Test("mutated documents never crash, and spans stay in range", arguments: 0..<4)
  func mutations(_ part: Int) {
    var generator = SplitMix64(seed: UInt64(part) + 1)
    var parsed = 0
    for round in 0..<4_000 {
      var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
      for _ in 0..<Int.random(in: 0...4, using: &generator) {
        mutate(&bytes, using: &generator)
      }
      var findings: [Finding] = []
      let file = SourceFile(name: "mutated.yaml", bytes: bytes)
      let root = YAMLParser.parse(file, findings: &findings)
      if let root {
        parsed += 1
        check(root, in: file)
      } else {
        #expect(findings.hasErrors, "nothing without a reason: \(bytes)")
      }
      for format in FindingFormat.allCases { #expect(!format.render(findings).contains("\u{0}")) }
    }
    #expect(parsed > 400, "too few mutated documents still parse to say anything")
  }

  private func mutate(_ bytes: inout [UInt8], using generator: inout SplitMix64) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    switch Int.random(in: 0..<5, using: &generator) {
    case 0 where place < bytes.count: bytes.remove(at: place)
    case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 2:
      let end = min(bytes.count, place + Int.random(in: 0...40, using: &generator))
      let other = Int.random(in: 0...bytes.count, using: &generator)
      bytes.insert(contentsOf: Array(bytes[place..<end]), at: other)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + 10))
    default:
      let insert = Self.inserts.randomElement(using: &generator) ?? ""
      bytes.insert(contentsOf: Array(insert.utf8), at: place)
    }
  }

  private func check(_ root: Node, in file: SourceFile) {
    var nodes = [root]
    while let node = nodes.popLast() {
      #expect(node.span.file === file)
      #expect(node.span.range.upperBound <= file.bytes.count)
      nodes += node.sequence ?? []
      nodes += node.mapping?.entries.map(\.value) ?? []
      if let scalar = node.scalar { check(scalar, at: node.span) }
    }
  }

  /// Each character of the content that is a letter or digit must be the very same in the source,
  /// unless an escape spells it.
  private func check(_ scalar: Scalar, at span: SourceSpan) {
    var offset = 0
    for character in scalar.text.unicodeScalars {
      let length = String(character).utf8.count
      defer { offset += length }
      let found = scalar.span(ofContent: offset..<offset + length)
      #expect(found.range.upperBound <= span.file.bytes.count)
      guard character.properties.isAlphabetic else { continue }
      let isSame = found.text == String(character)
      #expect(
        isSame || found.text.hasPrefix("\\"),
        "\(found.text.debugDescription) is not \(character) of \(span.text.debugDescription)")
    }
  }
}
